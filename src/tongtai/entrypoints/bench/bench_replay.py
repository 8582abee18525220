"""Three sites with three streams each, recorded and uploaded at once, then all seen again: how whole, how soon, how aligned."""

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import httpx2
import numpy as np
import psutil

from tongtai.core.pictures.masking import Mask
from tongtai.core.pictures.timecode import WRAP_MS, read_timecode
from tongtai.entrypoints.bench.bench_gateway import CLIP_S, make_clip
from tongtai.entrypoints.bench.event_world import signed_in
from tongtai.entrypoints.bench.live_world import LiveWorld, enrolment_codes, make_live_world, product
from tongtai.entrypoints.bench.row import Row
from tongtai.formats.replay_video import write_masked_mp4

_SITES, _SEGMENT_S, _WHOLE_SEGMENTS = 3, 8, 4
_LOOK_S, _LONGEST_S = 2.0, 240.0
# The first segment begins while nine sources open at once.
_SETTLED = 1
_ALIGNED_MS = 200.0
_GAP_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What was seen again: times (s, server clock) of the pictures of each feed, and how far the time codes were off."""

    times_s: dict[tuple[str, str], list[float]]
    off_ms: list[float]
    first_byte_s: list[float]
    megabytes: float


async def rows() -> list[Row]:
    """Measure; about two minutes."""
    with tempfile.TemporaryDirectory(prefix="tongtai-bench-") as name:
        folder = Path(name)
        await asyncio.to_thread(make_clip, folder / "clip.mp4")
        world = await make_live_world(folder / "data", tables=_SITES)
        async with product(world) as (origin, _):
            await _consent(origin, world)
            began = time.monotonic()
            async with _tables(origin, folder, await enrolment_codes(origin, world.tables)) as tables:
                await _until_uploaded(origin, world)
                cores = _cores(tables) / (time.monotonic() - began)
            seen = await _see_again(origin, world, folder)
        covering_s = await asyncio.to_thread(_covering_s, folder / "clip.mp4")
    covered = Row(
        name="teaching: one minute of 720p30 decoded, covered and encoded", unit="s", value=covering_s
    )
    return [*_rows(seen, cores), covered]


def _rows(seen: _Seen, cores: float) -> list[Row]:
    gaps = [after - before for times in seen.times_s.values() for before, after in pairwise(sorted(times))]
    rates = [(len(times) - 1) / (max(times) - min(times)) for times in seen.times_s.values()]
    off = np.abs(seen.off_ms)
    what = f"{_SITES} sites × 3 streams"
    return [
        Row(name=f"{what}: gateways, recorded, sent and uploaded", unit="cores", value=round(cores, 2)),
        Row(
            name=f"{what}: longest time without a recorded picture",
            unit="s",
            value=round(max(gaps), 3),
            target=_GAP_S,
        ),
        Row(
            name=f"{what}: pictures recorded, slowest stream (of 25)",
            unit="1/s",
            value=round(min(rates), 2),
            better="higher",
        ),
        Row(
            name=f"replay of all {len(seen.times_s)} streams at once: first byte of a segment",
            unit="s",
            value=round(float(np.median(seen.first_byte_s)), 3),
            p95=round(float(np.percentile(seen.first_byte_s, 95)), 3),
        ),
        Row(
            name="replay: time in the picture against the session's clock",
            unit="ms",
            value=round(float(np.median(off)), 1),
            p95=round(float(off.max()), 1),
            target=_ALIGNED_MS,
            peer="WS/T 529: ± 200 ms; here p95 is the worst",
        ),
        Row(name="replay: served", unit="MB", value=round(seen.megabytes, 1)),
    ]


async def _consent(origin: str, world: LiveWorld) -> None:
    for table in world.tables:
        async with aclosing(await signed_in(origin, table.operator)) as site:
            body = {
                "kind": "recording",
                "template": "v1",
                "text": "测量",
                "signer_name": "模拟",
                "relation": "patient",
                "signed_at": (datetime.now(UTC) - timedelta(seconds=5)).isoformat(),
            }
            (await site.post(f"/api/cases/{table.case_id}/consents", json=body)).raise_for_status()


@asynccontextmanager
async def _tables(
    origin: str, folder: Path, codes: Sequence[str]
) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    clip, quiet = folder / "clip.mp4", asyncio.subprocess.DEVNULL
    feeds = [f"ultrasound={clip}", f"ct={clip}", "room=test:640x360@25"]
    options = [*("--segment-s", str(_SEGMENT_S)), "--upload-during-case", *("--encode", "pass")]
    tables = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tongtai.entrypoints.gateway", "--server", origin, "--code", code),
            *("--data", str(folder / f"gateway-{number}"), *options),
            *(word for feed in feeds for word in ("--feed", feed)),
            stdout=quiet,
            stderr=quiet,
        )
        for number, code in enumerate(codes)
    ]
    try:
        yield tables
    finally:
        for table in tables:
            table.terminate()
        await asyncio.gather(*(table.wait() for table in tables))


def _cores(tables: Sequence[asyncio.subprocess.Process]) -> float:
    times = [psutil.Process(table.pid).cpu_times() for table in tables]
    return sum(one.user + one.system for one in times)


async def _until_uploaded(origin: str, world: LiveWorld) -> None:
    async with asyncio.timeout(_LONGEST_S), aclosing(await signed_in(origin, world.guide)) as guide:
        for table in world.tables:
            while True:
                counts: defaultdict[str, int] = defaultdict(int)
                for one in (await guide.get(f"/api/cases/{table.case_id}/recordings")).json():
                    counts[one["feed"]] += 1
                if len(counts) == 3 and min(counts.values()) >= _WHOLE_SEGMENTS:
                    break
                await asyncio.sleep(_LOOK_S)


async def _see_again(origin: str, world: LiveWorld, folder: Path) -> _Seen:
    seen = _Seen(times_s=defaultdict(list), off_ms=[], first_byte_s=[], megabytes=0.0)
    async with aclosing(await signed_in(origin, world.guide)) as guide:
        replays = await asyncio.gather(
            *(guide.post(f"/api/cases/{table.case_id}/replays", json={}) for table in world.tables)
        )
        clips = [
            (replay["case_id"], feed["feed"], clip)
            for replay in (answer.json() for answer in replays)
            for feed in replay["feeds"]
            for clip in feed["clips"][_SETTLED:_WHOLE_SEGMENTS]
        ]
        contents = await asyncio.gather(
            *(_fetch(guide, clip["url"], seen.first_byte_s) for *_, clip in clips)
        )
    for number, ((case_id, feed, clip), content) in enumerate(zip(clips, contents, strict=True)):
        path = folder / f"seen-{number}.mp4"
        await asyncio.to_thread(path.write_bytes, content)
        await asyncio.to_thread(
            _look, path, clip["started_ms"], seen.times_s[case_id, feed], seen.off_ms, feed
        )
    return _Seen(
        times_s=seen.times_s,
        off_ms=seen.off_ms,
        first_byte_s=seen.first_byte_s,
        megabytes=sum(map(len, contents)) / 1e6,
    )


async def _fetch(guide: httpx2.AsyncClient, url: str, first_byte_s: list[float]) -> bytes:
    began = time.monotonic()
    async with guide.stream("GET", url) as answer:
        answer.raise_for_status()
        content = bytearray()
        async for piece in answer.aiter_bytes():
            if not content:
                first_byte_s.append(time.monotonic() - began)
            content += piece
    return bytes(content)


def _covering_s(clip: Path) -> float:
    """Seconds that a minute of pictures takes, from a clip of six."""
    began = time.monotonic()
    write_masked_mp4(clip, clip.with_name("covered.mp4"), [Mask(left=0, top=0, right=1, bottom=0.12)])
    return round((time.monotonic() - began) * 60 / CLIP_S, 1)


def _look(path: Path, started_ms: float, times_s: list[float], off_ms: list[float], feed: str) -> None:
    with av.open(str(path)) as container:
        stream: Any = container.streams.video[0]
        if feed != "room":
            # No time code in it: when its pictures are is in the packets.
            times_s += [
                started_ms / 1000 + float(p.pts * p.time_base)
                for p in container.demux(stream)
                if p.pts is not None and p.time_base is not None
            ]
            return
        for picture in container.decode(stream):
            at_ms = started_ms + (picture.time or 0.0) * 1000
            times_s.append(at_ms / 1000)
            drawn_ms = read_timecode(np.asarray(picture.to_ndarray(format="gray"), np.uint8))
            if drawn_ms is not None:
                off_ms.append((drawn_ms - at_ms + WRAP_MS / 2) % WRAP_MS - WRAP_MS / 2)
