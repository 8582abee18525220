"""What the use cases of opinions need from a store."""

from typing import Protocol

from tongtai.features.opinions.model import Decision, Opinion


class OpinionStore(Protocol):
    """Opinions and decisions of cases."""

    async def opinions(self, case_id: str) -> list[Opinion]:
        """The opinions of a case, the newest first."""
        ...

    async def add_opinion(self, opinion: Opinion) -> None:
        """Insert an opinion."""
        ...

    async def replace_opinion(self, opinion: Opinion, *, version: int) -> bool:
        """Replace an opinion that is still at ``version``."""
        ...

    async def decisions(self, case_id: str) -> list[Decision]:
        """The decisions of a case, the newest first."""
        ...

    async def add_decision(self, decision: Decision) -> None:
        """Insert a signed decision: it is never changed."""
        ...
