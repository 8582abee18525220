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
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from tongtai.entrypoints.gateway.recordings import Sidecar
from tongtai.entrypoints.gateway.units import Picture, StreamInfo, now_s

_MILLISECOND = Fraction(1, 1000)
_SYNC_S = 1.0
_RETRY_S = 5.0
# What may wait for a slow disk: about ten seconds of thirty pictures each.
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

    def __init__(self, folder: Path, *, sidecar: Sidecar, info: StreamInfo, first_time_s: float) -> None:
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
        self._stream: VideoStream = self._add_stream(info)

    @property
    def error(self) -> OSError | None:
        """What the disk refused, if anything."""
        return self.file.error

    def duration_s(self, time_s: float) -> float:
        """Length of the segment if it ended at this time."""
        return time_s - self._first_time_s

    def write(self, picture: Picture) -> None:
        """Append one picture."""
        if picture.packet is not None:
            packet = av.Packet(bytes(picture.packet))
            packet.stream = self._stream
            packet.time_base = _MILLISECOND
            stamp = round((picture.time_s - self._first_time_s) * 1000)
            packet.dts = stamp
            packet.pts = stamp + _reorder_ms(picture.packet)
            packet.is_keyframe = picture.key
            self._container.mux(packet)
        elif picture.frame is not None:
            frame = picture.frame.reformat(format="yuv420p")
            frame.pts, frame.time_base = round((picture.time_s - self._first_time_s) * 1000), _MILLISECOND
            self._container.mux(self._stream.encode(frame))
        self._last_time_s = picture.time_s
        if now_s() - self._synced_s >= _SYNC_S:
            self.file.sync()
            self._synced_s = now_s()

    def close(self) -> None:
        """Finish the file, then say in its JSON that it is complete."""
        try:
            if self._encodes:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()
            digest = self.file.end()
        self.sidecar.complete(
            size=self.file.size, sha256=digest, duration_s=round(self._last_time_s - self._first_time_s, 3)
        ).save(self._folder)

    def _add_stream(self, info: StreamInfo) -> VideoStream:
        self._encodes = info.template is None
        if info.template is not None:
            return self._container.add_stream_from_template(info.template)
        stream = self._container.add_stream("libx264", rate=round(info.frame_rate))
        stream.width, stream.height, stream.pix_fmt = info.width, info.height, "yuv420p"
        stream.codec_context.time_base = _MILLISECOND
        stream.codec_context.gop_size = round(info.frame_rate)
        stream.codec_context.thread_count = 1
        # A raw source has no packets to keep: nearly lossless, at the price of the disk, not of the processor.
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "18"}
        return stream


class Recorder:
    """Writes one feed's pictures in its own thread, so that a slow disk never delays the network.

    Parameters
    ----------
    folder : Path
        Where this feed's segments go.
    feed : str
        The feed's name.
    case_id : callable
        The present case, or None when it is unknown; a new case begins a new segment.
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
        clock_offset_ms: Callable[[], float],
        segment_s: float,
        keep_free_bytes: int,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._feed = feed
        self._case_id = case_id
        self._clock_offset_ms = clock_offset_ms
        self._segment_s = segment_s
        self._keep_free_bytes = keep_free_bytes
        self._queue: queue.Queue[tuple[StreamInfo, Picture] | None] = queue.Queue(_QUEUE_LENGTH)
        self._segment: Segment | None = None
        self._retry_at_s = 0.0
        self.problem: str | None = None
        self._thread = threading.Thread(target=self._run, name=f"record-{feed}", daemon=True)
        self._thread.start()

    def put(self, info: StreamInfo, picture: Picture) -> None:
        """Take a picture; never waits."""
        try:
            self._queue.put_nowait((info, picture))
        except queue.Full:
            self.problem = "the disk is too slow; pictures are missing in the recording"

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

    def _take(self, info: StreamInfo, picture: Picture) -> None:
        segment = self._segment
        if segment is not None and picture.key:
            too_long = segment.duration_s(picture.time_s) >= self._segment_s
            if too_long or segment.sidecar.case_id != self._case_id():
                self._close()
                segment = None
        if segment is None:
            if not picture.key or now_s() < self._retry_at_s:
                return
            segment = self._segment = self._begin(info, picture)
        segment.write(picture)
        if segment.error is not None:
            raise segment.error

    def _begin(self, info: StreamInfo, picture: Picture) -> Segment:
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < self._keep_free_bytes:
            raise OSError(errno.ENOSPC, "too little space is left")
        started = datetime.now(UTC)
        sidecar = Sidecar(
            feed=self._feed,
            case_id=self._case_id(),
            segment=f"{started:%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(3)}",
            started_at=started,
            clock_offset_ms=self._clock_offset_ms(),
            codec=info.codec,
        )
        segment = Segment(self._folder, sidecar=sidecar, info=info, first_time_s=picture.time_s)
        self.problem = None
        return segment

    def _close(self) -> None:
        segment, self._segment = self._segment, None
        if segment is not None:
            segment.close()

    def _fail(self, error: BaseException) -> None:
        full = isinstance(error, OSError) and error.errno in _FULL
        self.problem = "the disk is full" if full else f"recording failed: {error}"
        self._retry_at_s = now_s() + _RETRY_S
        try:
            self._close()
        except (OSError, ValueError, av.error.FFmpegError):
            # What reached the disk is found again by `recordings.recover` at the next start.
            self._segment = None


def _reorder_ms(packet: "av.Packet[Any]") -> int:
    if packet.pts is None or packet.dts is None or packet.time_base is None:
        return 0
    return round(float((packet.pts - packet.dts) * packet.time_base) * 1000)
