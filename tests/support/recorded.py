"""Recorded segments as gateways make and upload them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from tests.support.gateways import enrolled
from tests.support.server import ORIGIN
from tests.support.server import Server as Installation
from tests.support.world import World

from tongtai.entrypoints.gateway.recorder import Segment
from tongtai.entrypoints.gateway.recordings import Sidecar
from tongtai.entrypoints.gateway.server import Server
from tongtai.entrypoints.gateway.units import Picture, Sound, SoundInfo, StreamInfo

RATE = 25
Draw = Callable[[int], NDArray[np.uint8]]


def plain_picture(_number: int, *, width: int = 160, height: int = 96) -> NDArray[np.uint8]:
    """A grey picture with a white label in its upper left corner, where consoles write who the patient is."""
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = 90
    planes[4:20, 4:60] = 235
    return planes


def record(
    folder: Path,
    *,
    feed: str,
    case_id: str,
    started_at: datetime,
    draw: Draw = plain_picture,
    pictures: int = 50,
) -> Sidecar:
    """Record pictures (3 H / 2, W; yuv420p) as the recorder does; return the description of the segment."""
    folder.mkdir(parents=True, exist_ok=True)
    height, width = draw(0).shape[0] * 2 // 3, draw(0).shape[1]
    info = StreamInfo(codec="rawvideo", width=width, height=height, frame_rate=RATE, reorders=False, raw=True)
    segment = Segment(folder, sidecar=_sidecar(feed, case_id, started_at), info=info, first_time_s=0.0)
    for number in range(pictures):
        frame = VideoFrame.from_ndarray(draw(number), format="yuv420p")
        segment.write(Picture(time_s=number / RATE, captured_s=0.0, key=True, frame=frame))
    segment.close()
    return Sidecar.load(folder / f"{segment.sidecar.segment}.json")


def record_sound(folder: Path, *, case_id: str, started_at: datetime) -> Sidecar:
    """Record a second of silence as the microphone's recorder does."""
    folder.mkdir(parents=True, exist_ok=True)
    segment = Segment(
        folder, sidecar=_sidecar("mic", case_id, started_at), info=SoundInfo(), first_time_s=0.0
    )
    for number in range(50):
        segment.write(Sound(time_s=number / 50, samples=np.zeros((1, 960), np.int16)))
    segment.close()
    return Sidecar.load(folder / f"{segment.sidecar.segment}.json")


def _sidecar(feed: str, case_id: str, started_at: datetime) -> Sidecar:
    return Sidecar(
        feed=feed,
        case_id=case_id,
        segment=f"{started_at:%Y%m%dT%H%M%S%f}Z-{feed}",
        started_at=started_at,
        clock_offset_ms=0.0,
        codec="h264",
    )


@asynccontextmanager
async def table(server: Installation, world: World) -> AsyncIterator[Server]:
    """The gateway of the first hospital's room, as it talks with the server."""
    gateway = Server(ORIGIN)
    await gateway.close()
    transport = httpx2.ASGITransport(app=server.app, client=("198.51.100.7", 50000))
    gateway._http = httpx2.AsyncClient(transport=transport, base_url=f"{ORIGIN}/api", trust_env=False)
    gateway.authorize(await enrolled(server, world.rooms[0]))
    try:
        yield gateway
    finally:
        await gateway.close()
