"""Use cases of plans, and of the jobs that make them."""

from tongtai.features.plans.service.edits import SeedEditService
from tongtai.features.plans.service.jobs import PlanJobService
from tongtai.features.plans.service.people import person
from tongtai.features.plans.service.plans import PlanService, booked, shown_to

__all__ = ["PlanJobService", "PlanService", "SeedEditService", "booked", "person", "shown_to"]
