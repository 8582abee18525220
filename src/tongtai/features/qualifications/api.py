"""HTTP: what an institution and its people are licensed, registered and trained for."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import require
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.audit.api import audit_log
from tongtai.features.qualifications.schemas import QualificationIn, QualificationOut
from tongtai.features.qualifications.service import QualificationService
from tongtai.features.qualifications.sql import SqlQualifications
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/qualifications", tags=["qualifications"])
Manager = Annotated[Principal, Depends(require(Permission.QUALIFICATION_MANAGE))]


def qualification_service(container: Container, session: AsyncSession) -> QualificationService:
    """The use cases of qualifications within this transaction."""
    return QualificationService(
        store=SqlQualifications(session),
        users=SqlUsers(session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> QualificationService:
    return qualification_service(container, session)


QualificationsDep = Annotated[QualificationService, Depends(_request_service)]


@router.get("")
async def list_qualifications(manager: Manager, qualifications: QualificationsDep) -> list[QualificationOut]:
    """Everything about the caller's institution and its people."""
    return [QualificationOut.model_validate(one) for one in await qualifications.listed(manager)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def record_qualification(
    body: QualificationIn, manager: Manager, qualifications: QualificationsDep
) -> QualificationOut:
    """Write a piece of evidence down."""
    return QualificationOut.model_validate(await qualifications.record(manager, body.model()))


@router.post("/{qualification_id}/revoke")
async def revoke_qualification(
    qualification_id: str, manager: Manager, qualifications: QualificationsDep
) -> QualificationOut:
    """Say that a piece of evidence no longer holds."""
    return QualificationOut.model_validate(await qualifications.revoke(manager, qualification_id))
