"""HTTP: administering users."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from tongtai.features.accounts.api.identity import Current, account_service, require, revocations
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.accounts.schemas import (
    NewUserOut,
    PasswordOut,
    UserChangeIn,
    UserIn,
    UserOut,
)
from tongtai.features.accounts.service import NewUser, UserChange
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.audit.api import AuditDep
from tongtai.features.audit.model import AuditAction
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/users", tags=["users"])
Administrator = Annotated[Principal, Depends(require(Permission.USER_MANAGE))]
_SEES_USERS = frozenset({Permission.USER_MANAGE, Permission.CASE_TEAM, Permission.QUALIFICATION_MANAGE})


@router.get("")
async def list_users(principal: Current, session: DbSession, audit: AuditDep) -> list[UserOut]:
    """The users of one's own institution, for administrators, those who make up teams, and those who record qualifications."""
    if not principal.permissions & _SEES_USERS:
        await audit.record_denied(principal.actor, AuditAction.ACCESS_DENIED, subject="GET /api/users")
        raise ForbiddenError(permission=Permission.USER_MANAGE.value)
    users = await SqlUsers(session).of_institution(principal.institution_id)
    return [UserOut.of(user) for user in users]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_user(
    body: UserIn, principal: Administrator, container: ContainerDep, session: DbSession
) -> NewUserOut:
    """Make a user; the answer holds the first password, which must be changed at sign-in."""
    service = account_service(container, session)
    new = NewUser(
        login=body.login,
        display_name=body.display_name,
        display_name_en=body.display_name_en,
        institution_id=body.institution_id or principal.institution_id,
        roles=frozenset(body.roles),
        language=body.language,
    )
    await service.allow_creation(principal, new)
    user, password = await service.create(new, by=principal.actor)
    return NewUserOut(user=UserOut.of(user), password=password)


@router.patch("/{user_id}")
async def change_user(
    user_id: str, body: UserChangeIn, principal: Administrator, container: ContainerDep
) -> UserOut:
    """Change a user. Rights that are taken away end the user's sessions at once."""
    async with container.database.transaction() as session:
        service = account_service(container, session, tells=True)
        await service.managed_by(principal, user_id)
        change = UserChange(
            display_name=body.display_name,
            display_name_en=body.display_name_en,
            roles=frozenset(body.roles) if body.roles is not None else None,
            active=body.active,
            language=body.language,
        )
        user = await service.change(user_id, change, by=principal.actor)
    await revocations(container).tell(user_id)
    return UserOut.of(user)


@router.post("/{user_id}/revoke", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_user(user_id: str, principal: Administrator, container: ContainerDep) -> None:
    """Shut a user out at once: sessions, event streams and live rooms."""
    async with container.database.transaction() as session:
        service = account_service(container, session, tells=True)
        await service.managed_by(principal, user_id)
        await service.revoke(user_id, by=principal.actor)
    await revocations(container).tell(user_id)


@router.post("/{user_id}/reset-password")
async def reset_password(user_id: str, principal: Administrator, container: ContainerDep) -> PasswordOut:
    """Give a user a new password, to be changed at sign-in; they are out of everything at once."""
    async with container.database.transaction() as session:
        service = account_service(container, session, tells=True)
        await service.managed_by(principal, user_id)
        password = await service.reset_password(user_id, by=principal.actor)
    await revocations(container).tell(user_id)
    return PasswordOut(password=password)
