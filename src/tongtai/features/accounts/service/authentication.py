"""Use cases: signing in and out, the password, and the second factor."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import (
    LoginFailedError,
    LoginLockedError,
    NotSignedInError,
    OneTimeCodeRequiredError,
    OneTimeCodeStateError,
    OneTimeCodeWrongError,
    PasswordTooWeakError,
    PasswordWrongError,
)
from tongtai.features.accounts.model import (
    SESSION_LIFETIME,
    Credentials,
    Principal,
    User,
    WebSession,
)
from tongtai.features.accounts.ports import (
    AttemptStore,
    CodeChecker,
    PasswordHasher,
    SecretBox,
    SessionStore,
    UserStore,
)
from tongtai.features.accounts.service.users import refuse_weak
from tongtai.features.audit.model import Actor, AuditAction
from tongtai.features.audit.service import AuditLog

# One person at one address gets five guesses, an address some more (a hospital shares one), and a
# login name many, so that a stranger cannot lock a guide out from afar with a few requests.
FAILURES_OF_LOGIN_AT_ADDRESS = 5
FAILURES_OF_ADDRESS = 30
FAILURES_OF_LOGIN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """Who somebody is, proved."""

    users: UserStore
    sessions: SessionStore
    attempts: AttemptStore
    audit: AuditLog
    passwords: PasswordHasher
    codes: CodeChecker
    vault: SecretBox
    clock: Clock
    new_id: Callable[[str], str]
    new_token: Callable[[], str]
    token_hash: Callable[[str], str]

    async def sign_in(
        self, *, login: str, password: str, code: str | None, address: str
    ) -> tuple[Principal, str]:
        """Begin a session; return its principal and its token.

        A wrong name, a wrong password and an inactive account answer alike and after the same time.

        Raises
        ------
        LoginLockedError
            After too many failures, whether or not the name exists.
        LoginFailedError
            If anything is wrong.
        OneTimeCodeRequiredError
            If the password is right and the second factor is on but was not given.
        """
        keys = _attempt_keys(login, address)
        await self._reserve(keys, login)
        user = await self.users.find_by_login(login)
        known = await self.users.credentials(user.id) if user else None
        right = await self.passwords.verify(known.password_hash if known else None, password)
        if not (right and user and known and user.active):
            await self._refuse_login(user, "password")
        assert user is not None and known is not None  # noqa: S101,PT018  (for the type checker)
        if known.totp_confirmed:
            if not code:
                # Not a failure, but it does not forget earlier ones either: else every guess of a
                # code could be followed by a free reset.
                await self.attempts.refund(keys)
                raise OneTimeCodeRequiredError
            if not await self._use_code(user.id, known, code):
                await self._refuse_login(user, "totp")
        await self.attempts.refund(keys, forget=next(iter(keys)))
        return await self._begin(user, address)

    async def principal_of(self, token: str) -> tuple[Principal, User, WebSession]:
        """Who holds this session token.

        Raises
        ------
        NotSignedInError
            If the session has ended or the user is inactive.
        """
        found = await self.sessions.find(self.token_hash(token))
        if found is None:
            raise NotSignedInError
        session, user = found
        if session.expires_at <= self.clock.now() or not user.active:
            raise NotSignedInError
        return _principal(user, session.id), user, session

    async def sign_out(self, principal: Principal) -> None:
        """End the session."""
        await self.sessions.remove(principal.session_id)
        self.audit.record(principal.actor, AuditAction.LOGOUT)

    async def prove(self, principal: Principal, *, password: str, address: str) -> None:
        """Prove again who one is, before something is confirmed in one's name.

        Raises
        ------
        PasswordWrongError
            If the password is wrong; LoginLockedError after too many failures.
        """
        await self._proved(principal, password, address)

    async def change_password(self, principal: Principal, *, current: str, new: str, address: str) -> None:
        """Change one's own password; every other session of the user ends.

        Raises
        ------
        PasswordWrongError
            If ``current`` is wrong.
        PasswordTooWeakError
            If ``new`` is too easy to guess or no change.
        """
        user, known = await self._proved(principal, current, address)
        if new == current:
            raise PasswordTooWeakError(reason="unchanged")
        refuse_weak(new, user.login)
        fresh = replace(known, password_hash=await self.passwords.hash(new))
        await self.users.save_credentials(user.id, fresh)
        await self.users.save(replace(user, must_change_password=False))
        ended = await self.sessions.remove_of_user(user.id, except_id=principal.session_id)
        self.audit.record(principal.actor, AuditAction.PASSWORD_CHANGED, sessions_ended=ended)

    async def start_second_factor(self, principal: Principal) -> tuple[str, str, str]:
        """Make a secret for an authenticator app; return secret, address and QR picture (SVG)."""
        user = await self._user(principal)
        known = await self.users.credentials(user.id)
        if known.totp_confirmed:
            raise OneTimeCodeStateError
        secret = self.codes.new_secret()
        fresh = replace(known, totp_sealed=self.vault.seal(secret), totp_last_step=0)
        await self.users.save_credentials(user.id, fresh)
        uri = self.codes.uri(secret, user.login)
        return secret, uri, self.codes.qr_svg(uri)

    async def confirm_second_factor(self, principal: Principal, code: str) -> None:
        """Switch the second factor on, once the app has shown a right code.

        Raises
        ------
        OneTimeCodeWrongError
            If it has not.
        """
        known = await self.users.credentials(principal.user_id)
        if known.totp_confirmed or known.totp_sealed is None:
            raise OneTimeCodeStateError
        step = self._step(known, code)
        if step is None:
            raise OneTimeCodeWrongError
        fresh = replace(known, totp_confirmed=True, totp_last_step=step)
        await self.users.save_credentials(principal.user_id, fresh)
        self.audit.record(principal.actor, AuditAction.TOTP_ENABLED)

    async def stop_second_factor(self, principal: Principal, *, password: str, address: str) -> None:
        """Switch the second factor off; the password proves who asks."""
        user, known = await self._proved(principal, password, address)
        fresh = replace(known, totp_sealed=None, totp_confirmed=False, totp_last_step=0)
        await self.users.save_credentials(user.id, fresh)
        self.audit.record(principal.actor, AuditAction.TOTP_DISABLED)

    async def _begin(self, user: User, address: str) -> tuple[Principal, str]:
        now = self.clock.now()
        token = self.new_token()
        session = WebSession(
            id=self.new_id("web"),
            token_hash=self.token_hash(token),
            user_id=user.id,
            created_at=now,
            expires_at=now + SESSION_LIFETIME,
            address=address,
        )
        await self.sessions.remove_expired(now)
        await self.sessions.add(session)
        principal = _principal(user, session.id)
        self.audit.record(principal.actor, AuditAction.LOGIN_SUCCEEDED, address=address)
        return principal, token

    async def _proved(self, principal: Principal, password: str, address: str) -> tuple[User, Credentials]:
        user = await self._user(principal)
        keys = _attempt_keys(user.login, address)
        await self._reserve(keys, user.login)
        known = await self.users.credentials(user.id)
        if not await self.passwords.verify(known.password_hash, password):
            await self.audit.record_denied(
                principal.actor, AuditAction.LOGIN_FAILED, reason="reauthentication"
            )
            raise PasswordWrongError
        await self.attempts.refund(keys)
        return user, known

    async def _reserve(self, keys: dict[str, int], login: str) -> None:
        now = self.clock.now()
        locked_until = await self.attempts.reserve(keys, now=now)
        if locked_until is not None:
            user = await self.users.find_by_login(login)
            await self.audit.record_denied(_login_actor(user), AuditAction.LOGIN_LOCKED)
            seconds = max(1, round((locked_until - now).total_seconds()))
            raise LoginLockedError(retry_after_s=seconds)

    async def _refuse_login(self, user: User | None, reason: str) -> None:
        await self.audit.record_denied(_login_actor(user), AuditAction.LOGIN_FAILED, reason=reason)
        raise LoginFailedError

    async def _use_code(self, user_id: str, known: Credentials, code: str) -> bool:
        step = self._step(known, code)
        return step is not None and await self.attempts.use_code_step(user_id, step)

    def _step(self, known: Credentials, code: str) -> int | None:
        if known.totp_sealed is None:
            return None
        return self.codes.matching_step(
            self.vault.open(known.totp_sealed),
            code,
            at=self.clock.now(),
            after_step=known.totp_last_step,
        )

    async def _user(self, principal: Principal) -> User:
        user = await self.users.find(principal.user_id)
        if user is None:
            raise NotSignedInError
        return user


def _attempt_keys(login: str, address: str) -> dict[str, int]:
    name = login.strip().lower()
    return {
        f"pair {address} {name}": FAILURES_OF_LOGIN_AT_ADDRESS,
        f"address {address}": FAILURES_OF_ADDRESS,
        f"login {name}": FAILURES_OF_LOGIN,
    }


def _login_actor(user: User | None) -> Actor:
    # A name that does not exist is not logged: people type their password into the wrong field.
    if user is None:
        return Actor(kind="user", id="unknown", name="?")
    return Actor(kind="user", id=user.id, name=user.display_name, institution_id=user.institution_id)


def _principal(user: User, session_id: str) -> Principal:
    return Principal(
        user_id=user.id,
        institution_id=user.institution_id,
        roles=user.roles,
        display_name=user.display_name,
        display_name_en=user.display_name_en,
        session_id=session_id,
    )
