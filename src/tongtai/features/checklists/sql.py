"""Tables of checklists and PINs."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ForeignKey, Integer, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.core.checklists import Sheet
from tongtai.features.checklists.model import Filled
from tongtai.infra.database import Base, UtcDateTime, updated_if

_FILLED = TypeAdapter(Filled)


class SheetRow(Base):
    """One round of a sheet."""

    __tablename__ = "checklists"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    sheet: Mapped[str] = mapped_column(String(16), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    filled_json: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)


class PinRow(Base):
    """The PIN of a user, as a hash."""

    __tablename__ = "user_pins"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(300))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SqlSheets:
    """Checklists in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_case(self, case_id: str) -> dict[Sheet, Filled]:
        """The present round of each sheet that was begun."""
        query = select(SheetRow.filled_json).where(SheetRow.case_id == case_id).order_by(SheetRow.round)
        found = [_FILLED.validate_json(text) for text in await self._session.scalars(query)]
        # The last round of a sheet replaces the ones before it.
        return {filled.sheet: filled for filled in found}

    async def save(self, filled: Filled, *, version: int) -> bool:
        """Insert or replace a round that is still at ``version``."""
        text = _FILLED.dump_json(filled).decode()
        if version == 0:
            key = (filled.case_id, filled.sheet.value, filled.round)
            if await self._session.get(SheetRow, key) is not None:
                return False
            self._session.add(
                SheetRow(
                    case_id=filled.case_id,
                    sheet=filled.sheet.value,
                    round=filled.round,
                    filled_json=text,
                    version=filled.version,
                )
            )
            await self._session.flush()
            return True
        return await updated_if(
            self._session,
            SheetRow,
            SheetRow.case_id == filled.case_id,
            SheetRow.sheet == filled.sheet.value,
            SheetRow.round == filled.round,
            SheetRow.version == version,
            values={"filled_json": text, "version": filled.version},
        )


class SqlPins:
    """PINs in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, user_id: str) -> str | None:
        """The hash of a user's PIN."""
        row = await self._session.get(PinRow, user_id)
        return row.pin_hash if row else None

    async def put(self, user_id: str, pin_hash: str, at: datetime) -> None:
        """Set a user's PIN."""
        await self._session.merge(PinRow(user_id=user_id, pin_hash=pin_hash, set_at=at))
        await self._session.flush()
