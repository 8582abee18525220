"""What a gateway costs: processor time with three 720p30 feeds."""

import asyncio
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil

from tongtai.entrypoints.bench.media_bench import BenchImpossibleError, Stage, find_livekit
from tongtai.entrypoints.bench.row import Row

_WARM_UP_S, _MEASURE_S = 8.0, 20.0
_RATE, _BITS = 30, 2_500_000
CLIP_S = 6


async def rows() -> list[Row]:
    """Measure; about a minute."""
    async with Stage(livekit=find_livekit()) as stage:
        clip = stage.folder / "clip.mp4"
        await asyncio.to_thread(make_clip, clip)
        return [
            Row(
                name="gateway, 3 × 720p30, packets recorded and passed on, low layer encoded",
                unit="cores",
                value=await _cores(stage, clip, "pass"),
                peer="0.07 cores for nine with ffmpeg -c copy, without low layer and WebRTC",
            ),
            Row(
                name="gateway, 3 × 720p30, recorded and encoded for the link",
                unit="cores",
                value=await _cores(stage, clip, "follow"),
            ),
            Row(
                name="gateway, 3 × 720p30, only recorded",
                unit="cores",
                value=await _cores(stage, clip, "pass", connected=False),
                target=0.1,
                peer="0.07 cores for nine with ffmpeg -c copy",
            ),
        ]


async def _cores(stage: Stage, clip: Path, encode: str, *, connected: bool = True) -> float:
    feeds = [word for name in ("room", "ultrasound", "ct") for word in ("--feed", f"{name}={clip}")]
    # Without a server that answers, a gateway records and waits.
    away = () if connected else ("--server", "http://127.0.0.1:9")
    gateway = await stage.gateway(f"cost-{encode}-{connected}", *feeds, "--encode", encode, *away)
    await asyncio.sleep(_WARM_UP_S)
    if gateway.returncode is not None:
        raise BenchImpossibleError("The gateway of the measurement ended.")
    process = psutil.Process(gateway.pid)
    before = process.cpu_times()
    await asyncio.sleep(_MEASURE_S)
    after = process.cpu_times()
    gateway.terminate()
    await gateway.wait()
    return round((after.user + after.system - before.user - before.system) / _MEASURE_S, 3)


def make_clip(path: Path) -> None:
    """A clip as a hospital's encoder makes it: 720p30, no B-frames, a key picture each second."""
    random = np.random.default_rng(3)
    texture = random.integers(40, 200, (90, 320), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=_RATE)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 1280, 720, "yuv420p", _BITS
        stream.codec_context.gop_size = _RATE
        stream.options = {"preset": "veryfast", "tune": "zerolatency", "profile": "baseline"}
        for index in range(_RATE * CLIP_S):
            planes = np.full((1080, 1280), 128, np.uint8)
            planes[:720] = texture[:, index * 5 : index * 5 + 1280]
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, _RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
