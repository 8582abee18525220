"""HTTP: signing in and out, the password, the second factor."""

from fastapi import APIRouter, Request, Response, status

from tongtai.features.accounts.api.identity import (
    COOKIE,
    SignedIn,
    SignedInSession,
    authentication,
    csrf_token,
)
from tongtai.features.accounts.model import SESSION_LIFETIME, permissions_of
from tongtai.features.accounts.schemas import (
    CodeIn,
    LoginIn,
    Me,
    PasswordChangeIn,
    PasswordIn,
    SecondFactorStart,
    UserOut,
)
from tongtai.features.institutions.api import InstitutionsDep
from tongtai.features.institutions.schemas import InstitutionOut
from tongtai.features.institutions.service import InstitutionService
from tongtai.infra.container import Container
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post("/login")
async def login(
    body: LoginIn,
    request: Request,
    response: Response,
    container: ContainerDep,
    session: DbSession,
    institutions: InstitutionsDep,
) -> Me:
    """Sign in: sets the session cookie."""
    service = authentication(container, session)
    _, token = await service.sign_in(
        login=body.login, password=body.password, code=body.totp, address=_address(request)
    )
    principal, user, web_session = await service.principal_of(token)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        secure=_secure(container),
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"
    return await _me(
        SignedInSession(
            principal=principal,
            user=user,
            csrf_token=csrf_token(container, token),
            expires_at=web_session.expires_at,
        ),
        institutions,
    )


@router.get("/me")
async def me(signed_in: SignedIn, institutions: InstitutionsDep) -> Me:
    """Who is signed in, what they may do, and the CSRF token."""
    return await _me(signed_in, institutions)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def logout(
    signed_in: SignedIn, response: Response, container: ContainerDep, session: DbSession
) -> None:
    """Sign out: ends the session and removes the cookie."""
    await authentication(container, session).sign_out(signed_in.principal)
    response.delete_cookie(COOKIE, path="/", secure=_secure(container), httponly=True, samesite="strict")


@router.post("/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    body: PasswordChangeIn,
    request: Request,
    signed_in: SignedIn,
    container: ContainerDep,
    session: DbSession,
) -> None:
    """Change one's own password; other browsers are signed out."""
    await authentication(container, session).change_password(
        signed_in.principal, current=body.current, new=body.new, address=_address(request)
    )


@router.post("/totp/start")
async def start_totp(signed_in: SignedIn, container: ContainerDep, session: DbSession) -> SecondFactorStart:
    """Begin to switch the second factor on."""
    service = authentication(container, session)
    secret, uri, qr_svg = await service.start_second_factor(signed_in.principal)
    return SecondFactorStart(secret=secret, uri=uri, qr_svg=qr_svg)


@router.post("/totp/confirm", status_code=status.HTTP_204_NO_CONTENT)
async def confirm_totp(
    body: CodeIn, signed_in: SignedIn, container: ContainerDep, session: DbSession
) -> None:
    """Switch the second factor on with the app's first code."""
    service = authentication(container, session)
    await service.confirm_second_factor(signed_in.principal, body.code)


@router.delete("/totp", status_code=status.HTTP_204_NO_CONTENT)
async def stop_totp(
    body: PasswordIn,
    request: Request,
    signed_in: SignedIn,
    container: ContainerDep,
    session: DbSession,
) -> None:
    """Switch the second factor off."""
    await authentication(container, session).stop_second_factor(
        signed_in.principal, password=body.password, address=_address(request)
    )


async def _me(signed_in: SignedInSession, institutions: InstitutionService) -> Me:
    user = signed_in.user
    return Me(
        user=UserOut.of(user),
        institution=InstitutionOut.model_validate(await institutions.get(user.institution_id)),
        permissions=sorted(permissions_of(user.roles)),
        csrf_token=signed_in.csrf_token,
        session_expires_at=signed_in.expires_at,
    )


def _address(request: Request) -> str:
    return request.client.host[:64] if request.client else "unknown"


def _secure(container: Container) -> bool:
    settings = container.settings
    return settings.cookie_secure or settings.effective_public_url.startswith("https:")
