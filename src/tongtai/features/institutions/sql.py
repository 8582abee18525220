"""Tables of institutions and operating rooms."""

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.institutions.model import Institution, InstitutionKind, OperatingRoom
from tongtai.infra.database import Base


class InstitutionRow(Base):
    """A hospital or an expert centre."""

    __tablename__ = "institutions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    name_en: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(2), server_default="CN")


class OperatingRoomRow(Base):
    """A room of a hospital."""

    __tablename__ = "operating_rooms"
    __table_args__ = (UniqueConstraint("institution_id", "name"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))


class SqlInstitutions:
    """Institutions in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, institution_id: str) -> Institution | None:
        """One institution."""
        row = await self._session.get(InstitutionRow, institution_id)
        return _institution(row) if row else None

    async def all(self) -> list[Institution]:
        """Every institution, by name."""
        rows = await self._session.scalars(select(InstitutionRow).order_by(InstitutionRow.name))
        return [_institution(row) for row in rows]

    async def name_taken(self, name: str, *, except_id: str | None) -> bool:
        """Whether another institution has this Chinese name."""
        found = await self._session.scalar(select(InstitutionRow.id).where(InstitutionRow.name == name))
        return found is not None and found != except_id

    async def save(self, institution: Institution) -> None:
        """Insert or replace."""
        await self._session.merge(
            InstitutionRow(
                id=institution.id,
                name=institution.name,
                name_en=institution.name_en,
                kind=institution.kind.value,
                country=institution.country,
            )
        )
        await self._session.flush()

    async def find_room(self, room_id: str) -> OperatingRoom | None:
        """One operating room."""
        row = await self._session.get(OperatingRoomRow, room_id)
        return _room(row) if row else None

    async def list_rooms(self, institution_id: str | None) -> list[OperatingRoom]:
        """The rooms of one institution, or of all, by institution and name."""
        query = select(OperatingRoomRow)
        if institution_id is not None:
            query = query.where(OperatingRoomRow.institution_id == institution_id)
        query = query.order_by(OperatingRoomRow.institution_id, OperatingRoomRow.name)
        return [_room(row) for row in await self._session.scalars(query)]

    async def save_room(self, room: OperatingRoom) -> None:
        """Insert or replace."""
        await self._session.merge(
            OperatingRoomRow(
                id=room.id,
                institution_id=room.institution_id,
                name=room.name,
                name_en=room.name_en,
            )
        )
        await self._session.flush()


def _institution(row: InstitutionRow) -> Institution:
    return Institution(
        id=row.id,
        name=row.name,
        name_en=row.name_en,
        kind=InstitutionKind(row.kind),
        country=row.country,
    )


def _room(row: OperatingRoomRow) -> OperatingRoom:
    return OperatingRoom(id=row.id, institution_id=row.institution_id, name=row.name, name_en=row.name_en)
