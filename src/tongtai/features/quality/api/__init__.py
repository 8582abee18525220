"""HTTP of quality: indicators, and the review of closed cases."""

from fastapi import APIRouter

from tongtai.features.quality.api import evaluations, findings, indicators, library, reviews, statistics

router = APIRouter()
for part in (indicators, statistics, evaluations, reviews, findings, library):
    router.include_router(part.router)

__all__ = ["router"]
