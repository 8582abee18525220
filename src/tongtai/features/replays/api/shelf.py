"""Playable copies of recordings: made when first asked for, thrown away when they take too much room."""

import asyncio
import hashlib
import os
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tongtai.core.pictures.masking import Mask
from tongtai.features.audit.model import canonical_json
from tongtai.formats.replay_video import write_masked_mp4, write_mp4
from tongtai.infra.blobs import Blobs

_ROOM_BYTES = 4 << 30


class Shelf:
    """A folder of MP4 copies. Whoever asks has checked that they may be seen.

    Parameters
    ----------
    blobs : Blobs
        The recordings as the tables made them.
    folder : Path
        Readable by this server alone; processes may share it.
    room_bytes : int
        The copies that were used the longest ago go when all take more than this.
    """

    def __init__(self, blobs: Blobs, folder: Path, *, room_bytes: int = _ROOM_BYTES) -> None:
        self._blobs = blobs
        self._folder = folder
        self._room_bytes = room_bytes
        self._making: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        # Covering decodes and encodes: one after the other, so that the live sessions keep a processor.
        self._turn = asyncio.Semaphore(1)

    async def copy_of(self, sha256: str, masks: Sequence[Mask] | None) -> Path:
        """The MP4 of a recording.

        Parameters
        ----------
        sha256
            Of the recording.
        masks
            What is covered in every picture; with ``None`` the packets are given as they were recorded.

        Raises
        ------
        RecordingUnreadableError, BlobMissingError
            If the recording holds nothing to be shown, or is not there.
        """
        path = self._folder / f"{_name(sha256, masks)}.mp4"
        async with self._making[path.name]:
            if not path.exists():
                async with self._turn:
                    await self._make(sha256, masks, path)
        self._making.pop(path.name, None)
        os.utime(path)
        return path

    async def _make(self, sha256: str, masks: Sequence[Mask] | None, path: Path) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix="making-") as draft:
            recorded, made = Path(draft) / "recorded.mkv", Path(draft) / "made.mp4"
            with recorded.open("wb") as file:
                async for piece in self._blobs.stream(sha256):
                    await asyncio.to_thread(file.write, piece)
            if masks is None:
                await asyncio.to_thread(write_mp4, recorded, made)
            else:
                await asyncio.to_thread(write_masked_mp4, recorded, made, masks)
            made.replace(path)
        await asyncio.to_thread(self._make_room)

    def _make_room(self) -> None:
        copies = sorted(self._folder.glob("*.mp4"), key=lambda path: path.stat().st_mtime, reverse=True)
        taken = 0
        for path in copies:
            taken += path.stat().st_size
            if taken > self._room_bytes:
                path.unlink(missing_ok=True)


def _name(sha256: str, masks: Sequence[Mask] | None) -> str:
    if masks is None:
        return sha256
    drawn = canonical_json([asdict(mask) for mask in masks])
    return f"{sha256}-{hashlib.sha256(drawn.encode()).hexdigest()[:16]}"
