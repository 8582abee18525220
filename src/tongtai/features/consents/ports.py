"""What the use cases of consents need from a store."""

from typing import Protocol

from tongtai.features.consents.model import Consent


class ConsentStore(Protocol):
    """The consents of cases. None is ever removed."""

    async def of_case(self, case_id: str) -> list[Consent]:
        """The consents of a case, in the order of signing."""
        ...

    async def add(self, consent: Consent) -> None:
        """Insert a consent."""
        ...

    async def withdraw(self, consent: Consent) -> bool:
        """Note a withdrawal; ``False`` when it was withdrawn already."""
        ...
