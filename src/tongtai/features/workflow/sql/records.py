"""Tables of the way of cases. Triggers refuse changes of moves and statements (see the migration)."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.accounts.model import Role
from tongtai.features.audit.model import canonical_json
from tongtai.features.cases.model import Case
from tongtai.features.cases.sql import SqlCases
from tongtai.features.workflow.model import (
    TIMERS,
    ClinicalState,
    Dossier,
    LegalState,
    Move,
    Mover,
    Notice,
    ServiceType,
    Statement,
    StatementKind,
)
from tongtai.infra.database import Base, UtcDateTime, insert_into, updated_if

_TIMED = frozenset(state.value for timer in TIMERS for state in timer.states)


class WorkflowRow(Base):
    """Where a case stands."""

    __tablename__ = "workflows"
    __table_args__ = (Index("ix_workflows_state", "state", "entered_at"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(32))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    service_type: Mapped[str] = mapped_column(String(16))
    urgent: Mapped[bool] = mapped_column(Boolean)
    legal: Mapped[str] = mapped_column(String(16))
    returns: Mapped[int] = mapped_column(Integer)
    suspended_from: Mapped[str | None] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(Integer)


class MoveRow(Base):
    """One move of a case."""

    __tablename__ = "workflow_moves"

    case_id: Mapped[str] = mapped_column(ForeignKey("workflows.case_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(32))
    before: Mapped[str | None] = mapped_column(String(32))
    after: Mapped[str] = mapped_column(String(32))
    mover_json: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    values_json: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class StatementRow(Base):
    """What somebody stated about a case."""

    __tablename__ = "workflow_statements"
    __table_args__ = (Index("ix_workflow_statements_case_id", "case_id", "at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("workflows.case_id"))
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_json: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class NoticeRow(Base):
    """A call of somebody to a case or an incident."""

    __tablename__ = "workflow_notices"
    __table_args__ = (
        UniqueConstraint("case_id", "code", "level", "since", name="uq_workflow_notices_call"),
        UniqueConstraint("incident_id", "code", "level", "since", name="uq_workflow_notices_incident_call"),
        UniqueConstraint("finding_id", "code", "level", "since", name="uq_workflow_notices_finding_call"),
        Index("ix_workflow_notices_institution_id", "institution_id", "read_at", "made_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("workflows.case_id"))
    # Of higher features' tables, which this one does not know.
    incident_id: Mapped[str | None] = mapped_column(String(64))
    finding_id: Mapped[str | None] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    roles_json: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(32))
    level: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_by: Mapped[str | None] = mapped_column(String(64))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SqlWorkflows:
    """The way of cases in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, case_id: str) -> Dossier | None:
        """Where a case stands."""
        row = await self._session.get(WorkflowRow, case_id, populate_existing=True)
        return dossier_of(row) if row else None

    async def running(self) -> list[Dossier]:
        """Every case that some timer may run for."""
        query = select(WorkflowRow).where(WorkflowRow.state.in_(_TIMED)).order_by(WorkflowRow.case_id)
        return [dossier_of(row) for row in await self._session.scalars(query)]

    async def add(self, dossier: Dossier) -> None:
        """Insert a dossier."""
        self._session.add(WorkflowRow(case_id=dossier.case_id, **_columns(dossier)))
        await self._session.flush()

    async def replace(self, dossier: Dossier, *, version: int) -> bool:
        """Replace a dossier that is still at ``version``."""
        return await updated_if(
            self._session,
            WorkflowRow,
            WorkflowRow.case_id == dossier.case_id,
            WorkflowRow.version == version,
            values=_columns(dossier),
        )

    async def moves(self, case_id: str) -> list[Move]:
        """The moves of a case, in order."""
        query = select(MoveRow).where(MoveRow.case_id == case_id).order_by(MoveRow.seq)
        return [_move(row) for row in await self._session.scalars(query)]

    async def add_move(self, move: Move) -> None:
        """Append a move."""
        self._session.add(
            MoveRow(
                case_id=move.case_id,
                seq=move.seq,
                at=move.at,
                act=move.act,
                before=move.before.value if move.before else None,
                after=move.after.value,
                mover_json=canonical_json(asdict(move.mover)),
                reason=move.reason,
                values_json=canonical_json(dict(move.values)),
                prev_hash=move.prev_hash,
                hash=move.hash,
            )
        )
        await self._session.flush()

    async def statements(self, case_id: str) -> list[Statement]:
        """The statements about a case, in order."""
        query = (
            select(StatementRow)
            .where(StatementRow.case_id == case_id)
            .order_by(StatementRow.at, StatementRow.id)
        )
        return [_statement(row) for row in await self._session.scalars(query)]

    async def reached(self, case_ids: Sequence[str]) -> dict[str, ClinicalState]:
        """Where these cases stand; one that is not in the workflow is left out."""
        query = select(WorkflowRow.case_id, WorkflowRow.state).where(WorkflowRow.case_id.in_(case_ids))
        return {case_id: ClinicalState(state) for case_id, state in await self._session.execute(query)}

    async def stated(self, case_ids: Sequence[str]) -> dict[str, set[StatementKind]]:
        """Which kinds of statements were made about each of these cases."""
        query = select(StatementRow.case_id, StatementRow.kind).where(StatementRow.case_id.in_(case_ids))
        found: dict[str, set[StatementKind]] = {case_id: set() for case_id in case_ids}
        for case_id, kind in await self._session.execute(query):
            found[case_id].add(StatementKind(kind))
        return found

    async def add_statement(self, statement: Statement) -> None:
        """Append a statement."""
        self._session.add(
            StatementRow(
                id=statement.id,
                case_id=statement.case_id,
                kind=statement.kind.value,
                at=statement.at,
                by_json=canonical_json(asdict(statement.by)),
                subject=statement.subject,
                sha256=statement.sha256,
                text=statement.text,
            )
        )
        await self._session.flush()

    async def add_notice(self, notice: Notice, *, since: datetime) -> bool:
        """Insert a notice unless the same call was made since the case came to where it stands."""
        made = await self._session.scalar(
            insert_into(self._session, NoticeRow)
            .values(
                id=notice.id,
                case_id=notice.case_id,
                incident_id=notice.incident_id,
                finding_id=notice.finding_id,
                user_id=notice.user_id,
                institution_id=notice.institution_id,
                roles_json=canonical_json(sorted(notice.roles)),
                code=notice.code,
                level=notice.level,
                since=since,
                due_at=notice.due_at,
                made_at=notice.made_at,
            )
            .on_conflict_do_nothing()
            .returning(NoticeRow.id)
        )
        return made is not None

    async def notices(
        self, institution_id: str, user_id: str, roles: Collection[str], *, limit: int
    ) -> list[Notice]:
        """The newest unread notices for somebody, or for these roles."""
        query = (
            select(NoticeRow)
            .where(NoticeRow.institution_id == institution_id, NoticeRow.read_at.is_(None))
            .order_by(NoticeRow.made_at.desc(), NoticeRow.id)
            .limit(limit)
        )
        found = [_notice(row) for row in await self._session.scalars(query)]
        wanted = {str(role) for role in roles}
        return [notice for notice in found if notice.calls(user_id, wanted)]

    async def find_notice(self, notice_id: str) -> Notice | None:
        """One notice."""
        row = await self._session.get(NoticeRow, notice_id)
        return _notice(row) if row else None

    async def mark_read(self, notice_id: str, user_id: str, at: datetime) -> None:
        """Note who has read it; who was first stays."""
        await self._session.execute(
            update(NoticeRow)
            .where(NoticeRow.id == notice_id, NoticeRow.read_at.is_(None))
            .values(read_by=user_id, read_at=at)
        )


class SqlCaseReader:
    """Cases by their ids.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._cases = SqlCases(session)

    async def of_ids(self, case_ids: Sequence[str]) -> dict[str, Case]:
        """These cases by their ids."""
        return {case.id: case for case in await self._cases.of_ids(case_ids)}


def _columns(dossier: Dossier) -> dict[str, object]:
    return {
        "state": dossier.state.value,
        "entered_at": dossier.entered_at,
        "began_at": dossier.began_at,
        "service_type": dossier.service_type.value,
        "urgent": dossier.urgent,
        "legal": dossier.legal.value,
        "returns": dossier.returns,
        "suspended_from": dossier.suspended_from.value if dossier.suspended_from else None,
        "version": dossier.version,
    }


def dossier_of(row: WorkflowRow) -> Dossier:
    """Where a case stands, from its row."""
    return Dossier(
        case_id=row.case_id,
        state=ClinicalState(row.state),
        entered_at=row.entered_at,
        began_at=row.began_at,
        service_type=ServiceType(row.service_type),
        urgent=row.urgent,
        legal=LegalState(row.legal),
        returns=row.returns,
        suspended_from=ClinicalState(row.suspended_from) if row.suspended_from else None,
        version=row.version,
    )


def _mover(text: str) -> Mover:
    fields = json.loads(text)
    return Mover(**{**fields, "role": Role(fields["role"]) if fields["role"] else None})


def _move(row: MoveRow) -> Move:
    return Move(
        case_id=row.case_id,
        seq=row.seq,
        at=row.at,
        act=row.act,
        before=ClinicalState(row.before) if row.before else None,
        after=ClinicalState(row.after),
        mover=_mover(row.mover_json),
        reason=row.reason,
        values=json.loads(row.values_json),
        prev_hash=row.prev_hash,
        hash=row.hash,
    )


def _statement(row: StatementRow) -> Statement:
    return Statement(
        id=row.id,
        case_id=row.case_id,
        kind=StatementKind(row.kind),
        at=row.at,
        by=_mover(row.by_json),
        subject=row.subject,
        sha256=row.sha256,
        text=row.text,
    )


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        id=row.id,
        case_id=row.case_id,
        incident_id=row.incident_id,
        finding_id=row.finding_id,
        user_id=row.user_id,
        institution_id=row.institution_id,
        roles=frozenset(json.loads(row.roles_json)),
        code=row.code,
        level=row.level,
        due_at=row.due_at,
        made_at=row.made_at,
        read_by=row.read_by,
        read_at=row.read_at,
    )
