"""Tables of incidents. Triggers refuse changes of what was done (see the migration)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.core.record_form import Value
from tongtai.features.accounts.model import By
from tongtai.features.audit.model import canonical_json
from tongtai.features.incidents.model import Incident, IncidentEvent, IncidentState
from tongtai.infra.database import Base, UtcDateTime, updated_if


class IncidentRow(Base):
    """One incident."""

    __tablename__ = "incidents"
    __table_args__ = (UniqueConstraint("institution_id", "number", name="uq_incidents_number"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16), index=True)
    values_json: Mapped[str] = mapped_column(Text)
    discovered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reporter_json: Mapped[str] = mapped_column(Text)
    authority_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    people_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    people_waived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer)


class IncidentEventRow(Base):
    """One act about an incident."""

    __tablename__ = "incident_events"

    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(String(32))
    by_json: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    values_json: Mapped[str] = mapped_column(Text)


class SqlIncidents:
    """Incidents in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_institution(self, institution_id: str) -> list[Incident]:
        """An institution's incidents, the newest first."""
        query = (
            select(IncidentRow)
            .where(IncidentRow.institution_id == institution_id)
            .order_by(IncidentRow.number.desc())
        )
        return [_incident(row) for row in await self._session.scalars(query)]

    async def find(self, institution_id: str, incident_id: str) -> Incident | None:
        """One of an institution's incidents."""
        row = await self._session.get(IncidentRow, incident_id, populate_existing=True)
        return _incident(row) if row and row.institution_id == institution_id else None

    async def open_ones(self) -> list[Incident]:
        """Every incident of the installation that is not over."""
        waiting = (IncidentState.REPORTED.value, IncidentState.CONTAINED.value)
        query = select(IncidentRow).where(IncidentRow.state.in_(waiting)).order_by(IncidentRow.id)
        return [_incident(row) for row in await self._session.scalars(query)]

    async def add(self, incident: Incident) -> bool:
        """Insert; ``False`` when the institution has one of this number already."""
        try:
            async with self._session.begin_nested():
                self._session.add(
                    IncidentRow(
                        id=incident.id,
                        institution_id=incident.institution_id,
                        number=incident.number,
                        discovered_at=incident.discovered_at,
                        reported_at=incident.reported_at,
                        reporter_json=canonical_json(asdict(incident.reporter)),
                        **_columns(incident),
                    )
                )
                await self._session.flush()
        except IntegrityError:
            return False
        return True

    async def replace(self, incident: Incident, *, version: int) -> bool:
        """Replace an incident that is still at ``version``."""
        return await updated_if(
            self._session,
            IncidentRow,
            IncidentRow.id == incident.id,
            IncidentRow.version == version,
            values=_columns(incident),
        )

    async def add_event(self, event: IncidentEvent) -> None:
        """Append what was done."""
        self._session.add(
            IncidentEventRow(
                incident_id=event.incident_id,
                seq=event.seq,
                act=event.act,
                by_json=canonical_json(asdict(event.by)),
                at=event.at,
                done_at=event.done_at,
                text=event.text,
                values_json=canonical_json(dict(event.values)),
            )
        )
        await self._session.flush()

    async def events(self, incident_id: str) -> list[IncidentEvent]:
        """What was done, in order."""
        query = (
            select(IncidentEventRow)
            .where(IncidentEventRow.incident_id == incident_id)
            .order_by(IncidentEventRow.seq)
        )
        return [
            IncidentEvent(
                incident_id=row.incident_id,
                seq=row.seq,
                act=row.act,
                by=By(**json.loads(row.by_json)),
                at=row.at,
                done_at=row.done_at,
                text=row.text,
                values=_values(row.values_json),
            )
            for row in await self._session.scalars(query)
        ]


def _columns(incident: Incident) -> Mapping[str, object]:
    return {
        "state": incident.state.value,
        "values_json": canonical_json(dict(incident.values)),
        "authority_told_at": incident.authority_told_at,
        "people_told_at": incident.people_told_at,
        "people_waived_at": incident.people_waived_at,
        "version": incident.version,
    }


def _values(text: str) -> dict[str, Value]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in json.loads(text).items()}


def _incident(row: IncidentRow) -> Incident:
    return Incident(
        id=row.id,
        institution_id=row.institution_id,
        number=row.number,
        state=IncidentState(row.state),
        values=_values(row.values_json),
        discovered_at=row.discovered_at,
        reported_at=row.reported_at,
        reporter=By(**json.loads(row.reporter_json)),
        authority_told_at=row.authority_told_at,
        people_told_at=row.people_told_at,
        people_waived_at=row.people_waived_at,
        version=row.version,
    )
