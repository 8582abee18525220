"""Tables of the review of closed cases."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.core.case_review import Grade, PointVerdict
from tongtai.features.accounts.model import By
from tongtai.features.audit.model import canonical_json
from tongtai.features.cases.model import Sharing
from tongtai.features.cases.sql import CaseRow
from tongtai.features.quality.model import Draw, Finding, FindingAct, FindingState, Review, Step
from tongtai.features.quality.ports import Closed
from tongtai.features.workflow.model import ClinicalState
from tongtai.features.workflow.sql import MoveRow
from tongtai.infra.database import Base, UtcDateTime, updated_if

_OVER = (ClinicalState.CLOSED.value, ClinicalState.ARCHIVED.value)


class ReviewDrawRow(Base):
    """One draw."""

    __tablename__ = "review_draws"
    __table_args__ = (UniqueConstraint("institution_id", "number", name="uq_review_draws_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    number: Mapped[int] = mapped_column(Integer)
    seed: Mapped[str] = mapped_column(String(64))
    percent: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    population: Mapped[int] = mapped_column(Integer)
    drawn: Mapped[int] = mapped_column(Integer)
    by_json: Mapped[str] = mapped_column(Text)


class CaseReviewRow(Base):
    """One drawn case."""

    __tablename__ = "case_reviews"
    __table_args__ = (Index("ix_case_reviews_institution_id", "institution_id", "drawn_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    draw_id: Mapped[str] = mapped_column(ForeignKey("review_draws.id"))
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verdicts_json: Mapped[str] = mapped_column(Text)
    by_json: Mapped[str] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)


class FindingRow(Base):
    """One finding, with everything that was done about it."""

    __tablename__ = "review_findings"
    __table_args__ = (Index("ix_review_findings_institution_id", "institution_id", "found_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    review_id: Mapped[str] = mapped_column(ForeignKey("case_reviews.id"))
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    point: Mapped[str] = mapped_column(String(64))
    grade: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    found_by_json: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    responsible_json: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    steps_json: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)


class SqlReviews:
    """Draws, reviews and findings in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def closed(self, institution_id: str, *, after: datetime, until: datetime) -> list[Closed]:
        """The cases of an institution that were closed in this time, each by its first closing.

        What the patient withholds from the invited side is none of that side's cases.
        """
        first = func.min(MoveRow.at)
        query = (
            select(CaseRow.id, CaseRow.number, first)
            .join(MoveRow, MoveRow.case_id == CaseRow.id)
            .where(
                MoveRow.after.in_(_OVER),
                or_(
                    CaseRow.inviting_institution_id == institution_id,
                    and_(
                        CaseRow.invited_institution_id == institution_id,
                        CaseRow.sharing == Sharing.OPEN.value,
                    ),
                ),
            )
            .group_by(CaseRow.id, CaseRow.number)
            .having(and_(first > after, first <= until))
            .order_by(CaseRow.id)
        )
        return [
            Closed(case_id=case_id, number=number, closed_at=at)
            for case_id, number, at in await self._session.execute(query)
        ]

    async def draws(self, institution_id: str) -> list[Draw]:
        """An institution's draws, the newest first."""
        query = (
            select(ReviewDrawRow)
            .where(ReviewDrawRow.institution_id == institution_id)
            .order_by(ReviewDrawRow.number.desc())
        )
        return [_draw(row) for row in await self._session.scalars(query)]

    async def add_draw(self, draw: Draw, reviews: Sequence[Review]) -> bool:
        """Insert a draw with its reviews; ``False`` when there is one of this number already."""
        columns = asdict(draw)
        columns["by_json"] = canonical_json(columns.pop("by"))
        try:
            async with self._session.begin_nested():
                self._session.add(ReviewDrawRow(**columns))
                await self._session.flush()
        except IntegrityError:
            return False
        self._session.add_all(
            CaseReviewRow(
                id=one.id,
                draw_id=one.draw_id,
                institution_id=one.institution_id,
                case_id=one.case_id,
                drawn_at=one.drawn_at,
                **_review_columns(one),
            )
            for one in reviews
        )
        await self._session.flush()
        return True

    async def reviews(self, institution_id: str) -> list[Review]:
        """An institution's reviews, those that wait first, then the newest."""
        query = (
            select(CaseReviewRow, CaseRow.number)
            .join(CaseRow, CaseRow.id == CaseReviewRow.case_id)
            .where(CaseReviewRow.institution_id == institution_id)
            .order_by(CaseReviewRow.reviewed_at.is_not(None), CaseReviewRow.drawn_at.desc(), CaseRow.number)
        )
        return [_review(row, number) for row, number in await self._session.execute(query)]

    async def review(self, institution_id: str, review_id: str) -> Review | None:
        """One of an institution's reviews."""
        query = (
            select(CaseReviewRow, CaseRow.number)
            .join(CaseRow, CaseRow.id == CaseReviewRow.case_id)
            .where(CaseReviewRow.institution_id == institution_id, CaseReviewRow.id == review_id)
        )
        found = (await self._session.execute(query)).first()
        return _review(*found) if found else None

    async def replace_review(self, review: Review, findings: Sequence[Finding], *, version: int) -> bool:
        """Replace a review that is still at ``version``, and insert its findings."""
        replaced = await updated_if(
            self._session,
            CaseReviewRow,
            CaseReviewRow.id == review.id,
            CaseReviewRow.version == version,
            values=_review_columns(review),
        )
        if replaced:
            self._session.add_all(
                FindingRow(
                    id=one.id,
                    review_id=one.review_id,
                    institution_id=one.institution_id,
                    case_id=one.case_id,
                    point=one.point,
                    grade=one.grade.value,
                    text=one.text,
                    found_by_json=canonical_json(asdict(one.found_by)),
                    found_at=one.found_at,
                    **_finding_columns(one),
                )
                for one in findings
            )
            await self._session.flush()
        return replaced

    async def findings(self, institution_id: str) -> list[Finding]:
        """An institution's findings, the newest first."""
        query = (
            select(FindingRow, CaseRow.number)
            .join(CaseRow, CaseRow.id == FindingRow.case_id)
            .where(FindingRow.institution_id == institution_id)
            .order_by(FindingRow.found_at.desc(), FindingRow.id)
        )
        return [_finding(row, number) for row, number in await self._session.execute(query)]

    async def overdue(self, today: date) -> list[Finding]:
        """The findings of all institutions whose day is over and of which nothing was reported."""
        query = (
            select(FindingRow, CaseRow.number)
            .join(CaseRow, CaseRow.id == FindingRow.case_id)
            .where(FindingRow.state == FindingState.ASSIGNED.value, FindingRow.due_on < today)
            .order_by(FindingRow.due_on, FindingRow.id)
        )
        found = [_finding(row, number) for row, number in await self._session.execute(query)]
        return [finding for finding in found if finding.is_overdue(today)]

    async def finding(self, institution_id: str, finding_id: str) -> Finding | None:
        """One of an institution's findings."""
        query = (
            select(FindingRow, CaseRow.number)
            .join(CaseRow, CaseRow.id == FindingRow.case_id)
            .where(FindingRow.institution_id == institution_id, FindingRow.id == finding_id)
        )
        found = (await self._session.execute(query)).first()
        return _finding(*found) if found else None

    async def replace_finding(self, finding: Finding, *, version: int) -> bool:
        """Replace a finding that is still at ``version``."""
        return await updated_if(
            self._session,
            FindingRow,
            FindingRow.id == finding.id,
            FindingRow.version == version,
            values=_finding_columns(finding),
        )


def _by(text: str) -> By | None:
    return By(**json.loads(text)) if text else None


def _sure_by(text: str) -> By:
    return By(**json.loads(text))


def _by_json(by: By | None) -> str:
    return canonical_json(asdict(by)) if by else ""


def _review_columns(review: Review) -> Mapping[str, object]:
    return {
        "verdicts_json": canonical_json(dict(review.verdicts)),
        "by_json": _by_json(review.by),
        "reviewed_at": review.reviewed_at,
        "version": review.version,
    }


def _finding_columns(finding: Finding) -> Mapping[str, object]:
    steps = [
        {"act": one.act, "by": asdict(one.by), "at": one.at.isoformat(), "text": one.text}
        for one in finding.steps
    ]
    return {
        "state": finding.state.value,
        "responsible_json": _by_json(finding.responsible),
        "due_on": finding.due_on,
        "steps_json": canonical_json(steps),
        "version": finding.version,
    }


def _draw(row: ReviewDrawRow) -> Draw:
    return Draw(
        id=row.id,
        institution_id=row.institution_id,
        number=row.number,
        seed=row.seed,
        percent=row.percent,
        since=row.since,
        until=row.until,
        population=row.population,
        drawn=row.drawn,
        by=_sure_by(row.by_json),
    )


def _review(row: CaseReviewRow, number: str) -> Review:
    return Review(
        id=row.id,
        draw_id=row.draw_id,
        institution_id=row.institution_id,
        case_id=row.case_id,
        case_number=number,
        drawn_at=row.drawn_at,
        verdicts={key: PointVerdict(value) for key, value in json.loads(row.verdicts_json).items()},
        by=_by(row.by_json),
        reviewed_at=row.reviewed_at,
        version=row.version,
    )


def _finding(row: FindingRow, number: str) -> Finding:
    return Finding(
        id=row.id,
        review_id=row.review_id,
        institution_id=row.institution_id,
        case_id=row.case_id,
        case_number=number,
        point=row.point,
        grade=Grade(row.grade),
        text=row.text,
        found_by=_sure_by(row.found_by_json),
        found_at=row.found_at,
        state=FindingState(row.state),
        responsible=_by(row.responsible_json),
        due_on=row.due_on,
        steps=tuple(_step(one) for one in json.loads(row.steps_json)),
        version=row.version,
    )


def _step(fields: Mapping[str, object]) -> Step:
    return Step(
        act=FindingAct(str(fields["act"])),
        by=By(**fields["by"]),  # type: ignore[arg-type]  # as _finding_columns wrote it
        at=datetime.fromisoformat(str(fields["at"])),
        text=str(fields["text"]),
    )
