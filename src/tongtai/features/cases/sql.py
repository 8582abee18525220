"""Tables of cases and their teams."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import (
    Case,
    CaseState,
    Disclosure,
    Patient,
    RecordState,
    Sex,
    Sharing,
    TeamMember,
    Technique,
)
from tongtai.infra.database import Base, UtcDateTime


class CaseRow(Base):
    """A case without its team."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_inviting", "inviting_institution_id", "scheduled_at"),
        Index("ix_cases_invited", "invited_institution_id", "scheduled_at"),
        Index("ix_cases_operating_room", "operating_room_id", "scheduled_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    technique: Mapped[str] = mapped_column(String(16))
    lesion: Mapped[str] = mapped_column(Text)
    patient_name: Mapped[str] = mapped_column(String(200))
    patient_sex: Mapped[str] = mapped_column(String(1))
    patient_birth_date: Mapped[date] = mapped_column(Date)
    patient_hospital_number: Mapped[str] = mapped_column(String(64))
    disclosure: Mapped[str] = mapped_column(String(16))
    inviting_institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    invited_institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    operating_room_id: Mapped[str] = mapped_column(ForeignKey("operating_rooms.id"))
    scheduled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)
    sharing: Mapped[str] = mapped_column(String(16), server_default=Sharing.OPEN.value)
    record: Mapped[str] = mapped_column(String(16), server_default=RecordState.OPEN.value)


class CaseTeamRow(Base):
    """One person in one role of a case."""

    __tablename__ = "case_team"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)


class CaseNumberRow(Base):
    """The last case number of a year."""

    __tablename__ = "case_numbers"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class SqlCases:
    """Cases in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, case_id: str) -> Case | None:
        """One case."""
        row = await self._session.get(CaseRow, case_id)
        return (await self._cases([row]))[0] if row else None

    async def of_ids(self, case_ids: Sequence[str]) -> list[Case]:
        """These cases, in one query."""
        query = select(CaseRow).where(CaseRow.id.in_(case_ids))
        return await self._cases(list(await self._session.scalars(query)))

    async def find_numbered(self, number: str) -> Case | None:
        """The case with this number."""
        row = await self._session.scalar(select(CaseRow).where(CaseRow.number == number))
        return (await self._cases([row]))[0] if row else None

    async def of_institution(self, institution_id: str, *, state: CaseState | None, limit: int) -> list[Case]:
        """The cases that an institution takes part in, the latest scheduled first."""
        query = select(CaseRow).where(
            or_(
                CaseRow.inviting_institution_id == institution_id,
                CaseRow.invited_institution_id == institution_id,
            )
        )
        if state is not None:
            query = query.where(CaseRow.state == state.value)
        query = query.order_by(CaseRow.scheduled_at.desc(), CaseRow.id).limit(limit)
        return await self._cases(list(await self._session.scalars(query)))

    async def of_operating_room(self, room_id: str, *, since: datetime, until: datetime) -> list[Case]:
        """The open cases of a room: in procedure first, then by scheduled time."""
        scheduled = and_(
            CaseRow.state == CaseState.SCHEDULED.value, CaseRow.scheduled_at.between(since, until)
        )
        query = (
            select(CaseRow)
            .where(CaseRow.operating_room_id == room_id)
            .where(or_(CaseRow.state == CaseState.IN_PROCEDURE.value, scheduled))
            .order_by(CaseRow.state, CaseRow.scheduled_at)
        )
        return await self._cases(list(await self._session.scalars(query)))

    async def next_number(self, year: int) -> str:
        """The next case number of a year."""
        dialect = self._session.get_bind().dialect.name
        insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
        last = await self._session.scalar(
            insert_into(CaseNumberRow)
            .values(year=year, last=1)
            .on_conflict_do_update(index_elements=["year"], set_={"last": CaseNumberRow.last + 1})
            .returning(CaseNumberRow.last)
        )
        return f"{year}-{last:04d}"

    async def add(self, case: Case) -> None:
        """Insert a case."""
        self._session.add(CaseRow(id=case.id, version=case.version, **_columns(case)))
        await self._session.flush()
        await self._write_team(case)

    async def replace(self, case: Case, *, version: int) -> bool:
        """Replace a case that is still at ``version``."""
        # The version is compared by the UPDATE itself, so that of two writers one loses.
        replaced = await self._session.scalar(
            update(CaseRow)
            .where(CaseRow.id == case.id, CaseRow.version == version)
            .values(version=case.version, **_columns(case))
            .returning(CaseRow.id)
            .execution_options(synchronize_session="fetch")
        )
        if replaced is None:
            return False
        await self._write_team(case)
        return True

    async def _write_team(self, case: Case) -> None:
        await self._session.execute(delete(CaseTeamRow).where(CaseTeamRow.case_id == case.id))
        if case.team:
            await self._session.execute(
                insert(CaseTeamRow),
                [
                    {
                        "case_id": case.id,
                        "user_id": member.user_id,
                        "role": member.role.value,
                        "place": place,
                    }
                    for place, member in enumerate(case.team)
                ],
            )

    async def _cases(self, rows: list[CaseRow]) -> list[Case]:
        query = (
            select(CaseTeamRow.case_id, CaseTeamRow.user_id, CaseTeamRow.role)
            .where(CaseTeamRow.case_id.in_([row.id for row in rows]))
            .order_by(CaseTeamRow.case_id, CaseTeamRow.place)
        )
        teams: dict[str, list[TeamMember]] = {row.id: [] for row in rows}
        for case_id, user_id, role in await self._session.execute(query):
            teams[case_id].append(TeamMember(user_id=user_id, role=Role(role)))
        return [_case(row, tuple(teams[row.id])) for row in rows]


def _columns(case: Case) -> dict[str, object]:
    return {
        "number": case.number,
        "technique": case.technique.value,
        "lesion": case.lesion,
        "patient_name": case.patient.name,
        "patient_sex": case.patient.sex.value,
        "patient_birth_date": case.patient.birth_date,
        "patient_hospital_number": case.patient.hospital_number,
        "disclosure": case.disclosure.value,
        "inviting_institution_id": case.inviting_institution_id,
        "invited_institution_id": case.invited_institution_id,
        "operating_room_id": case.operating_room_id,
        "scheduled_at": case.scheduled_at,
        "state": case.state.value,
        "created_at": case.created_at,
        "sharing": case.sharing.value,
        "record": case.record.value,
    }


def _case(row: CaseRow, team: tuple[TeamMember, ...]) -> Case:
    return Case(
        id=row.id,
        number=row.number,
        technique=Technique(row.technique),
        lesion=row.lesion,
        patient=Patient(
            name=row.patient_name,
            sex=Sex(row.patient_sex),
            birth_date=row.patient_birth_date,
            hospital_number=row.patient_hospital_number,
        ),
        disclosure=Disclosure(row.disclosure),
        inviting_institution_id=row.inviting_institution_id,
        invited_institution_id=row.invited_institution_id,
        operating_room_id=row.operating_room_id,
        team=team,
        scheduled_at=row.scheduled_at,
        state=CaseState(row.state),
        created_at=row.created_at,
        version=row.version,
        sharing=Sharing(row.sharing),
        record=RecordState(row.record),
    )
