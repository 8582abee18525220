"""HTTP: the way of cases from referral to archive."""

from fastapi import APIRouter

from tongtai.features.workflow.api import away, bundling, cases, copying, desk, listing, notices, queue
from tongtai.features.workflow.api.wiring import workflow_service

router = APIRouter()
for _part in (cases, listing, bundling, copying, notices, queue, desk, away):
    router.include_router(_part.router)

__all__ = ["router", "workflow_service"]
