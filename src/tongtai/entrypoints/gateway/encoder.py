"""The encoder at the table: H.264 that follows what the link carries."""

from fractions import Fraction

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame

from tongtai.entrypoints.gateway.rate import Backlog, KeyLimiter, Pace, Plan, RateFollower
from tongtai.entrypoints.gateway.units import MICROSECOND, EncodedPicture

_X264 = {
    "preset": "superfast",
    "tune": "zerolatency",
    "profile": "baseline",
    # Key frames come on request only, each with its headers.
    "x264-params": "repeat-headers=1:keyint=100000:scenecut=0:sliced-threads=0",
}
# The encoder's buffer is a tenth of a second: a key frame then costs no more than three pictures.
_BUFFER_S = 0.1
# The buffer is fixed when the encoder opens; within this factor the rate is changed while it runs,
# which costs no key frame. Outside, the buffer would be wrong by too much.
_RETUNE_LOW, _RETUNE_HIGH = 0.5, 1.2
# An encoder that must never empty so small a buffer stays a tenth to a third below what it is told. What a sender
# does not use, congestion control does not believe in: the link's estimate stays where it is, or sinks.
_ASK = 1.1
# So fast is the buffer refilled: what is asked for fits in, also after the rate has been raised.
_REFILL = _ASK * _RETUNE_HIGH


class FollowEncoder:
    """Encodes the high layer at the rate, and in the size, that the link carries.

    Parameters
    ----------
    width, height : int
        Size of the source in pixels.
    frame_rate : float
        Pictures per second of the source.
    codec : str
        An H.264 encoder of FFmpeg.
    """

    def __init__(self, *, width: int, height: int, frame_rate: float, codec: str = "libx264") -> None:
        self._size = (width, height)
        self._frame_rate = frame_rate
        self._codec = codec
        self._follower = RateFollower(source_height=height)
        self._backlog = Backlog()
        self._keys = KeyLimiter()
        self._pace = Pace(1 / frame_rate)
        self._context: VideoCodecContext | None = None
        self._opened = Plan(height=0, bitrate_bps=0)
        self._rate_bps = 0
        self.skipped = 0

    @property
    def rate_bps(self) -> int:
        """The rate that it aims at."""
        return self._rate_bps

    def request_key(self) -> None:
        """A viewer needs a picture to begin with."""
        self._keys.request()

    def encode(
        self, frame: VideoFrame, *, target_bps: int | None, captured_s: float, silence_s: float = 0.0
    ) -> EncodedPicture | None:
        """Encode one picture, or leave it out because the link is behind.

        Parameters
        ----------
        frame : av.VideoFrame
            The picture.
        target_bps : int or None
            The newest estimate of what the link carries; None when there is none.
        captured_s : float
            When the picture was taken.
        silence_s : float
            For how long nothing has come back over the link.
        """
        plan = self._follower.update(target_bps, now_s=captured_s, silence_s=silence_s)
        self._pace.came(captured_s)
        if self._backlog.full(rate_bps=plan.bitrate_bps / 0.85, now_s=captured_s):
            self.skipped += 1
            return None
        context = self._tuned(plan)
        key = self._keys.due(now_s=captured_s)
        width, height = context.width, context.height
        scaled = frame.reformat(width, height, "yuv420p", interpolation="BILINEAR")
        scaled.pts, scaled.time_base = int(self._pace.next_s() * 1e6), MICROSECOND
        scaled.pict_type = PictureType.I if key else PictureType.NONE
        packets = context.encode(scaled)
        data = b"".join(bytes(packet) for packet in packets)
        if not data:
            return None
        made_key = any(packet.is_keyframe for packet in packets)
        if made_key:
            self._keys.made(now_s=captured_s)
        self._backlog.sent(len(data))
        return EncodedPicture(data=data, width=width, height=height, key=made_key, captured_s=captured_s)

    def _tuned(self, plan: Plan) -> VideoCodecContext:
        ratio = plan.bitrate_bps / self._opened.bitrate_bps if self._opened.bitrate_bps else 0.0
        if (
            self._context is None
            or plan.height != self._opened.height
            or not _RETUNE_LOW <= ratio <= _RETUNE_HIGH
        ):
            self._context = self._open(plan)
            self._opened = plan
        elif plan.bitrate_bps != self._rate_bps:
            self._context.bit_rate = int(plan.bitrate_bps * _ASK)
        self._rate_bps = plan.bitrate_bps
        return self._context

    def _open(self, plan: Plan) -> VideoCodecContext:
        width = round(self._size[0] * plan.height / self._size[1] / 2) * 2
        return open_encoder(
            self._codec,
            width=width,
            height=plan.height // 2 * 2,
            frame_rate=self._frame_rate,
            rate_bps=plan.bitrate_bps,
            ask=_ASK,
            refill=_REFILL,
        )


class LowEncoder:
    """Encodes the thumbnail layer: 320 pixels wide, 16 pictures a second, 120 kb/s."""

    # One more than the fifteen that a tile must show: some are lost or late on every way.
    WIDTH, RATE_BPS, FRAME_RATE = 320, 120_000, 16.0
    # A picture may come a little early: a source of just this rate is never quite regular.
    _EARLY_S = 0.25 / FRAME_RATE

    def __init__(self, *, width: int, height: int, codec: str = "libx264") -> None:
        self._height = round(self.WIDTH * height / width / 2) * 2
        self._context = open_encoder(
            codec, width=self.WIDTH, height=self._height, frame_rate=self.FRAME_RATE, rate_bps=self.RATE_BPS
        )
        self._keys = KeyLimiter()
        self._next_s = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the thumbnail in pixels."""
        return self.WIDTH, self._height

    def request_key(self) -> None:
        """A viewer needs a picture to begin with."""
        self._keys.request()

    def encode(self, frame: VideoFrame, *, captured_s: float) -> EncodedPicture | None:
        """Encode one picture unless the last was less than about a sixteenth of a second ago."""
        if captured_s < self._next_s - self._EARLY_S:
            return None
        self._next_s = max(self._next_s + 1 / self.FRAME_RATE, captured_s - 1 / self.FRAME_RATE)
        scaled = frame.reformat(self.WIDTH, self._height, "yuv420p", interpolation="BILINEAR")
        scaled.pts, scaled.time_base = int(captured_s * 1e6), MICROSECOND
        scaled.pict_type = PictureType.I if self._keys.due(now_s=captured_s) else PictureType.NONE
        packets = self._context.encode(scaled)
        data = b"".join(bytes(packet) for packet in packets)
        if not data:
            return None
        key = any(packet.is_keyframe for packet in packets)
        if key:
            self._keys.made(now_s=captured_s)
        return EncodedPicture(
            data=data, width=self.WIDTH, height=self._height, key=key, captured_s=captured_s
        )


def open_encoder(
    codec: str,
    *,
    width: int,
    height: int,
    frame_rate: float,
    rate_bps: int,
    ask: float = 1.0,
    refill: float = 1.1,
) -> VideoCodecContext:
    """Open an H.264 encoder without B-frames whose key frames come on request.

    Parameters
    ----------
    ask : float
        What the encoder is told, as a multiple of the rate.
    refill : float
        How fast the encoder's buffer of a tenth of a second fills, as a multiple of the rate.
    """
    context = av.CodecContext.create(codec, "w")
    if not isinstance(context, VideoCodecContext):
        raise TypeError(f"{codec} is not a video encoder")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base = MICROSECOND
    context.framerate = Fraction(round(frame_rate * 1000), 1000)
    context.bit_rate = int(rate_bps * ask)
    context.max_b_frames = 0
    context.thread_count = 1
    limits = {"maxrate": str(int(rate_bps * refill)), "bufsize": str(int(rate_bps * _BUFFER_S))}
    context.options = limits | (_X264 if codec == "libx264" else {})
    return context
