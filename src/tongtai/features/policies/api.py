"""HTTP: the rules that an institution sets for itself."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import require
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.api import audit_log
from tongtai.features.institutions.api import InstitutionsDep
from tongtai.features.policies.model import PolicyKey
from tongtai.features.policies.schemas import PolicyIn, PolicyOut
from tongtai.features.policies.service import PolicyService
from tongtai.features.policies.sql import SqlPolicies
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/policies", tags=["policies"])
Manager = Annotated[Principal, Depends(require(Permission.QUALIFICATION_MANAGE))]


def policy_service(container: Container, session: AsyncSession) -> PolicyService:
    """The use cases of house rules within this transaction."""
    return PolicyService(
        store=SqlPolicies(session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> PolicyService:
    return policy_service(container, session)


PoliciesDep = Annotated[PolicyService, Depends(_request_service)]


@router.get("")
async def list_policies(
    manager: Manager, policies: PoliciesDep, institutions: InstitutionsDep
) -> list[PolicyOut]:
    """The rules that the caller's institution decides, as they hold, with every setting."""
    own = await institutions.get(manager.institution_id)
    return PolicyOut.all_of(own.kind, await policies.listed(manager))


@router.put("/{key}")
async def set_policy(
    key: PolicyKey, body: PolicyIn, manager: Manager, policies: PoliciesDep, institutions: InstitutionsDep
) -> list[PolicyOut]:
    """Set a rule anew; returns all of them."""
    own = await institutions.get(manager.institution_id)
    await policies.set(manager, own.kind, key, value=body.value, reason=body.reason, number=body.number)
    return PolicyOut.all_of(own.kind, await policies.listed(manager))
