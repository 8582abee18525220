"""What the use cases of the archive need from outside."""

from datetime import date
from typing import Protocol

from tongtai.features.archive.model import Bundle, Hold, Seal


class ArchiveStore(Protocol):
    """Bundles, holds and seals of cases."""

    async def bundles(self, case_id: str) -> list[Bundle]:
        """The bundles of a case, the newest first."""
        ...

    async def add_bundle(self, bundle: Bundle) -> None:
        """Insert a bundle."""
        ...

    async def replace_bundle(self, bundle: Bundle, *, version: int) -> bool:
        """Replace a bundle that is still at ``version``: to add a receipt."""
        ...

    async def holds(self, case_id: str) -> list[Hold]:
        """The legal holds of a case."""
        ...

    async def save_hold(self, hold: Hold) -> None:
        """Insert or replace a hold."""
        ...

    async def seals(self, case_id: str) -> list[Seal]:
        """The seals of a case, the newest first."""
        ...

    async def save_seal(self, seal: Seal) -> None:
        """Insert or replace a seal."""
        ...

    async def run_out(self, today: date, *, limit: int) -> list[str]:
        """Cases all of whose bundles need no longer be kept."""
        ...


class ContentStore(Protocol):
    """Bytes by their SHA-256."""

    async def put(self, content: bytes) -> str:
        """Store; return the SHA-256."""
        ...
