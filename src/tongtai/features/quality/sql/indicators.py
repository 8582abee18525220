"""The table of cases that indicators are counted from."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.cases.model import Technique
from tongtai.features.cases.sql import CaseRow
from tongtai.features.followup.sql import CareRow, SqlFollowUp
from tongtai.features.plans.model import PlanRecord
from tongtai.features.plans.sql import SqlPlans
from tongtai.features.quality.model import (
    CaseFigures,
    Count,
    Filter,
    IndicatorCode,
    Listed,
    Mark,
    Marks,
    Supervised,
    Tally,
)
from tongtai.features.workflow.sql import MoveRow, WorkflowRow
from tongtai.infra.database import Base, insert_into

_DECIDED = "decide_mdt"
_COUNTED_COLUMNS = ("month", "ended_on", "technique", *(code.value for code in IndicatorCode))


class QualityRow(Base):
    """How one treated case counts; right for this revision of its care and version of the case, before ``until``."""

    __tablename__ = "quality_rows"
    __table_args__ = (
        Index("ix_quality_rows_inviting", "inviting_institution_id", "ended_on"),
        Index("ix_quality_rows_invited", "invited_institution_id", "ended_on"),
        # Everything that is counted: a table of 100,000 rows is not read for it.
        Index("ix_quality_rows_inviting_counted", "inviting_institution_id", *_COUNTED_COLUMNS),
        Index("ix_quality_rows_invited_counted", "invited_institution_id", *_COUNTED_COLUMNS),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    inviting_institution_id: Mapped[str] = mapped_column(String(64))
    invited_institution_id: Mapped[str] = mapped_column(String(64))
    technique: Mapped[str] = mapped_column(String(16))
    ended_on: Mapped[date] = mapped_column(Date)
    month: Mapped[str] = mapped_column(String(7))
    care_revision: Mapped[int] = mapped_column(Integer)
    case_version: Mapped[int] = mapped_column(Integer)
    until: Mapped[date] = mapped_column(Date)
    mdt_before: Mapped[int | None] = mapped_column(SmallInteger)
    plan_before: Mapped[int | None] = mapped_column(SmallInteger)
    margin_reached: Mapped[int | None] = mapped_column(SmallInteger)
    warnings_acknowledged: Mapped[int | None] = mapped_column(SmallInteger)
    local_control: Mapped[int | None] = mapped_column(SmallInteger)
    severe_30d: Mapped[int | None] = mapped_column(SmallInteger)
    mortality_30d: Mapped[int | None] = mapped_column(SmallInteger)
    follow_up_1m: Mapped[int | None] = mapped_column(SmallInteger)
    lost: Mapped[int | None] = mapped_column(SmallInteger)
    survival_1y: Mapped[int | None] = mapped_column(SmallInteger)
    seed_dose_verified: Mapped[int | None] = mapped_column(SmallInteger)


class SqlQuality:
    """Rows of cases in the database, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def stale(self, institution_id: str, today: date, *, limit: int) -> Mapping[str, str]:
        """Cases whose row is not there or no longer right, with the stamp that their new row gets."""
        found: dict[str, str] = {}
        # One side after the other: each reads its own index, where both at once read every row (seven times as long).
        for side in (CaseRow.inviting_institution_id, CaseRow.invited_institution_id):
            query = (
                select(CaseRow.id, CareRow.revision, CaseRow.version)
                .join(CareRow, CareRow.case_id == CaseRow.id)
                .outerjoin(QualityRow, QualityRow.case_id == CaseRow.id)
                .where(side == institution_id, _is_old(today))
                .limit(limit - len(found))
            )
            rows = await self._session.execute(query)
            found |= {row.id: f"{row.revision}.{row.version}" for row in rows}
        return found

    async def figures(self, case_ids: Sequence[str]) -> Mapping[str, CaseFigures]:
        """What is known of these cases."""
        cases = await self._session.execute(
            select(CaseRow.id, CaseRow.technique).where(CaseRow.id.in_(case_ids))
        )
        follow_ups = await SqlFollowUp(self._session).follow_ups(case_ids)
        judgements = await SqlFollowUp(self._session).judgements(case_ids)
        moves: dict[str, list[MoveRow]] = {}
        for move in await self._session.scalars(select(MoveRow).where(MoveRow.case_id.in_(case_ids))):
            moves.setdefault(move.case_id, []).append(move)
        found = {}
        for row in cases:
            plan = _approved(await SqlPlans(self._session).of_case(row.id))
            decided = [move.at for move in moves.get(row.id, ()) if move.act == _DECIDED]
            found[row.id] = CaseFigures(
                technique=Technique(row.technique),
                follow_up=follow_ups[row.id],
                judgement=judgements.get(row.id),
                in_workflow=row.id in moves,
                mdt_on=min(decided).date() if decided else None,
                plan_on=plan.approved_at.date() if plan and plan.approved_at else None,
                plan_margin_mm=plan.numbers.minimum_margin_mm if plan else None,
            )
        return found

    async def put(self, rows: Mapping[str, tuple[str, Marks]]) -> None:
        """Write rows: stamp and marks by case."""
        cases = await self._session.scalars(select(CaseRow).where(CaseRow.id.in_(rows)))
        values = [_columns(row, *rows[row.id]) for row in cases]
        statement = insert_into(self._session, QualityRow)
        names = [name for name in values[0] if name != "case_id"]
        update = {name: statement.excluded[name] for name in names}
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["case_id"], set_=update), values
        )

    async def counts(
        self, institution_id: str, chosen: Filter
    ) -> Mapping[str, Mapping[IndicatorCode, Count]]:
        """Numbers by month (``2026-01``)."""
        sums = [_packed_sum(_column(code)) for code in IndicatorCode]
        found: dict[str, dict[IndicatorCode, Count]] = {}
        for side in _SIDES:
            query = select(QualityRow.month, *sums).where(side == institution_id, *_filters(chosen))
            for month, *numbers in await self._session.execute(query.group_by(QualityRow.month)):
                known = found.setdefault(month, dict.fromkeys(IndicatorCode, Count()))
                for code, packed in zip(IndicatorCode, numbers, strict=True):
                    known[code] += _unpacked(int(packed))
        return dict(sorted(found.items()))

    async def tallies(self, institution_id: str, chosen: Filter) -> list[Tally]:
        """Treated cases counted by month, technique, service and other institution."""
        found = []
        # As counts: one side after the other.
        for side, other in (_SIDES, _SIDES[::-1]):
            keys = (QualityRow.month, QualityRow.technique, WorkflowRow.service_type, other)
            query = (
                select(*keys, func.count())
                .outerjoin(WorkflowRow, WorkflowRow.case_id == QualityRow.case_id)
                .where(side == institution_id, *_filters(chosen))
                .group_by(*keys)
                .order_by(*keys)
            )
            found += [
                Tally(
                    month=month,
                    technique=Technique(technique),
                    service_type=service or "",
                    institution_id=partner,
                    count=count,
                )
                for month, technique, service, partner, count in await self._session.execute(query)
            ]
        return found

    async def supervised(self, institution_id: str, chosen: Filter, *, limit: int) -> list[Supervised]:
        """Treated cases with all their marks, the latest first."""
        query = (
            select(QualityRow)
            .where(or_(*(side == institution_id for side in _SIDES)), *_filters(chosen))
            .order_by(QualityRow.ended_on.desc(), QualityRow.case_id)
            .limit(limit)
        )
        return [
            Supervised(
                case_id=row.case_id,
                technique=Technique(row.technique),
                month=row.month,
                marks={
                    code: Mark(value)
                    for code in IndicatorCode
                    if (value := getattr(row, code.value)) is not None
                },
            )
            for row in await self._session.scalars(query)
        ]

    async def listed(
        self, institution_id: str, chosen: Filter, code: IndicatorCode, marks: Sequence[Mark], *, limit: int
    ) -> list[Listed]:
        """Cases that count so, the latest first."""
        column = _column(code)
        query = (
            select(CaseRow.number, QualityRow.ended_on, column.label("mark"))
            .join(CaseRow, CaseRow.id == QualityRow.case_id)
            .where(
                or_(*(side == institution_id for side in _SIDES)),
                *_filters(chosen),
                column.in_([int(mark) for mark in marks]),
            )
        )
        rows = await self._session.execute(
            query.order_by(QualityRow.ended_on.desc(), CaseRow.number).limit(limit)
        )
        return [Listed(case_number=row.number, ended_on=row.ended_on, mark=Mark(row.mark)) for row in rows]


def _is_old(today: date) -> ColumnElement[bool]:
    return or_(
        QualityRow.case_id.is_(None),
        QualityRow.until <= today,
        QualityRow.care_revision != CareRow.revision,
        QualityRow.case_version != CaseRow.version,
    )


def _column(code: IndicatorCode) -> ColumnElement[int]:
    column: ColumnElement[int] = getattr(QualityRow, code.value)
    return column


# An indicator's three numbers are summed up in one 63-bit number, 21 bits each: a month can hold two million cases.
# One sum instead of three is what the database needs most of its time for.
_BITS = 21
_HIT, _COUNTED, _EXCLUDED = 1 << (2 * _BITS), 1 << _BITS, 1


def _packed_sum(column: ColumnElement[int]) -> ColumnElement[int]:
    counts = case((column == 1, _HIT + _COUNTED), (column >= 0, _COUNTED), (column < 0, _EXCLUDED), else_=0)
    return func.coalesce(func.sum(cast(counts, BigInteger)), 0)


def _unpacked(packed: int) -> Count:
    """The three numbers of one indicator.

    Examples
    --------
    >>> _unpacked(3 * (_HIT + _COUNTED) + 4 * _COUNTED + 5 * _EXCLUDED)
    Count(numerator=3, denominator=7, excluded=5)
    """
    low = (1 << _BITS) - 1
    return Count(numerator=packed >> (2 * _BITS), denominator=(packed >> _BITS) & low, excluded=packed & low)


# An institution's cases are those of either side. Counted one after the other: each side has an index that holds
# everything that is counted, and a case never has the same institution on both.
_SIDES = (QualityRow.inviting_institution_id, QualityRow.invited_institution_id)


def _filters(chosen: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.since is not None:
        conditions.append(QualityRow.ended_on >= chosen.since)
    if chosen.until is not None:
        conditions.append(QualityRow.ended_on <= chosen.until)
    if chosen.technique is not None:
        conditions.append(QualityRow.technique == chosen.technique.value)
    return conditions


def _approved(plans: list[PlanRecord]) -> PlanRecord | None:
    """The plan that was approved last."""
    done = [plan for plan in plans if plan.approved_at is not None]
    return done[0] if done else None


def _columns(row: CaseRow, stamp: str, marks: Marks) -> dict[str, object]:
    care, version = stamp.split(".")
    ended = marks.ended_on
    assert ended is not None  # noqa: S101  (only treated cases have rows)
    return {
        "case_id": row.id,
        "inviting_institution_id": row.inviting_institution_id,
        "invited_institution_id": row.invited_institution_id,
        "technique": row.technique,
        "ended_on": ended,
        "month": f"{ended:%Y-%m}",
        "care_revision": int(care),
        "case_version": int(version),
        "until": marks.until,
        **{code.value: _stored(marks.marks.get(code)) for code in IndicatorCode},
    }


def _stored(mark: Mark | None) -> int | None:
    return None if mark is None else int(mark)
