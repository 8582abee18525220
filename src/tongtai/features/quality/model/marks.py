"""How one case counts in each indicator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum

from tongtai.features.cases.model import Technique
from tongtai.features.followup.model import Assessment, FollowUp, Judgement, Vital, unacknowledged
from tongtai.features.quality.model.indicators import IndicatorCode


class Mark(IntEnum):
    """How a case counts in an indicator; below zero it is left out, and why."""

    HIT = 1
    MISS = 0
    TOO_EARLY = -1
    NOT_RECORDED = -2
    DIED_BEFORE = -3
    LOST = -4


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
class Supervised:
    """A treated case as a supervising authority reads it: the technique, the month, how it counts.

    Attributes
    ----------
    case_id
        Ours; it does not leave the installation.
    month
        As ``2026-01``: the day would be more than is needed.
    """

    case_id: str
    technique: Technique
    month: str
    marks: Mapping[IndicatorCode, Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case in an indicator's list."""

    case_number: str
    ended_on: date
    mark: Mark
