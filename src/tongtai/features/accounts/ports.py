"""What the use cases of accounts need from outside."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from tongtai.features.accounts.events import UserRevoked
from tongtai.features.accounts.model import Credentials, RevocationNotice, User, WebSession


class UserStore(Protocol):
    """Users and their credentials."""

    async def find(self, user_id: str) -> User | None:
        """One user."""
        ...

    async def find_many(self, user_ids: Collection[str]) -> dict[str, User]:
        """These users by their ids, in one query; who does not exist is left out."""
        ...

    async def find_by_login(self, login: str) -> User | None:
        """The user with this login name, whatever its case."""
        ...

    async def of_institution(self, institution_id: str | None) -> list[User]:
        """The users of an institution, or all, by login name."""
        ...

    async def credentials(self, user_id: str) -> Credentials:
        """A user's credentials."""
        ...

    async def add(self, user: User, credentials: Credentials, at: datetime) -> None:
        """Insert a user."""
        ...

    async def save(self, user: User) -> None:
        """Replace what a user is."""
        ...

    async def save_credentials(self, user_id: str, credentials: Credentials) -> None:
        """Replace what proves that somebody is this user."""
        ...


class SessionStore(Protocol):
    """Signed-in browsers."""

    async def find(self, token_hash: str) -> tuple[WebSession, User] | None:
        """The session of a token, and whose it is."""
        ...

    async def add(self, session: WebSession) -> None:
        """Insert a session."""
        ...

    async def remove(self, session_id: str) -> None:
        """End one session."""
        ...

    async def remove_of_user(self, user_id: str, *, except_id: str | None = None) -> int:
        """End a user's sessions; return how many ended."""
        ...

    async def remove_expired(self, now: datetime) -> None:
        """Forget sessions that have ended."""
        ...


class AttemptStore(Protocol):
    """Counts of failed log-ins, each change in a transaction of its own."""

    async def reserve(self, keys: dict[str, int], *, now: datetime) -> datetime | None:
        """Count one failure in advance under each key.

        Counting before the password is looked at lets no burst of parallel guesses through.

        Parameters
        ----------
        keys : dict
            Key to the number of failures that it allows.
        now : datetime
            The present instant.

        Returns
        -------
        datetime or None
            When the lock ends, if any key is locked; nothing is counted then.
        """
        ...

    async def refund(self, keys: dict[str, int], *, forget: str | None = None) -> None:
        """Take one count back: the attempt was not a failure; forget all of one key's."""
        ...

    async def use_code_step(self, user_id: str, step: int) -> bool:
        """Mark a one-time code as used; ``False`` when it or a later one was used already."""
        ...


class PasswordHasher(Protocol):
    """Slow, salted hashes."""

    async def hash(self, password: str) -> str:
        """A new hash."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right; takes as long without a hash."""
        ...


class CodeChecker(Protocol):
    """One-time codes of an authenticator app."""

    def new_secret(self) -> str:
        """A new secret."""
        ...

    def uri(self, secret: str, account: str) -> str:
        """The address that the app reads."""
        ...

    def qr_svg(self, uri: str) -> str:
        """The address as a picture."""
        ...

    def matching_step(self, secret: str, code: str, *, at: datetime, after_step: int) -> int | None:
        """The time step that the code belongs to, if it is right and later than ``after_step``."""
        ...


class SecretBox(Protocol):
    """Encryption of what the database keeps."""

    def seal(self, text: str) -> str:
        """Encrypt."""
        ...

    def open(self, sealed: str) -> str:
        """Decrypt."""
        ...


class NoticeStore(Protocol):
    """Where a notice of a revoked user is left, within the transaction that revokes."""

    async def add(self, user_id: str, *, due_at: datetime) -> None:
        """Leave a notice, in place of an earlier one about the same user."""
        ...


class PendingNotices(Protocol):
    """Notices that not everybody has acted on, each change in a transaction of its own."""

    async def of_user(self, user_id: str) -> list[RevocationNotice]:
        """The notice about a user, if there is one."""
        ...

    async def due(self, now: datetime) -> list[RevocationNotice]:
        """The notices whose time has come."""
        ...

    async def settle(self, notice: RevocationNotice) -> None:
        """Everybody has acted; a newer notice about the same user stays."""
        ...

    async def postpone(self, notice: RevocationNotice, *, until: datetime) -> None:
        """Not everybody could act."""
        ...


class RevocationListener(Protocol):
    """Somebody who must act at once when a user is revoked."""

    async def __call__(self, event: UserRevoked, /) -> None:
        """Act; raise when it could not be done."""
        ...


class LiveSessions(Protocol):
    """The live rooms, as far as accounts care."""

    async def remove_user(self, user_id: str) -> None:
        """Take the user out of every room at once."""
        ...
