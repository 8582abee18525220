"""Who makes the request, and whether their role allows it."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request, WebSocket
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from tongtai.features.accounts.errors import (
    CsrfRefusedError,
    ForbiddenError,
    NotSignedInError,
    PasswordChangeRequiredError,
)
from tongtai.features.accounts.model import Permission, Principal, User
from tongtai.features.accounts.service import (
    TELL_GRACE,
    AccountService,
    Authentication,
    RevocationHub,
    Revocations,
)
from tongtai.features.accounts.sql import (
    SqlAttempts,
    SqlNotices,
    SqlPendingNotices,
    SqlSessions,
    SqlUsers,
)
from tongtai.features.audit.api import AuditDep, audit_log
from tongtai.features.audit.model import AuditAction
from tongtai.features.institutions.api import institution_service
from tongtai.infra.container import Container, container_of
from tongtai.infra.credentials import (
    OneTimeCodes,
    Passwords,
    Vault,
    new_password,
    new_token,
    token_hash,
)
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

COOKIE = "tongtai_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInSession:
    """The request's person with what only the account's own routes need."""

    principal: Principal
    user: User
    csrf_token: str
    expires_at: datetime


def authentication(container: Container, session: AsyncSession) -> Authentication:
    """The use cases of signing in, within this transaction."""
    return Authentication(
        users=SqlUsers(session),
        sessions=SqlSessions(session),
        attempts=SqlAttempts(container.database),
        audit=audit_log(container, session),
        passwords=container.get(Passwords),
        codes=OneTimeCodes(),
        vault=Vault(container.settings.secret("totp")),
        clock=container.clock,
        new_id=new_id,
        new_token=new_token,
        token_hash=token_hash,
    )


def account_service(container: Container, session: AsyncSession, *, tells: bool = False) -> AccountService:
    """The use cases of administering users, within this transaction.

    Parameters
    ----------
    tells : bool
        Whether the caller calls ``revocations(container).tell`` after its commit; else a running
        server notices within a second what has changed.
    """
    return AccountService(
        users=SqlUsers(session),
        sessions=SqlSessions(session),
        notices=SqlNotices(session),
        notice_after=TELL_GRACE if tells else timedelta(0),
        institutions=institution_service(session),
        audit=audit_log(container, session),
        passwords=container.get(Passwords),
        clock=container.clock,
        new_id=new_id,
        new_password=new_password,
    )


def revocations(container: Container) -> Revocations:
    """Tells everybody of a revoked user."""
    return Revocations(
        hub=container.get(RevocationHub),
        notices=SqlPendingNotices(container.database),
        clock=container.clock,
    )


def csrf_token(container: Container, session_token: str) -> str:
    """The session's CSRF token: derived, so that it need not be stored."""
    key = container.settings.secret("csrf").encode()
    return hmac.new(key, session_token.encode(), hashlib.sha256).hexdigest()


async def _identify(
    connection: HTTPConnection, container: Container, session: AsyncSession
) -> SignedInSession:
    token = connection.cookies.get(COOKIE)
    if not token:
        raise NotSignedInError
    principal, user, web_session = await authentication(container, session).principal_of(token)
    return SignedInSession(
        principal=principal,
        user=user,
        csrf_token=csrf_token(container, token),
        expires_at=web_session.expires_at,
    )


async def _signed_in(request: Request, container: ContainerDep, session: DbSession) -> SignedInSession:
    signed_in = await _identify(request, container, session)
    if request.method not in _SAFE_METHODS:
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), signed_in.csrf_token.encode()):
            raise CsrfRefusedError
    return signed_in


SignedIn = Annotated[SignedInSession, Depends(_signed_in)]


async def _current(signed_in: SignedIn) -> Principal:
    if signed_in.user.must_change_password:
        raise PasswordChangeRequiredError
    return signed_in.principal


# The person of the request, with a password of their own.
Current = Annotated[Principal, Depends(_current)]


async def principal_of_request(request: Request, container: Container, session: AsyncSession) -> Principal:
    """The same person, for a dependency that also admits somebody who is no person."""
    return await _current(await _signed_in(request, container, session))


async def prove_again(
    request: Request, container: Container, session: AsyncSession, principal: Principal, password: str
) -> None:
    """Ask for the password of who is signed in, before something is confirmed in their name.

    Raises
    ------
    PasswordWrongError
        If it is wrong.
    """
    address = request.client.host[:64] if request.client else "unknown"
    await authentication(container, session).prove(principal, password=password, address=address)


def require(permission: Permission) -> Callable[..., Awaitable[Principal]]:
    """A dependency that admits only who holds this permission by a role.

    Examples
    --------
    ``principal: Annotated[Principal, Depends(require(Permission.USER_MANAGE))]``
    """

    async def admit(request: Request, principal: Current, audit: AuditDep) -> Principal:
        if permission not in principal.permissions:
            await audit.record_denied(
                principal.actor,
                AuditAction.ACCESS_DENIED,
                subject=_route_template(request),
                permission=permission.value,
            )
            raise ForbiddenError(permission=permission.value)
        return principal

    return admit


async def principal_of_websocket(websocket: WebSocket) -> Principal:
    """Who opens this WebSocket, by its cookie; ``Origin`` is checked by the web entry point.

    Raises
    ------
    NotSignedInError
        If nobody is signed in.
    """
    container = container_of(websocket)
    async with container.database.transaction() as session:
        signed_in = await _identify(websocket, container, session)
    if signed_in.user.must_change_password:
        raise PasswordChangeRequiredError
    return signed_in.principal


def _route_template(request: Request) -> str:
    route = request.scope.get("route")
    return f"{request.method} {getattr(route, 'path', '?')}"
