"""Records a feed to disk before, and independently of, the network.

The original packets go into Matroska, in clusters of at most a second; every cluster is written
through to the disk. A process killed with ``kill -9`` or a power cut therefore costs a second of a
recording, not the recording. Each segment has a JSON file beside it: feed, case, time, clock offset,
length and SHA-256. While a segment is being written its JSON says ``open``.
"""

import errno
import hashlib
import os
import queue
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
from av.container import OutputContainer

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.gateway.options import GatewayOptions
from tongtai.entrypoints.gateway.recordings import Sidecar
from tongtai.entrypoints.gateway.tracks import open_track
from tongtai.entrypoints.gateway.units import Picture, Sound, SoundInfo, StreamInfo, now_s

DISK_FULL = "the disk is full"
WITHHELD = "the patient has not consented to a recording"
_SYNC_S = 1.0
_RETRY_S = 5.0
# What may wait for a slow disk: about ten seconds of thirty pictures, or of thirty pieces of sound, each.
_QUEUE_LENGTH = 300
_FULL = {errno.ENOSPC, errno.EDQUOT}


class DurableFile:
    """The file under the muxer: counts, hashes, writes through; never seeks, never raises.

    FFmpeg calls ``write`` from C, where an exception would be lost; the first error is kept in
    ``error`` instead and what follows is swallowed.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self._hash = hashlib.sha256()
        self.size = 0
        self.error: OSError | None = None

    def write(self, content: bytes) -> int:
        """Append; returns the length also when the disk refused."""
        view = memoryview(content)
        while view and self.error is None:
            try:
                written = self._file.write(view) or 0
            except OSError as error:
                self.error = error
                break
            self._hash.update(view[:written])
            self.size += written
            view = view[written:]
        return len(content)

    def sync(self) -> None:
        """Wait until the disk has it."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            self.error = self.error or error

    def end(self) -> str:
        """Close; returns the SHA-256."""
        self.sync()
        self._file.close()
        return self._hash.hexdigest()


class Segment:
    """One file being recorded."""

    def __init__(
        self, folder: Path, *, sidecar: Sidecar, info: StreamInfo | SoundInfo, first_time_s: float
    ) -> None:
        self.sidecar = sidecar
        self._folder = folder
        self._first_time_s = first_time_s
        self._last_time_s = first_time_s
        self._synced_s = now_s()
        sidecar.save(folder)
        self.file = DurableFile(folder / sidecar.file_name)
        self._container: OutputContainer = av.open(
            self.file, "w", format="matroska", options={"cluster_time_limit": "1000", "flush_packets": "1"}
        )
        self._track = open_track(self._container, info)

    @property
    def error(self) -> OSError | None:
        """What the disk refused, if anything."""
        return self.file.error

    def duration_s(self, time_s: float) -> float:
        """Length of the segment if it ended at this time."""
        return time_s - self._first_time_s

    def write(self, unit: Picture | Sound) -> None:
        """Append one picture, or some sound."""
        self._track.write(unit, offset_s=unit.time_s - self._first_time_s)
        self._last_time_s = unit.time_s
        if now_s() - self._synced_s >= _SYNC_S:
            self.file.sync()
            self._synced_s = now_s()

    def close(self) -> None:
        """Finish the file, then say in its JSON that it is complete."""
        try:
            self._track.end()
        finally:
            self._container.close()
            digest = self.file.end()
        self.sidecar.complete(
            size=self.file.size, sha256=digest, duration_s=round(self._last_time_s - self._first_time_s, 3)
        ).save(self._folder)


class Recorder:
    """Writes one feed's pictures, or the sound, in its own thread: a slow disk never delays the network.

    Parameters
    ----------
    folder : Path
        Where this feed's segments go.
    feed : str
        The feed's name.
    case_id : callable
        The present case, or None when it is unknown; a new case begins a new segment.
    withheld : callable
        Whether this case must not be recorded, for want of the patient's consent; asked at every picture.
    clock_offset_ms : callable
        What to add to this machine's clock to get the server's.
    segment_s : float
        Length of a segment in seconds.
    keep_free_bytes : int
        Recording stops, and says so, when less than this is left on the disk.
    """

    def __init__(
        self,
        folder: Path,
        *,
        feed: str,
        case_id: Callable[[], str | None],
        withheld: Callable[[], bool],
        clock_offset_ms: Callable[[], float],
        segment_s: float,
        keep_free_bytes: int,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._feed = feed
        self._case_id = case_id
        self._withheld = withheld
        self._clock_offset_ms = clock_offset_ms
        self._segment_s = segment_s
        self._keep_free_bytes = keep_free_bytes
        self._queue: queue.Queue[tuple[StreamInfo | SoundInfo, Picture | Sound] | None] = queue.Queue(
            _QUEUE_LENGTH
        )
        self._segment: Segment | None = None
        self._retry_at_s = 0.0
        self.problem: str | None = None
        self._thread = threading.Thread(target=self._run, name=f"record-{feed}", daemon=True)
        self._thread.start()

    def put(self, info: StreamInfo | SoundInfo, unit: Picture | Sound) -> None:
        """Take a picture or some sound; never waits."""
        try:
            self._queue.put_nowait((info, unit))
        except queue.Full:
            self.problem = "the disk is too slow; something is missing in the recording"

    def finish(self) -> None:
        """Write what waits and close the segment."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def cut(self) -> None:
        """Begin a new segment with the next key picture (the source changed)."""
        self._queue.put(None)
        self._thread.join(timeout=10)
        self._thread = threading.Thread(target=self._run, name=f"record-{self._feed}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            try:
                self._take(*item)
            except (OSError, ValueError, av.error.FFmpegError) as error:
                self._fail(error)
        self._close()

    def _take(self, info: StreamInfo | SoundInfo, unit: Picture | Sound) -> None:
        if self._withheld():
            self._close()
            self.problem = WITHHELD
            return
        segment = self._segment
        if segment is not None and unit.key:
            too_long = segment.duration_s(unit.time_s) >= self._segment_s
            if too_long or segment.sidecar.case_id != self._case_id():
                self._close()
                segment = None
        if segment is None:
            if not unit.key or now_s() < self._retry_at_s:
                return
            segment = self._segment = self._begin(info, unit)
        segment.write(unit)
        if segment.error is not None:
            raise segment.error

    def _begin(self, info: StreamInfo | SoundInfo, unit: Picture | Sound) -> Segment:
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < self._keep_free_bytes:
            raise OSError(errno.ENOSPC, "too little space is left")
        # What waited for the disk was captured before now; replay is aligned with the log by this.
        captured_s = unit.captured_s if isinstance(unit, Picture) else unit.time_s
        started = datetime.now(UTC) - timedelta(seconds=max(now_s() - captured_s, 0.0))
        sidecar = Sidecar(
            feed=self._feed,
            case_id=self._case_id(),
            segment=f"{started:%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(3)}",
            started_at=started,
            clock_offset_ms=self._clock_offset_ms(),
            codec=info.codec,
        )
        segment = Segment(self._folder, sidecar=sidecar, info=info, first_time_s=unit.time_s)
        self.problem = None
        return segment

    def _close(self) -> None:
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.close()

    def _fail(self, error: BaseException) -> None:
        full = isinstance(error, OSError) and error.errno in _FULL
        self.problem = DISK_FULL if full else f"recording failed: {error}"
        self._retry_at_s = now_s() + _RETRY_S
        try:
            self._close()
        except (OSError, ValueError, av.error.FFmpegError):
            # What reached the disk is found again by `recordings.recover` at the next start.
            self._segment = None


def make_recorder(
    options: GatewayOptions,
    feed: str,
    *,
    case_id: Callable[[], str | None],
    withheld: Callable[[], bool] = lambda: False,
    clock_offset_ms: Callable[[], float],
) -> Recorder | None:
    """The recorder of a feed or of the microphone, unless the gateway is told not to record.

    Raises
    ------
    TongtaiError
        If the data folder cannot be written.
    """
    if not options.record:
        return None
    try:
        return Recorder(
            options.data / "recordings" / feed,
            feed=feed,
            case_id=case_id,
            withheld=withheld,
            clock_offset_ms=clock_offset_ms,
            segment_s=options.segment_s,
            keep_free_bytes=options.keep_free_bytes,
        )
    except OSError as error:
        raise TongtaiError(f"The data folder cannot be written: {error.strerror}.") from error
