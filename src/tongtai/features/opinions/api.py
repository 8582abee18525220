"""HTTP: opinions and decisions. Writing an opinion is in ``features.workflow.api``: its service type is the case's."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current, prove_again
from tongtai.features.accounts.model import Permission
from tongtai.features.audit.api import audit_log
from tongtai.features.cases.api import CaseAccessDep, case_access
from tongtai.features.opinions.schemas import (
    DecisionIn,
    DecisionOut,
    OpinionChange,
    OpinionOut,
    OpinionSignatureIn,
    OpinionsOut,
)
from tongtai.features.opinions.service import OpinionService
from tongtai.features.opinions.sql import SqlOpinions
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}", tags=["opinions"])


def opinion_service(container: Container, session: AsyncSession) -> OpinionService:
    """The use cases of opinions within this transaction."""
    return OpinionService(
        store=SqlOpinions(session),
        access=case_access(container, session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> OpinionService:
    return opinion_service(container, session)


OpinionsDep = Annotated[OpinionService, Depends(_request_service)]


async def inviting_of(access: CaseAccessDep, case_id: str) -> str:
    """The inviting institution of a case that the caller has been let through to."""
    case = await access.cases.find(case_id)
    return case.inviting_institution_id if case else ""


InvitingDep = Annotated[str, Depends(inviting_of)]


@router.get("/opinions")
async def list_opinions(
    case_id: str, principal: Current, opinions: OpinionsDep, inviting_id: InvitingDep
) -> OpinionsOut:
    """Opinions and decisions of a case, the newest first."""
    found, decisions = await opinions.listed(principal, case_id)
    return OpinionsOut(
        opinions=[OpinionOut.of(one, inviting_id) for one in found],
        decisions=[DecisionOut.of(one) for one in decisions],
    )


@router.put("/opinions/{opinion_id}")
async def change_opinion(
    case_id: str,
    opinion_id: str,
    body: OpinionChange,
    principal: Current,
    opinions: OpinionsDep,
    inviting_id: InvitingDep,
) -> OpinionOut:
    """Change a draft that nobody has signed."""
    changed = await opinions.change(
        principal,
        case_id,
        opinion_id,
        parts=body.parts,
        experts=body.experts,
        version=body.version,
    )
    return OpinionOut.of(changed, inviting_id)


@router.post("/opinions/{opinion_id}/sign")
async def sign_opinion(
    case_id: str,
    opinion_id: str,
    body: OpinionSignatureIn,
    request: Request,
    principal: Current,
    opinions: OpinionsDep,
    inviting_id: InvitingDep,
    container: ContainerDep,
    session: DbSession,
) -> OpinionOut:
    """Sign as a named expert; a diagnosis is also signed by a physician of the inviting side."""
    await opinions.access.require(principal, case_id, Permission.CASE_READ, audited=False)
    await prove_again(request, container, session, principal, body.password)
    return OpinionOut.of(await opinions.sign(principal, case_id, opinion_id), inviting_id)


@router.post("/decisions", status_code=status.HTTP_201_CREATED)
async def decide(
    case_id: str,
    body: DecisionIn,
    request: Request,
    principal: Current,
    opinions: OpinionsDep,
    container: ContainerDep,
    session: DbSession,
) -> DecisionOut:
    """Decide on an issued opinion, and sign the decision."""
    await opinions.access.require(principal, case_id, Permission.CASE_READ, audited=False)
    await prove_again(request, container, session, principal, body.password)
    decision = await opinions.decide(
        principal,
        case_id,
        opinion_id=body.opinion_id,
        outcome=body.outcome,
        reason=body.reason,
        operates=body.operates,
    )
    return DecisionOut.of(decision)
