"""Tables of plans, their files and the requests for them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.plans.errors import PlansInUseError
from tongtai.features.plans.model import (
    JobRecord,
    PlanFile,
    PlanPerson,
    PlanRecord,
    PlanState,
    Shown,
    numbers_from,
    order_from,
)
from tongtai.infra.database import Base, UtcDateTime, updated_if

_LISTED_JOBS = 100


class PlanJobRow(Base):
    """A request for a plan. How far it is, its queue knows."""

    __tablename__ = "plan_jobs"
    __table_args__ = (Index("ix_plan_jobs_case_id", "case_id", "requested_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    order_json: Mapped[str] = mapped_column(Text)
    requested_by_json: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlanRow(Base):
    """A plan of a case."""

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("case_id", "version", name="uq_plans_case_id_version"),
        UniqueConstraint("job_id", name="uq_plans_job_id"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("plan_jobs.id"))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    numbers_json: Mapped[str] = mapped_column(Text)
    series_uid: Mapped[str] = mapped_column(String(64))
    series_description: Mapped[str] = mapped_column(String(64))
    plan_sha256: Mapped[str] = mapped_column(String(64))
    pages_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    made_by_json: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_by_json: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_note: Mapped[str] = mapped_column(Text)
    approved_by_json: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlanFileRow(Base):
    """A copy of a file of a plan; ``shown`` is empty for a file that shows nothing of the patient."""

    __tablename__ = "plan_files"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    shown: Mapped[str] = mapped_column(String(16), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(Integer)


_PEOPLE = ("made_by", "reviewed_by", "approved_by")
_JSON_FIELDS = frozenset({"numbers", "state", *_PEOPLE})
_PLAIN = tuple(field.name for field in fields(PlanRecord) if field.name not in _JSON_FIELDS)


class SqlPlans:
    """Plans in the database, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_case(self, case_id: str) -> list[PlanRecord]:
        """A case's plans, newest first."""
        rows = await self._session.scalars(
            select(PlanRow)
            .where(PlanRow.case_id == case_id)
            .order_by(PlanRow.version.desc())
            .execution_options(populate_existing=True)
        )
        return [_plan(row) for row in rows]

    async def find(self, case_id: str, plan_id: str) -> PlanRecord | None:
        """A plan of this case."""
        row = await self._session.get(PlanRow, plan_id, populate_existing=True)
        return _plan(row) if row is not None and row.case_id == case_id else None

    async def by_job(self, case_id: str) -> Mapping[str, str]:
        """Identifier of the plan that each finished job of a case has made."""
        rows = await self._session.execute(
            select(PlanRow.job_id, PlanRow.id).where(PlanRow.case_id == case_id)
        )
        return {row.job_id: row.id for row in rows}

    async def add(self, plan: PlanRecord, files: Sequence[PlanFile]) -> None:
        """Insert a plan with its files."""
        self._session.add(PlanRow(**_columns(plan)))
        try:
            await self._session.flush()
        except IntegrityError as error:
            raise PlansInUseError(case_id=plan.case_id) from error
        await self._add_files(plan.id, files)

    async def replace(self, plan: PlanRecord, *, state: PlanState) -> bool:
        """Replace a plan that is still in ``state``; ``False`` when it no longer is."""
        return await updated_if(
            self._session, PlanRow, PlanRow.id == plan.id, PlanRow.state == state.value, values=_columns(plan)
        )

    async def files(self, plan_id: str) -> tuple[PlanFile, ...]:
        """Every copy of every file of a plan."""
        rows = await self._session.scalars(
            select(PlanFileRow).where(PlanFileRow.plan_id == plan_id).order_by(PlanFileRow.name)
        )
        return tuple(_file(row) for row in rows)

    async def replace_files(self, plan_id: str, files: Sequence[PlanFile]) -> None:
        """Put these in the place of those with the same names."""
        names = {file.name for file in files}
        await self._session.execute(
            delete(PlanFileRow).where(PlanFileRow.plan_id == plan_id, PlanFileRow.name.in_(names))
        )
        await self._add_files(plan_id, files)

    async def _add_files(self, plan_id: str, files: Sequence[PlanFile]) -> None:
        for file in files:
            shown = "" if file.shown is None else file.shown.value
            self._session.add(PlanFileRow(**asdict(file) | {"plan_id": plan_id, "shown": shown}))
        await self._session.flush()

    async def add_job(self, job: JobRecord) -> None:
        """Insert a request."""
        self._session.add(
            PlanJobRow(
                id=job.id,
                case_id=job.case_id,
                order_json=_json(asdict(job.order)),
                requested_by_json=_json(asdict(job.requested_by)),
                requested_at=job.requested_at,
            )
        )
        await self._session.flush()

    async def find_job(self, case_id: str, job_id: str) -> JobRecord | None:
        """A request of this case."""
        row = await self._session.get(PlanJobRow, job_id)
        return _job(row) if row is not None and row.case_id == case_id else None

    async def jobs(self, case_id: str) -> list[JobRecord]:
        """A case's requests, newest first."""
        rows = await self._session.scalars(
            select(PlanJobRow)
            .where(PlanJobRow.case_id == case_id)
            .order_by(PlanJobRow.requested_at.desc(), PlanJobRow.id.desc())
            .limit(_LISTED_JOBS)
        )
        return [_job(row) for row in rows]


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _columns(plan: PlanRecord) -> dict[str, Any]:
    columns = {name: getattr(plan, name) for name in _PLAIN}
    columns |= {"state": plan.state.value, "numbers_json": _json(asdict(plan.numbers))}
    for name in _PEOPLE:
        person: PlanPerson | None = getattr(plan, name)
        columns[f"{name}_json"] = None if person is None else _json(asdict(person))
    return columns


def _plan(row: PlanRow) -> PlanRecord:
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    numbers = numbers_from(json.loads(row.numbers_json))
    for name in _PEOPLE:
        text = getattr(row, f"{name}_json")
        values[name] = None if text is None else PlanPerson(**json.loads(text))
    return PlanRecord(**values, state=PlanState(row.state), numbers=numbers)


def _file(row: PlanFileRow) -> PlanFile:
    return PlanFile(
        name=row.name,
        media_type=row.media_type,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        shown=Shown(row.shown) if row.shown else None,
    )


def _job(row: PlanJobRow) -> JobRecord:
    return JobRecord(
        id=row.id,
        case_id=row.case_id,
        order=order_from(json.loads(row.order_json)),
        requested_by=PlanPerson(**json.loads(row.requested_by_json)),
        requested_at=row.requested_at,
    )
