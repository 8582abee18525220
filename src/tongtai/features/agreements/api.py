"""HTTP: agreements between institutions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current, prove_again, require
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.agreements.schemas import (
    AgreementChange,
    AgreementIn,
    AgreementOut,
    EndIn,
    SignatureIn,
)
from tongtai.features.agreements.service import AgreementService
from tongtai.features.agreements.sql import SqlAgreements
from tongtai.features.audit.api import audit_log
from tongtai.features.institutions.api import institution_service
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/agreements", tags=["agreements"])
Manager = Annotated[Principal, Depends(require(Permission.AGREEMENT_MANAGE))]


def agreement_service(container: Container, session: AsyncSession) -> AgreementService:
    """The use cases of agreements within this transaction."""
    return AgreementService(
        store=SqlAgreements(session),
        institutions=institution_service(session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> AgreementService:
    return agreement_service(container, session)


AgreementsDep = Annotated[AgreementService, Depends(_request_service)]


@router.get("")
async def list_agreements(
    principal: Current, agreements: AgreementsDep, container: ContainerDep
) -> list[AgreementOut]:
    """The agreements of the caller's institution, the newest first."""
    today = container.clock.now().date()
    return [AgreementOut.of(found, today) for found in await agreements.listed(principal)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_agreement(
    body: AgreementIn, manager: Manager, agreements: AgreementsDep, container: ContainerDep
) -> AgreementOut:
    """Draw an agreement up; the caller's institution is a party to it."""
    made = await agreements.draw_up(manager, body.model())
    return AgreementOut.of(made, container.clock.now().date())


@router.get("/{agreement_id}")
async def get_agreement(
    agreement_id: str, principal: Current, agreements: AgreementsDep, container: ContainerDep
) -> AgreementOut:
    """One agreement of the caller's institution."""
    found = await agreements.get(principal, agreement_id)
    return AgreementOut.of(found, container.clock.now().date())


@router.put("/{agreement_id}")
async def change_agreement(
    agreement_id: str,
    body: AgreementChange,
    manager: Manager,
    agreements: AgreementsDep,
    container: ContainerDep,
) -> AgreementOut:
    """Change the text while nobody has signed it."""
    changed = await agreements.change(manager, agreement_id, body.model(), version=body.version)
    return AgreementOut.of(changed, container.clock.now().date())


@router.post("/{agreement_id}/sign")
async def sign_agreement(
    agreement_id: str,
    body: SignatureIn,
    request: Request,
    manager: Manager,
    agreements: AgreementsDep,
    container: ContainerDep,
    session: DbSession,
) -> AgreementOut:
    """Sign for the caller's institution; in force once every party has signed."""
    await prove_again(request, container, session, manager, body.password)
    signed = await agreements.sign(manager, agreement_id, version=body.version)
    return AgreementOut.of(signed, container.clock.now().date())


@router.post("/{agreement_id}/end")
async def end_agreement(
    agreement_id: str, body: EndIn, manager: Manager, agreements: AgreementsDep, container: ContainerDep
) -> AgreementOut:
    """End an agreement; running cases finish, new ones are refused."""
    ended = await agreements.end(manager, agreement_id, reason=body.reason, version=body.version)
    return AgreementOut.of(ended, container.clock.now().date())
