"""Clocks that run while a case stands somewhere, and whom they call when they run out.

The numbers are practice, not law: the regulation of 2018 says "promptly". Sources: S8 is a provincial
agreement's template (first answer within 30 minutes), S9 a published procedure (48 hours, three
working days, 12 hours when urgent; devices 60, power 30, connection 15 minutes before), S10 the steps
of a national centre (report one hour after).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import Side
from tongtai.features.policies.model import DEFAULTS, PolicyKey, Values
from tongtai.features.workflow.model.dossier import Dossier
from tongtai.features.workflow.model.states import ClinicalState

_S, _R = ClinicalState, Role
_SATURDAY = 5


class From(StrEnum):
    """What a timer counts from."""

    ENTERED = "entered"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One step of escalation: so long after the time is up, these are called."""

    after: timedelta
    side: Side
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A clock.

    Attributes
    ----------
    due
        Time from the start; negative: before the scheduled operation.
    due_urgent
        The same for an urgent case.
    working_days
        Counts Monday to Friday instead of ``due``; public holidays are not known here.
    rule, step
        The house rule that sets the time, and how much one of its units is; urgent cases have no more than that.
    """

    key: str
    states: frozenset[ClinicalState]
    start: From
    due: timedelta
    due_urgent: timedelta
    calls: tuple[Call, ...]
    source: str
    working_days: int = 0
    rule: PolicyKey | None = None
    step: timedelta = timedelta(0)


def _call(side: Side, *roles: Role, after: timedelta = timedelta(0)) -> Call:
    return Call(after=after, side=side, roles=frozenset(roles))


_ARRANGING = frozenset(
    {
        _S.ACCEPTED,
        _S.MDT_SCHEDULED,
        _S.MDT_DECIDED,
        _S.PLANNING,
        _S.PLAN_APPROVED,
        _S.OPINION_ISSUED,
        _S.DECISION_MADE,
    }
)
_COORDINATOR = _call(Side.CENTRE, _R.COORDINATOR)
_LEADS = _call(Side.CENTRE, _R.LEAD_GUIDE, _R.BACKUP_GUIDE, after=timedelta(minutes=30))
_SITE_TABLE = (_R.NURSE, _R.TECHNICIAN, _R.OPERATOR)

TIMERS: tuple[Timer, ...] = (
    Timer(
        key="first_answer",
        rule=PolicyKey.FIRST_ANSWER_MIN,
        step=timedelta(minutes=1),
        states=frozenset({_S.SUBMITTED}),
        start=From.ENTERED,
        due=timedelta(minutes=30),
        due_urgent=timedelta(minutes=30),
        calls=(_COORDINATOR, _LEADS),
        source="S8",
    ),
    Timer(
        key="arrange",
        rule=PolicyKey.ARRANGE_H,
        step=timedelta(hours=1),
        states=frozenset({_S.ACCEPTED}),
        start=From.ENTERED,
        due=timedelta(hours=48),
        due_urgent=timedelta(hours=12),
        calls=(_COORDINATOR, _LEADS),
        source="S9",
    ),
    Timer(
        key="opinion",
        rule=PolicyKey.OPINION_DAYS,
        states=_ARRANGING - {_S.ACCEPTED, _S.OPINION_ISSUED, _S.DECISION_MADE},
        start=From.ENTERED,
        due=timedelta(days=3),
        due_urgent=timedelta(hours=12),
        calls=(_COORDINATOR, _LEADS),
        source="S9",
        working_days=3,
    ),
    Timer(
        key="correct_material",
        rule=PolicyKey.CORRECT_MATERIAL_H,
        step=timedelta(hours=1),
        states=frozenset({_S.RETURNED}),
        start=From.ENTERED,
        due=timedelta(hours=24),
        due_urgent=timedelta(hours=4),
        calls=(
            _call(Side.SITE, _R.ATTENDING),
            _call(Side.SITE, _R.MEDICAL_AFFAIRS, after=timedelta(hours=12)),
        ),
        source="project default",
    ),
    Timer(
        key="device_check",
        states=frozenset({_S.SCHEDULED}),
        start=From.SCHEDULED,
        due=timedelta(minutes=-60),
        due_urgent=timedelta(minutes=-60),
        calls=(
            _call(Side.SITE, *_SITE_TABLE),
            _call(Side.SITE, _R.ATTENDING, after=timedelta(minutes=15)),
        ),
        source="S9",
    ),
    Timer(
        key="power_on",
        states=frozenset({_S.SCHEDULED}),
        start=From.SCHEDULED,
        due=timedelta(minutes=-30),
        due_urgent=timedelta(minutes=-30),
        calls=(_call(Side.SITE, *_SITE_TABLE),),
        source="S9",
    ),
    Timer(
        key="connect",
        states=frozenset({_S.SCHEDULED}),
        start=From.SCHEDULED,
        due=timedelta(minutes=-15),
        due_urgent=timedelta(minutes=-15),
        calls=(
            _call(Side.SITE, *_SITE_TABLE, _R.ATTENDING),
            _call(Side.CENTRE, _R.COORDINATOR, _R.LEAD_GUIDE),
        ),
        source="S9",
    ),
    Timer(
        key="report",
        rule=PolicyKey.REPORT_H,
        step=timedelta(hours=1),
        states=frozenset({_S.SIGNED_OUT, _S.POST_OP}),
        start=From.ENTERED,
        due=timedelta(hours=1),
        due_urgent=timedelta(hours=1),
        calls=(
            _call(Side.SITE, _R.OPERATOR, _R.ATTENDING),
            _call(Side.SITE, _R.MEDICAL_AFFAIRS, after=timedelta(hours=23)),
        ),
        source="S10",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCall:
    """A call whose time has come. ``level`` counts the steps of escalation from 0."""

    timer: Timer
    level: int
    call: Call
    due_at: datetime


def due_at(timer: Timer, dossier: Dossier, scheduled_at: datetime, rules: Values = DEFAULTS) -> datetime:
    """When a timer runs out for a case, by the house rules that hold for it.

    Examples
    --------
    Three working days after a Friday end on Wednesday:

    >>> from datetime import UTC
    >>> add_working_days(datetime(2026, 1, 2, 9, tzinfo=UTC), 3).isoformat()
    '2026-01-07T09:00:00+00:00'
    """
    start = dossier.entered_at if timer.start is From.ENTERED else scheduled_at
    set_to = rules[timer.rule] if timer.rule else 0
    due = set_to * timer.step if timer.step else timer.due
    if dossier.urgent:
        return start + min(due, timer.due_urgent)
    return add_working_days(start, set_to or timer.working_days) if timer.working_days else start + due


def add_working_days(start: datetime, days: int) -> datetime:
    """So many days from Monday to Friday later, at the same hour."""
    at = start
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < _SATURDAY
    return at


def due_calls(
    dossier: Dossier, scheduled_at: datetime, now: datetime, rules: Values = DEFAULTS
) -> Iterator[DueCall]:
    """Every call whose time has come for a case as it stands."""
    for timer in TIMERS:
        if dossier.state not in timer.states:
            continue
        due = due_at(timer, dossier, scheduled_at, rules)
        for level, call in enumerate(timer.calls):
            if due + call.after <= now:
                yield DueCall(timer=timer, level=level, call=call, due_at=due)


def next_due(
    dossier: Dossier, scheduled_at: datetime, rules: Values = DEFAULTS
) -> tuple[str, datetime] | None:
    """Which timer of a case runs out first, and when."""
    running = [
        (due_at(timer, dossier, scheduled_at, rules), timer.key)
        for timer in TIMERS
        if dossier.state in timer.states
    ]
    return (min(running)[1], min(running)[0]) if running else None
