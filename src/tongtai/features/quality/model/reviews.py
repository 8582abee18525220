"""Review of closed cases by quality control: draws, reviews, findings and what is done about them.

Measures on telemedicine services 2018, IV: quality control checks rules and records, watches high risks,
analyses, feeds back and sees that it is mended. Who mended something does not confirm it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.case_review import Grade, PointVerdict
from tongtai.features.accounts.model import By, Role
from tongtai.features.quality.errors import FindingActRefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One draw: of all cases closed after ``since`` and up to ``until``, by a seed that stays.

    Attributes
    ----------
    number
        Counts the institution's draws from 1. Each begins where the one before ended, so that every closed case had its
        chance once and nobody can draw until they like the outcome.
    seed
        Hexadecimal; with it anybody draws the same cases again.
    population
        How many cases were closed.
    """

    id: str
    institution_id: str
    number: int
    seed: str
    percent: int
    since: datetime
    until: datetime
    population: int
    drawn: int
    by: By


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A drawn case; ``reviewed_at`` is empty while it waits."""

    id: str
    draw_id: str
    institution_id: str
    case_id: str
    case_number: str
    drawn_at: datetime
    verdicts: Mapping[str, PointVerdict]
    by: By | None = None
    reviewed_at: datetime | None = None
    version: int = 1


class FindingState(StrEnum):
    """How far the answer to a finding is."""

    OPEN = "open"
    ASSIGNED = "assigned"
    DONE = "done"
    CONFIRMED = "confirmed"


class FindingAct(StrEnum):
    """What is done about a finding."""

    ASSIGN = "assign"
    FINISH = "finish"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"


# Who is called when a finding's day is over, by the time since then; nobody said: who is responsible for it.
OVERDUE_CALLS: Sequence[tuple[timedelta, frozenset[Role]]] = (
    (timedelta(0), frozenset()),
    (timedelta(days=1), frozenset({Role.QUALITY_CONTROL})),
    (timedelta(days=7), frozenset({Role.QUALITY_CONTROL, Role.MEDICAL_AFFAIRS, Role.ADMINISTRATOR})),
)
_S, _A = FindingState, FindingAct
TRANSITIONS: Mapping[tuple[FindingState, FindingAct], FindingState] = MappingProxyType(
    {
        (_S.OPEN, _A.ASSIGN): _S.ASSIGNED,
        # Another person, or more time: with its reason.
        (_S.ASSIGNED, _A.ASSIGN): _S.ASSIGNED,
        (_S.ASSIGNED, _A.FINISH): _S.DONE,
        (_S.DONE, _A.SEND_BACK): _S.ASSIGNED,
        (_S.DONE, _A.CONFIRM): _S.CONFIRMED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act about a finding."""

    act: FindingAct
    by: By
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found at a point of a case.

    Attributes
    ----------
    responsible
        Who mends it, by ``due_on``; nobody before it is assigned.
    steps
        Everything that was done about it, in order.
    """

    id: str
    review_id: str
    institution_id: str
    case_id: str
    case_number: str
    point: str
    grade: Grade
    text: str
    found_by: By
    found_at: datetime
    state: FindingState = FindingState.OPEN
    responsible: By | None = None
    due_on: date | None = None
    steps: tuple[Step, ...] = ()
    version: int = 1

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over and nothing was reported."""
        return self.state is FindingState.ASSIGNED and self.due_on is not None and self.due_on < today

    def after(self, step: Step, *, responsible: By | None = None, due_on: date | None = None) -> "Finding":
        """The finding after an act.

        Parameters
        ----------
        responsible, due_on
            Of an assignment.

        Raises
        ------
        FindingActRefusedError
            If the act does not fit the state, lacks its words, or is somebody else's to do.
        """
        state = TRANSITIONS.get((self.state, step.act))
        if state is None:
            raise FindingActRefusedError(reason="not_now", state=self.state.value, act=step.act.value)
        if not step.text.strip():
            raise FindingActRefusedError(reason="text_missing", act=step.act.value)
        if step.act is FindingAct.CONFIRM and step.by.user_id in self._menders():
            raise FindingActRefusedError(reason="own_work", act=step.act.value)
        changed = replace(self, state=state, steps=(*self.steps, step), version=self.version + 1)
        if step.act is not FindingAct.ASSIGN:
            return changed
        if responsible is None or due_on is None:
            raise FindingActRefusedError(reason="who_and_when_missing", act=step.act.value)
        return replace(changed, responsible=responsible, due_on=due_on)

    def _menders(self) -> set[str]:
        finishers = {one.by.user_id for one in self.steps if one.act is FindingAct.FINISH}
        return finishers | ({self.responsible.user_id} if self.responsible else set())
