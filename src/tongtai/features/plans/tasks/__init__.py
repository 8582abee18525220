"""The steps of a planning job, as the worker's child process does them."""

from tongtai.features.plans.tasks.steps import PlanSteps

__all__ = ["PlanSteps"]
