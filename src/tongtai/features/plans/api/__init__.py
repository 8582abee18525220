"""HTTP: the plans of a case, and the jobs that make them."""

from fastapi import APIRouter

from tongtai.features.plans.api import jobs, plans, seed_edits
from tongtai.features.plans.api.wiring import plan_services

router = APIRouter()
# The jobs first: their paths would otherwise be taken for a plan's.
for _part in (jobs, plans, seed_edits):
    router.include_router(_part.router)

__all__ = ["plan_services", "router"]
