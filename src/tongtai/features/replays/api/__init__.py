"""HTTP: sessions seen again, and their approval for teaching."""

from fastapi import APIRouter

from tongtai.features.replays.api import replays, teaching
from tongtai.features.replays.api.wiring import replay_service

router = APIRouter()
for _part in (replays, teaching):
    router.include_router(_part.router)

__all__ = ["replay_service", "router"]
