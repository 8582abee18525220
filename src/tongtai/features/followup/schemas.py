"""Wire types of warnings and follow-up."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from tongtai.core.risk.response import Assessed, Criteria, Response, Target
from tongtai.features.cases.schemas import PatientOut
from tongtai.features.followup.model import (
    Assessment,
    CareTask,
    Complication,
    FollowUp,
    Judgement,
    PatientStatus,
    Signed,
    TaskState,
    Urgency,
    Vital,
    responses,
    unacknowledged,
)
from tongtai.features.followup.service.care import Reminder

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
LesionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
Diameter = Annotated[float, Field(ge=0, le=500, allow_inf_nan=False)]
FactValue = bool | Annotated[float, Field(allow_inf_nan=False)] | Annotated[str, Field(max_length=40)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 1, 1))]
_MOST = 40


class FactsIn(BaseModel):
    """What is known beside the plan; names and kinds stand in the reference of complication rules."""

    facts: Annotated[dict[Name, FactValue], Field(max_length=_MOST)] = {}


class AcknowledgeIn(BaseModel):
    note: Note = ""


class WarningsOut(BaseModel):
    """The latest judgement; ``missing_for_report`` names what keeps the case from being reported."""

    judgement: Judgement | None
    missing_for_report: list[str]

    @classmethod
    def of(cls, judgement: Judgement | None) -> Self:
        """From the model."""
        return cls(judgement=judgement, missing_for_report=list(unacknowledged(judgement)))


class OrderIn(BaseModel):
    """When the procedure ended."""

    ended_at: AwareDatetime = Field(ge=datetime.fromisoformat("1990-01-01T00:00:00+00:00"))


class FinishIn(BaseModel):
    state: Literal[TaskState.DONE, TaskState.NOT_NEEDED]
    result: Words


class TargetIn(BaseModel):
    lesion_id: LesionId
    organ: Name
    lymph_node: bool = False


class AssessmentIn(BaseModel):
    """Measurements in mm; targets are given at baseline and stay the same."""

    model_config = ConfigDict(extra="forbid")

    examined_on: Day
    modality: Literal["ct", "mr", "ceus"]
    targets: Annotated[list[TargetIn], Field(max_length=5)] = []
    longest_mm: Annotated[dict[LesionId, Diameter], Field(max_length=5)] = {}
    viable_mm: Annotated[dict[LesionId, Diameter], Field(max_length=5)] = {}
    complete_ablation: bool | None = None
    others: Response | None = None
    local_progression: bool = False
    new_intrahepatic: bool = False
    extrahepatic: bool = False
    afp_ng_ml: Annotated[float, Field(ge=0, le=1e7, allow_inf_nan=False)] | None = None
    seed_dose_verified: bool | None = None
    note: Note = ""

    def model(self, assessment_id: str, case_id: str, made: Signed) -> Assessment:
        """To the model."""
        fields = self.model_dump(exclude={"targets"})
        targets = tuple(Target(**one.model_dump()) for one in self.targets)
        return Assessment(id=assessment_id, case_id=case_id, made=made, targets=targets, **fields)


class ComplicationIn(BaseModel):
    """``grade`` by CTCAE, 1 to 5; the five questions decide whether it is severe."""

    model_config = ConfigDict(extra="forbid")

    kind: Name
    grade: Annotated[int, Field(ge=1, le=5)]
    began_on: Day
    care_raised: bool = False
    stay_longer: bool = False
    treated: bool = False
    disabled: bool = False
    died: bool = False
    note: Note = ""

    def model(self, complication_id: str, case_id: str, made: Signed) -> Complication:
        """To the model."""
        return Complication(id=complication_id, case_id=case_id, made=made, **self.model_dump())


class StatusIn(BaseModel):
    vital: Vital
    on: Day
    note: Note = ""


class TaskOut(BaseModel):
    id: str
    case_id: str
    code: str
    origin: str
    text_zh: str
    text_en: str
    due_at: datetime
    state: TaskState
    urgency: Urgency
    finished: Signed | None
    result: str

    @classmethod
    def of(cls, task: CareTask, now: datetime) -> Self:
        """From the model."""
        names = cls.model_fields.keys() - {"urgency"}
        return cls(urgency=task.urgency(now), **{name: getattr(task, name) for name in names})


class FollowUpOut(BaseModel):
    """Everything after the procedure; ``responses`` by criteria, one for each assessment after the baseline."""

    ended_at: datetime | None
    tasks: list[TaskOut]
    assessments: list[Assessment]
    complications: list[Complication]
    severe: list[str]
    statuses: list[PatientStatus]
    presumed_lost: bool
    responses: Mapping[Criteria, list[Assessed]]

    @classmethod
    def of(cls, found: FollowUp, now: datetime) -> Self:
        """From the model."""
        return cls(
            ended_at=found.ended_at,
            tasks=[TaskOut.of(task, now) for task in found.tasks],
            assessments=list(found.assessments),
            complications=list(found.complications),
            severe=[one.id for one in found.complications if one.severe],
            statuses=list(found.statuses),
            presumed_lost=found.presumed_lost(now),
            responses={one: list(responses(one, found.assessments)) for one in Criteria},
        )


class ReminderOut(BaseModel):
    """A task that the caller is reminded of, and its case as far as they may see it."""

    case_number: str
    patient: PatientOut
    task: TaskOut

    @classmethod
    def of(cls, reminder: Reminder, now: datetime) -> Self:
        """From the model."""
        return cls(
            case_number=reminder.view.case.number,
            patient=PatientOut.of(reminder.view.patient),
            task=TaskOut.of(reminder.task, now),
        )


class RemindersOut(BaseModel):
    count: int
    reminders: list[ReminderOut]
