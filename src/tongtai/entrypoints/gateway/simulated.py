"""Sources that the gateway makes itself: a test pattern with the time, simulated rooms, prepared clips."""

import fcntl
import hashlib
import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from tongtai.core.pictures.consoles import ct_console_picture, monitor_picture
from tongtai.core.pictures.lettering import text_mask
from tongtai.core.pictures.theatre import room_picture
from tongtai.core.pictures.timecode import draw_timecode
from tongtai.core.pictures.ultrasound import ultrasound_picture, ultrasound_scene
from tongtai.entrypoints.gateway.sources import FileSource, SourceError
from tongtai.entrypoints.gateway.units import MICROSECOND, Picture, StreamInfo, now_s

_TEST_SIZE = re.compile(r"(?:(\d+)x(\d+))?(?:@(\d+))?")
_DEMO_PICTURES: dict[str, Callable[[float], NDArray[np.uint8]]] = {
    "ultrasound": ultrasound_picture,
    "ct": ct_console_picture,
    "monitor": monitor_picture,
    "room": room_picture,
}
_LOOP_S, _RATE = 10, 25
_CLIP_LOOP_S = 60
_HIGH_SIZE, _LOW_SIZE = (1280, 720), (320, 180)
_HIGH_BIT_S, _LOW_BIT_S = 1_400_000, 90_000
# Part of the cache's file names; raise it when a picture is drawn differently.
_DRAWING = 3


class TestSource:
    """A moving pattern with the wall clock as a time code: what delay is measured with."""

    __test__ = False

    def __init__(self, specification: str) -> None:
        match = _TEST_SIZE.fullmatch(specification)
        if match is None:
            raise SourceError("Write the test pattern as test:, test:1280x720 or test:1280x720@30.")
        width, height, rate = (int(value) if value else None for value in match.groups())
        self._width, self._height = (width or 1280) // 2 * 2, (height or 720) // 2 * 2
        self._rate = rate or 30
        self._texture = self._make_texture()
        self.info = StreamInfo(
            codec="rawvideo",
            width=self._width,
            height=self._height,
            frame_rate=self._rate,
            reorders=False,
            raw=True,
        )

    def pictures(self, stop: threading.Event) -> Iterator[Picture]:
        """See :class:`~tongtai.entrypoints.gateway.sources.Source`."""
        began, index = now_s(), 0
        while True:
            if stop.wait(max(began + index / self._rate - now_s(), 0.0)):
                return
            captured = now_s()
            # A machine that was too slow leaves pictures out, as a camera does.
            index = max(index, int((captured - began) * self._rate))
            frame = self._draw(index, wall_ms=time.time_ns() // 1_000_000)
            frame.pts, frame.time_base = int((captured - began) * 1e6), MICROSECOND
            yield Picture(time_s=captured - began, captured_s=captured, key=True, frame=frame)
            index += 1

    def close(self) -> None:
        """Nothing is held."""

    def _draw(self, index: int, *, wall_ms: int) -> VideoFrame:
        width, height = self._width, self._height
        planes = np.full((height * 3 // 2, width), 128, np.uint8)
        shift = index * 4 % width
        planes[:height] = self._texture[:, shift : shift + width]
        mask = text_mask(f"TEST {index:06d}")
        planes[16 : 16 + mask.shape[0], 16 : 16 + mask.shape[1]][mask] = 235
        draw_timecode(planes[:height], wall_ms)
        return VideoFrame.from_ndarray(planes, format="yuv420p")

    def _make_texture(self) -> NDArray[np.uint8]:
        rows, columns = np.mgrid[: self._height, : self._width].astype(np.float32)
        wave = np.sin(columns * 2 * np.pi * 6 / self._width) * np.cos(rows * 2 * np.pi * 4 / self._height)
        grain = np.random.default_rng(7).normal(0, 10, (self._height // 4, self._width // 4))
        grain = grain.repeat(4, 0).repeat(4, 1)
        grain = np.pad(grain, [(0, self._height - grain.shape[0]), (0, self._width - grain.shape[1])])
        texture = np.clip(110 + 50 * wave + grain, 16, 235).astype(np.uint8)
        return np.concatenate([texture, texture], axis=1)


class DemoSource:
    """A simulated feed or a clip: compressed once, then played in a loop at almost no cost."""

    def __init__(self, name: str, *, cache: Path) -> None:
        path = Path(name)
        if path.is_file():
            layers = prepare(cache, _clip_key(path), lambda: _clip(name))
        else:
            draw = demo_picture(name)
            layers = prepare(cache, f"{name}-{_DRAWING}", lambda: _drawn(draw))
        self._high, self._low = (FileSource(str(layer), loop=True) for layer in layers)
        info = self._high.info
        self.info = StreamInfo(
            codec=info.codec, width=info.width, height=info.height, frame_rate=info.frame_rate,
            reorders=False, raw=False, brings_low=True, template=info.template,
        )  # fmt: skip

    def pictures(self, stop: threading.Event) -> Iterator[Picture]:
        """See :class:`~tongtai.entrypoints.gateway.sources.Source`."""
        # Both have the same rate, so that one clock serves both.
        for high, low in zip(self._high.pictures(stop), self._low.pictures(stop), strict=False):
            yield high
            yield Picture(
                time_s=low.time_s, captured_s=low.captured_s, key=low.key, packet=low.packet, layer="low"
            )

    def close(self) -> None:
        """Let both files go."""
        self._high.close()
        self._low.close()


def demo_picture(name: str) -> Callable[[float], NDArray[np.uint8]]:
    """What draws a simulated feed at a time in seconds: ``ct``, or ``ultrasound@3`` for the third scene.

    Raises
    ------
    SourceError
        If there is no such feed, or it has no scenes.
    """
    feed, _, scene = name.partition("@")
    draw = _DEMO_PICTURES.get(feed)
    if draw is None:
        raise SourceError(
            f"There is no clip and no simulated feed of that name; there are {', '.join(_DEMO_PICTURES)}."
        )
    if not scene:
        return draw
    if feed != "ultrasound" or not re.fullmatch(r"[0-9]{1,6}", scene):
        raise SourceError("Only the ultrasound has scenes: write demo:ultrasound@3, with a number.")
    return partial(ultrasound_picture, scene=ultrasound_scene(np.random.default_rng(int(scene))))


def prepare(cache: Path, key: str, frames: Callable[[], Iterator[VideoFrame]]) -> tuple[Path, Path]:
    """Make the high and the low layer of a feed, or find them in the cache.

    Several gateways of one machine wait for one another here, so that each is made once.
    """
    cache.mkdir(parents=True, exist_ok=True)
    high, low = cache / f"{key}-high.mp4", cache / f"{key}-low.mp4"
    with (cache / f"{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (high.exists() and low.exists()):
            drafts = high.with_suffix(".part.mp4"), low.with_suffix(".part.mp4")
            _compress(frames(), *drafts)
            drafts[0].replace(high)
            drafts[1].replace(low)
    return high, low


def _drawn(draw: Callable[[float], NDArray[np.uint8]]) -> Iterator[VideoFrame]:
    for index in range(_LOOP_S * _RATE):
        yield VideoFrame.from_ndarray(draw(index / _RATE), format="rgb24")


def _clip_key(path: Path) -> str:
    with path.open("rb") as content:
        return f"clip-{hashlib.file_digest(content, 'sha256').hexdigest()[:16]}"


def _clip(name: str) -> Iterator[VideoFrame]:
    """The clip's pictures at the house's rate, each shown as often as it was to be seen."""
    try:
        with av.open(name) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            index = 0
            for frame in container.decode(stream):
                due = round(((frame.time or 0.0) + 1 / float(stream.average_rate or _RATE)) * _RATE)
                while index < min(max(due, index), _CLIP_LOOP_S * _RATE):
                    yield frame
                    index += 1
    except (OSError, IndexError, av.error.FFmpegError) as error:
        raise SourceError("The clip cannot be read as a video.") from error


def _compress(frames: Iterator[VideoFrame], high: Path, low: Path) -> None:
    first = next(frames, None)
    if first is None:
        raise SourceError("The clip holds no picture.")
    outputs = []
    for path, limits, bits in ((high, _HIGH_SIZE, _HIGH_BIT_S), (low, _LOW_SIZE, _LOW_BIT_S)):
        container = av.open(str(path), "w")
        stream = container.add_stream("libx264", rate=_RATE)
        scale = min(limits[0] / first.width, limits[1] / first.height, 1.0)
        stream.width, stream.height = (int(side * scale) // 2 * 2 for side in (first.width, first.height))
        stream.pix_fmt, stream.bit_rate = "yuv420p", bits
        stream.codec_context.gop_size = _RATE
        stream.options = {
            "preset": "veryfast", "tune": "zerolatency", "profile": "baseline",
            "maxrate": str(bits * 2), "bufsize": str(bits), "x264-params": "scenecut=0",
        }  # fmt: skip
        outputs.append((container, stream))
    for index, picture in enumerate(itertools.chain([first], frames)):
        for container, stream in outputs:
            frame = picture.reformat(stream.width, stream.height, "yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, _RATE)
            container.mux(stream.encode(frame))
    for container, stream in outputs:
        container.mux(stream.encode(None))
        container.close()
