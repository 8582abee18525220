"""HTTP: institutions and operating rooms."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from tongtai.features.accounts.api.identity import Current, require
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.api import AuditDep
from tongtai.features.audit.model import AuditAction
from tongtai.features.institutions.api import InstitutionsDep
from tongtai.features.institutions.errors import InstitutionNotFoundError
from tongtai.features.institutions.model import HOME_COUNTRY, InstitutionKind
from tongtai.features.institutions.schemas import (
    InstitutionChange,
    InstitutionIn,
    InstitutionOut,
    OperatingRoomIn,
    OperatingRoomOut,
)

router = APIRouter(prefix="/api", tags=["institutions"])
Administrator = Annotated[Principal, Depends(require(Permission.INSTITUTION_MANAGE))]


@router.get("/institutions")
async def list_institutions(principal: Current, institutions: InstitutionsDep) -> list[InstitutionOut]:
    """A hospital sees itself and the expert centres; a centre sees all."""
    visible = await institutions.visible_to(principal.institution_id)
    return [InstitutionOut.model_validate(institution) for institution in visible]


@router.post("/institutions", status_code=status.HTTP_201_CREATED)
async def create_institution(
    body: InstitutionIn, principal: Administrator, institutions: InstitutionsDep, audit: AuditDep
) -> InstitutionOut:
    """Add an institution; only the expert centre, which runs the installation."""
    own = await institutions.get(principal.institution_id)
    if own.kind is not InstitutionKind.INVITED:
        await audit.record_denied(principal.actor, AuditAction.INSTITUTION_CREATED)
        raise ForbiddenError(reason="other_institution")
    made = await institutions.create(
        name=body.name, name_en=body.name_en, kind=body.kind, country=body.country or HOME_COUNTRY
    )
    audit.record(principal.actor, AuditAction.INSTITUTION_CREATED, subject=made.id)
    return InstitutionOut.model_validate(made)


@router.patch("/institutions/{institution_id}")
async def change_institution(
    institution_id: str,
    body: InstitutionChange,
    principal: Administrator,
    institutions: InstitutionsDep,
    audit: AuditDep,
) -> InstitutionOut:
    """Rename one's own institution."""
    if institution_id != principal.institution_id:
        await audit.record_denied(
            principal.actor, AuditAction.INSTITUTION_CHANGED, subject=institution_id[:64]
        )
        raise InstitutionNotFoundError(institution_id=institution_id)
    changed = await institutions.rename(institution_id, name=body.name, name_en=body.name_en)
    audit.record(principal.actor, AuditAction.INSTITUTION_CHANGED, subject=institution_id)
    return InstitutionOut.model_validate(changed)


@router.get("/operating-rooms")
async def list_operating_rooms(principal: Current, institutions: InstitutionsDep) -> list[OperatingRoomOut]:
    """A hospital sees its own operating rooms; a centre sees all."""
    rooms = await institutions.rooms_visible_to(principal.institution_id)
    return [OperatingRoomOut.model_validate(room) for room in rooms]


@router.post("/operating-rooms", status_code=status.HTTP_201_CREATED)
async def create_operating_room(
    body: OperatingRoomIn, principal: Administrator, institutions: InstitutionsDep, audit: AuditDep
) -> OperatingRoomOut:
    """Add an operating room to one's own hospital."""
    institution_id = body.institution_id or principal.institution_id
    if institution_id != principal.institution_id:
        await audit.record_denied(
            principal.actor, AuditAction.OPERATING_ROOM_CREATED, subject=institution_id[:64]
        )
        raise InstitutionNotFoundError(institution_id=institution_id)
    room = await institutions.create_room(institution_id=institution_id, name=body.name, name_en=body.name_en)
    audit.record(principal.actor, AuditAction.OPERATING_ROOM_CREATED, subject=room.id)
    return OperatingRoomOut.model_validate(room)
