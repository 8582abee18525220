"""Use cases of cases, and the gate that everything about a case goes through."""

from tongtai.features.cases.service.access import CaseAccess
from tongtai.features.cases.service.opening import CaseService, NewCase

__all__ = ["CaseAccess", "CaseService", "NewCase"]
