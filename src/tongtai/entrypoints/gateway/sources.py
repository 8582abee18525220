"""Where pictures come from: file, RTSP, SRT, V4L2, test pattern, simulated room."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl

import av
from av.container import InputContainer

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.gateway import srt
from tongtai.entrypoints.gateway.srt import SrtPipe
from tongtai.entrypoints.gateway.units import Picture, StreamInfo, now_s

# Behind its time by more than this a file is not played faster to catch up.
_HELD_UP_S = 0.5
_OPEN_TIMEOUT_S, _READ_TIMEOUT_S = 8.0, 4.0
# Do not gather seconds of pictures in order to guess the format: delay is what counts here.
_LOW_DELAY = {"fflags": "nobuffer", "flags": "low_delay", "probesize": "500000", "analyzeduration": "500000"}


# Of FFmpeg's v4l2 device: size, rate, pixel format or codec, input of a card with several, standard of an analogue one.
_DEVICE_OPTIONS = frozenset({"video_size", "framerate", "input_format", "channel", "standard"})


class SourceError(TongtaiError):
    """The source cannot be opened or stopped delivering."""

    code = "source"


class SourceEndedError(TongtaiError):
    """The source came to its end."""

    code = "source_ended"


class Source(Protocol):
    """Something that delivers pictures until told to stop."""

    @property
    def info(self) -> StreamInfo:
        """Format of the pictures."""
        ...

    def pictures(self, stop: threading.Event) -> Iterator[Picture]:
        """The pictures, each at its time.

        Raises
        ------
        SourceError, SourceEndedError
            When there is nothing more to come.
        """
        ...

    def close(self) -> None:
        """Let the device go."""
        ...


class FileSource:
    """A video file played in real time, again and again or once."""

    def __init__(self, path: str, *, loop: bool) -> None:
        self._container = _open(path, {})
        self._loop = loop
        self.info = _describe(self._container)

    def pictures(self, stop: threading.Event) -> Iterator[Picture]:
        """See :class:`Source`."""
        began, offset, step = now_s(), 0.0, 1 / self.info.frame_rate
        while True:
            end, seen = offset, False
            for packet in _packets(self._container):
                when = offset + _seconds(packet)
                end, seen = max(end, when + step), True
                late_s = now_s() - (began + when)
                if late_s > _HELD_UP_S:
                    # A player that was held up goes on from where it is: a file's pictures are not old.
                    began += late_s
                if stop.wait(max(-late_s, 0.0)):
                    return
                yield Picture(time_s=when, captured_s=began + when, key=packet.is_keyframe, packet=packet)
            if not seen:
                raise SourceError("The file holds no picture.")
            if not self._loop:
                raise SourceEndedError
            offset = end
            self._container.seek(0)

    def close(self) -> None:
        """See :class:`Source`."""
        self._container.close()


class LiveSource:
    """A camera or a stream: RTSP, SRT, HTTP or a V4L2 device."""

    def __init__(self, address: str, *, device: bool = False) -> None:
        options = dict(_LOW_DELAY)
        if device:
            address, options = _device(address)
        if address.startswith("rtsp"):
            options["rtsp_transport"] = "tcp"
        self._pipe: SrtPipe | None = None
        if address.startswith(srt.SCHEME):
            self._pipe = _open_pipe(address)
        try:
            self._container = _open(self._pipe or address, options, device=device)
            self.info = _describe(self._container)
        except SourceError:
            self._hang_up()
            raise

    def pictures(self, stop: threading.Event) -> Iterator[Picture]:
        """See :class:`Source`."""
        offset: float | None = None
        for packet in _packets(self._container):
            if stop.is_set():
                return
            arrived = now_s()
            # The least delay seen so far is taken for none; more than that is a late picture.
            early = arrived - _seconds(packet)
            offset = early if offset is None else min(offset, early)
            when = offset + _seconds(packet)
            yield from self._delivered(packet, captured_s=when)
        raise SourceEndedError

    def _delivered(self, packet: "av.Packet[Any]", *, captured_s: float) -> Iterator[Picture]:
        time_s = _seconds(packet)
        if not self.info.raw:
            yield Picture(time_s=time_s, captured_s=captured_s, key=packet.is_keyframe, packet=packet)
            return
        for frame in packet.decode():
            yield Picture(time_s=time_s, captured_s=captured_s, key=True, frame=frame)

    def close(self) -> None:
        """See :class:`Source`."""
        self._container.close()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._pipe is not None:
            self._pipe.close()


def open_source(specification: str, *, cache: Path) -> Source:
    """Open what ``--feed NAME=SOURCE`` names.

    Parameters
    ----------
    specification : str
        A file (played in a loop), ``once:FILE``, ``rtsp://``, ``srt://``, ``http(s)://``, ``udp://``,
        ``/dev/videoN[?video_size=…&framerate=…&input_format=…]``, ``test:[WIDTHxHEIGHT[@RATE]]``, ``demo:ultrasound[@SCENE]|ct|monitor|room`` or
        ``demo:FILE``, a clip that is compressed once and then played in a loop.
    cache : Path
        Folder that keeps simulated pictures and prepared clips once they are made.

    Raises
    ------
    SourceError
        If it cannot be opened; the message says why.
    """
    # Imported here: only these sources need to draw.
    from tongtai.entrypoints.gateway.simulated import DemoSource, TestSource  # noqa: PLC0415

    kind, _, rest = specification.partition(":")
    if kind == "test":
        return TestSource(rest)
    if kind == "demo":
        return DemoSource(rest, cache=cache)
    if kind == "once":
        return FileSource(rest, loop=False)
    if specification.startswith("/dev/"):
        return LiveSource(specification, device=True)
    if "://" in specification:
        return LiveSource(specification)
    return FileSource(specification, loop=True)


def _device(specification: str) -> tuple[str, dict[str, str]]:
    """Path of a V4L2 device, and what it shall deliver: ``/dev/video0?video_size=1920x1080&framerate=30``."""
    path, _, query = specification.partition("?")
    wanted = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(wanted.keys() - _DEVICE_OPTIONS):
        known = ", ".join(sorted(_DEVICE_OPTIONS))
        raise SourceError(f"A camera has no setting {', '.join(unknown)}; there are {known}.")
    return path, wanted


def _open_pipe(address: str) -> SrtPipe:
    try:
        return SrtPipe(address, first_s=_OPEN_TIMEOUT_S, next_s=_READ_TIMEOUT_S)
    except OSError as error:
        raise SourceError(f"The source cannot be opened: {_reason(error)}.") from error


def _open(place: str | SrtPipe, options: dict[str, str], *, device: bool = False) -> InputContainer:
    pipe = isinstance(place, SrtPipe)
    try:
        container = av.open(
            place,
            "r",
            format="v4l2" if device else srt.FORMAT if pipe else None,
            options=options,
            # A device has no end of its patience, and a pipe its own.
            timeout=None if device or pipe else (_OPEN_TIMEOUT_S, _READ_TIMEOUT_S),
        )
    except (OSError, ValueError, av.error.FFmpegError) as error:
        raise SourceError(f"The source cannot be opened: {_reason(error)}.") from error
    if not container.streams.video:
        container.close()
        raise SourceError("The source holds no picture.")
    return container


def _describe(container: InputContainer) -> StreamInfo:
    stream = container.streams.video[0]
    stream.thread_type = "NONE"
    codec = stream.codec_context
    return StreamInfo(
        codec=codec.name,
        width=codec.width,
        height=codec.height,
        frame_rate=float(stream.average_rate or stream.guessed_rate or 25),
        reorders=bool(codec.has_b_frames),
        raw=codec.name == "rawvideo",
        template=stream,
    )


def _packets(container: InputContainer) -> Iterator["av.Packet[Any]"]:
    try:
        for packet in container.demux(container.streams.video[0]):
            if packet.size and (packet.dts is not None or packet.pts is not None):
                yield packet
    except (OSError, av.error.FFmpegError) as error:
        raise SourceError(f"The source stopped: {_reason(error)}.") from error


def _seconds(packet: "av.Packet[Any]") -> float:
    stamp = packet.dts if packet.dts is not None else packet.pts
    start = packet.stream.start_time or 0
    return max(float((stamp - start) * packet.time_base), 0.0) if stamp is not None else 0.0


def _reason(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).rstrip(".")
