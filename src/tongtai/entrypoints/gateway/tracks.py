"""What is written into a recorded file: pictures as they came, or sound as Opus."""

from fractions import Fraction
from typing import Any, Protocol

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tongtai.entrypoints.gateway.units import SOUND_RATE_HZ, Picture, Sound, SoundInfo, StreamInfo

_MILLISECOND = Fraction(1, 1000)
_SAMPLE = Fraction(1, SOUND_RATE_HZ)
# Speech and alarms of one microphone, without a difference that anybody hears.
_SOUND_BITS_PER_S = 64_000


class Track(Protocol):
    """The one stream of a recorded file."""

    def write(self, unit: Picture | Sound, *, offset_s: float) -> None:
        """Append what was captured ``offset_s`` after the file's first unit."""
        ...

    def end(self) -> None:
        """Write what an encoder still holds."""
        ...


def open_track(container: OutputContainer, info: StreamInfo | SoundInfo) -> Track:
    """The track that fits a source."""
    if isinstance(info, SoundInfo):
        return SoundTrack(container)
    return PacketTrack(container, info.template) if info.template is not None else FrameTrack(container, info)


class PacketTrack:
    """Pictures that came compressed: their own packets."""

    def __init__(self, container: OutputContainer, template: av.VideoStream) -> None:
        self._container = container
        self._stream: VideoStream = container.add_stream_from_template(template)

    def write(self, unit: Picture | Sound, *, offset_s: float) -> None:
        """Append a packet."""
        if not isinstance(unit, Picture) or unit.packet is None:
            return
        packet = av.Packet(bytes(unit.packet))
        packet.stream = self._stream
        packet.time_base = _MILLISECOND
        packet.dts = round(offset_s * 1000)
        packet.pts = packet.dts + _reorder_ms(unit.packet)
        packet.is_keyframe = unit.key
        self._container.mux(packet)

    def end(self) -> None:
        """Nothing is held back."""


class FrameTrack:
    """Pictures of a raw source, which has no packets to keep: nearly lossless H.264."""

    def __init__(self, container: OutputContainer, info: StreamInfo) -> None:
        self._container = container
        self._stream: VideoStream = container.add_stream("libx264", rate=round(info.frame_rate))
        self._stream.width, self._stream.height, self._stream.pix_fmt = info.width, info.height, "yuv420p"
        self._stream.codec_context.time_base = _MILLISECOND
        self._stream.codec_context.gop_size = round(info.frame_rate)
        self._stream.codec_context.thread_count = 1
        # At the price of the disk, not of the processor.
        self._stream.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "18"}

    def write(self, unit: Picture | Sound, *, offset_s: float) -> None:
        """Encode and append a picture."""
        if not isinstance(unit, Picture) or unit.frame is None:
            return
        frame = unit.frame.reformat(format="yuv420p")
        if frame is unit.frame:
            # The sender's encoder puts its own time on the same picture, from another thread.
            frame = VideoFrame.from_ndarray(frame.to_ndarray(), format="yuv420p")
        frame.pts, frame.time_base = round(offset_s * 1000), _MILLISECOND
        self._container.mux(self._stream.encode(frame))

    def end(self) -> None:
        """Write what the encoder still holds."""
        self._container.mux(self._stream.encode(None))


class SoundTrack:
    """Sound of one microphone as Opus: samples follow one another without a gap."""

    def __init__(self, container: OutputContainer) -> None:
        self._container = container
        self._stream: AudioStream = container.add_stream("libopus", rate=SOUND_RATE_HZ, layout="mono")
        self._stream.bit_rate = _SOUND_BITS_PER_S
        self._samples = 0

    def write(self, unit: Picture | Sound, *, offset_s: float) -> None:  # noqa: ARG002  (samples count the time)
        """Encode and append some samples."""
        if not isinstance(unit, Sound):
            return
        frame = av.AudioFrame.from_ndarray(unit.samples, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE_HZ, self._samples, _SAMPLE
        self._samples += frame.samples
        self._container.mux(self._stream.encode(frame))

    def end(self) -> None:
        """Write what the encoder still holds."""
        self._container.mux(self._stream.encode(None))


def _reorder_ms(packet: "av.Packet[Any]") -> int:
    if packet.pts is None or packet.dts is None or packet.time_base is None:
        return 0
    return round(float((packet.pts - packet.dts) * packet.time_base) * 1000)
