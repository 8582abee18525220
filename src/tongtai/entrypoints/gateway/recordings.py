"""The JSON file beside every recorded segment, and what a crash left behind."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

import av

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """What is known of a segment.

    ``clock_offset_ms`` is to be added to ``started_at`` (this machine's clock) to get server time;
    ``state`` is ``open`` while it is written, then ``complete``, then ``uploaded``.
    """

    feed: str
    case_id: str | None
    segment: str
    started_at: datetime
    clock_offset_ms: float
    codec: str
    state: Literal["open", "complete", "uploaded"] = "open"
    size: int = 0
    sha256: str = ""
    duration_s: float = 0.0

    @property
    def file_name(self) -> str:
        """Name of the recorded file."""
        return f"{self.segment}.mkv"

    def complete(self, *, size: int, sha256: str, duration_s: float) -> Self:
        """The sidecar of the finished segment."""
        return replace(self, state="complete", size=size, sha256=sha256, duration_s=duration_s)

    def uploaded(self) -> Self:
        """The sidecar after the server has verified its copy."""
        return replace(self, state="uploaded")

    def save(self, folder: Path) -> None:
        """Write it so that a reader sees the old or the new one, also after a power cut."""
        path = folder / f"{self.segment}.json"
        draft = path.with_suffix(".json.part")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(self) | {"started_at": self.started_at.isoformat()}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read one back."""
        values = json.loads(path.read_text(encoding="utf-8"))
        values["started_at"] = datetime.fromisoformat(values["started_at"])
        return cls(**values)


def sidecars(root: Path) -> Iterator[tuple[Path, Sidecar]]:
    """Every segment below ``root`` with the folder that it lies in, oldest first."""
    for path in sorted(root.glob("*/*.json"), key=lambda path: path.name):
        yield path.parent, Sidecar.load(path)


def recover(root: Path) -> list[Sidecar]:
    """Complete the segments that a killed process left open; call before recording begins.

    Returns
    -------
    list of Sidecar
        Those that were completed; an empty file is deleted.
    """
    recovered = []
    for folder, sidecar in sidecars(root):
        if sidecar.state != "open":
            continue
        path = folder / sidecar.file_name
        if not path.exists() or path.stat().st_size == 0:
            path.unlink(missing_ok=True)
            (folder / f"{sidecar.segment}.json").unlink()
            continue
        complete = sidecar.complete(
            size=path.stat().st_size, sha256=file_sha256(path), duration_s=_duration_s(path)
        )
        complete.save(folder)
        recovered.append(complete)
    return recovered


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _duration_s(path: Path) -> float:
    last = 0.0
    try:
        with av.open(str(path)) as container:
            for packet in container.demux():
                if packet.dts is not None and packet.time_base is not None:
                    last = max(last, float(packet.dts * packet.time_base))
    except (OSError, ValueError, av.error.FFmpegError):
        # The last cluster may be cut in two; what was read until there counts.
        return round(last, 3)
    return round(last, 3)
