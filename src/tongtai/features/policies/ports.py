"""What the use cases of house rules need from a store."""

from typing import Protocol

from tongtai.features.policies.model import PolicyChange


class PolicyStore(Protocol):
    """Settings of house rules."""

    async def of_institution(self, institution_id: str) -> list[PolicyChange]:
        """Every setting of an institution, the newest first."""
        ...

    async def add(self, change: PolicyChange) -> bool:
        """Insert; False when a setting of this number is there already."""
        ...
