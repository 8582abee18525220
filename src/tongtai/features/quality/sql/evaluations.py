"""The table of ratings, and counts of cases over other features' tables."""

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String, Text, case, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.accounts.model import By, Role
from tongtai.features.audit.model import canonical_json
from tongtai.features.cases.model import CaseState
from tongtai.features.cases.sql import CaseRow, CaseTeamRow
from tongtai.features.quality.model import Evaluation, ExpertWork
from tongtai.infra.database import Base, UtcDateTime


class EvaluationRow(Base):
    """The score of one item of a session."""

    __tablename__ = "session_evaluations"
    __table_args__ = (
        Index("ix_session_evaluations_inviting", "inviting_institution_id", "item", "score"),
        Index("ix_session_evaluations_invited", "invited_institution_id", "item", "score"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger)
    inviting_institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    invited_institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    by_json: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SqlEvaluations:
    """Ratings in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_case(self, case_id: str) -> Evaluation | None:
        """The rating of a session."""
        query = select(EvaluationRow).where(EvaluationRow.case_id == case_id)
        rows = list(await self._session.scalars(query))
        if not rows:
            return None
        first = rows[0]
        return Evaluation(
            case_id=case_id,
            inviting_institution_id=first.inviting_institution_id,
            invited_institution_id=first.invited_institution_id,
            scores={row.item: row.score for row in rows},
            by=By(**json.loads(first.by_json)),
            at=first.at,
        )

    async def add(self, evaluation: Evaluation) -> bool:
        """Insert; ``False`` when the session is rated already."""
        try:
            async with self._session.begin_nested():
                self._session.add_all(
                    EvaluationRow(
                        case_id=evaluation.case_id,
                        item=item,
                        score=score,
                        inviting_institution_id=evaluation.inviting_institution_id,
                        invited_institution_id=evaluation.invited_institution_id,
                        by_json=canonical_json(asdict(evaluation.by)),
                        at=evaluation.at,
                    )
                    for item, score in evaluation.scores.items()
                )
                await self._session.flush()
        except IntegrityError:
            return False
        return True

    async def sums(self, institution_id: str) -> dict[str, tuple[int, int]]:
        """Number and sum of an institution's ratings, by item."""
        query = (
            select(EvaluationRow.item, func.count(), func.sum(EvaluationRow.score))
            .where(
                or_(
                    EvaluationRow.inviting_institution_id == institution_id,
                    EvaluationRow.invited_institution_id == institution_id,
                )
            )
            .group_by(EvaluationRow.item)
        )
        return {item: (int(count), int(total)) for item, count, total in await self._session.execute(query)}


async def work_of(session: AsyncSession, user_ids: Collection[str]) -> dict[str, ExpertWork]:
    """How many finished sessions these people have led or backed up."""
    led = func.sum(case((CaseTeamRow.role == Role.LEAD_GUIDE.value, 1), else_=0), type_=Integer)
    query = (
        select(CaseTeamRow.user_id, func.count(), led)
        .join(CaseRow, CaseRow.id == CaseTeamRow.case_id)
        .where(
            CaseTeamRow.user_id.in_(user_ids),
            CaseTeamRow.role.in_([Role.LEAD_GUIDE.value, Role.BACKUP_GUIDE.value]),
            CaseRow.state == CaseState.CLOSED.value,
        )
        .group_by(CaseTeamRow.user_id)
    )
    return {
        user_id: ExpertWork(led=int(count_led), backed_up=int(count) - int(count_led))
        for user_id, count, count_led in await session.execute(query)
    }
