"""Use cases of quality."""

from tongtai.features.quality.service.evaluating import EvaluationService
from tongtai.features.quality.service.indicators import QualityService
from tongtai.features.quality.service.overdue import FindingTimers
from tongtai.features.quality.service.reviewing import FindingService, ReviewService

__all__ = ["EvaluationService", "FindingService", "FindingTimers", "QualityService", "ReviewService"]
