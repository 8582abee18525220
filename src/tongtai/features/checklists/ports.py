"""What the use cases of checklists need from outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from tongtai.core.checklists import Sheet, SheetForm
from tongtai.core.measured_lines import Measurement
from tongtai.features.accounts.model import User
from tongtai.features.cases.model import Case
from tongtai.features.checklists.model import Filled


class SheetStore(Protocol):
    """Sheets of cases."""

    async def of_case(self, case_id: str) -> dict[Sheet, Filled]:
        """The present round of each sheet that was begun."""
        ...

    async def save(self, filled: Filled, *, version: int) -> bool:
        """Insert or replace a round that is still at ``version``."""
        ...


class Measurements(Protocol):
    """What the installation itself measures of the lines of a sheet."""

    async def of_case(self, case: Case, form: SheetForm) -> Mapping[str, Measurement]:
        """The newest measurement of each measured line, those of which there is one."""
        ...

    async def want(self, case: Case) -> None:
        """Ask for a new one of what can be measured at any time."""
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
