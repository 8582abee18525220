"""HTTP of quality: indicators, and the review of closed cases."""

from fastapi import APIRouter

from tongtai.features.quality.api import findings, indicators, reviews

router = APIRouter()
for part in (indicators, reviews, findings):
    router.include_router(part.router)

__all__ = ["router"]
