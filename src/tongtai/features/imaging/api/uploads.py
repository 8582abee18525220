"""Bodies of any size, to disk while they arrive."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Request

from tongtai.features.imaging.errors import ChecksumError, UploadTooLargeError
from tongtai.infra.container import Container

_PIECE_BYTES = 1 << 20


class Spool:
    """An upload on disk, growing; at most one piece of it is in memory.

    Parameters
    ----------
    path : Path
        An empty file.
    limit_bytes : int
        Where it is refused.
    """

    def __init__(self, path: Path, limit_bytes: int) -> None:
        self.path = path
        self._limit_bytes = limit_bytes
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        self._size = 0

    async def write(self, piece: bytes) -> None:
        """Append.

        Raises
        ------
        UploadTooLargeError
            As soon as the limit is passed.
        """
        self._size += len(piece)
        if self._size > self._limit_bytes:
            raise UploadTooLargeError(limit_bytes=self._limit_bytes)
        self._waiting += piece
        if len(self._waiting) >= _PIECE_BYTES:
            await self._drain()

    async def finish(self, expected_sha256: str | None = None) -> None:
        """Complete the file.

        Raises
        ------
        ChecksumError
            If it is not what the sender meant to send.
        """
        await self._drain()
        self._file.close()
        if expected_sha256 and self._hash.hexdigest() != expected_sha256.lower():
            raise ChecksumError

    def discard(self) -> None:
        """Remove it."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    async def _drain(self) -> None:
        piece = bytes(self._waiting)
        self._waiting.clear()
        await asyncio.to_thread(self._append, piece)

    def _append(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._file.write(piece)


@asynccontextmanager
async def spool(container: Container) -> AsyncIterator[Spool]:
    """A new upload in the data folder; removed at the end of the block."""
    folder = container.settings.data / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        path = Path(file.name)
    upload = Spool(path, container.settings.upload_limit_bytes)
    try:
        yield upload
    finally:
        upload.discard()


@asynccontextmanager
async def spooled_body(
    request: Request, container: Container, expected_sha256: str | None
) -> AsyncIterator[Path]:
    """The request's body as a file."""
    declared = request.headers.get("content-length", "")
    limit = container.settings.upload_limit_bytes
    if declared.isdigit() and int(declared) > limit:
        raise UploadTooLargeError(limit_bytes=limit)
    async with spool(container) as upload:
        async for piece in request.stream():
            await upload.write(piece)
        await upload.finish(expected_sha256)
        yield upload.path
