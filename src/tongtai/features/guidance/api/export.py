"""HTTP: the record of a session, for machines and for people."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.cases.model import CaseView
from tongtai.features.cases.schemas import CaseOut
from tongtai.features.cases.service import CaseAccess
from tongtai.features.guidance.events import ChainFault, find_fault
from tongtai.features.guidance.model import Event, SessionState
from tongtai.features.guidance.model.operation import OperationRecord, operation_record
from tongtai.features.guidance.schemas import EventOut, FaultOut, SessionExport
from tongtai.features.guidance.schemas.report import report_of
from tongtai.features.guidance.schemas.snapshot import OperationOut
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.features.plans.model import PlanState
from tongtai.features.plans.sql import SqlPlans
from tongtai.formats.seed_plan_json import read_plan_of
from tongtai.formats.session_report import render_pdf
from tongtai.infra.container import Container
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/sessions", tags=["sessions"])


@router.get("/{case_id}/export.json")
async def export_json(
    case_id: str, principal: Current, access: CaseAccessDep, container: ContainerDep
) -> SessionExport:
    """The whole log with the proof that it is as it was written."""
    _, export = await _export(case_id, principal, access, container)
    return export


@router.get("/{case_id}/operation.json")
async def operation_json(
    case_id: str, principal: Current, access: CaseAccessDep, container: ContainerDep, session: DbSession
) -> OperationOut:
    """The operation and its guidance, plan against done, from the log; the plan is the approved one."""
    view = await access.require(principal, case_id, Permission.SESSION_EXPORT)
    record, intact = await operation_of(case_id, container, session)
    return OperationOut(
        case_number=view.case.number,
        technique=view.case.technique,
        chain_intact=intact,
        record=record,
    )


async def operation_of(
    case_id: str, container: Container, session: AsyncSession
) -> tuple[OperationRecord, bool]:
    """The operation record, and whether the log is as it was written; no right is checked."""
    events, fault = await _log(case_id, container)
    plans = await SqlPlans(session).of_case(case_id)
    chosen = next((one for one in plans if one.state is PlanState.APPROVED), None)
    state = _state(events, fault)
    if chosen is None:
        return operation_record(state, events), fault is None
    plan = read_plan_of(chosen.numbers.technique, await container.blobs.get(chosen.plan_sha256))
    return operation_record(state, events, plan, chosen.plan_sha256), fault is None


@router.get(
    "/{case_id}/export.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def export_pdf(
    case_id: str,
    principal: Current,
    access: CaseAccessDep,
    container: ContainerDep,
    lang: Annotated[Literal["zh", "en"], Query()] = "zh",
) -> Response:
    """The record as a person reads it."""
    view, export = await _export(case_id, principal, access, container)
    fonts = container.settings.web_dist / "fonts"
    content = await asyncio.to_thread(
        render_pdf, report_of(export, lang, container.settings.zone), fonts=fonts
    )
    name = f"tongtai-{view.case.number}.pdf"
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": disposition})


async def _export(
    case_id: str, principal: Principal, access: CaseAccess, container: Container
) -> tuple[CaseView, SessionExport]:
    view = await access.require(principal, case_id, Permission.SESSION_EXPORT)
    return view, await exported(view, container)


async def exported(view: CaseView, container: Container) -> SessionExport:
    """A session's whole record as this reader's side sees the case; no right is checked."""
    events, fault = await _log(view.case.id, container)
    state = _state(events, fault)
    return SessionExport(
        exported_at_ms=int(container.clock.now().timestamp() * 1000),
        case=CaseOut.of(view),
        state=state,
        events=[EventOut.of(event) for event in events],
        chain_intact=fault is None,
        fault=FaultOut(seq=fault.seq, reason=fault.reason) if fault else None,
    )


async def _log(case_id: str, container: Container) -> tuple[list[Event], ChainFault | None]:
    log = container.get(SqlEventLog)
    # The head first: events that are appended meanwhile lie beyond it.
    head = (await log.heads([case_id])).get(case_id)
    events = await log.after(case_id, 0, limit=head.seq) if head else []
    return events, find_fault(events, head)


def _state(events: list[Event], fault: ChainFault | None) -> SessionState:
    state = SessionState()
    for event in events:
        if fault is not None and event.seq >= fault.seq:
            break
        state = state.apply(event)
    return state
