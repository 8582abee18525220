"""Quality indicators: what each counts, and how one case counts in each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from tongtai.features.cases.model import Technique
from tongtai.features.followup.model import Assessment, FollowUp, Judgement, Vital, unacknowledged


class Mark(IntEnum):
    """How a case counts in an indicator; below zero it is left out, and why."""

    HIT = 1
    MISS = 0
    TOO_EARLY = -1
    NOT_RECORDED = -2
    DIED_BEFORE = -3
    LOST = -4


class IndicatorCode(StrEnum):
    """The indicators."""

    MDT_BEFORE = "mdt_before"
    PLAN_BEFORE = "plan_before"
    MARGIN_REACHED = "margin_reached"
    WARNINGS_ACKNOWLEDGED = "warnings_acknowledged"
    LOCAL_CONTROL = "local_control"
    SEVERE_30D = "severe_30d"
    MORTALITY_30D = "mortality_30d"
    FOLLOW_UP_1M = "follow_up_1m"
    LOST = "lost"
    SURVIVAL_1Y = "survival_1y"
    SEED_DOSE_VERIFIED = "seed_dose_verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """An indicator.

    Attributes
    ----------
    numerator, denominator
        What is counted, in words.
    higher_is_better
        Whether a high rate is good.
    source
        Whose definition it is.
    """

    name_zh: str
    name_en: str
    numerator: str
    denominator: str
    higher_is_better: bool
    source: str


def _indicator(
    zh: str, en: str, numerator: str, denominator: str, source: str, *, higher: bool = True
) -> Indicator:
    return Indicator(
        name_zh=zh,
        name_en=en,
        numerator=numerator,
        denominator=denominator,
        higher_is_better=higher,
        source=source,
    )


_S21 = "National quality indicators of restricted techniques, National Health Commission of China 2022"
_HOUSE = "Tongtai"
INDICATORS: Mapping[IndicatorCode, Indicator] = MappingProxyType(
    {
        IndicatorCode.MDT_BEFORE: _indicator(
            "术前多学科讨论完成率",
            "Team decision before the procedure",
            "decided by the team before its end",
            "all treated cases that are in the workflow",
            "National quality indicator: level-4 operations with multidisciplinary discussion",
        ),
        IndicatorCode.PLAN_BEFORE: _indicator(
            "术前计划批准率",
            "Approved plan before the procedure",
            "a plan approved before its end",
            "all treated cases",
            _S21 + " (seeds: TPS plan)",
        ),
        IndicatorCode.MARGIN_REACHED: _indicator(
            "计划安全边界达标率",
            "Planned margin of 5 mm",
            "smallest margin of the approved plan at least 5 mm",
            "cases whose approved plan knows a margin",
            _HOUSE + "; Wang 2015 PMC4419076",
        ),
        IndicatorCode.WARNINGS_ACKNOWLEDGED: _indicator(
            "并发症预警确认率",
            "Warnings acknowledged",
            "judged, and every warning acknowledged by the site",
            "all treated cases",
            _HOUSE,
        ),
        IndicatorCode.LOCAL_CONTROL: _indicator(
            "局部病灶控制率",
            "Local control",
            "complete ablation on contrast imaging within a month (31 days)",
            "all ablations a month ago or more",
            _S21,
        ),
        IndicatorCode.SEVERE_30D: _indicator(
            "30 天内严重并发症发生率",
            "Severe complications within 30 days",
            "a severe complication within 30 days",
            "all cases treated 30 days ago or more, and those that had one",
            _S21,
            higher=False,
        ),
        IndicatorCode.MORTALITY_30D: _indicator(
            "30 天死亡率",
            "Mortality within 30 days",
            "died within 30 days",
            "all cases treated 30 days ago or more, and those who died",
            _S21,
            higher=False,
        ),
        IndicatorCode.FOLLOW_UP_1M: _indicator(
            "1 个月随访率",
            "Follow-up at one month",
            "assessed within 45 days",
            "all cases treated 45 days ago or more, and those assessed",
            _S21,
        ),
        IndicatorCode.LOST: _indicator(
            "失访率",
            "Lost to follow-up",
            "told to be lost, or an assessment two months overdue",
            "all treated cases",
            _HOUSE,
            higher=False,
        ),
        IndicatorCode.SURVIVAL_1Y: _indicator(
            "1 年生存率",
            "Survival at one year",
            "known to be alive a year after",
            "cases treated a year ago or more whose state at a year is known",
            _S21,
        ),
        IndicatorCode.SEED_DOSE_VERIFIED: _indicator(
            "粒子植入术后剂量验证率",
            "Dose verified after seeds",
            "verified within 30 days",
            "all seed cases treated 30 days ago or more, and those verified",
            _S21,
        ),
    }
)

_MONTH, _THIRTY, _ASSESSED = timedelta(days=31), timedelta(days=30), timedelta(days=45)
_YEAR = timedelta(days=365)
_LEAST_MARGIN_MM = 5.0
# A mark that waits for a day changes on one of these days after the end.
_TURNS = (_THIRTY + timedelta(days=1), _MONTH + timedelta(days=1), _ASSESSED + timedelta(days=1), _YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFigures:
    """What is known of a case.

    Attributes
    ----------
    in_workflow
        Whether its way is recorded; without it nobody knows of a team's decision.
    mdt_on, plan_on
        The team's decision, and the approval of the plan.
    """

    technique: Technique
    follow_up: FollowUp
    judgement: Judgement | None
    in_workflow: bool = False
    mdt_on: date | None = None
    plan_on: date | None = None
    plan_margin_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How a case counts in each indicator (absent: not at all), and the day on which that may change by itself."""

    ended_on: date | None
    marks: Mapping[IndicatorCode, Mark] = field(default_factory=dict)
    until: date = date.max


def marks_of(case: CaseFigures, today: date, *, presumed_lost: bool) -> Marks:
    """How a case counts on a day; a case that was not treated counts nowhere."""
    if case.follow_up.ended_at is None:
        return Marks(ended_on=None)
    ended = case.follow_up.ended_at.date()
    after = [one for one in case.follow_up.assessments if one.examined_on >= ended]
    died_on = next((one.on for one in case.follow_up.statuses if one.vital is Vital.DEAD), None)
    judged = case.judgement is not None
    marks: dict[IndicatorCode, Mark | None] = {
        IndicatorCode.MDT_BEFORE: _before(case.mdt_on, ended) if case.in_workflow else Mark.NOT_RECORDED,
        IndicatorCode.PLAN_BEFORE: _before(case.plan_on, ended),
        IndicatorCode.MARGIN_REACHED: Mark.NOT_RECORDED
        if case.plan_margin_mm is None
        else Mark(int(case.plan_margin_mm >= _LEAST_MARGIN_MM)),
        IndicatorCode.WARNINGS_ACKNOWLEDGED: Mark(int(judged and not unacknowledged(case.judgement))),
        IndicatorCode.SEVERE_30D: _event(_severe(case.follow_up, ended), ended, today),
        IndicatorCode.MORTALITY_30D: _event(died_on, ended, today),
        IndicatorCode.FOLLOW_UP_1M: _done(_first(after), _ASSESSED, ended, today, died_on),
        IndicatorCode.LOST: Mark(int(presumed_lost)),
        IndicatorCode.SURVIVAL_1Y: _alive(case.follow_up, ended, today, died_on),
    }
    if case.technique is Technique.SEEDS:
        verified = [one for one in after if one.seed_dose_verified]
        marks[IndicatorCode.SEED_DOSE_VERIFIED] = _done(_first(verified), _THIRTY, ended, today, died_on)
    else:
        marks[IndicatorCode.LOCAL_CONTROL] = _local(after, ended, today, died_on)
    turns = [ended + turn for turn in _TURNS if ended + turn > today]
    # Loss to follow-up depends on tasks' dates: looked at again every week.
    return Marks(
        ended_on=ended,
        marks={code: mark for code, mark in marks.items() if mark is not None},
        until=min([*turns, today + timedelta(days=7)]),
    )


def _before(on: date | None, ended: date) -> Mark:
    return Mark(int(on is not None and on <= ended))


def _first(assessments: list[Assessment]) -> date | None:
    return min((one.examined_on for one in assessments), default=None)


def _severe(follow_up: FollowUp, ended: date) -> date | None:
    return min(
        (one.began_on for one in follow_up.complications if one.severe and one.began_on >= ended),
        default=None,
    )


def _event(on: date | None, ended: date, today: date) -> Mark:
    """Something bad within thirty days: at once when it has happened, never before they are over."""
    if on is not None and on - ended <= _THIRTY:
        return Mark.HIT
    return Mark.MISS if today - ended > _THIRTY else Mark.TOO_EARLY


def _done(on: date | None, within: timedelta, ended: date, today: date, died_on: date | None) -> Mark:
    """Something to do within some days; who died before that is left out."""
    if on is not None and on - ended <= within:
        return Mark.HIT
    if died_on is not None and died_on - ended <= within:
        return Mark.DIED_BEFORE
    return Mark.MISS if today - ended > within else Mark.TOO_EARLY


def _local(after: list[Assessment], ended: date, today: date, died_on: date | None) -> Mark:
    seen = [one for one in after if one.examined_on - ended <= _MONTH and one.complete_ablation is not None]
    if seen:
        return Mark(int(bool(seen[-1].complete_ablation)))
    return _done(None, _MONTH, ended, today, died_on)


def _alive(follow_up: FollowUp, ended: date, today: date, died_on: date | None) -> Mark:
    if died_on is not None:
        return Mark.MISS if died_on - ended < _YEAR else Mark.HIT
    heard = [one.on for one in follow_up.statuses if one.vital is Vital.ALIVE]
    heard += [one.examined_on for one in follow_up.assessments]
    if any(on - ended >= _YEAR for on in heard):
        return Mark.HIT
    return Mark.TOO_EARLY if today - ended < _YEAR else Mark.LOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """An indicator's numbers over some cases."""

    numerator: int = 0
    denominator: int = 0
    excluded: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Both together."""
        return Count(
            numerator=self.numerator + other.numerator,
            denominator=self.denominator + other.denominator,
            excluded=self.excluded + other.excluded,
        )

    @property
    def rate(self) -> float | None:
        """Numerator over denominator; ``None`` of nothing."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cases are counted: treated from a day to a day, of a technique."""

    since: date | None = None
    until: date | None = None
    technique: Technique | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case in an indicator's list."""

    case_number: str
    ended_on: date
    mark: Mark
