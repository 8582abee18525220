"""What the use cases of team meetings need from outside."""

from typing import Protocol

from tongtai.features.mdt.model import Meeting


class MeetingStore(Protocol):
    """Meetings of cases."""

    async def of_case(self, case_id: str) -> list[Meeting]:
        """The meetings of a case, the newest first."""
        ...

    async def add(self, meeting: Meeting) -> None:
        """Insert a meeting."""
        ...

    async def replace(self, meeting: Meeting, *, version: int) -> bool:
        """Replace a meeting that is still at ``version``; ``False`` when it no longer is."""
        ...


class MaterialReader(Protocol):
    """What lies before the panel."""

    async def sha256(self, case_id: str) -> str:
        """Hash of the case's forms, files and images as they are now."""
        ...
