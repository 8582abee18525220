"""Gateways and the real LiveKit server."""

import os
from pathlib import Path

import pytest

from tongtai.entrypoints.bench.media_bench import BenchImpossibleError, Stage, find_livekit

pytestmark = pytest.mark.media
CLIPS = Path(os.environ.get("TONGTAI_SHARED", "../shared")) / "data" / "ultrasound-clips"


@pytest.fixture
async def stage():
    try:
        livekit = find_livekit()
    except BenchImpossibleError as error:
        pytest.skip(str(error))
    async with Stage(livekit=livekit) as stage:
        yield stage


@pytest.mark.slow
@pytest.mark.parametrize("encode", ["follow", "auto"])
async def test_the_time_code_arrives(stage, encode):
    await stage.gateway("a", "--feed", "ultrasound=test:640x360@30", "--encode", encode, "--no-record")
    (seen,) = await stage.view(["a"], seconds=16)
    assert seen["fps"] > 20
    assert seen["p95_ms"] < 400


@pytest.mark.slow
@pytest.mark.shared
async def test_a_clip_is_published_and_recorded(stage):
    clips = sorted(CLIPS.glob("*.mp4"))
    source = f"ultrasound={clips[0]}" if clips else "ultrasound=demo:ultrasound"
    await stage.gateway("b", "--feed", source)
    names = await stage.pictures_of("b", seconds=25)
    assert names["ultrasound.high"] > 60
    assert names["ultrasound.low"] > 60
    assert list((stage.folder / "b" / "recordings" / "ultrasound").glob("*.mkv"))


@pytest.mark.slow
async def test_a_killed_gateway_comes_back_in_the_same_room(stage):
    first = await stage.gateway("c", "--feed", "room=test:640x360@30", "--encode", "follow", "--no-record")
    assert (await stage.pictures_of("c", seconds=25))["room.high"] > 20
    first.kill()
    await first.wait()
    await stage.gateway("c", "--feed", "room=test:640x360@30", "--encode", "follow", "--no-record")
    assert (await stage.pictures_of("c", seconds=25))["room.high"] > 20
