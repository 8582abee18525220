"""What the use cases of impact assessments need from a store."""

from typing import Protocol

from tongtai.features.privacy.model import ImpactAssessment, PurposeChange


class PrivacyStore(Protocol):
    """Changes of purpose and impact assessments."""

    async def changes(self, institution_id: str) -> list[PurposeChange]:
        """An institution's changes of purpose, the newest first."""
        ...

    async def add_change(self, change: PurposeChange) -> bool:
        """Insert; ``False`` when there is one of this number already."""
        ...

    async def assessments(self, institution_id: str) -> list[ImpactAssessment]:
        """An institution's assessments, the newest first."""
        ...

    async def find(self, institution_id: str, assessment_id: str) -> ImpactAssessment | None:
        """One of an institution's assessments."""
        ...

    async def add(self, assessment: ImpactAssessment) -> bool:
        """Insert; ``False`` when there is one of this number already."""
        ...

    async def replace(self, assessment: ImpactAssessment, *, version: int) -> bool:
        """Replace an assessment that is still at ``version``."""
        ...

    async def remove(self, assessment_id: str) -> None:
        """Delete an assessment."""
        ...
