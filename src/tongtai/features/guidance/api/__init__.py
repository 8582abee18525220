"""HTTP and WebSocket: live sessions."""

from fastapi import APIRouter

from tongtai.features.guidance.api import export, media, sessions, stream

router = APIRouter()
for _part in (sessions, export, media, stream):
    router.include_router(_part.router)

__all__ = ["router"]
