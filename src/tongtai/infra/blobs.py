"""Content-addressed store of DICOM objects, recordings and documents."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from tongtai.core.errors import TongtaiError


class BlobMissingError(TongtaiError):
    """The stored object is not there."""

    code = "blob_missing"


class Blobs:
    """Bytes by their SHA-256: storing the same twice stores it once.

    Parameters
    ----------
    location : str | Path
        A folder, or the URL of an object store such as ``s3://bucket/prefix``.
    """

    def __init__(self, location: str | Path) -> None:
        self._store: ObjectStore
        if isinstance(location, Path):
            location.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(prefix=location)
        else:
            self._store = from_url(location)

    async def put(self, content: bytes) -> str:
        """Store ``content``; return its SHA-256 in hexadecimal."""
        digest = hashlib.sha256(content).hexdigest()
        if not await self.exists(digest):
            await obstore.put_async(self._store, _key(digest), content)
        return digest

    async def put_file(self, path: Path, digest: str) -> None:
        """Store a file whose SHA-256 the caller has already verified."""
        if not await self.exists(digest):
            await obstore.put_async(self._store, _key(digest), path)

    async def exists(self, digest: str) -> bool:
        """Whether the object is stored."""
        try:
            await obstore.head_async(self._store, _key(digest))
        except FileNotFoundError:
            return False
        return True

    async def get(self, digest: str) -> bytes:
        """The object's bytes.

        Raises
        ------
        BlobMissingError
            If nothing with this digest is stored.
        """
        try:
            result = await obstore.get_async(self._store, _key(digest))
        except FileNotFoundError as error:
            raise BlobMissingError(digest=digest) from error
        return bytes(await result.bytes_async())

    async def stream(self, digest: str, *, chunk_bytes: int = 1 << 20) -> AsyncIterator[bytes]:
        """The object's bytes in pieces."""
        try:
            result = await obstore.get_async(self._store, _key(digest))
        except FileNotFoundError as error:
            raise BlobMissingError(digest=digest) from error
        async for chunk in result.stream(min_chunk_size=chunk_bytes):
            yield bytes(chunk)

    async def put_at(self, key: str, content: bytes) -> None:
        """Store something that is not for good under a name, such as ``jobs/ID/read``."""
        await obstore.put_async(self._store, key, content)

    async def get_at(self, key: str) -> bytes:
        """What is stored under a name.

        Raises
        ------
        BlobMissingError
            If there is nothing.
        """
        try:
            result = await obstore.get_async(self._store, key)
        except FileNotFoundError as error:
            raise BlobMissingError(key=key) from error
        return bytes(await result.bytes_async())

    async def names_under(self, prefix: str) -> list[str]:
        """Every name that begins so."""
        names = []
        async for found in obstore.list(self._store, prefix=prefix.rstrip("/")):
            names += [one["path"] for one in found]
        return names

    async def remove_under(self, prefix: str) -> None:
        """Remove everything whose name begins so."""
        async for found in obstore.list(self._store, prefix=prefix.rstrip("/")):
            await obstore.delete_async(self._store, [one["path"] for one in found])


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"
