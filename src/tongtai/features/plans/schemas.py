"""Wire types of plans."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from tongtai.core.jobs import JobState, StepState
from tongtai.core.seed_planning.dosimetry import DosesFound
from tongtai.core.seed_planning.edited import EditedNeedle
from tongtai.core.seed_planning.goals import GoalJudged
from tongtai.core.seed_planning.placed import PlannedSeed
from tongtai.features.plans.model import (
    ComparedRow,
    PlanFile,
    PlanJob,
    PlanOutcome,
    PlanPerson,
    PlanRecord,
    PlanState,
)

Share = Annotated[float, Field(ge=0.0, le=1.0)]
PlanTechnique = Literal["rfa", "mwa", "seeds"]
BurntTechnique = Literal["rfa", "mwa"]
StepName = Literal["read", "segment", "plan", "book", "store"]


class PersonOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    user_id: str
    name: str
    name_en: str


class ImplantOut(BaseModel):
    """What is told of a plan of seeds; doses to infinity, shares of tumour and margin."""

    model_config = ConfigDict(from_attributes=True)

    seeds: int
    prescription_gy: float
    activity_mci: float
    d90_gy: float | None
    v100: Share | None
    v150: Share | None
    goals_met: int
    goals_missed: int


class PlanSummary(BaseModel):
    """A plan's numbers and how far it has come; ``version`` counts the plans of the case.

    ``implant`` belongs to seeds; positions, energy and coverage belong to ablations and are null for seeds.
    """

    id: str
    version: int
    state: PlanState
    outcome: PlanOutcome
    technique: PlanTechnique
    device: str
    by_hand: bool
    series_uid: str
    series_description: str
    tumour_number: int
    tumour_ml: float
    margin_mm: float
    needles: int
    positions: int | None
    energy_time_min: float | None
    tumour_coverage: Share | None
    target_coverage: Share | None
    minimum_margin_mm: float | None
    probability: Share | None
    warnings: int
    implant: ImplantOut | None
    plan_sha256: str
    language: str
    made_by: PersonOut
    made_at: datetime
    reviewed_by: PersonOut | None
    reviewed_at: datetime | None
    review_note: str
    approved_by: PersonOut | None
    approved_at: datetime | None
    superseded_at: datetime | None

    @classmethod
    def of(cls, plan: PlanRecord) -> Self:
        numbers = plan.numbers
        values: dict[str, Any] = {name: getattr(numbers, name) for name in numbers.__dataclass_fields__}
        for name in cls.model_fields:
            if name.endswith("_by"):
                values[name] = _person(getattr(plan, name))
            elif name not in values:
                values[name] = getattr(plan, name)
        if numbers.implant is not None:
            values["implant"] = ImplantOut.model_validate(numbers.implant)
        return cls(**values)


def _person(person: PlanPerson | None) -> PersonOut | None:
    return None if person is None else PersonOut.model_validate(person)


class PlansOut(BaseModel):
    """Newest first."""

    plans: list[PlanSummary]


class PlanFileOut(BaseModel):
    """A file of a plan, in the copy that is meant for the reader; ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str

    @classmethod
    def of(cls, file: PlanFile) -> Self:
        return cls(name=file.name, media_type=file.media_type, size=file.size_bytes, sha256=file.sha256)


class PlanOut(BaseModel):
    """A plan: its summary, the plan as docs/reference/plan.schema.json or seed-plan.schema.json has it, and its files."""

    summary: PlanSummary
    plan: dict[str, Any]
    files: list[PlanFileOut]

    @classmethod
    def of(cls, record: PlanRecord, plan: dict[str, Any], files: Sequence[PlanFile]) -> Self:
        return cls(summary=PlanSummary.of(record), plan=plan, files=[PlanFileOut.of(file) for file in files])


class ReviewIn(BaseModel):
    note: Annotated[str, Field(max_length=2000)] = ""


class ComparedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    key: str
    unit: str
    a: float | str | None
    b: float | str | None


class ComparisonOut(BaseModel):
    """The numbers of two plans side by side; a unit of ``share`` runs from 0 to 1."""

    rows: list[ComparedOut]

    @classmethod
    def of(cls, rows: Sequence[ComparedRow]) -> Self:
        return cls(rows=[ComparedOut.model_validate(row) for row in rows])


class SeedsIn(BaseModel):
    """What seeds are planned for: dose to infinity, activity of one seed at the implant.

    ``goals`` take the place of the rules' own, as ``tongtai seeds plan --goal`` reads them. ``implant_date`` is the day for which
    the DICOM plan gives the strengths, else that of planning.
    """

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    prescription_gy: Annotated[float, Field(gt=0.0, le=1000.0)]
    activity_mci: Annotated[float, Field(gt=0.0, le=10.0)]
    seed_model: Annotated[str, Field(min_length=1, max_length=32)] = "6711"
    layout: Literal["", "template", "free"] = ""
    template_spacing_mm: Annotated[float, Field(ge=0.0, le=20.0)] = 0.0
    goals: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=40)] = []
    time_limit_s: Annotated[float, Field(ge=1.0, le=600.0)] = 60.0
    implant_date: date | None = None


class PlanJobIn(BaseModel):
    """What is to be planned.

    ``needles`` are needles placed by hand, as ``tongtai plan --needles`` reads them, or seeds as ``tongtai seeds plan --seeds``
    does. ``seeds`` is needed for seeds and refused otherwise.
    """

    model_config = ConfigDict(extra="forbid")

    series_uid: Annotated[str, Field(min_length=1, max_length=64)]
    technique: PlanTechnique | None = None
    device_id: Annotated[str, Field(max_length=100)] = ""
    margin_mm: Annotated[float, Field(ge=0.0, le=20.0)] = 5.0
    tumour_number: Annotated[int, Field(ge=1, le=99)] = 1
    engine: Annotated[str, Field(min_length=1, max_length=100)] = "auto"
    position: Literal["supine", "prone"] = "supine"
    language: Literal["zh", "en"] = "zh"
    heat: bool = True
    needles: dict[str, Any] | None = None
    seeds: SeedsIn | None = None


class PlanOrderOut(BaseModel):
    """What was asked for, with what was left out filled in."""

    model_config = ConfigDict(from_attributes=True)

    series_uid: str
    technique: PlanTechnique
    device_id: str
    margin_mm: float
    tumour_number: int
    engine: str
    position: Literal["supine", "prone"]
    language: Literal["zh", "en"]
    heat: bool
    needles: dict[str, Any] | None
    seeds: SeedsIn | None


class PlanStepOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: StepName
    state: StepState
    share: Share
    message: str


class JobFailureOut(BaseModel):
    """Why a job failed, in the form of every error."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    message: str
    values: Mapping[str, object]


class PlanJobOut(BaseModel):
    """A job that makes a plan; ``plan_id`` is there when it is done."""

    id: str
    state: JobState
    steps: list[PlanStepOut]
    share: Share
    request: PlanOrderOut
    error: JobFailureOut | None
    plan_id: str | None
    requested_by: PersonOut
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, job: PlanJob) -> Self:
        record, status = job.record, job.status
        failure = None if status.failure is None else JobFailureOut.model_validate(status.failure)
        return cls(
            id=record.id,
            state=status.state,
            steps=[PlanStepOut.model_validate(step) for step in status.steps],
            share=min(max(job.share, 0.0), 1.0),
            request=PlanOrderOut.model_validate(record.order),
            error=failure,
            plan_id=job.plan_id,
            requested_by=PersonOut.model_validate(record.requested_by),
            requested_at=record.requested_at,
            started_at=_instant(status.started_at_s),
            finished_at=_instant(status.finished_at_s),
        )


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


class PlanJobsOut(BaseModel):
    """Newest first."""

    jobs: list[PlanJobOut]


class EngineOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    title: str


class DeviceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    technique: BurntTechnique
    evidence: str


class SeedModelOut(BaseModel):
    """A seed; ``consensus``: its data are those of the AAPM's reports."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    consensus: bool


class PlanOptionsOut(BaseModel):
    """What can be chosen for a plan on this installation; ``activity_mci`` is the least and the largest of a seed."""

    model_config = ConfigDict(from_attributes=True)

    engines: list[EngineOut]
    devices: list[DeviceOut]
    seeds: list[SeedModelOut]
    activity_mci: tuple[float, float]
    techniques: list[PlanTechnique]


Coordinate = Annotated[float, Field(ge=-2000.0, le=2000.0, allow_inf_nan=False)]
PlaceIn = tuple[Coordinate, Coordinate, Coordinate]
DepthIn = Annotated[float, Field(gt=0.0, le=500.0, allow_inf_nan=False)]


class LoadedNeedleIn(BaseModel):
    """A needle and the depths of its seeds' centres below the skin; ``hole`` is empty for none."""

    model_config = ConfigDict(extra="forbid")

    hole: Annotated[str, Field(max_length=8)] = ""
    entry_lps_mm: PlaceIn
    tip_lps_mm: PlaceIn
    seed_depths_mm: Annotated[list[DepthIn], Field(min_length=1, max_length=100)]


class ChangedSeedsIn(BaseModel):
    """All needles and seeds of a plan as somebody wants them; seed, strength, target and goals stay the plan's."""

    model_config = ConfigDict(extra="forbid")

    needles: Annotated[list[LoadedNeedleIn], Field(min_length=1, max_length=200)]


class DoseGridOut(BaseModel):
    """Dose to infinity around the target.

    ``voxels``: unsigned 16 bit, little-endian, C order ``[k, j, i]``, each less the one before it modulo 65536, gzip, base64.
    Summed up again, times ``step_gy`` is Gy; the largest number stands for all that is more.
    """

    shape: tuple[int, int, int]
    index_to_lps: list[list[float]]
    step_gy: float
    voxels: str


class ChangedSeedsOut(BaseModel):
    """What changed seeds do, in the terms of seed-plan.schema.json; ``computed_ms`` is what that took.

    ``measured`` is false for a needle whose way to its tip nobody has measured: that is judged when the plan is made.
    """

    needles: list[EditedNeedle]
    seeds: list[PlannedSeed]
    goals: list[GoalJudged]
    doses: DosesFound
    dose: DoseGridOut
    computed_ms: float
