"""HTTP: the consents of a case. Withdrawal is in ``features.workflow.api``: it moves the case too."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current
from tongtai.features.audit.api import audit_log
from tongtai.features.cases.api import case_access, case_service
from tongtai.features.consents.schemas import ConsentIn, ConsentOut, ConsentsOut
from tongtai.features.consents.service import ConsentService
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.institutions.api import institution_service
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}/consents", tags=["consents"])


def consent_service(container: Container, session: AsyncSession) -> ConsentService:
    """The use cases of consents within this transaction."""
    return ConsentService(
        store=SqlConsents(session),
        access=case_access(container, session),
        cases=case_service(container, session),
        institutions=institution_service(session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> ConsentService:
    return consent_service(container, session)


ConsentsDep = Annotated[ConsentService, Depends(_request_service)]


@router.get("")
async def list_consents(
    case_id: str, principal: Current, consents: ConsentsDep, container: ContainerDep
) -> ConsentsOut:
    """What the patient has consented to, and what was withdrawn."""
    view, found = await consents.listed(principal, case_id)
    day = container.clock.now().date()
    return ConsentsOut(consents=[ConsentOut.of(one, view, day) for one in found])


@router.post("", status_code=status.HTTP_201_CREATED)
async def sign_consent(
    case_id: str, body: ConsentIn, principal: Current, consents: ConsentsDep, container: ContainerDep
) -> ConsentsOut:
    """Write down what was signed before the caller."""
    view, found = await consents.sign(principal, case_id, body.model())
    day = container.clock.now().date()
    return ConsentsOut(consents=[ConsentOut.of(one, view, day) for one in found])
