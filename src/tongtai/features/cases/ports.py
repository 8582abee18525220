"""What the use cases of cases need from a store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.cases.model import Case, CaseQuery
from tongtai.features.experts.model import Leave


class Leaves(Protocol):
    """When people are away."""

    async def leaves(self, user_ids: Collection[str], *, after: datetime) -> list[Leave]:
        """The leaves of these people that are not over then."""
        ...


class CaseStore(Protocol):
    """Cases with their teams."""

    async def find(self, case_id: str) -> Case | None:
        """One case."""
        ...

    async def of_ids(self, case_ids: Sequence[str]) -> list[Case]:
        """These cases, in one query."""
        ...

    async def find_numbered(self, number: str) -> Case | None:
        """The case with this number."""
        ...

    async def of_institution(self, institution_id: str, *, limit: int) -> list[Case]:
        """The cases that an institution takes part in, the latest scheduled first."""
        ...

    async def page(self, principal: Principal, permission: Permission, query: CaseQuery) -> list[Case]:
        """One page of the cases in which somebody may do this, the latest scheduled first."""
        ...

    async def of_operating_room(self, room_id: str, *, since: datetime, until: datetime) -> list[Case]:
        """The cases of a room between two instants that are not over, by scheduled time."""
        ...

    async def next_number(self, year: int) -> str:
        """The next case number of a year, such as ``2026-0147``."""
        ...

    async def add(self, case: Case) -> None:
        """Insert a case."""
        ...

    async def replace(self, case: Case, *, version: int) -> bool:
        """Replace a case that is still at ``version``, all but its state; ``False`` when it no longer is."""
        ...
