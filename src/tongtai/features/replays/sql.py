"""Tables of sessions seen again and of approvals of teaching."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.replays.model import Play, ReplayView, TeachingApproval
from tongtai.infra.database import Base, UtcDateTime, updated_if

_APPROVAL = TypeAdapter(TeachingApproval)


class PlayRow(Base):
    """A session that somebody has seen again."""

    __tablename__ = "replay_plays"
    __table_args__ = (Index("ix_replay_plays_case_user", "case_id", "user_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    view: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TeachingApprovalRow(Base):
    """An approval of teaching."""

    __tablename__ = "teaching_approvals"
    __table_args__ = (UniqueConstraint("case_id", "number", name="uq_teaching_approvals_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    body_json: Mapped[str] = mapped_column(Text)


class SqlPlays:
    """Sessions seen again, in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, play: Play) -> None:
        """Insert one."""
        self._session.add(
            PlayRow(
                id=play.id,
                case_id=play.case_id,
                user_id=play.user_id,
                view=play.view.value,
                started_at=play.started_at,
            )
        )
        await self._session.flush()

    async def get(self, play_id: str) -> Play | None:
        """One of them."""
        row = await self._session.get(PlayRow, play_id)
        if row is None:
            return None
        return Play(
            id=row.id,
            case_id=row.case_id,
            user_id=row.user_id,
            view=ReplayView(row.view),
            started_at=row.started_at,
        )

    async def has_looked(self, case_id: str, user_id: str) -> bool:
        """Whether this person has seen everything of this case again."""
        query = select(
            exists().where(
                PlayRow.case_id == case_id,
                PlayRow.user_id == user_id,
                PlayRow.view == ReplayView.FULL.value,
            )
        )
        return bool(await self._session.scalar(query))


class SqlApprovals:
    """Approvals of teaching in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_case(self, case_id: str) -> Sequence[TeachingApproval]:
        """The approvals of a case, the newest first."""
        return await self.of_cases([case_id])

    async def of_cases(self, case_ids: Collection[str]) -> Sequence[TeachingApproval]:
        """The approvals of these cases, the newest first."""
        query = select(TeachingApprovalRow.body_json).where(TeachingApprovalRow.case_id.in_(case_ids))
        texts = await self._session.scalars(query.order_by(TeachingApprovalRow.number.desc()))
        return [_APPROVAL.validate_json(text) for text in texts]

    async def add(self, approval: TeachingApproval) -> bool:
        """Insert one; ``False`` when there is one of this number already."""
        try:
            async with self._session.begin_nested():
                self._session.add(
                    TeachingApprovalRow(
                        id=approval.id,
                        case_id=approval.case_id,
                        number=approval.number,
                        ended_at=approval.ended_at,
                        body_json=_body(approval),
                    )
                )
                await self._session.flush()
        except IntegrityError:
            return False
        return True

    async def end(self, approval: TeachingApproval) -> bool:
        """Note its end; ``False`` when it has ended already."""
        return await updated_if(
            self._session,
            TeachingApprovalRow,
            TeachingApprovalRow.id == approval.id,
            TeachingApprovalRow.ended_at.is_(None),
            values={"ended_at": approval.ended_at, "body_json": _body(approval)},
        )


def _body(approval: TeachingApproval) -> str:
    return _APPROVAL.dump_json(approval).decode()
