"""Read and send DICOM beside the event loop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from tongtai.core.errors import TongtaiError
from tongtai.core.images import Instance
from tongtai.features.imaging.errors import FileTooLargeError
from tongtai.formats.archives.zips import EMPTY_ZIP_MAGIC, ZIP_MAGIC, ArchiveError, ArchiveLimits, ZipReader
from tongtai.formats.dicom.reading import read_instance

_FILE_LIMIT_BYTES = 512 << 20

Found = tuple[str, bytes, Instance | TongtaiError]


class DicomReader:
    """Tells an image from anything else.

    Parameters
    ----------
    parallel : int
        Files that are checked at the same time; each is in memory while it is.
    limits : ArchiveLimits
        How much a zip archive may unpack to.
    """

    def __init__(self, *, parallel: int = 2, limits: ArchiveLimits | None = None) -> None:
        self._slots = asyncio.Semaphore(parallel)
        self._limits = limits or ArchiveLimits()

    async def files(self, path: Path, name: str) -> AsyncIterator[Found]:
        """The files of an upload, which is one file or a zip archive of many."""
        found = _upload(path, name, self._limits)
        while True:
            async with self._slots:
                item = await asyncio.to_thread(next, found, None)
            if item is None:
                return
            yield item


def _upload(path: Path, name: str, limits: ArchiveLimits) -> Iterator[Found]:
    with path.open("rb") as stream:
        magic = stream.read(len(ZIP_MAGIC))
    if magic in {ZIP_MAGIC, EMPTY_ZIP_MAGIC}:
        yield from _archive(path, name, limits)
    elif path.stat().st_size > _FILE_LIMIT_BYTES:
        yield name, b"", FileTooLargeError(limit_bytes=_FILE_LIMIT_BYTES)
    else:
        yield _checked(name, path.read_bytes())


def _archive(path: Path, name: str, limits: ArchiveLimits) -> Iterator[Found]:
    try:
        with ZipReader(path, limits) as archive:
            for entry in archive.entries():
                if entry.refused is not None:
                    yield entry.name, b"", entry.refused
                else:
                    yield _checked(entry.name, entry.content)
    except ArchiveError as error:
        yield name, b"", error


def _checked(name: str, content: bytes) -> Found:
    try:
        return name, content, read_instance(content)
    except TongtaiError as error:
        return name, b"", error
