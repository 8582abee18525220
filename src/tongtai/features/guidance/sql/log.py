"""The sessions' logs in the database, and who must not come back into a media room."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import (
    BigInteger,
    Float,
    ForeignKey,
    Integer,
    Select,
    String,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.core.clock import Clock
from tongtai.features.cases.model import CaseState
from tongtai.features.cases.sql import case_stands, cases_standing
from tongtai.features.guidance.events import Head, actor_json, canonical_json
from tongtai.features.guidance.model import (
    Actor,
    ActorKind,
    Event,
    EventType,
    Phase,
    SessionState,
    Side,
)
from tongtai.infra.database import Base, Database, UtcDateTime, insert_into

_FORGET_IDENTITIES_AFTER = timedelta(days=2)
_MOVE_THE_CASE = frozenset({EventType.SESSION_OPENED, EventType.SESSION_CLOSED})
CASE_STATES: Mapping[Phase, CaseState] = MappingProxyType(
    {
        Phase.PLANNED: CaseState.SCHEDULED,
        Phase.OPEN: CaseState.IN_PROCEDURE,
        Phase.CLOSED: CaseState.CLOSED,
    }
)


class SessionRow(Base):
    """The head of a session's log."""

    __tablename__ = "guidance_sessions"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class EventRow(Base):
    """One event. Triggers of the migration refuse every change."""

    __tablename__ = "guidance_events"

    case_id: Mapped[str] = mapped_column(ForeignKey("guidance_sessions.case_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    command_id: Mapped[str | None] = mapped_column(String(64), index=True)
    type: Mapped[str] = mapped_column(String(64))
    t_server_ms: Mapped[int] = mapped_column(BigInteger)
    t_site_ms: Mapped[int | None] = mapped_column(BigInteger)
    clock_offset_ms: Mapped[float | None] = mapped_column(Float)
    # Text, not JSON: the hash is over these very characters.
    actor: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class FinishedIdentityRow(Base):
    """An identity that must not come back into a media room."""

    __tablename__ = "guidance_finished_identities"

    identity: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[object] = mapped_column(UtcDateTime, index=True)


class SingleUseRow(Base):
    """A single-use device that was used."""

    __tablename__ = "guidance_single_use"

    udi: Mapped[str] = mapped_column(String(120), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))


class SqlLogWriting:
    """One transaction of the log."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, case_ids: Sequence[str]) -> dict[str, Head]:
        """The heads of these logs, locked until the transaction ends."""
        rows = [{"case_id": case_id, "seq": 0, "hash": Head().hash} for case_id in case_ids]
        # A write first: in SQLite it takes the one write lock, so that nothing read below is stale.
        await self._connection.execute(
            insert_into(self._connection, SessionRow).on_conflict_do_nothing(), rows
        )
        query = (
            select(SessionRow.case_id, SessionRow.seq, SessionRow.hash)
            .where(SessionRow.case_id.in_(case_ids))
            .order_by(SessionRow.case_id)
            .with_for_update()
        )
        found = (await self._connection.execute(query)).all()
        return {row.case_id: Head(seq=row.seq, hash=row.hash) for row in found}

    async def after(self, case_id: str, seq: int) -> list[Event]:
        """The events after number ``seq``."""
        return [_event(row) for row in await self._connection.execute(_after(case_id, seq, None))]

    async def of_commands(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[Event]]:
        """The events that these commands have caused already."""
        wanted = set(keys)
        query = (
            select(EventRow.__table__)
            .where(EventRow.command_id.in_([command_id for _, command_id in keys]))
            .order_by(EventRow.case_id, EventRow.seq)
        )
        found: dict[tuple[str, str], list[Event]] = {}
        for row in await self._connection.execute(query):
            key = (row.case_id, row.command_id)
            if key in wanted:
                found.setdefault(key, []).append(_event(row))
        return found

    async def used_devices(self, udis: Sequence[str]) -> set[str]:
        """Which of these single-use devices were used before, in any session."""
        query = select(SingleUseRow.udi).where(SingleUseRow.udi.in_(udis))
        return set(await self._connection.scalars(query))

    async def append(
        self, events: Sequence[tuple[Event, str | None]], states: Mapping[str, SessionState]
    ) -> None:
        """Append events, and note the new heads."""
        rows = [_row(event, command_id) for event, command_id in events]
        await self._connection.execute(insert(EventRow), rows)
        once = [event for event, _ in events if event.payload.get("single_use")]
        if used := [{"udi": event.payload["udi"], "case_id": event.case_id} for event in once]:
            await self._connection.execute(insert(SingleUseRow), used)
        last = {event.case_id: event for event, _ in events}
        for case_id, event in last.items():
            await self._connection.execute(
                update(SessionRow).where(SessionRow.case_id == case_id).values(seq=event.seq, hash=event.hash)
            )
        # How far the operating room is stands with the case, where lists and gateways look for it.
        for case_id in {event.case_id for event, _ in events if event.type in _MOVE_THE_CASE}:
            await self._connection.execute(case_stands(case_id, CASE_STATES[states[case_id].phase]))


class SqlEventLog:
    """The logs in the database.

    Parameters
    ----------
    database : Database
        The installation's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqlLogWriting]:
        """One transaction, durable when the block has ended."""
        async with self._database.engine.begin() as connection:
            yield SqlLogWriting(connection)

    async def after(self, case_id: str, seq: int, *, limit: int | None = None) -> list[Event]:
        """The events after number ``seq``, in order."""
        async with self._database.engine.connect() as connection:
            rows = (await connection.execute(_after(case_id, seq, limit))).all()
        return [_event(row) for row in rows]

    async def heads(self, case_ids: Sequence[str]) -> dict[str, Head]:
        """The heads of these logs; a log without events is left out."""
        query = select(SessionRow.case_id, SessionRow.seq, SessionRow.hash).where(
            SessionRow.case_id.in_(case_ids), SessionRow.seq > 0
        )
        async with self._database.engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return {row.case_id: Head(seq=row.seq, hash=row.hash) for row in rows}

    async def open_cases(self) -> list[str]:
        """The cases whose session is open."""
        async with self._database.engine.connect() as connection:
            return list(await connection.scalars(cases_standing(CaseState.IN_PROCEDURE)))


class SqlFinishedIdentities:
    """Identities that left, or were removed.

    Parameters
    ----------
    database : Database
        The installation's database.
    clock : Clock
        The server's clock.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, identities: Sequence[str]) -> None:
        """Finish these, and forget those whose tokens have long expired."""
        if not identities:
            return
        now = self._clock.now()
        async with self._database.engine.begin() as connection:
            rows = [{"identity": identity, "at": now} for identity in identities]
            await connection.execute(
                insert_into(connection, FinishedIdentityRow).on_conflict_do_nothing(), rows
            )
            old = FinishedIdentityRow.at < now - _FORGET_IDENTITIES_AFTER
            await connection.execute(delete(FinishedIdentityRow).where(old))

    async def contains(self, identity: str) -> bool:
        """Whether this one is finished."""
        query = select(FinishedIdentityRow.identity).where(FinishedIdentityRow.identity == identity)
        async with self._database.engine.connect() as connection:
            return await connection.scalar(query) is not None


def _after(case_id: str, seq: int, limit: int | None) -> Select[tuple[object, ...]]:
    return (
        select(EventRow.__table__)
        .where(EventRow.case_id == case_id, EventRow.seq > seq)
        .order_by(EventRow.seq)
        .limit(limit)
    )


def _row(event: Event, command_id: str | None) -> dict[str, object]:
    return {
        "case_id": event.case_id,
        "seq": event.seq,
        "id": event.id,
        "command_id": command_id,
        "type": event.type.value,
        "t_server_ms": event.t_server_ms,
        "t_site_ms": event.t_site_ms,
        "clock_offset_ms": event.clock_offset_ms,
        "actor": canonical_json(actor_json(event.actor)),
        "payload": canonical_json(dict(event.payload)),
        "prev_hash": event.prev_hash,
        "hash": event.hash,
    }


def _event(row: object) -> Event:
    values = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001  (SQLAlchemy's public name)
    actor = json.loads(values["actor"])
    side = actor["side"]
    return Event(
        seq=values["seq"],
        id=values["id"],
        case_id=values["case_id"],
        type=EventType(values["type"]),
        t_server_ms=values["t_server_ms"],
        t_site_ms=values["t_site_ms"],
        clock_offset_ms=values["clock_offset_ms"],
        actor=Actor(
            kind=ActorKind(actor["kind"]),
            id=actor["id"],
            name=actor["name"],
            name_en=actor["name_en"],
            role=actor["role"],
            side=None if side is None else Side(side),
        ),
        payload=json.loads(values["payload"]),
        prev_hash=values["prev_hash"],
        hash=values["hash"],
    )
