"""Recorded segments as MP4 that a browser plays and seeks in.

A gateway records Matroska, which survives a kill; browsers want MP4 with its index in front. Time is
kept: zero of the MP4 is zero of the segment.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tongtai.core.errors import TongtaiError
from tongtai.core.pictures.masking import Mask, cover

MEDIA_TYPE = "video/mp4"
# What every current browser decodes; anything else is encoded anew.
_PLAYED = frozenset({"h264", "vp9", "av1"})
_PLAYED_FORMATS = frozenset({"yuv420p", "yuvj420p"})
_PLAYED_SOUND = frozenset({"opus", "aac"})
_TALLEST = 720
_MILLISECOND = Fraction(1, 1000)
_KEY_EVERY = 25
# Seeking needs the index in front; zero must stay zero.
_MP4 = {"movflags": "+faststart", "avoid_negative_ts": "disabled"}


class RecordingUnreadableError(TongtaiError):
    """The recording holds nothing that can be shown; the file may still be kept as it is."""

    code = "recording_unreadable"


def write_mp4(source: Path, target: Path) -> None:
    """Write a recorded segment, picture or sound, as MP4: its own packets where browsers play them.

    Raises
    ------
    RecordingUnreadableError
        If there is nothing in it.
    """
    with _opened(source) as recorded:
        stream = next((one for one in recorded.streams if one.type in {"video", "audio"}), None)
        if stream is None:
            raise RecordingUnreadableError
        if _is_played(stream):
            with av.open(str(target), "w", format="mp4", options=_MP4) as written:
                _copy(recorded, stream, written)
            return
    write_masked_mp4(source, target, ())


def write_masked_mp4(source: Path, target: Path, masks: Sequence[Mask]) -> None:
    """Write the pictures of a segment anew, without sound, with these parts covered in each of them.

    Raises
    ------
    RecordingUnreadableError
        If there is no picture in it.
    """
    with _opened(source) as recorded, av.open(str(target), "w", format="mp4", options=_MP4) as written:
        if not recorded.streams.video:
            raise RecordingUnreadableError
        stream = recorded.streams.video[0]
        encoder: VideoStream | None = None
        for picture in _pictures(recorded, stream):
            width, height = _size(picture.width, picture.height)
            frame = picture.reformat(width=width, height=height, format="yuv420p")
            planes: NDArray[np.uint8] = np.asarray(frame.to_ndarray(), np.uint8)
            cover(planes, masks)
            masked = VideoFrame.from_ndarray(planes, format="yuv420p")
            masked.pts, masked.time_base = _milliseconds(picture), _MILLISECOND
            if encoder is None:
                encoder = _encoder(written, width, height, stream)
            elif (encoder.width, encoder.height) != (width, height):
                masked = masked.reformat(width=encoder.width, height=encoder.height)
            written.mux(encoder.encode(masked))
        if encoder is None:
            raise RecordingUnreadableError
        written.mux(encoder.encode(None))


def _opened(source: Path) -> InputContainer:
    try:
        return av.open(str(source))
    except (OSError, ValueError, av.error.FFmpegError) as error:
        raise RecordingUnreadableError from error


def _is_played(stream: Stream) -> bool:
    codec = stream.codec_context
    if isinstance(stream, VideoStream):
        return codec.name in _PLAYED and stream.codec_context.pix_fmt in _PLAYED_FORMATS
    return codec.name in _PLAYED_SOUND


def _copy(recorded: InputContainer, stream: Any, written: OutputContainer) -> None:
    copied = written.add_stream_from_template(stream)
    count = 0
    for packet in _packets(recorded, stream):
        packet.stream = copied
        written.mux(packet)
        count += 1
    if count == 0:
        raise RecordingUnreadableError


def _packets(recorded: InputContainer, stream: Stream) -> "Iterator[av.Packet[Any]]":
    try:
        for packet in recorded.demux(stream):
            if packet.dts is not None:
                yield packet
    except (OSError, ValueError, av.error.FFmpegError):
        # A gateway was killed while it wrote: what was read until there is what there is.
        return


def _pictures(recorded: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    stream.thread_type = "NONE"
    try:
        for picture in recorded.decode(stream):
            if picture.pts is not None:
                yield picture
    except (OSError, ValueError, av.error.FFmpegError):
        return


def _encoder(written: OutputContainer, width: int, height: int, recorded: VideoStream) -> VideoStream:
    made: VideoStream = written.add_stream("libx264", rate=round(recorded.average_rate or _KEY_EVERY))
    made.width, made.height, made.pix_fmt = width, height, "yuv420p"
    made.codec_context.time_base = _MILLISECOND
    made.codec_context.gop_size = _KEY_EVERY
    made.codec_context.max_b_frames = 0
    made.codec_context.thread_count = 1
    made.options = {"preset": "superfast", "crf": "23"}
    return made


def _size(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, _TALLEST / height)
    return max(round(width * scale) // 2 * 2, 2), max(round(height * scale) // 2 * 2, 2)


def _milliseconds(picture: VideoFrame) -> int:
    return round(float((picture.pts or 0) * (picture.time_base or _MILLISECOND)) * 1000)
