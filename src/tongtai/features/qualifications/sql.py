"""The table of evidence about institutions and their people."""

from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.qualifications.model import Qualification, QualificationKind
from tongtai.infra.database import Base, UtcDateTime


class QualificationRow(Base):
    """One piece of evidence."""

    __tablename__ = "qualifications"
    __table_args__ = (Index("ix_qualifications_institution_id", "institution_id", "kind"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    code: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(100))
    since: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    detail: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


_FIELDS = tuple(field.name for field in fields(Qualification))


class SqlQualifications:
    """Evidence in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, qualification_id: str) -> Qualification | None:
        """One piece of evidence."""
        row = await self._session.get(QualificationRow, qualification_id)
        return _qualification(row) if row else None

    async def of_institution(self, institution_id: str) -> list[Qualification]:
        """Everything about an institution and its people, the newest first."""
        query = (
            select(QualificationRow)
            .where(QualificationRow.institution_id == institution_id)
            .order_by(QualificationRow.recorded_at.desc(), QualificationRow.id)
        )
        return [_qualification(row) for row in await self._session.scalars(query)]

    async def save(self, qualification: Qualification) -> None:
        """Insert or replace."""
        columns = {name: getattr(qualification, name) for name in _FIELDS}
        await self._session.merge(QualificationRow(**columns | {"kind": qualification.kind.value}))
        await self._session.flush()


def _qualification(row: QualificationRow) -> Qualification:
    columns = {name: getattr(row, name) for name in _FIELDS}
    return Qualification(**columns | {"kind": QualificationKind(row.kind)})
