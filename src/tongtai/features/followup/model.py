"""Warnings of a case and their acknowledgement; tasks with due dates; assessments; how the patient fares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.complications.evaluating import Evaluation, Reason
from tongtai.core.complications.facts import Value
from tongtai.core.complications.rules import Level, RuleTask
from tongtai.core.risk.response import Assessed, Criteria, Examination, Response, Target, assess
from tongtai.features.accounts.model import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who did something, by the names and the role that they had then, and when."""

    user_id: str
    name: str
    name_en: str
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWarning:
    """A rule that fires in a case, and who of the site's physicians has taken note of it."""

    rule_id: str
    level: Level
    name_zh: str
    name_en: str
    action_zh: str
    action_en: str
    source: str
    reasons: tuple[Reason, ...]
    acknowledged: Signed | None = None
    note: str = ""

    def same_as(self, other: "CaseWarning") -> bool:
        """Whether it says the same: then an acknowledgement holds for both."""
        return (self.rule_id, self.level, self.reasons) == (other.rule_id, other.level, other.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the rules said of a case: by which file, on which facts, on which plan.

    Attributes
    ----------
    version
        Counts the judgements of the case from 1.
    facts
        All facts that were known, by name.
    plan_sha256
        Of the plan whose distances were used; empty without one.
    undecided
        Rules that could not be judged, with the facts that they lack.
    """

    case_id: str
    version: int
    made: Signed
    rules_version: str
    rules_sha256: str
    facts: Mapping[str, Value]
    plan_id: str
    plan_sha256: str
    warnings: tuple[CaseWarning, ...]
    undecided: Mapping[str, tuple[str, ...]]


def warnings_from(evaluation: Evaluation, before: Judgement | None) -> tuple[CaseWarning, ...]:
    """Warnings of fired rules; what was acknowledged before and says the same stays acknowledged."""
    known = before.warnings if before else ()
    found = []
    for fired in evaluation.fired:
        rule = fired.rule
        warning = CaseWarning(
            rule_id=rule.id,
            level=fired.level,
            name_zh=rule.name_zh,
            name_en=rule.name_en,
            action_zh=rule.action_zh,
            action_en=rule.action_en,
            source=rule.source,
            reasons=fired.reasons,
        )
        found.append(next((old for old in known if old.same_as(warning)), warning))
    return tuple(found)


def unacknowledged(judgement: Judgement | None) -> tuple[str, ...]:
    """What keeps a case from being reported: rules nobody of the site has acknowledged.

    A case that was never judged lacks the judgement itself: ``("not_judged",)``.
    """
    if judgement is None:
        return ("not_judged",)
    return tuple(one.rule_id for one in judgement.warnings if one.acknowledged is None)


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not_needed"


class Urgency(StrEnum):
    """How loudly a task reminds, the least first."""

    LATER = "later"
    DUE = "due"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


REMIND_BEFORE = timedelta(hours=24)
ESCALATE_AFTER = timedelta(hours=24)
QUALITY_AFTER = timedelta(hours=72)
LOST_AFTER = timedelta(days=60)

# From which urgency on a role is reminded: who cares for the patient first, then who answers for the house.
REMINDED: Mapping[Role, Urgency] = MappingProxyType(
    {
        Role.ATTENDING: Urgency.DUE,
        Role.OPERATOR: Urgency.DUE,
        Role.NURSE: Urgency.DUE,
        Role.MEDICAL_AFFAIRS: Urgency.OVERDUE,
        Role.QUALITY_CONTROL: Urgency.ESCALATED,
    }
)
_ORDER = tuple(Urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class CareTask:
    """Something to do for a patient by a time.

    Attributes
    ----------
    origin
        ``order``, or the id of the rule that asks for it.
    due_h
        Hours after the end of the procedure; below zero, before its beginning.
    """

    id: str
    case_id: str
    code: str
    origin: str
    text_zh: str
    text_en: str
    due_h: float
    due_at: datetime
    state: TaskState = TaskState.OPEN
    finished: Signed | None = None
    result: str = ""

    def urgency(self, now: datetime) -> Urgency:
        """How loudly it reminds at this instant; ``LATER`` once it is finished."""
        if self.state is not TaskState.OPEN or now < self.due_at - REMIND_BEFORE:
            return Urgency.LATER
        late = now - self.due_at
        if late >= QUALITY_AFTER:
            return Urgency.ESCALATED
        return Urgency.OVERDUE if late >= ESCALATE_AFTER else Urgency.DUE

    def reminds(self, roles: frozenset[Role], now: datetime) -> bool:
        """Whether somebody with these roles in the case is reminded of it."""
        urgency = _ORDER.index(self.urgency(now))
        return any(urgency >= _ORDER.index(REMINDED[role]) for role in roles if role in REMINDED)


def due_at(task: RuleTask, *, begins: datetime, ended: datetime | None) -> datetime:
    """When a task is due: before the beginning, or after the end, for which the planned beginning stands in."""
    anchor = begins if task.due_h < 0.0 or ended is None else ended
    return anchor + timedelta(hours=task.due_h)


class Vital(StrEnum):
    """What is known of the patient."""

    ALIVE = "alive"
    DEAD = "dead"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One examination of follow-up; the first one, before treatment, is the baseline.

    Attributes
    ----------
    longest_mm, viable_mm
        Of each target: longest diameter, and of the tissue that enhances in the arterial phase.
    complete_ablation
        Whether contrast imaging shows the tumour wholly destroyed; ``None`` at baseline.
    local_progression
        Enhancing tissue at the border of a zone that had been complete.
    """

    id: str
    case_id: str
    examined_on: date
    modality: str
    targets: tuple[Target, ...]
    longest_mm: Mapping[str, float]
    viable_mm: Mapping[str, float]
    made: Signed
    complete_ablation: bool | None = None
    others: Response | None = None
    local_progression: bool = False
    new_intrahepatic: bool = False
    extrahepatic: bool = False
    afp_ng_ml: float | None = None
    seed_dose_verified: bool | None = None
    note: str = ""

    @property
    def new_lesion(self) -> bool:
        """A tumour that was not there before."""
        return self.new_intrahepatic or self.extrahepatic


def responses(criteria: Criteria, assessments: Sequence[Assessment]) -> tuple[Assessed, ...]:
    """Response at each assessment after the baseline, in the order of their days.

    Raises
    ------
    ResponseInputError
        If the baseline or a later measurement does not fit.
    """
    if len(assessments) < 2:
        return ()
    first = assessments[0]
    measured = [
        Examination(
            day=(one.examined_on - first.examined_on).days,
            diameters_mm=one.viable_mm if criteria is Criteria.MRECIST else one.longest_mm,
            others=one.others,
            new_lesion=one.new_lesion,
        )
        for one in assessments
    ]
    return assess(criteria, first.targets, measured)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complication:
    """Something that went wrong; severe by the national definition when any of five things followed."""

    id: str
    case_id: str
    kind: str
    grade: int
    began_on: date
    made: Signed
    care_raised: bool = False
    stay_longer: bool = False
    treated: bool = False
    disabled: bool = False
    died: bool = False
    note: str = ""

    @property
    def severe(self) -> bool:
        """Raised care, longer stay, further admission or treatment, disability or death."""
        return any((self.care_raised, self.stay_longer, self.treated, self.disabled, self.died))


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientStatus:
    """How the patient fares, as last heard."""

    vital: Vital
    on: date
    made: Signed
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Everything after the procedure, of one case."""

    case_id: str
    ended_at: datetime | None = None
    tasks: tuple[CareTask, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    complications: tuple[Complication, ...] = ()
    statuses: tuple[PatientStatus, ...] = field(default=())

    @property
    def status(self) -> PatientStatus | None:
        """The last that is known."""
        return self.statuses[-1] if self.statuses else None

    def presumed_lost(self, now: datetime) -> bool:
        """An assessment is overdue by two months and nobody says how the patient fares."""
        if self.status is not None and self.status.vital is not Vital.ALIVE:
            return self.status.vital is Vital.LOST
        return any(
            task.code.startswith("assessment_")
            and task.state is TaskState.OPEN
            and now - task.due_at >= LOST_AFTER
            for task in self.tasks
        )
