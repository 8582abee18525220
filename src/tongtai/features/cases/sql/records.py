"""Cases with their teams, read and written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Update, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.model import Permission, Principal, Role
from tongtai.features.cases.model import (
    Case,
    CaseQuery,
    CaseState,
    Disclosure,
    Patient,
    RecordState,
    Sex,
    Sharing,
    Side,
    TeamMember,
    Technique,
)
from tongtai.features.cases.sql.knowing import found_by, may_know
from tongtai.features.cases.sql.rows import CaseNumberRow, CaseRow, CaseTeamRow
from tongtai.infra.database import insert_into, updated_if


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

    async def of_institution(self, institution_id: str, *, limit: int) -> list[Case]:
        """The cases that an institution takes part in, the latest scheduled first."""
        query = select(CaseRow).where(
            or_(
                CaseRow.inviting_institution_id == institution_id,
                CaseRow.invited_institution_id == institution_id,
            )
        )
        query = query.order_by(CaseRow.scheduled_at.desc(), CaseRow.id).limit(limit)
        return await self._cases(list(await self._session.scalars(query)))

    async def page(self, principal: Principal, permission: Permission, query: CaseQuery) -> list[Case]:
        """One page of the cases in which somebody may do this, the latest scheduled first."""
        if query.text:
            wanted = may_know(principal, permission, indexed=False)
            found = found_by(principal, permission, query.text)
            return await self._cases(await self._latest([wanted, found, *_filters(query)], query))
        rows = []
        for side in Side:
            wanted = may_know(principal, permission, side=side)
            rows += await self._latest(
                [wanted, *_filters(query)], replace(query, offset=0, limit=query.offset + query.limit)
            )
        rows.sort(key=lambda row: row.id)
        rows.sort(key=lambda row: row.scheduled_at, reverse=True)
        return await self._cases(rows[query.offset : query.offset + query.limit])

    async def _latest(self, wanted: Sequence[ColumnElement[bool]], query: CaseQuery) -> list[CaseRow]:
        ordered = select(CaseRow).where(*wanted).order_by(CaseRow.scheduled_at.desc(), CaseRow.id)
        return list(await self._session.scalars(ordered.limit(query.limit).offset(query.offset)))

    async def of_operating_room(self, room_id: str, *, since: datetime, until: datetime) -> list[Case]:
        """The cases of a room between two instants that are not over, by scheduled time."""
        query = (
            select(CaseRow)
            .where(CaseRow.operating_room_id == room_id, CaseRow.scheduled_at.between(since, until))
            .where(CaseRow.state != CaseState.CLOSED.value)
            .order_by(CaseRow.scheduled_at, CaseRow.id)
        )
        return await self._cases(list(await self._session.scalars(query)))

    async def next_number(self, year: int) -> str:
        """The next case number of a year."""
        last = await self._session.scalar(
            insert_into(self._session, CaseNumberRow)
            .values(year=year, last=1)
            .on_conflict_do_update(index_elements=["year"], set_={"last": CaseNumberRow.last + 1})
            .returning(CaseNumberRow.last)
        )
        return f"{year}-{last:04d}"

    async def add(self, case: Case) -> None:
        """Insert a case."""
        row = CaseRow(id=case.id, version=case.version, state=case.state.value, **_columns(case))
        self._session.add(row)
        await self._session.flush()
        await self._write_team(case)

    async def replace(self, case: Case, *, version: int) -> bool:
        """Replace a case that is still at ``version``, all but its state: that is the session's."""
        # The version is compared by the UPDATE itself, so that of two writers one loses.
        replaced = await updated_if(
            self._session,
            CaseRow,
            CaseRow.id == case.id,
            CaseRow.version == version,
            values={"version": case.version, **_columns(case)},
        )
        if not replaced:
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


def case_stands(case_id: str, state: CaseState) -> Update:
    """Writes down how far the operating room is, for the transaction of the session's log that says so."""
    return update(CaseRow).where(CaseRow.id == case_id).values(state=state.value)


def cases_standing(state: CaseState) -> Select[str]:
    """The identifiers of the cases that stand there."""
    return select(CaseRow.id).where(CaseRow.state == state.value).order_by(CaseRow.id)


def _filters(query: CaseQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.state is not None:
        found.append(CaseRow.state == query.state.value)
    if query.technique is not None:
        found.append(CaseRow.technique == query.technique.value)
    if query.since is not None:
        found.append(CaseRow.scheduled_at >= query.since)
    if query.until is not None:
        found.append(CaseRow.scheduled_at < query.until)
    return found


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
