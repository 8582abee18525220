"""What flows from a source to the recorder and the network."""

import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Layer = Literal["high", "low"]
SOUND_RATE_HZ = 48_000
MICROSECOND = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture as it came: compressed (``packet``), or raw (``frame``) from a raw source.

    ``time_s`` counts from the source's start and never goes back, also when a file begins anew;
    ``captured_s`` is the monotonic clock at capture.
    """

    time_s: float
    captured_s: float
    key: bool
    packet: "av.Packet[Any] | None" = None
    frame: VideoFrame | None = None
    layer: Layer = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamInfo:
    """What is known of a source before its first picture.

    ``reorders`` says that it has B-frames, which cannot be sent without encoding anew;
    ``brings_low`` that the source delivers its own low layer.
    """

    codec: str
    width: int
    height: int
    frame_rate: float
    reorders: bool
    raw: bool
    brings_low: bool = False
    template: av.VideoStream | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Some samples of the microphone; a recording may begin with any of them.

    ``samples`` is a (1, N) array of 16-bit samples at ``SOUND_RATE_HZ``; ``time_s`` is the monotonic
    clock at the first of them.
    """

    time_s: float
    samples: NDArray[np.int16]
    key: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundInfo:
    """What a recording says of the microphone's sound."""

    codec: str = "opus"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPicture:
    """One access unit of H.264 (Annex B) for the network."""

    data: bytes
    width: int
    height: int
    key: bool
    captured_s: float


def now_s() -> float:
    """The monotonic clock in seconds."""
    return time.monotonic()
