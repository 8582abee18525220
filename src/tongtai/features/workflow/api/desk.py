"""HTTP: what waits for somebody, and when what takes place."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.api import AuditDep
from tongtai.features.audit.model import AuditAction
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.cases.model import Case, CaseQuery, CaseState, Side, Technique, patient_seen
from tongtai.features.cases.schemas import Instant, PatientOut
from tongtai.features.institutions.api import InstitutionsDep
from tongtai.features.institutions.schemas import InstitutionOut
from tongtai.features.mdt.sql import SqlMeetings
from tongtai.features.policies.sql import SqlPolicies
from tongtai.features.workflow.model import (
    Act,
    ClinicalState,
    QueueQuery,
    StatementKind,
    next_due,
    states_waiting_for,
    waits_for,
)
from tongtai.features.workflow.sql import SqlQueue, SqlWorkflows
from tongtai.infra.web import DbSession

router = APIRouter(prefix="/api/workflow", tags=["workflow"])
_TASKS, _ENTRIES = 100, 500
# Where a case stands when a meeting is before it.
_MEETING_STATES = frozenset({ClinicalState.ACCEPTED, ClinicalState.MDT_SCHEDULED})


class TaskOnDeskOut(BaseModel):
    """A case that waits for the caller: what to do, and by when."""

    case_id: str
    number: str
    technique: Technique
    lesion: str
    patient: PatientOut
    inviting: InstitutionOut
    state: ClinicalState
    urgent: bool
    entered_at: datetime
    scheduled_at: datetime
    acts: list[Act]
    statements: list[StatementKind]
    due_at: datetime | None
    timer: str


class Occasion(StrEnum):
    """What takes place."""

    OPERATION = "operation"
    MEETING = "meeting"


class CalendarEntryOut(BaseModel):
    """An operation or a team meeting of a case that the caller knows."""

    kind: Occasion
    at: datetime
    case_id: str
    number: str
    technique: Technique
    case_state: CaseState
    patient: PatientOut
    inviting: InstitutionOut


def _patient(case: Case, principal: Principal) -> PatientOut:
    side = case.side_of(principal.institution_id) or Side.CENTRE
    return PatientOut.of(patient_seen(case, side, case.roles_of(principal)))


@router.get("/tasks")
async def list_tasks(
    principal: Current, session: DbSession, institutions: InstitutionsDep, audit: AuditDep
) -> list[TaskOnDeskOut]:
    """The cases that wait for a step or a statement of the caller, urgent and longest waiting first."""
    states = states_waiting_for(principal.roles)
    if not states:
        return []
    queued, _ = await SqlQueue(session).page(principal, QueueQuery(states=states, limit=_TASKS))
    stated = await SqlWorkflows(session).stated([one.case.id for one in queued])
    names = {one.id: one for one in await institutions.visible_to(principal.institution_id)}
    rules = await SqlPolicies(session).for_cases([one.case for one in queued])
    found = []
    for one in queued:
        case, dossier = one.case, one.dossier
        waiting = waits_for(dossier.state, case.roles_of(principal), stated[case.id])
        if not waiting:
            continue
        due = next_due(dossier, case.scheduled_at, rules[case.id])
        found.append(
            TaskOnDeskOut(
                case_id=case.id,
                number=case.number,
                technique=case.technique,
                lesion=case.lesion,
                patient=_patient(case, principal),
                inviting=InstitutionOut.model_validate(names[case.inviting_institution_id]),
                state=dossier.state,
                urgent=dossier.urgent,
                entered_at=dossier.entered_at,
                scheduled_at=case.scheduled_at,
                acts=list(waiting.acts),
                statements=list(waiting.statements),
                due_at=due[1] if due else None,
                timer=due[0] if due else "",
            )
        )
        audit.record(principal.actor, AuditAction.QUEUE_LISTED, case=case.reference)
    return found


@router.get("/calendar")
async def list_calendar(
    principal: Current,
    access: CaseAccessDep,
    session: DbSession,
    institutions: InstitutionsDep,
    since: Annotated[Instant, Query()],
    until: Annotated[Instant, Query()],
) -> list[CalendarEntryOut]:
    """Operations and team meetings of the cases that the caller knows, from ``since`` to before ``until``."""
    query = CaseQuery(since=since, until=until, limit=_ENTRIES)
    names = {one.id: one for one in await institutions.visible_to(principal.institution_id)}

    def entry(kind: Occasion, at: datetime, case: Case) -> CalendarEntryOut:
        return CalendarEntryOut(
            kind=kind,
            at=at,
            case_id=case.id,
            number=case.number,
            technique=case.technique,
            case_state=case.state,
            patient=_patient(case, principal),
            inviting=InstitutionOut.model_validate(names[case.inviting_institution_id]),
        )

    views = await access.page(principal, Permission.CASE_READ, query)
    found = [entry(Occasion.OPERATION, view.case.scheduled_at, view.case) for view in views]
    queued, _ = await SqlQueue(session).page(principal, QueueQuery(states=_MEETING_STATES, limit=_ENTRIES))
    cases = {one.case.id: one.case for one in queued}
    found += [
        entry(Occasion.MEETING, meeting.scheduled_at, cases[meeting.case_id])
        for meeting in await SqlMeetings(session).of_cases(list(cases))
        if meeting.conclusion is None and since <= meeting.scheduled_at < until
    ]
    return sorted(found, key=lambda one: (one.at, one.number))
