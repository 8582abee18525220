"""What a plan is asked for, and how far the job is that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from tongtai.core.jobs import JobFailure, JobState, JobStatus, StepStatus
from tongtai.features.plans.model.records import PlanPerson

STEPS = ("read", "segment", "plan", "book", "store")
# About how a job's time is shared among its steps; only the bar of progress depends on it.
STEP_SHARES: Mapping[str, float] = MappingProxyType(
    {"read": 0.05, "segment": 0.25, "plan": 0.5, "book": 0.18, "store": 0.02}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedsAsked:
    """What a plan of seeds is asked for beside tumour and margin.

    Attributes
    ----------
    prescription_gy
        Dose to infinity.
    activity_mci
        Of one seed at the implant.
    seed_model
        As ``tongtai seeds models`` names it.
    layout
        ``template`` or ``free``; empty lets the program choose.
    template_spacing_mm
        Between holes; 0 lets the program choose.
    goals
        In place of the rules' own, as ``--goal`` reads them.
    time_limit_s
        Of the search.
    implant_date
        Day for which the DICOM plan gives the strengths, ``2026-01-31``; None: the day of planning.
    """

    prescription_gy: float
    activity_mci: float
    seed_model: str = "6711"
    layout: str = ""
    template_spacing_mm: float = 0.0
    goals: tuple[str, ...] = ()
    time_limit_s: float = 60.0
    implant_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrder:
    """What a plan is asked for.

    Attributes
    ----------
    device_id
        Empty: the program chooses among all devices of the technique.
    heat
        Whether the heat of every position is simulated.
    needles
        Needles or seeds placed by hand, as ``--needles`` or ``--seeds`` reads them; None lets the program place them.
    seeds
        None for an ablation.
    """

    series_uid: str
    technique: str
    device_id: str = ""
    margin_mm: float = 5.0
    tumour_number: int = 1
    engine: str = "auto"
    position: str = "supine"
    language: str = "zh"
    heat: bool = True
    needles: Mapping[str, object] | None = None
    seeds: SeedsAsked | None = None


def order_from(told: Mapping[str, Any]) -> PlanOrder:
    """An order as it was written down; those from before there were seeds have none."""
    seeds = told.get("seeds")
    asked = None if seeds is None else SeedsAsked(**{**seeds, "goals": tuple(seeds["goals"])})
    return PlanOrder(**{**told, "seeds": asked})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A request for a plan: who asked for what, when."""

    id: str
    case_id: str
    order: PlanOrder
    requested_by: PlanPerson
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJob:
    """A request, and how far its computation has come."""

    record: JobRecord
    status: JobStatus
    plan_id: str | None = None

    @property
    def share(self) -> float:
        """How much of the whole is done."""
        if self.status.state is JobState.DONE:
            return 1.0
        return sum(STEP_SHARES[step.name] * step.share for step in self.status.steps)


def waiting_job(record: JobRecord) -> PlanJob:
    """A job that nobody has begun."""
    steps = tuple(StepStatus(name=name) for name in STEPS)
    return PlanJob(record=record, status=JobStatus(state=JobState.QUEUED, steps=steps))


def lost_job(record: JobRecord) -> PlanJob:
    """A job that its queue does not know: the server was stopped just when it was asked for."""
    steps = tuple(StepStatus(name=name) for name in STEPS)
    failure = JobFailure(code="plan_job_lost", message="The job never reached the queue; try it again.")
    return PlanJob(record=record, status=JobStatus(state=JobState.FAILED, steps=steps, failure=failure))
