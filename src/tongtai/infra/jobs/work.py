"""What one step of a job leaves for the next: objects in the store of blobs, read by ourselves only."""

import hashlib
import hmac
import pickle
import zlib
from typing import Any, Final

from tongtai.infra.blobs import Blobs
from tongtai.infra.jobs.place import WorkUnreadableError

_MAC_BYTES: Final = 32
# Masks and label volumes shrink a hundredfold at the fastest level, and a disk is slower than that.
_LEVEL: Final = 1


_ROOT: Final = "jobs"


class WorkStore:
    """What all jobs have left so far.

    Parameters
    ----------
    blobs : Blobs
        The installation's store.
    """

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def jobs(self) -> set[str]:
        """Identifiers of the jobs that have left something."""
        return {key.split("/")[1] for key in await self._blobs.names_under(f"{_ROOT}/")}

    async def kept(self, job_id: str) -> set[str]:
        """Keys of what a job's steps have left for one another."""
        return set(await self._blobs.names_under(f"{_ROOT}/{job_id}/"))

    async def forget(self, job_id: str) -> None:
        """Remove everything that a job's steps have left for one another."""
        await self._blobs.remove_under(f"{_ROOT}/{job_id}/")


class Work(WorkStore):
    """Objects between two steps of one job, under keys of the store.

    They are pickled, which is quick, keeps arrays shared, and is safe for nothing that somebody else could
    have written: every object is signed with the installation's key, together with its key and the
    program's version, and is not looked into before the signature has been found right.

    Parameters
    ----------
    blobs : Blobs
        The installation's store.
    secret : str
        The installation's key.
    version : str
        Of the program.
    """

    def __init__(self, blobs: Blobs, *, secret: str, version: str) -> None:
        super().__init__(blobs)
        self._secret = secret.encode()
        self._version = version

    async def save(self, job_id: str, name: str, value: object) -> str:
        """Store an object; return its key."""
        key = f"{_ROOT}/{job_id}/{name}"
        content = zlib.compress(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL), _LEVEL)
        await self._blobs.put_at(key, self._mac(key, content) + content)
        return key

    async def load(self, key: str) -> Any:
        """The object of a key.

        Raises
        ------
        WorkUnreadableError
            If another version of the program stored it, or another program did.
        """
        stored = await self._blobs.get_at(key)
        mac, content = stored[:_MAC_BYTES], stored[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(key, content)):
            raise WorkUnreadableError(key=key)
        return pickle.loads(zlib.decompress(content))  # noqa: S301  (signed by ourselves, just checked)

    def _mac(self, key: str, content: bytes) -> bytes:
        signed = f"{self._version}\0{key}\0".encode() + content
        return hmac.new(self._secret, signed, hashlib.sha256).digest()
