"""Tables of changes of purpose and impact assessments."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.accounts.model import By
from tongtai.features.audit.model import canonical_json
from tongtai.features.institutions.sql import InstitutionRow
from tongtai.features.privacy.model import ImpactAssessment, PurposeChange
from tongtai.infra.database import Base, UtcDateTime, updated_if


class PurposeChangeRow(Base):
    """One change of purpose."""

    __tablename__ = "purpose_changes"
    __table_args__ = (UniqueConstraint("institution_id", "number", name="uq_purpose_changes_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    number: Mapped[int] = mapped_column(Integer)
    changed_on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    by_json: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImpactAssessmentRow(Base):
    """One impact assessment."""

    __tablename__ = "impact_assessments"
    __table_args__ = (UniqueConstraint("institution_id", "number", name="uq_impact_assessments_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    number: Mapped[int] = mapped_column(Integer)
    values_json: Mapped[str] = mapped_column(Text)
    author_json: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    approver_json: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_until: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)


class SqlPrivacy:
    """Changes of purpose and impact assessments in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def changes(self, institution_id: str) -> list[PurposeChange]:
        """An institution's changes of purpose, the newest first."""
        query = (
            select(PurposeChangeRow)
            .where(PurposeChangeRow.institution_id == institution_id)
            .order_by(PurposeChangeRow.number.desc())
        )
        return [
            PurposeChange(
                id=row.id,
                institution_id=row.institution_id,
                number=row.number,
                changed_on=row.changed_on,
                text=row.text,
                by=By(**json.loads(row.by_json)),
                recorded_at=row.recorded_at,
            )
            for row in await self._session.scalars(query)
        ]

    async def add_change(self, change: PurposeChange) -> bool:
        """Insert; ``False`` when there is one of this number already."""
        columns = asdict(change)
        return await self._add(PurposeChangeRow(by_json=canonical_json(columns.pop("by")), **columns))

    async def assessments(self, institution_id: str) -> list[ImpactAssessment]:
        """An institution's assessments, the newest first."""
        query = (
            select(ImpactAssessmentRow)
            .where(ImpactAssessmentRow.institution_id == institution_id)
            .order_by(ImpactAssessmentRow.number.desc())
        )
        return [_assessment(row) for row in await self._session.scalars(query)]

    async def find(self, institution_id: str, assessment_id: str) -> ImpactAssessment | None:
        """One of an institution's assessments."""
        row = await self._session.get(ImpactAssessmentRow, assessment_id, populate_existing=True)
        return _assessment(row) if row and row.institution_id == institution_id else None

    async def add(self, assessment: ImpactAssessment) -> bool:
        """Insert; ``False`` when there is one of this number already."""
        return await self._add(
            ImpactAssessmentRow(
                id=assessment.id,
                institution_id=assessment.institution_id,
                number=assessment.number,
                author_json=canonical_json(asdict(assessment.author)),
                made_at=assessment.made_at,
                **_columns(assessment),
            )
        )

    async def replace(self, assessment: ImpactAssessment, *, version: int) -> bool:
        """Replace an assessment that is still at ``version``."""
        return await updated_if(
            self._session,
            ImpactAssessmentRow,
            ImpactAssessmentRow.id == assessment.id,
            ImpactAssessmentRow.version == version,
            values=_columns(assessment),
        )

    async def remove(self, assessment_id: str) -> None:
        """Delete an assessment."""
        await self._session.execute(
            delete(ImpactAssessmentRow).where(ImpactAssessmentRow.id == assessment_id)
        )

    async def _add(self, row: Base) -> bool:
        try:
            async with self._session.begin_nested():
                self._session.add(row)
                await self._session.flush()
        except IntegrityError:
            return False
        return True


async def unassessed(session: AsyncSession) -> tuple[list[str], int]:
    """For the deployment's check: the institutions that ``standing`` finds without a current assessment, and how many there are.

    Returns
    -------
    names, count
        Names of those without, by name; the number of all institutions.
    """
    last = (
        select(PurposeChangeRow.institution_id, func.max(PurposeChangeRow.recorded_at).label("at"))
        .group_by(PurposeChangeRow.institution_id)
        .subquery()
    )
    begun = (
        select(ImpactAssessmentRow.institution_id, func.max(ImpactAssessmentRow.made_at).label("at"))
        .where(ImpactAssessmentRow.approved_at.is_not(None))
        .group_by(ImpactAssessmentRow.institution_id)
        .subquery()
    )
    query = (
        select(InstitutionRow.name)
        .outerjoin(last, last.c.institution_id == InstitutionRow.id)
        .outerjoin(begun, begun.c.institution_id == InstitutionRow.id)
        .where(begun.c.at.is_(None) | (begun.c.at < last.c.at))
        .order_by(InstitutionRow.name)
    )
    count = await session.scalar(select(func.count()).select_from(InstitutionRow))
    return list(await session.scalars(query)), count or 0


def _columns(assessment: ImpactAssessment) -> Mapping[str, object]:
    approver = assessment.approver
    return {
        "values_json": canonical_json(dict(assessment.values)),
        "file_name": assessment.file_name,
        "file_sha256": assessment.file_sha256,
        "approver_json": canonical_json(asdict(approver)) if approver else "",
        "approved_at": assessment.approved_at,
        "kept_until": assessment.kept_until,
        "version": assessment.version,
    }


def _assessment(row: ImpactAssessmentRow) -> ImpactAssessment:
    return ImpactAssessment(
        id=row.id,
        institution_id=row.institution_id,
        number=row.number,
        values=json.loads(row.values_json),
        author=By(**json.loads(row.author_json)),
        made_at=row.made_at,
        file_name=row.file_name,
        file_sha256=row.file_sha256,
        approver=By(**json.loads(row.approver_json)) if row.approver_json else None,
        approved_at=row.approved_at,
        kept_until=row.kept_until,
        version=row.version,
    )
