"""When guides were last at a live page."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.infra.database import Base, UtcDateTime


class GuidePresenceRow(Base):
    """The last time at which a guide's live page was open."""

    __tablename__ = "guide_presence"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SqlPresence:
    """Presence of guides in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def note(self, user_id: str, at: datetime) -> None:
        """A guide's page is open."""
        await self._session.merge(GuidePresenceRow(user_id=user_id, seen_at=at))
        await self._session.flush()

    async def seen(self, user_ids: Collection[str]) -> dict[str, datetime]:
        """When each of these was last there, those who ever were."""
        query = select(GuidePresenceRow).where(GuidePresenceRow.user_id.in_(user_ids))
        return {row.user_id: row.seen_at for row in await self._session.scalars(query)}
