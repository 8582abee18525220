"""What the use cases of checklists need from outside."""

from datetime import datetime
from typing import Protocol

from tongtai.core.checklists import Sheet
from tongtai.features.accounts.model import User
from tongtai.features.checklists.model import Filled


class SheetStore(Protocol):
    """Sheets of cases."""

    async def of_case(self, case_id: str) -> dict[Sheet, Filled]:
        """The present round of each sheet that was begun."""
        ...

    async def save(self, filled: Filled, *, version: int) -> bool:
        """Insert or replace a round that is still at ``version``."""
        ...


class PinStore(Protocol):
    """PINs, as hashes."""

    async def find(self, user_id: str) -> str | None:
        """The hash of a user's PIN."""
        ...

    async def put(self, user_id: str, pin_hash: str, at: datetime) -> None:
        """Set a user's PIN."""
        ...


class Attempts(Protocol):
    """Counts wrong PINs."""

    async def reserve(self, keys: dict[str, int], *, now: datetime) -> datetime | None:
        """Count one failure in advance; when the lock ends if there is one."""
        ...

    async def refund(self, keys: dict[str, int], *, forget: str | None = None) -> None:
        """Take one count back."""
        ...


class Hasher(Protocol):
    """Slow, salted hashes."""

    async def hash(self, password: str) -> str:
        """A new hash."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether it is right; takes as long without a hash."""
        ...


class PeopleByLogin(Protocol):
    """Users by their login name."""

    async def find_by_login(self, login: str) -> User | None:
        """The user with this login name."""
        ...
