"""A plan of a case: its numbers, its life, its files, and the request that it was made for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.jobs import JobFailure, JobState, JobStatus, StepStatus
from tongtai.core.planning.plan import Outcome, Plan
from tongtai.features.plans.errors import OwnApprovalError, PlanStateError

STEPS = ("read", "segment", "plan", "book", "store")
# About how a job's time is shared among its steps; only the bar of progress depends on it.
STEP_SHARES: Mapping[str, float] = MappingProxyType(
    {"read": 0.05, "segment": 0.25, "plan": 0.5, "book": 0.18, "store": 0.02}
)
BOOK = "plan-book.pdf"
BOOK_OBJECT = "plan-book.dcm"


class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class PlanAct(StrEnum):
    """What moves a plan on."""

    REVIEW = "review"
    APPROVE = "approve"
    SUPERSEDE = "supersede"


# The whole life of a plan: what is not here cannot happen.
TRANSITIONS: Mapping[PlanState, Mapping[PlanAct, PlanState]] = MappingProxyType(
    {
        PlanState.DRAFT: {PlanAct.REVIEW: PlanState.REVIEWED, PlanAct.SUPERSEDE: PlanState.SUPERSEDED},
        PlanState.REVIEWED: {PlanAct.APPROVE: PlanState.APPROVED, PlanAct.SUPERSEDE: PlanState.SUPERSEDED},
        PlanState.APPROVED: {PlanAct.SUPERSEDE: PlanState.SUPERSEDED},
        PlanState.SUPERSEDED: {},
    }
)


def moved(state: PlanState, act: PlanAct) -> PlanState:
    """Where an act leads.

    Raises
    ------
    PlanStateError
        If it is not possible in this state.

    Examples
    --------
    >>> moved(PlanState.DRAFT, PlanAct.REVIEW)
    <PlanState.REVIEWED: 'reviewed'>
    """
    after = TRANSITIONS[state].get(act)
    if after is None:
        raise PlanStateError(
            f"A plan that is {state.value} cannot be {_DONE[act]}.", state=state.value, act=act.value
        )
    return after


_DONE = MappingProxyType(
    {PlanAct.REVIEW: "reviewed", PlanAct.APPROVE: "approved", PlanAct.SUPERSEDE: "superseded"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPerson:
    """Somebody who did something to a plan, by the names that they had then."""

    user_id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNumbers:
    """What a list of plans shows of each.

    Attributes
    ----------
    energy_time_min
        Minutes of energy, one position after the other.
    tumour_coverage, target_coverage
        Covered shares of the tumour, and of tumour and margin; 0 without a safe path.
    minimum_margin_mm, probability
        None where the plan does not know them.
    warnings
        How many.
    """

    outcome: Outcome
    technique: str
    device: str
    by_hand: bool
    tumour_number: int
    tumour_ml: float
    margin_mm: float
    needles: int
    positions: int
    energy_time_min: float
    tumour_coverage: float
    target_coverage: float
    minimum_margin_mm: float | None
    probability: float | None
    warnings: int


def numbers_of(plan: Plan) -> PlanNumbers:
    """The numbers of a plan."""
    coverage = plan.coverage
    chance = coverage.chance if coverage else None
    return PlanNumbers(
        outcome=plan.outcome,
        technique=plan.request.technique,
        device=plan.device.name if plan.device else "",
        by_hand=plan.request.by_hand,
        tumour_number=plan.request.tumour_number,
        tumour_ml=plan.target.tumour_ml,
        margin_mm=plan.request.margin_mm,
        needles=len(plan.needles),
        positions=len(plan.positions),
        energy_time_min=plan.energy_time_min,
        tumour_coverage=coverage.tumour if coverage else 0.0,
        target_coverage=coverage.target if coverage else 0.0,
        minimum_margin_mm=coverage.minimum_margin_mm if coverage else None,
        probability=chance.probability if chance else None,
        warnings=len(plan.warnings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """A plan of a case.

    Attributes
    ----------
    version
        Counts the plans of the case from 1.
    plan_sha256
        Hash of its ``plan.json``: what review and approval are bound to.
    job_id
        The job that made it.
    """

    id: str
    case_id: str
    job_id: str
    version: int
    state: PlanState
    numbers: PlanNumbers
    series_uid: str
    series_description: str
    plan_sha256: str
    language: str
    made_by: PlanPerson
    made_at: datetime
    reviewed_by: PlanPerson | None = None
    reviewed_at: datetime | None = None
    review_note: str = ""
    approved_by: PlanPerson | None = None
    approved_at: datetime | None = None
    superseded_at: datetime | None = None

    def check_other_than_maker(self, user_id: str) -> None:
        """Four eyes: refuse whoever made the plan.

        Raises
        ------
        OwnApprovalError
            If it is them.
        """
        if user_id == self.made_by.user_id:
            raise OwnApprovalError(plan_id=self.id)

    def replaces(self, other: "PlanRecord") -> bool:
        """Whether approving this plan puts another one out of use: same series and tumour, still alive."""
        return (
            other.id != self.id
            and (other.series_uid, other.numbers.tumour_number)
            == (self.series_uid, self.numbers.tumour_number)
            and other.state is not PlanState.SUPERSEDED
        )


class Shown(StrEnum):
    """How much of the patient a copy of a file shows: one copy for each disclosure of a case."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """A file of a plan.

    Attributes
    ----------
    shown
        How much of the patient this copy shows; None for a file that shows nothing of them.
    """

    name: str
    media_type: str
    sha256: str
    size_bytes: int
    shown: Shown | None = None


def seen_by(files: tuple[PlanFile, ...], shown: Shown) -> tuple[PlanFile, ...]:
    """The files for a reader to whom this much of the patient is shown, by name."""
    mine = [file for file in files if file.shown in {None, shown}]
    return tuple(sorted(mine, key=lambda file: file.name))


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
        Needles placed by hand, as ``--needles`` reads them; None lets the program place them.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEngine:
    """A segmentation engine that can be chosen."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDevice:
    """A device that can be chosen."""

    id: str
    name: str
    technique: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What can be chosen for a plan."""

    engines: tuple[NamedEngine, ...]
    devices: tuple[NamedDevice, ...]
    techniques: tuple[str, ...] = field(default=("rfa", "mwa"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """One number of two plans."""

    key: str
    unit: str
    a: float | str | None
    b: float | str | None


# What two plans are compared by: the number's name and its unit.
COMPARED: tuple[tuple[str, str], ...] = (
    ("outcome", ""),
    ("technique", ""),
    ("device", ""),
    ("tumour_ml", "ml"),
    ("margin_mm", "mm"),
    ("needles", ""),
    ("positions", ""),
    ("energy_time_min", "min"),
    ("tumour_coverage", "share"),
    ("target_coverage", "share"),
    ("minimum_margin_mm", "mm"),
    ("probability", "share"),
    ("warnings", ""),
)


def compared(one: PlanNumbers, other: PlanNumbers) -> tuple[ComparedRow, ...]:
    """The numbers of two plans side by side."""
    return tuple(
        ComparedRow(key=key, unit=unit, a=getattr(one, key), b=getattr(other, key)) for key, unit in COMPARED
    )
