"""Where a feed's thread puts pictures for the network, whatever state the network is in."""

import threading

from livekit import rtc

from tongtai.entrypoints.gateway.rate import Silence
from tongtai.entrypoints.gateway.units import EncodedPicture, Layer, now_s

_H264 = rtc.VideoCodec.Value("H264")
_KEY = rtc.EncodedFrameType.Value("ENCODED_FRAME_KEY")
_DELTA = rtc.EncodedFrameType.Value("ENCODED_FRAME_DELTA")
_SMOOTHING = 0.05


class Slot:
    """One layer of one feed. Without a room, what is put here is dropped; nobody ever waits.

    Parameters
    ----------
    feed : str
        The feed's name.
    layer : Layer
        ``high`` or ``low``.
    """

    def __init__(self, feed: str, layer: Layer) -> None:
        self.feed = feed
        self.layer = layer
        self.size: tuple[int, int] | None = None
        self.capture_to_send_ms: float | None = None
        # Replaced with every room; without one nothing is sent anyway.
        self.silence = Silence()
        # Whether its pictures are encoded for the link, and so depend on what comes back over it.
        self.follows = False
        self._lock = threading.Lock()
        self._source: rtc.EncodedVideoSource | None = None
        self._waits_for_key = True
        self._target_bps: int | None = None

    @property
    def name(self) -> str:
        """The track's name."""
        return f"{self.feed}.{self.layer}"

    def attach(self) -> rtc.EncodedVideoSource:
        """A new source for a new publication; the picture's size must be known."""
        if self.size is None:
            raise ValueError("the size of the pictures is not known yet")
        source = rtc.EncodedVideoSource(*self.size)
        with self._lock:
            self._source = source
            self._waits_for_key = True
            self._target_bps = None
        return source

    def detach(self) -> None:
        """The room is gone."""
        with self._lock:
            self._source = None
            self.silence = Silence()

    def wants(self) -> tuple[bool, int | None]:
        """Whether a key picture is wanted, and the newest estimate of what the link carries, bits a second."""
        with self._lock:
            if self._source is None:
                return False, None
            feedback = self._source.take_feedback()
            if feedback.rate_control is not None:
                self._target_bps = feedback.rate_control.target_bitrate_bps
            return feedback.keyframe_requested or self._waits_for_key, self._target_bps

    @property
    def connected(self) -> bool:
        """Whether there is a room to send to."""
        return self._source is not None

    def send(self, picture: EncodedPicture) -> None:
        """Hand a picture to the network; the first of a publication must be a key picture."""
        with self._lock:
            if self._source is None or (self._waits_for_key and not picture.key):
                return
            self._waits_for_key = False
            self._source.capture_frame(
                rtc.EncodedVideoFrame(
                    data=picture.data,
                    width=picture.width,
                    height=picture.height,
                    codec=_H264,
                    frame_type=_KEY if picture.key else _DELTA,
                    timestamp_us=int(picture.captured_s * 1e6),
                )
            )
        delay_ms = (now_s() - picture.captured_s) * 1000
        known = self.capture_to_send_ms
        self.capture_to_send_ms = delay_ms if known is None else known + _SMOOTHING * (delay_ms - known)
