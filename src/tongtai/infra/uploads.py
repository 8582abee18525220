"""Uploads that arrive in pieces and go on after a cut, before they become blobs."""

import asyncio
import hashlib
import os
import re
from pathlib import Path

from tongtai.infra.blobs import Blobs

_NAME = re.compile(r"[a-z]+_[0-9a-z]+")
_CHUNK = 1 << 20


class Uploads:
    """A folder of uploads in progress; what was acknowledged is on the disk.

    Parameters
    ----------
    folder : Path
        Where the pieces are gathered; processes that share the work share the folder.
    blobs : Blobs
        Where a complete, verified upload goes.
    """

    def __init__(self, folder: Path, blobs: Blobs) -> None:
        self._folder = folder
        self._blobs = blobs

    async def size(self, name: str) -> int:
        """Bytes that are safe on disk."""
        path = self._path(name)
        return path.stat().st_size if path.exists() else 0

    async def append(self, name: str, content: bytes, *, offset: int) -> int:
        """Store a piece at ``offset``; writing the same piece twice is the same as once."""
        return await asyncio.to_thread(self._append, self._path(name), content, offset)

    async def finish(self, name: str, sha256: str) -> bool:
        """Move a complete upload to the blobs; false, and discarded, when its hash is another."""
        path = self._path(name)
        matches = await asyncio.to_thread(_file_sha256, path) == sha256
        if matches:
            await self._blobs.put_file(path, sha256)
        path.unlink(missing_ok=True)
        return matches

    async def kept(self, sha256: str) -> bool:
        """Whether the blob is there already."""
        return await self._blobs.exists(sha256)

    def _append(self, path: Path, content: bytes, offset: int) -> int:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            view, position = memoryview(content), offset
            while view:
                written = os.pwrite(descriptor, view, position)
                view, position = view[written:], position + written
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return path.stat().st_size

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not an upload's name")
        return self._folder / name


def _file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    if path.exists():
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()
