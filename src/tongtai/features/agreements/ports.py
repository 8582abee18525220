"""What the use cases of agreements need from a store."""

from typing import Protocol

from tongtai.features.agreements.model import Agreement


class AgreementStore(Protocol):
    """Agreements with their parties and signatures."""

    async def find(self, agreement_id: str) -> Agreement | None:
        """One agreement."""
        ...

    async def of_institution(self, institution_id: str) -> list[Agreement]:
        """The agreements that an institution is a party to, the newest first."""
        ...

    async def add(self, agreement: Agreement) -> None:
        """Insert an agreement."""
        ...

    async def replace(self, agreement: Agreement, *, version: int) -> bool:
        """Replace an agreement that is still at ``version``; ``False`` when it no longer is."""
        ...
