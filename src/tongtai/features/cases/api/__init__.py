"""HTTP: cases, the gate to a case for the features above, and the audit log, which names cases by their numbers."""

from fastapi import APIRouter

from tongtai.features.cases.api import audit, cases
from tongtai.features.cases.api.cases import CaseAccessDep, CasesDep, case_access, case_service

router = APIRouter()
for _part in (cases, audit):
    router.include_router(_part.router)

__all__ = ["CaseAccessDep", "CasesDep", "case_access", "case_service", "router"]
