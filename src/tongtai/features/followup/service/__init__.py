"""Use cases of warnings and follow-up."""

from tongtai.features.followup.service.care import CareService
from tongtai.features.followup.service.warning import WarningService

__all__ = ["CareService", "WarningService"]
