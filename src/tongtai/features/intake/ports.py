"""What the use cases of intake need from outside."""

from collections.abc import Sequence
from typing import Protocol

from tongtai.core.intake.imaging import SeriesFacts
from tongtai.features.intake.model import Attachment, Entry, Material


class IntakeStore(Protocol):
    """Material of cases."""

    async def material(self, case_id: str) -> Material:
        """What was answered; empty when nothing was."""
        ...

    async def save(self, case_id: str, entries: dict[str, Entry | None], *, version: int) -> bool:
        """Put answers; ``None`` takes one away. ``False`` when the form is no longer at ``version``."""
        ...

    async def attachments(self, case_id: str) -> list[Attachment]:
        """The files of a case, in the order of adding."""
        ...

    async def add_attachment(self, attachment: Attachment) -> None:
        """Insert a file."""
        ...


class SeriesReader(Protocol):
    """What the headers of a case's series say."""

    async def facts(self, case_id: str) -> Sequence[SeriesFacts]:
        """Each series that can be seen."""
        ...


class ContentStore(Protocol):
    """Bytes by their SHA-256."""

    async def put(self, content: bytes) -> str:
        """Store; return the SHA-256."""
        ...


class AttachmentChecker(Protocol):
    """Tells what a file is, by its content."""

    def __call__(self, content: bytes, /) -> str:
        """The media type; raise if it cannot be kept."""
        ...
