"""The audit log's tables. Database triggers refuse UPDATE and DELETE (see the migration)."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, Row, String, Text, event, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session, mapped_column

from tongtai.features.audit.errors import AuditHeadMissingError
from tongtai.features.audit.model import (
    AuditChain,
    AuditEntry,
    AuditHead,
    AuditQuery,
    AuditRecord,
    canonical_json,
)
from tongtai.infra.database import Base, Database, UtcDateTime

_PENDING = "audit.pending"
_FIELDS = tuple(field.name for field in fields(AuditEntry))


class AuditEntryRow(Base):
    """One entry."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_institution_id_seq", "institution_id", "seq"),
        Index("ix_audit_entries_owner_institution_id_seq", "owner_institution_id", "seq"),
        Index("ix_audit_entries_case_id_seq", "case_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[str] = mapped_column(String(64))
    actor_name: Mapped[str] = mapped_column(String(200))
    institution_id: Mapped[str | None] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    case_id: Mapped[str | None] = mapped_column(String(64))
    owner_institution_id: Mapped[str | None] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(300))
    values_json: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


# Columns, not objects: the log must be read from the database, not from a session's memory.
_COLUMNS = tuple(getattr(AuditEntryRow, name) for name in _FIELDS)


class AuditHeadRow(Base):
    """The chain's signed end: one row."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(64))


class SqlAuditStore:
    """The audit log in the database.

    Entries wait until the transaction commits and are written then, last of all: the chain's head
    is locked from its reading to the commit, and that must be short.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    database : Database
        For entries that have a transaction of their own.
    chain : AuditChain
        The keyed hash.
    """

    def __init__(self, session: AsyncSession, database: Database, chain: AuditChain) -> None:
        self._session = session
        self._database = database
        self._chain = chain

    def append(self, record: AuditRecord) -> None:
        """Write the record when the transaction under way commits."""
        _enqueue(self._session, self._chain, record)

    async def append_now(self, record: AuditRecord) -> None:
        """Write the record in a transaction of its own."""
        async with self._database.aside() as session:
            _enqueue(session, self._chain, record)

    async def entries(self, *, after: int, limit: int) -> list[AuditEntry]:
        """Entries with a number above ``after``, in order."""
        query = select(*_COLUMNS).where(AuditEntryRow.seq > after).order_by(AuditEntryRow.seq).limit(limit)
        return [_entry(row) for row in await self._session.execute(query)]

    async def page(self, query: AuditQuery) -> list[AuditEntry]:
        """The newest entries that concern an institution, newest first."""
        concerns = or_(
            AuditEntryRow.institution_id == query.institution_id,
            AuditEntryRow.owner_institution_id == query.institution_id,
        )
        wanted = select(*_COLUMNS).where(concerns, *_filters(query))
        newest = wanted.order_by(AuditEntryRow.seq.desc()).limit(query.limit)
        return [_entry(row) for row in await self._session.execute(newest)]

    async def head(self) -> AuditHead:
        """The chain's signed end."""
        row = await self._session.get(AuditHeadRow, 1, populate_existing=True)
        if row is None:
            raise AuditHeadMissingError
        return AuditHead(seq=row.seq, hash=row.hash, signature=row.signature)


def _filters(query: AuditQuery) -> list[ColumnElement[bool]]:
    row = AuditEntryRow
    found: list[ColumnElement[bool]] = []
    if query.before is not None:
        found.append(row.seq < query.before)
    if query.case_id:
        found.append(row.case_id == query.case_id)
    if query.actor:
        named = row.actor_name.icontains(query.actor, autoescape=True)
        found.append(or_(row.actor_id == query.actor, named))
    if query.feature:
        found.append(row.action.startswith(f"{query.feature}:", autoescape=True))
    if query.outcome is not None:
        found.append(row.outcome == query.outcome)
    if query.since is not None:
        found.append(row.at >= query.since)
    if query.until is not None:
        found.append(row.at < query.until)
    return found


def _enqueue(session: AsyncSession, chain: AuditChain, record: AuditRecord) -> None:
    pending: list[AuditRecord] | None = session.info.get(_PENDING)
    if pending is None:
        pending = session.info[_PENDING] = []
        event.listen(session.sync_session, "before_commit", _Appender(chain))
        event.listen(session.sync_session, "after_rollback", _forget)
    pending.append(record)


def _forget(session: Session) -> None:
    session.info[_PENDING].clear()


class _Appender:
    def __init__(self, chain: AuditChain) -> None:
        self._chain = chain

    def __call__(self, session: Session) -> None:
        if session.in_nested_transaction():
            return
        pending: list[AuditRecord] = session.info[_PENDING]
        if not pending:
            return
        # An UPDATE first, even of nothing: it takes the write lock, on SQLite and on PostgreSQL, so
        # that nobody else reads the same head.
        head = session.execute(
            update(AuditHeadRow)
            .where(AuditHeadRow.id == 1)
            .values(id=1)
            .returning(AuditHeadRow.seq, AuditHeadRow.hash)
        ).one_or_none()
        if head is None:
            raise AuditHeadMissingError
        seq, previous = head
        rows = []
        for record in pending:
            seq += 1
            entry = _placed(record, seq, previous)
            previous = self._chain.entry_hash(entry)
            rows.append({name: getattr(entry, name) for name in _FIELDS} | {"hash": previous})
        session.execute(insert(AuditEntryRow), rows)
        signature = self._chain.head_signature(seq, previous)
        session.execute(
            update(AuditHeadRow)
            .where(AuditHeadRow.id == 1)
            .values(seq=seq, hash=previous, signature=signature)
        )
        pending.clear()


def _placed(record: AuditRecord, seq: int, previous: str) -> AuditEntry:
    case = record.case
    return AuditEntry(
        seq=seq,
        at=record.at,
        actor_kind=record.actor.kind,
        actor_id=record.actor.id,
        actor_name=record.actor.name,
        institution_id=record.actor.institution_id,
        action=record.action.value,
        outcome=record.outcome,
        case_id=case.case_id if case else None,
        owner_institution_id=case.owner_institution_id if case else None,
        subject=record.subject,
        values_json=canonical_json(record.values),
        prev_hash=previous,
    )


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(**row._mapping)  # noqa: SLF001  (SQLAlchemy's public name)
