"""Use cases of quality."""

from tongtai.features.quality.service.indicators import QualityService
from tongtai.features.quality.service.reviewing import FindingService, ReviewService

__all__ = ["FindingService", "QualityService", "ReviewService"]
