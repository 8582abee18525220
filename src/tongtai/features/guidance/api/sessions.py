"""HTTP: the sessions' states, their events, and commands."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from tongtai.features.accounts.api import Current, require
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.guidance.model import AdviceLevel, EventType, Phase
from tongtai.features.guidance.schemas import (
    PAYLOADS,
    CommandIn,
    EventOut,
    MediaReportsIn,
    RefusedReports,
    SessionSnapshot,
)
from tongtai.features.guidance.service import (
    COMMANDS,
    STOP_PERMISSION,
    Command,
    SessionService,
)
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/sessions", tags=["sessions"])
_MAX_SEQ = 2**53
# A wall is for today's rooms: a case of next week would be a black one among them.
_WALL_AHEAD = timedelta(hours=24)


@router.get("")
async def list_sessions(
    principal: Current, access: CaseAccessDep, container: ContainerDep
) -> list[SessionSnapshot]:
    """Every session that the caller may watch and that is not for a later day: the wall."""
    views = await access.visible(principal, Permission.SESSION_VIEW, action=AuditAction.SESSION_LISTED)
    states = await container.get(SessionService).states_of([view.case.id for view in views])
    until = container.clock.now() + _WALL_AHEAD
    near = [v for v in views if v.case.scheduled_at <= until or states[v.case.id].phase is not Phase.PLANNED]
    return [SessionSnapshot.of(view, states[view.case.id]) for view in near]


@router.post("/media-reports")
async def report_media(
    body: MediaReportsIn,
    principal: Annotated[Principal, Depends(require(Permission.MEDIA_TALK))],
    access: CaseAccessDep,
    container: ContainerDep,
) -> RefusedReports:
    """How well the pictures of all rooms arrive at an expert's page: one request for the whole wall.

    No event of its own: the log gets what is believed of the measurements, as ``media.state``.
    """
    allowed = await access.ids(principal, Permission.MEDIA_TALK, body.reports)
    sessions = container.get(SessionService)
    for case_id, report in body.reports.items():
        if case_id in allowed:
            await sessions.report_media(principal, case_id, report.model_dump())
    return RefusedReports(refused=[case_id for case_id in body.reports if case_id not in allowed])


@router.get("/{case_id}")
async def get_session(
    case_id: str, principal: Current, access: CaseAccessDep, container: ContainerDep
) -> SessionSnapshot:
    """One session as it is now; a page goes on from ``state.seq`` by the stream."""
    view = await access.require(principal, case_id, Permission.SESSION_VIEW)
    states = await container.get(SessionService).states_of([case_id])
    return SessionSnapshot.of(view, states[case_id])


@router.get("/{case_id}/events")
async def list_events(
    case_id: str,
    principal: Current,
    access: CaseAccessDep,
    container: ContainerDep,
    after: Annotated[int, Query(ge=0, le=_MAX_SEQ)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> list[EventOut]:
    """The events after a number, in order."""
    await access.require(principal, case_id, Permission.SESSION_VIEW)
    events = await container.get(SqlEventLog).after(case_id, after, limit=limit)
    return [EventOut.of(event) for event in events]


@router.post("/{case_id}/commands")
async def send_command(
    case_id: str,
    body: CommandIn,
    principal: Current,
    access: CaseAccessDep,
    container: ContainerDep,
    session: DbSession,
) -> list[EventOut]:
    """Ask for something; the answer comes when the events are durable.

    The same ``id`` again gives the same events and changes nothing.
    """
    command = _checked(body)
    # Not in the audit log: the session's own log records who did what, chained in the same way.
    view = await access.require(
        principal, case_id, _permission(command), action=AuditAction.SESSION_COMMANDED, audited=False
    )
    # The writer commits for many at once; nobody keeps a connection while waiting for it.
    await session.commit()
    events = await container.get(SessionService).command(principal, view, command)
    return [EventOut.of(event) for event in events]


def _permission(command: Command) -> Permission:
    if command.payload.get("level") == AdviceLevel.STOP and command.type == EventType.ADVICE_GIVEN:
        return STOP_PERMISSION
    return COMMANDS[command.type].permission


def _checked(body: CommandIn) -> Command:
    schema = PAYLOADS.get(body.type)
    if schema is None:
        fault = {"loc": ("body", "type"), "type": "unknown_command", "msg": "unknown", "input": None}
        raise RequestValidationError([fault])
    try:
        payload = schema.model_validate(body.payload)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", "payload", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from error
    return Command(
        id=str(body.id),
        type=body.type,
        payload=payload.model_dump(mode="json", exclude_none=True),
        t_site_ms=body.t_site_ms,
        clock_offset_ms=body.clock_offset_ms,
    )
