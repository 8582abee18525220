"""HTTP: what experts say of themselves, and when they are away. The library itself is above cases, which it counts."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.audit.api import AuditDep
from tongtai.features.experts.model import ExpertProfile
from tongtai.features.experts.schemas import ExpertProfileIn, LeaveIn, LeaveOut
from tongtai.features.experts.service import ExpertService
from tongtai.features.experts.sql import SqlExperts
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/experts", tags=["experts"])


async def _service(container: ContainerDep, session: DbSession, audit: AuditDep) -> ExpertService:
    return ExpertService(
        store=SqlExperts(session),
        users=SqlUsers(session),
        audit=audit,
        clock=container.clock,
        new_id=new_id,
    )


ExpertsDep = Annotated[ExpertService, Depends(_service)]


@router.put("/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
async def describe_expert(
    user_id: str, body: ExpertProfileIn, principal: Current, experts: ExpertsDep
) -> None:
    """Write the caller's entry, or that of somebody of the caller's institution."""
    profile = ExpertProfile(
        user_id=user_id,
        title=body.title,
        specialties=tuple(body.specialties),
        languages=tuple(body.languages),
    )
    await experts.describe(principal, profile)


@router.post("/{user_id}/leaves", status_code=status.HTTP_201_CREATED)
async def take_leave(user_id: str, body: LeaveIn, principal: Current, experts: ExpertsDep) -> LeaveOut:
    """Write down when somebody is away: they cannot be put into the team of an operation then."""
    leave = await experts.leave(principal, user_id, since=body.since, until=body.until, reason=body.reason)
    return LeaveOut.model_validate(leave)


@router.delete("/{user_id}/leaves/{leave_id}", status_code=status.HTTP_204_NO_CONTENT)
async def end_leave(user_id: str, leave_id: str, principal: Current, experts: ExpertsDep) -> None:
    """Take a leave back."""
    await experts.come_back(principal, user_id, leave_id)
