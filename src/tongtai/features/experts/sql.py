"""Tables of experts' entries and leaves."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.audit.model import canonical_json
from tongtai.features.experts.model import ExpertProfile, Leave
from tongtai.infra.database import Base, UtcDateTime


class ExpertProfileRow(Base):
    """One entry."""

    __tablename__ = "expert_profiles"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    specialties_json: Mapped[str] = mapped_column(Text)
    languages_json: Mapped[str] = mapped_column(Text)


class LeaveRow(Base):
    """One leave."""

    __tablename__ = "expert_leaves"
    __table_args__ = (Index("ix_expert_leaves_user_id", "user_id", "until"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SqlExperts:
    """Entries and leaves in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def profiles(self, user_ids: Collection[str]) -> dict[str, ExpertProfile]:
        """The entries of these people, by person; who wrote none is left out."""
        query = select(ExpertProfileRow).where(ExpertProfileRow.user_id.in_(user_ids))
        return {
            row.user_id: ExpertProfile(
                user_id=row.user_id,
                title=row.title,
                specialties=tuple(json.loads(row.specialties_json)),
                languages=tuple(json.loads(row.languages_json)),
            )
            for row in await self._session.scalars(query)
        }

    async def save(self, profile: ExpertProfile) -> None:
        """Insert or replace a profile."""
        await self._session.merge(
            ExpertProfileRow(
                user_id=profile.user_id,
                title=profile.title,
                specialties_json=canonical_json(list(profile.specialties)),
                languages_json=canonical_json(list(profile.languages)),
            )
        )
        await self._session.flush()

    async def leaves(self, user_ids: Collection[str], *, after: datetime) -> list[Leave]:
        """The leaves of these people that are not over then, the earliest first."""
        query = (
            select(LeaveRow)
            .where(LeaveRow.user_id.in_(user_ids), LeaveRow.until > after)
            .order_by(LeaveRow.since, LeaveRow.id)
        )
        return [
            Leave(
                id=row.id,
                user_id=row.user_id,
                since=row.since,
                until=row.until,
                reason=row.reason,
                recorded_by=row.recorded_by,
                recorded_at=row.recorded_at,
            )
            for row in await self._session.scalars(query)
        ]

    async def add_leave(self, leave: Leave) -> None:
        """Insert a leave."""
        self._session.add(
            LeaveRow(
                id=leave.id,
                user_id=leave.user_id,
                since=leave.since,
                until=leave.until,
                reason=leave.reason,
                recorded_by=leave.recorded_by,
                recorded_at=leave.recorded_at,
            )
        )
        await self._session.flush()

    async def remove_leave(self, user_id: str, leave_id: str) -> bool:
        """Delete a leave; ``False`` when this person has none of this id."""
        removed = await self._session.scalar(
            delete(LeaveRow)
            .where(LeaveRow.id == leave_id, LeaveRow.user_id == user_id)
            .returning(LeaveRow.id)
        )
        return removed is not None
