"""The queue of cases: filtered, sorted and paged by the database, and saved views of it."""

import json
from collections.abc import Mapping

from sqlalchemy import ColumnElement, ForeignKey, String, Text, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import canonical_json
from tongtai.features.cases.sql import CaseRow, SqlCases, found_by, may_know
from tongtai.features.workflow.model import FINAL, ClinicalState, QueuedCase, QueueOrder, QueueQuery
from tongtai.features.workflow.sql.records import WorkflowRow, dossier_of
from tongtai.infra.database import Base

_ORDERS = {
    QueueOrder.WAITING: WorkflowRow.entered_at,
    QueueOrder.SCHEDULED: CaseRow.scheduled_at,
    QueueOrder.NUMBER: CaseRow.number,
}


class ViewRow(Base):
    """A saved view: somebody's filter of the queue, by name."""

    __tablename__ = "workflow_views"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    query_json: Mapped[str] = mapped_column(Text)


class SqlQueue:
    """The queue in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, principal: Principal, query: QueueQuery) -> tuple[list[QueuedCase], int]:
        """One page of the cases that somebody may know of, and how many there are."""
        wanted = [may_know(principal, Permission.CASE_READ, indexed=False), *_filters(principal, query)]
        joined = CaseRow.id == WorkflowRow.case_id
        counted = select(func.count()).select_from(WorkflowRow).join(CaseRow, joined)
        total = await self._session.scalar(counted.where(*wanted))
        column = _ORDERS[query.order]
        ordered = (
            select(WorkflowRow)
            .join(CaseRow, joined)
            .where(*wanted)
            # Urgent cases come first in every order: nobody may overlook one.
            .order_by(
                WorkflowRow.urgent.desc(),
                column.desc() if query.descending else column.asc(),
                WorkflowRow.case_id,
            )
            .limit(query.limit)
            .offset(query.offset)
        )
        rows = list(await self._session.scalars(ordered))
        cases = {case.id: case for case in await SqlCases(self._session).of_ids([r.case_id for r in rows])}
        found = [QueuedCase(case=cases[row.case_id], dossier=dossier_of(row)) for row in rows]
        return found, total or 0

    async def views(self, user_id: str) -> dict[str, Mapping[str, object]]:
        """Somebody's saved views, by name."""
        query = select(ViewRow).where(ViewRow.user_id == user_id).order_by(ViewRow.name)
        return {row.name: json.loads(row.query_json) for row in await self._session.scalars(query)}

    async def save_view(self, user_id: str, name: str, query: Mapping[str, object]) -> None:
        """Save a view, in place of one of the same name."""
        await self._session.merge(ViewRow(user_id=user_id, name=name, query_json=canonical_json(dict(query))))
        await self._session.flush()

    async def remove_view(self, user_id: str, name: str) -> bool:
        """Remove a view; ``False`` when there is none."""
        gone = await self._session.scalar(
            delete(ViewRow).where(ViewRow.user_id == user_id, ViewRow.name == name).returning(ViewRow.name)
        )
        return gone is not None


def _filters(principal: Principal, query: QueueQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    # Of what is archived nobody waits for anything; it is nineteen of twenty cases, and found by the list of cases.
    states = query.states or frozenset(ClinicalState) - FINAL
    found.append(WorkflowRow.state.in_(sorted(state.value for state in states)))
    if query.urgent is not None:
        found.append(WorkflowRow.urgent.is_(query.urgent))
    if query.technique is not None:
        found.append(CaseRow.technique == query.technique.value)
    if query.institution_id:
        found.append(CaseRow.inviting_institution_id == query.institution_id)
    if query.text:
        found.append(found_by(principal, Permission.CASE_READ, query.text))
    return found
