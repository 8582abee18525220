"""What the use cases of experts need from a store."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from tongtai.features.experts.model import ExpertProfile, Leave


class ExpertStore(Protocol):
    """Profiles and leaves."""

    async def save(self, profile: ExpertProfile) -> None:
        """Insert or replace a profile."""
        ...

    async def leaves(self, user_ids: Collection[str], *, after: datetime) -> list[Leave]:
        """The leaves of these people that are not over then, the earliest first."""
        ...

    async def add_leave(self, leave: Leave) -> None:
        """Insert a leave."""
        ...

    async def remove_leave(self, user_id: str, leave_id: str) -> bool:
        """Delete a leave; ``False`` when this person has none of this id."""
        ...
