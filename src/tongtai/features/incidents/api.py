"""HTTP: incidents of one's own institution."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from tongtai.features.accounts.api import Current
from tongtai.features.audit.api import AuditDep
from tongtai.features.incidents.schemas import (
    IncidentActIn,
    IncidentFileOut,
    IncidentOut,
    IncidentReportIn,
)
from tongtai.features.incidents.service import IncidentService
from tongtai.features.incidents.sql import SqlIncidents
from tongtai.formats.record_forms import packaged_record_form
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/incidents", tags=["incidents"])


async def _service(container: ContainerDep, session: DbSession, audit: AuditDep) -> IncidentService:
    return IncidentService(
        store=SqlIncidents(session),
        audit=audit,
        clock=container.clock,
        new_id=new_id,
        form=packaged_record_form("incident"),
    )


IncidentsDep = Annotated[IncidentService, Depends(_service)]


@router.get("")
async def list_incidents(principal: Current, incidents: IncidentsDep) -> list[IncidentOut]:
    """The incidents of the caller's institution, or those that the caller has reported, the newest first."""
    return [IncidentOut.of(one) for one in await incidents.listed(principal)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def report_incident(body: IncidentReportIn, principal: Current, incidents: IncidentsDep) -> IncidentOut:
    """Report an incident: everybody who is signed in may."""
    return IncidentOut.of(await incidents.report(principal, body.values))


@router.get("/{incident_id}")
async def read_incident(incident_id: str, principal: Current, incidents: IncidentsDep) -> IncidentFileOut:
    """One incident, what can be done about it, and what was done."""
    incident, events = await incidents.read(principal, incident_id)
    return IncidentFileOut.of(incident, events, incidents.form)


@router.post("/{incident_id}/acts")
async def act_on_incident(
    incident_id: str, body: IncidentActIn, principal: Current, incidents: IncidentsDep
) -> IncidentOut:
    """Do something about an incident."""
    changed = await incidents.act(
        principal,
        incident_id,
        body.act,
        version=body.version,
        text=body.text,
        done_at=body.done_at,
        values=body.values,
    )
    return IncidentOut.of(changed)
