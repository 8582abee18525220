"""What the use cases of qualifications need from a store."""

from typing import Protocol

from tongtai.features.qualifications.model import Qualification


class QualificationStore(Protocol):
    """Evidence about institutions and their people."""

    async def find(self, qualification_id: str) -> Qualification | None:
        """One piece of evidence."""
        ...

    async def of_institution(self, institution_id: str) -> list[Qualification]:
        """Everything about an institution and its people, the newest first."""
        ...

    async def save(self, qualification: Qualification) -> None:
        """Insert or replace."""
        ...
