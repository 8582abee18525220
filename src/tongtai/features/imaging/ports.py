"""What the use cases of imaging need from outside."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from tongtai.core.errors import TongtaiError
from tongtai.core.images import Instance, PatientIdentity
from tongtai.features.imaging.events import PushFinished, PushStarted, SeriesProgress
from tongtai.features.imaging.model import FileReport, Outcome, Push, PushStatus, Sender, StoredFile


class ImagingEvents(Protocol):
    """Where the arrival of images is told: the case's session, which lies above this feature.

    Each call is made outside of any transaction, and after what it tells has been committed.
    """

    async def push_started(self, sender: Sender, event: PushStarted) -> None:
        """Somebody began to send images."""
        ...

    async def series_progress(self, sender: Sender, event: SeriesProgress) -> None:
        """More images of a series can be seen; called at most about three times a second a push."""
        ...

    async def push_finished(self, sender: Sender, event: PushFinished) -> None:
        """A push has ended."""
        ...


class ImageStore(Protocol):
    """Images and pushes, within one transaction."""

    async def find_push(self, case_id: str, push_id: str) -> Push | None:
        """A push of this case."""
        ...

    async def open_push(self, case_id: str, sender_id: str, source: str, *, test: bool) -> Push | None:
        """The unfinished push of the same kind, by the same sender from the same place."""
        ...

    async def add_push(self, push: Push) -> None:
        """Insert a push."""
        ...

    async def finish_push(self, push_id: str, at: datetime) -> None:
        """Mark a push as finished."""
        ...

    async def status(self, push: Push, case_patient: PatientIdentity) -> PushStatus:
        """A push and its files."""
        ...

    async def record(self, push_id: str, report: FileReport) -> None:
        """Write down what became of a file; what became of the same name before is replaced."""
        ...

    async def add_instance(
        self, push: Push, instance: Instance, stored: StoredFile, *, quarantined: bool, at: datetime
    ) -> Outcome:
        """Insert an image, or find that it is a duplicate.

        Raises
        ------
        InstanceConflictError
            If another image has its identifier.
        SeriesConflictError
            If its series belongs to another study or modality.
        """
        ...

    async def series_received(self, case_id: str, series_uid: str) -> int:
        """How many images of a series can be seen."""
        ...

    async def is_confirmed(self, case_id: str, identity: str) -> bool:
        """Whether a person confirmed that this identity is the case's patient."""
        ...

    async def confirm(self, push: Push, identity: str, user_id: str, at: datetime) -> Sequence[Instance]:
        """Release the quarantined images of an identity; return the first of each series."""
        ...


class ImageStores(Protocol):
    """Opens short transactions: a folder of files is many facts, each true on its own."""

    def transaction(self) -> AbstractAsyncContextManager[ImageStore]:
        """One transaction, committed at the end of the block."""
        ...


class ImageReader(Protocol):
    """Tells an image from anything else, beside the event loop."""

    def files(self, path: Path, name: str) -> AsyncIterator[tuple[str, bytes, Instance | TongtaiError]]:
        """The files of an upload, which is one file or a zip archive of many.

        Each comes with its name, its content, and the image in it or what is wrong with it.
        """
        ...


class ContentStore(Protocol):
    """Bytes by their SHA-256."""

    async def put(self, content: bytes) -> str:
        """Store; return the SHA-256."""
        ...
