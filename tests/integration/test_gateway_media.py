"""Gateways and the real LiveKit server."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from livekit import rtc
from tests.support.processes import eventually

from tongtai.entrypoints.bench.media_bench import BenchImpossibleError, Stage, find_livekit
from tongtai.entrypoints.bench.receiver import Viewing, watch
from tongtai.entrypoints.bench.table_server import media_token

# One LiveKit and one loop for the whole file: starting them takes longer than what they are needed for.
pytestmark = [pytest.mark.media, pytest.mark.asyncio(loop_scope="module")]
CLIPS = Path(os.environ.get("TONGTAI_SHARED", "../shared")) / "data" / "ultrasound-clips"
_SEEN = 150


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    try:
        livekit = find_livekit()
    except BenchImpossibleError as error:
        pytest.skip(str(error))
    async with Stage(livekit=livekit) as stage:
        yield stage


@asynccontextmanager
async def gateway(stage: Stage, room: str, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A gateway that publishes in a room, for as long as the block lasts."""
    process = await stage.gateway(room, *words)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def viewers_token(stage: Stage, room: str) -> str:
    return media_token(key="bench", secret=stage.secret, room=room, identity="user.view", publish=False)


async def arrives(stage: Stage, room: str, wanted: dict[str, int]) -> None:
    """Return when so many pictures of each of these tracks have been decoded."""
    counts: Counter[str] = Counter()
    tasks: list[asyncio.Task[None]] = []

    async def count(track: rtc.Track, name: str) -> None:
        async for _ in rtc.VideoStream(track):
            counts[name] += 1

    def subscribed(track: rtc.Track, publication: rtc.RemoteTrackPublication, _: object) -> None:
        if track.kind == rtc.TrackKind.KIND_VIDEO:
            tasks.append(asyncio.create_task(count(track, publication.name)))

    async def enough() -> bool:
        return all(counts[name] >= pictures for name, pictures in wanted.items())

    viewer = rtc.Room()
    viewer.on("track_subscribed", subscribed)
    await viewer.connect(stage.livekit_url, viewers_token(stage, room))
    try:
        await eventually(enough)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await viewer.disconnect()


@pytest.mark.parametrize("encode", ["follow", "auto"])
async def test_the_time_code_arrives(stage: Stage, encode: str) -> None:
    viewing = Viewing()

    async def enough() -> bool:
        return len(viewing.delays_ms) >= _SEEN

    words = ("--feed", "ultrasound=test:640x360@30", "--encode", encode, "--no-record")
    async with gateway(stage, encode, *words):
        token = viewers_token(stage, encode)
        watching = asyncio.create_task(watch(stage.livekit_url, token, viewing, seconds=120))
        try:
            await eventually(enough)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
    # The first pictures are of a link that is not known yet.
    assert np.median(viewing.delays_ms[_SEEN // 2 :]) < 400
    assert viewing.unreadable < _SEEN // 10


@pytest.mark.shared
async def test_a_clip_is_published_and_recorded(stage: Stage) -> None:
    clips = sorted(CLIPS.glob("*.mp4"))
    source = f"ultrasound={clips[0]}" if clips else "ultrasound=demo:ultrasound"
    async with gateway(stage, "clip", "--feed", source):
        await arrives(stage, "clip", {"ultrasound.high": 60, "ultrasound.low": 30})
    assert list((stage.folder / "clip" / "recordings" / "ultrasound").glob("*.mkv"))


async def test_a_killed_gateway_comes_back_in_the_same_room(stage: Stage) -> None:
    words = ("--feed", "room=test:640x360@30", "--encode", "follow", "--no-record")
    async with gateway(stage, "killed", *words) as first:
        await arrives(stage, "killed", {"room.high": 20})
        first.kill()
    async with gateway(stage, "killed", *words):
        await arrives(stage, "killed", {"room.high": 20})
