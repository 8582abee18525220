"""What indicators and reviews need from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tongtai.features.quality.model import (
    CaseFigures,
    Count,
    Draw,
    Evaluation,
    Filter,
    Finding,
    IndicatorCode,
    Listed,
    Mark,
    Marks,
    Review,
    Supervised,
    Tally,
)
from tongtai.features.workflow.model import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A closed case, and when it was closed."""

    case_id: str
    number: str
    closed_at: datetime


class QualityStore(Protocol):
    """Rows of cases, made ready for counting."""

    async def stale(self, institution_id: str, today: date, *, limit: int) -> Mapping[str, str]:
        """Cases whose row is not there or no longer right, with the stamp that their new row gets."""
        ...

    async def figures(self, case_ids: Sequence[str]) -> Mapping[str, CaseFigures]:
        """What is known of these cases."""
        ...

    async def put(self, rows: Mapping[str, tuple[str, Marks]]) -> None:
        """Write rows: stamp and marks by case."""
        ...

    async def counts(
        self, institution_id: str, chosen: Filter
    ) -> Mapping[str, Mapping[IndicatorCode, Count]]:
        """Numbers by month (``2026-01``)."""
        ...

    async def tallies(self, institution_id: str, chosen: Filter) -> list[Tally]:
        """Treated cases counted by month, technique, service and other institution."""
        ...

    async def supervised(self, institution_id: str, chosen: Filter, *, limit: int) -> list[Supervised]:
        """Treated cases with all their marks, the latest first."""
        ...

    async def listed(
        self, institution_id: str, chosen: Filter, code: IndicatorCode, marks: Sequence[Mark], *, limit: int
    ) -> list[Listed]:
        """Cases that count so, the latest first."""
        ...


class EvaluationStore(Protocol):
    """Ratings of sessions."""

    async def of_case(self, case_id: str) -> Evaluation | None:
        """The rating of a session."""
        ...

    async def add(self, evaluation: Evaluation) -> bool:
        """Insert; ``False`` when the session is rated already."""
        ...

    async def sums(self, institution_id: str) -> Mapping[str, tuple[int, int]]:
        """Number and sum of an institution's ratings, by item."""
        ...


class NoticeBoard(Protocol):
    """Where people are called."""

    async def add_notice(self, notice: Notice, *, since: datetime) -> bool:
        """Insert a notice unless the same call was made already."""
        ...


class ReviewStore(Protocol):
    """Draws, reviews and findings of institutions."""

    async def closed(self, institution_id: str, *, after: datetime, until: datetime) -> list[Closed]:
        """The cases of an institution that were closed in this time, each once."""
        ...

    async def draws(self, institution_id: str) -> list[Draw]:
        """An institution's draws, the newest first."""
        ...

    async def add_draw(self, draw: Draw, reviews: Sequence[Review]) -> bool:
        """Insert a draw with its reviews; ``False`` when there is one of this number already."""
        ...

    async def reviews(self, institution_id: str) -> list[Review]:
        """An institution's reviews, those that wait first."""
        ...

    async def review(self, institution_id: str, review_id: str) -> Review | None:
        """One of an institution's reviews."""
        ...

    async def replace_review(self, review: Review, findings: Sequence[Finding], *, version: int) -> bool:
        """Replace a review that is still at ``version``, and insert its findings."""
        ...

    async def findings(self, institution_id: str) -> list[Finding]:
        """An institution's findings, the newest first."""
        ...

    async def overdue(self, today: date) -> list[Finding]:
        """The findings of all institutions whose day is over and of which nothing was reported."""
        ...

    async def finding(self, institution_id: str, finding_id: str) -> Finding | None:
        """One of an institution's findings."""
        ...

    async def replace_finding(self, finding: Finding, *, version: int) -> bool:
        """Replace a finding that is still at ``version``."""
        ...
