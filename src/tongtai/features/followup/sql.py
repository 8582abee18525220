"""Tables of judgements, tasks and records of follow-up."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import (
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.followup.errors import WarningAcknowledgedError
from tongtai.features.followup.model import (
    Assessment,
    CareTask,
    Complication,
    FollowUp,
    Judgement,
    PatientStatus,
    Signed,
    TaskState,
)
from tongtai.features.followup.ports import Record
from tongtai.infra.database import Base, UtcDateTime, insert_into, updated_if

_JUDGEMENT = TypeAdapter(Judgement)
_SIGNED = TypeAdapter(Signed)
_KINDS: dict[str, TypeAdapter[Record]] = {
    "assessment": TypeAdapter(Assessment),
    "complication": TypeAdapter(Complication),
    "status": TypeAdapter(PatientStatus),
}
_MOST_REMINDERS = 500


class JudgementRow(Base):
    """What the complication rules said of a case. ``revision`` rises with each acknowledgement."""

    __tablename__ = "complication_judgements"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer)
    content_json: Mapped[str] = mapped_column(Text)


class CareRow(Base):
    """When the procedure of a case ended."""

    __tablename__ = "care_cases"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Rises with everything that is written about the case after its procedure.
    revision: Mapped[int] = mapped_column(Integer)


class CareTaskRow(Base):
    """A task of a case."""

    __tablename__ = "care_tasks"
    __table_args__ = (
        UniqueConstraint("case_id", "origin", "code", name="uq_care_tasks_case_id_origin_code"),
        Index("ix_care_tasks_state_due_at", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    code: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(16))
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    due_h: Mapped[float] = mapped_column(Float)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    finished_json: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)


class CareRecordRow(Base):
    """An assessment, a complication or a status, as it was written; never changed."""

    __tablename__ = "care_records"
    __table_args__ = (Index("ix_care_records_case_id", "case_id", "number"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(16))
    content_json: Mapped[str] = mapped_column(Text)


class SqlFollowUp:
    """Judgements, tasks and records in the database, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def judgement(self, case_id: str) -> Judgement | None:
        """The latest judgement of a case."""
        content = await self._session.scalar(
            select(JudgementRow.content_json)
            .where(JudgementRow.case_id == case_id)
            .order_by(JudgementRow.version.desc())
            .limit(1)
        )
        return None if content is None else _JUDGEMENT.validate_json(content)

    async def add_judgement(self, judgement: Judgement) -> None:
        """Insert a judgement of the next version."""
        added = await self._session.scalar(
            insert_into(self._session, JudgementRow)
            .values(
                case_id=judgement.case_id,
                version=judgement.version,
                revision=_noted(judgement),
                content_json=_JUDGEMENT.dump_json(judgement).decode(),
            )
            .on_conflict_do_nothing()
            .returning(JudgementRow.version)
        )
        if added is None:
            raise WarningAcknowledgedError("The case was judged by somebody else just now; look again.")
        await self._touch(judgement.case_id)

    async def acknowledge(self, before: Judgement, after: Judgement) -> bool:
        """Replace a judgement that is still as ``before``; ``False`` when it no longer is."""
        changed = await updated_if(
            self._session,
            JudgementRow,
            JudgementRow.case_id == before.case_id,
            JudgementRow.version == before.version,
            JudgementRow.revision == _noted(before),
            values={"revision": _noted(after), "content_json": _JUDGEMENT.dump_json(after).decode()},
        )
        await self._touch(before.case_id)
        return changed

    async def follow_up(self, case_id: str) -> FollowUp:
        """Everything of a case, in the order of its dates."""
        return (await self.follow_ups([case_id]))[case_id]

    async def follow_ups(self, case_ids: Sequence[str]) -> dict[str, FollowUp]:
        """Everything of each of these cases."""
        ended = await self._session.execute(
            select(CareRow.case_id, CareRow.ended_at).where(CareRow.case_id.in_(case_ids))
        )
        tasks = await self._session.scalars(
            select(CareTaskRow)
            .where(CareTaskRow.case_id.in_(case_ids))
            .order_by(CareTaskRow.due_at, CareTaskRow.code)
            .execution_options(populate_existing=True)
        )
        rows = await self._session.scalars(
            select(CareRecordRow).where(CareRecordRow.case_id.in_(case_ids)).order_by(CareRecordRow.number)
        )
        ends = {row.case_id: row.ended_at for row in ended}
        todo: dict[str, list[CareTask]] = {case_id: [] for case_id in case_ids}
        records: dict[str, list[Record]] = {case_id: [] for case_id in case_ids}
        for task in tasks:
            todo[task.case_id].append(_task(task))
        for row in rows:
            records[row.case_id].append(_KINDS[row.kind].validate_json(row.content_json))
        return {
            case_id: FollowUp(
                case_id=case_id,
                ended_at=ends.get(case_id),
                tasks=tuple(todo[case_id]),
                assessments=tuple(one for one in records[case_id] if isinstance(one, Assessment)),
                complications=tuple(one for one in records[case_id] if isinstance(one, Complication)),
                statuses=tuple(one for one in records[case_id] if isinstance(one, PatientStatus)),
            )
            for case_id in case_ids
        }

    async def judgements(self, case_ids: Sequence[str]) -> dict[str, Judgement]:
        """The latest judgement of each of these cases that has one."""
        rows = await self._session.execute(
            select(JudgementRow.case_id, JudgementRow.content_json)
            .where(JudgementRow.case_id.in_(case_ids))
            .order_by(JudgementRow.version)
        )
        latest = {row.case_id: row.content_json for row in rows}
        return {case_id: _JUDGEMENT.validate_json(content) for case_id, content in latest.items()}

    async def set_ended(self, case_id: str, ended_at: datetime) -> None:
        """Write down when the procedure ended; once."""
        await self._session.execute(insert(CareRow).values(case_id=case_id, ended_at=ended_at, revision=0))

    async def put_task(self, task: CareTask) -> None:
        """Insert a task unless the case has one of this code and origin."""
        columns = asdict(task) | {"state": task.state.value, "finished_json": None}
        del columns["finished"]
        await self._session.execute(
            insert_into(self._session, CareTaskRow).values(columns).on_conflict_do_nothing()
        )

    async def move_task(self, task_id: str, due: datetime) -> None:
        """Give an open task another date."""
        await self._session.execute(update(CareTaskRow).where(CareTaskRow.id == task_id).values(due_at=due))

    async def finish_task(self, task: CareTask, *, state: TaskState) -> bool:
        """Replace a task that is still in ``state``."""
        changed = await updated_if(
            self._session,
            CareTaskRow,
            CareTaskRow.id == task.id,
            CareTaskRow.state == state.value,
            values={
                "state": task.state.value,
                "finished_json": _SIGNED.dump_json(task.finished).decode() if task.finished else None,
                "result": task.result,
            },
        )
        await self._touch(task.case_id)
        return changed

    async def open_tasks(self, case_ids: Iterable[str], *, due_before: datetime) -> list[CareTask]:
        """Open tasks of these cases, the earliest due first."""
        rows = await self._session.scalars(
            select(CareTaskRow)
            .where(
                CareTaskRow.state == TaskState.OPEN.value,
                CareTaskRow.due_at <= due_before,
                CareTaskRow.case_id.in_(case_ids),
            )
            .order_by(CareTaskRow.due_at, CareTaskRow.id)
            .limit(_MOST_REMINDERS)
        )
        return [_task(row) for row in rows]

    async def add_record(self, case_id: str, record: Record) -> None:
        """Append an assessment, a complication or a status."""
        kind = {Assessment: "assessment", Complication: "complication", PatientStatus: "status"}[type(record)]
        content = _KINDS[kind].dump_json(record).decode()
        await self._session.execute(
            insert(CareRecordRow).values(case_id=case_id, kind=kind, content_json=content)
        )
        await self._touch(case_id)

    async def _touch(self, case_id: str) -> None:
        await self._session.execute(
            update(CareRow).where(CareRow.case_id == case_id).values(revision=CareRow.revision + 1)
        )


def _noted(judgement: Judgement) -> int:
    return sum(one.acknowledged is not None for one in judgement.warnings)


def _task(row: CareTaskRow) -> CareTask:
    return CareTask(
        id=row.id,
        case_id=row.case_id,
        code=row.code,
        origin=row.origin,
        text_zh=row.text_zh,
        text_en=row.text_en,
        due_h=row.due_h,
        due_at=row.due_at,
        state=TaskState(row.state),
        finished=_SIGNED.validate_json(row.finished_json) if row.finished_json else None,
        result=row.result,
    )
