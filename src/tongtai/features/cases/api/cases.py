"""HTTP: cases, and the gate to a case for the features above."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.audit.api import audit_log
from tongtai.features.cases.schemas import CaseChange, CaseIn, CaseOut, TeamIn
from tongtai.features.cases.service import CaseAccess, CaseService, NewCase
from tongtai.features.cases.sql import SqlCases
from tongtai.features.experts.sql import SqlExperts
from tongtai.features.institutions.api import institution_service
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases", tags=["cases"])


def case_access(container: Container, session: AsyncSession) -> CaseAccess:
    """The gate to cases within this transaction."""
    return CaseAccess(
        cases=SqlCases(session),
        users=SqlUsers(session),
        institutions=institution_service(session),
        audit=audit_log(container, session),
    )


def case_service(container: Container, session: AsyncSession) -> CaseService:
    """The use cases of cases within this transaction."""
    return CaseService(
        cases=SqlCases(session),
        users=SqlUsers(session),
        leaves=SqlExperts(session),
        institutions=institution_service(session),
        access=case_access(container, session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_access(container: ContainerDep, session: DbSession) -> CaseAccess:
    return case_access(container, session)


async def _request_service(container: ContainerDep, session: DbSession) -> CaseService:
    return case_service(container, session)


CaseAccessDep = Annotated[CaseAccess, Depends(_request_access)]
CasesDep = Annotated[CaseService, Depends(_request_service)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_case(body: CaseIn, principal: Current, cases: CasesDep) -> CaseOut:
    """Open a case of the caller's hospital."""
    new = NewCase(
        technique=body.technique,
        lesion=body.lesion,
        patient=body.patient.model(),
        disclosure=body.disclosure,
        inviting_institution_id=principal.institution_id,
        invited_institution_id=body.invited_institution_id,
        operating_room_id=body.operating_room_id,
        scheduled_at=body.scheduled_at,
        team=tuple(member.model() for member in body.team),
    )
    return CaseOut.of(await cases.open_by(principal, new))


@router.get("/{case_id}")
async def get_case(case_id: str, principal: Current, access: CaseAccessDep) -> CaseOut:
    """One case, as the caller may see it."""
    return CaseOut.of(await access.require(principal, case_id, Permission.CASE_READ))


@router.patch("/{case_id}")
async def change_case(case_id: str, body: CaseChange, principal: Current, cases: CasesDep) -> CaseOut:
    """Change a case; the site changes what is its own, the centre the time."""
    view = await cases.change(principal, case_id, body.fields(), version=body.version)
    return CaseOut.of(view)


@router.put("/{case_id}/team")
async def change_team(case_id: str, body: TeamIn, principal: Current, cases: CasesDep) -> CaseOut:
    """Replace the caller's side of the team."""
    team = [member.model() for member in body.team]
    return CaseOut.of(await cases.change_team(principal, case_id, team))
