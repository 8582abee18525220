"""Use cases: administering users."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import (
    ForbiddenError,
    LoginTakenError,
    PasswordTooWeakError,
    RoleNotOfThisSideError,
    UserNotFoundError,
)
from tongtai.features.accounts.model import (
    ROLES_OF,
    Credentials,
    Principal,
    Role,
    User,
    password_weakness,
)
from tongtai.features.accounts.ports import (
    NoticeStore,
    PasswordHasher,
    SessionStore,
    UserStore,
)
from tongtai.features.audit.model import SYSTEM, Actor, AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.institutions.model import InstitutionKind
from tongtai.features.institutions.service import InstitutionService


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """What is needed to make a user."""

    login: str
    display_name: str
    display_name_en: str
    institution_id: str
    roles: frozenset[Role]
    language: str = "zh-CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What to change of a user; ``None`` leaves it as it is."""

    display_name: str | None = None
    display_name_en: str | None = None
    roles: frozenset[Role] | None = None
    active: bool | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountService:
    """Users, as their administrator or the command line sees them.

    An administrator manages the users of their own institution. The expert centre runs the
    installation, so its administrator also makes the first administrator of a hospital, and nobody
    else there.

    Whatever takes a right away ends the user's sessions and leaves a notice for the running servers,
    which drop the user's streams and rooms: ``notice_after`` later, unless the caller tells it first.
    """

    users: UserStore
    sessions: SessionStore
    notices: NoticeStore
    notice_after: timedelta
    institutions: InstitutionService
    audit: AuditLog
    passwords: PasswordHasher
    clock: Clock
    new_id: Callable[[str], str]
    new_password: Callable[[], str]

    async def get(self, user_id: str) -> User:
        """One user.

        Raises
        ------
        UserNotFoundError
            If there is none.
        """
        user = await self.users.find(user_id)
        if user is None:
            raise UserNotFoundError(user_id=user_id)
        return user

    async def get_by_login(self, login: str) -> User:
        """The user with this login name.

        Raises
        ------
        UserNotFoundError
            If there is none.
        """
        user = await self.users.find_by_login(login)
        if user is None:
            raise UserNotFoundError(login=login)
        return user

    async def managed_by(self, principal: Principal, user_id: str) -> User:
        """A user whom this administrator manages; anybody else does not exist for them."""
        user = await self.get(user_id)
        if user.institution_id != principal.institution_id:
            raise UserNotFoundError(user_id=user_id)
        return user

    async def allow_creation(self, principal: Principal, new: NewUser) -> None:
        """Refuse a user whom this administrator may not make.

        Raises
        ------
        ForbiddenError
            If the institution is another's, except for a centre founding an administrator.
        """
        if new.institution_id == principal.institution_id:
            return
        own = await self.institutions.get(principal.institution_id)
        if own.kind is not InstitutionKind.INVITED or new.roles != {Role.ADMINISTRATOR}:
            raise ForbiddenError(reason="other_institution")

    async def create(
        self, new: NewUser, *, password: str | None = None, by: Actor = SYSTEM
    ) -> tuple[User, str]:
        """Make a user; return it with its password.

        Parameters
        ----------
        password : str, optional
            Default is a new random one, to be changed at the first sign-in.
        """
        institution = await self.institutions.get(new.institution_id)
        _check_roles(new.roles, institution.kind)
        if await self.users.find_by_login(new.login):
            raise LoginTakenError(login=new.login)
        if password is not None:
            refuse_weak(password, new.login)
        chosen = password or self.new_password()
        user = User(
            id=self.new_id("user"),
            login=new.login,
            display_name=new.display_name,
            display_name_en=new.display_name_en,
            institution_id=new.institution_id,
            roles=new.roles,
            active=True,
            must_change_password=password is None,
            totp_enabled=False,
            language=new.language,
        )
        credentials = Credentials(password_hash=await self.passwords.hash(chosen))
        await self.users.add(user, credentials, self.clock.now())
        self.audit.record(by, AuditAction.USER_CREATED, subject=user.id, roles=sorted(new.roles))
        return user, chosen

    async def change(self, user_id: str, change: UserChange, *, by: Actor = SYSTEM) -> User:
        """Change a user. Rights that are taken away end the user's sessions."""
        user = await self.get(user_id)
        if change.roles is not None:
            institution = await self.institutions.get(user.institution_id)
            _check_roles(change.roles, institution.kind)
        given = {
            name: value
            for name in ("display_name", "display_name_en", "roles", "active", "language")
            if (value := getattr(change, name)) is not None
        }
        changed = replace(user, **given)
        await self.users.save(changed)
        if user.roles - changed.roles or (user.active and not changed.active):
            await self._shut_out(user_id)
        self.audit.record(by, AuditAction.USER_CHANGED, subject=user_id, fields=sorted(given))
        return changed

    async def revoke(self, user_id: str, *, by: Actor = SYSTEM) -> None:
        """Make a user inactive and end every session."""
        user = await self.get(user_id)
        await self.users.save(replace(user, active=False))
        ended = await self._shut_out(user_id)
        self.audit.record(by, AuditAction.USER_REVOKED, subject=user_id, sessions=ended)

    async def reset_password(self, user_id: str, *, by: Actor = SYSTEM) -> str:
        """Give a new random password, to be changed at the next sign-in; end every session."""
        user = await self.get(user_id)
        password = self.new_password()
        credentials = await self.users.credentials(user_id)
        fresh = replace(credentials, password_hash=await self.passwords.hash(password))
        await self.users.save_credentials(user_id, fresh)
        await self.users.save(replace(user, must_change_password=True))
        await self._shut_out(user_id)
        self.audit.record(by, AuditAction.PASSWORD_RESET, subject=user_id)
        return password

    async def _shut_out(self, user_id: str) -> int:
        ended = await self.sessions.remove_of_user(user_id)
        await self.notices.add(user_id, due_at=self.clock.now() + self.notice_after)
        return ended


def refuse_weak(password: str, login: str) -> None:
    """Refuse a password that is too easy to guess.

    Raises
    ------
    PasswordTooWeakError
        With the reason's code.
    """
    weakness = password_weakness(password, login)
    if weakness:
        raise PasswordTooWeakError(reason=weakness)


def _check_roles(roles: frozenset[Role], kind: InstitutionKind) -> None:
    wrong = sorted(roles - ROLES_OF[kind])
    if wrong:
        raise RoleNotOfThisSideError(roles=wrong, kind=kind.value)
