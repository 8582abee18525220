"""Glass to glass on the network lab: hospitals behind NAT on bad links. Needs root on Linux.

The picture carries the time; the viewer reads it from what it decoded (see
:mod:`tongtai.entrypoints.bench.receiver`). Both ends share the machine and so its clock.
"""

import asyncio
import math
import os
import sys
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongtai.entrypoints.bench.media_bench import BenchImpossibleError, Stage, find_livekit
from tongtai.entrypoints.bench.recorded import longest_gap_s
from tongtai.entrypoints.bench.row import Row
from tongtai.entrypoints.bench.spoken import write_spoken

_PREFIX = "ttb-"
_LAB = Path(__file__).resolve().parents[4] / "tests" / "netlab" / "lab.py"
_MOBILE = "delay_ms=20,jitter_ms=4,loss=0.002"
_SOURCE = "test:1280x720@30"
_VIEW_S, _PEER_VIEW_S, _JOIN_S, _AWAY_S = 50.0, 40.0, 6.0, 30.0
_AWAY = "away"
_PEER = "libwebrtc's own H.264 encoder here:"
# Speech in steady noise as loud as itself reaches 0.73.
_UNDERSTOOD = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to be tried and what must be reached on it."""

    name: str
    up: str
    hospitals: int
    p95_ms: float
    freeze_s: float | None
    fps: float | None
    peer: str


LINKS = {
    "mobile": Link(
        name="5G-like, three rooms", up=f"{_MOBILE},rate_mbit=30", hospitals=3,
        p95_ms=100, freeze_s=None, fps=None, peer="87 ms (360p, an SFU in C)",
    ),
    "thin": Link(
        name="uplink of 1.5 Mb/s", up=f"{_MOBILE},rate_mbit=1.5", hospitals=1,
        p95_ms=180, freeze_s=0.5, fps=25, peer="138 ms, 29.5 fps",
    ),
    "broken": Link(
        name="600 ms outage every 8 s", up=f"{_MOBILE},rate_mbit=12,outage_every_s=8,outage_ms=600", hospitals=1,
        p95_ms=200, freeze_s=1.2, fps=None, peer="154 ms, longest freeze 1.96 s",
    ),
}  # fmt: skip
PARTS = (*LINKS, _AWAY)


async def rows(parts: Collection[str] = ()) -> list[Row]:
    """Measure; about ten minutes for all parts, each link with libwebrtc's own encoder after ours."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        raise BenchImpossibleError("The network lab needs root on Linux; run this bench with sudo.")
    measured = []
    for part in parts or PARTS:
        measured += await (_link_away() if part == _AWAY else _measure(LINKS[part]))
    return measured


async def _measure(link: Link) -> list[Row]:
    async with _stage(link.hospitals, link.up) as (stage, _):
        rooms = await _gateways(stage, link.hospitals)
        seen = await stage.view(rooms, seconds=_VIEW_S, place="expert")
    async with _stage(link.hospitals, link.up) as (stage, _):
        rooms = await _plain_tables(stage, link.hospitals)
        others = await stage.view(rooms, seconds=_PEER_VIEW_S, place="expert")
    worst, other = (max(one, key=lambda seen: float(seen["p95_ms"])) for one in (seen, others))
    peer = f"{other['p95_ms']:.0f} ms"
    peer_fps, peer_freeze = min(s["fps"] for s in others), max(s["freeze_s"] for s in others)
    peer_height = min(s["height"] for s in others)
    return [
        Row(name=f"{link.name}: glass to glass", unit="ms", value=_rounded(worst["p50_ms"]),
            p95=_rounded(worst["p95_ms"]), target=link.p95_ms, peer=f"{_PEER} {peer}; {link.peer}"),
        Row(name=f"{link.name}: pictures a second", unit="1/s", value=_rounded(min(s["fps"] for s in seen)),
            target=link.fps, better="higher", peer=f"{_PEER} {peer_fps:.1f}"),
        Row(name=f"{link.name}: longest freeze", unit="s", value=_rounded(max(s["freeze_s"] for s in seen)),
            target=link.freeze_s, peer=f"{_PEER} {peer_freeze:.2f} s"),
        Row(name=f"{link.name}: height of the picture", unit="px", value=min(s["height"] for s in seen),
            better="higher", peer=f"{_PEER} {peer_height:.0f} px"),
        Row(name=f"{link.name}: speech that comes through, STOI", unit="1",
            value=_rounded(min(s["speech"] for s in seen)), target=_UNDERSTOOD, better="higher"),
    ]  # fmt: skip


async def _link_away() -> list[Row]:
    async with _stage(1, f"{_MOBILE},rate_mbit=30") as (stage, lab):
        rooms = await _gateways(stage, 1, record=True)
        view = asyncio.create_task(stage.view(rooms, seconds=_AWAY_S + 35, place="expert"))
        await asyncio.sleep(18)
        await _tell(lab, "away")
        await asyncio.sleep(_AWAY_S)
        await _tell(lab, "back")
        back_s = time.monotonic()
        (seen,) = await view
        await stage.end_gateways()
        gap_s = await asyncio.to_thread(longest_gap_s, stage.folder / rooms[0] / "recordings")
    returned = [end for begin, end in seen["gaps"] if begin < back_s < end]
    value = returned[0] - back_s if returned else math.inf
    return [
        Row(name="link away 30 s: picture back after", unit="s", value=_rounded(value), target=3),
        Row(name="link away 30 s: longest gap in the recording", unit="s", value=_rounded(gap_s), target=0.2),
    ]


async def _gateways(stage: Stage, count: int, *, record: bool = False) -> list[str]:
    spoken_file = stage.folder / "spoken.wav"
    await asyncio.to_thread(write_spoken, spoken_file)
    rooms = [f"room{number}" for number in range(1, count + 1)]
    for number, room in enumerate(rooms, start=1):
        # As a rule not recorded: the lab shares two processors with three encoders and three decoders.
        words = [*("--feed", f"ultrasound={_SOURCE}"), *("--encode", "follow"), *("--mic", str(spoken_file))]
        words.append("--record" if record else "--no-record")
        await stage.gateway(room, *words, place=f"hosp{number}")
    await asyncio.sleep(_JOIN_S)
    return rooms


async def _plain_tables(stage: Stage, count: int) -> list[str]:
    rooms = [f"room{number}" for number in range(1, count + 1)]
    for number, room in enumerate(rooms, start=1):
        await stage.plain_table(room, _SOURCE, place=f"hosp{number}")
    await asyncio.sleep(_JOIN_S)
    return rooms


@asynccontextmanager
async def _stage(hospitals: int, up: str) -> AsyncIterator[tuple[Stage, asyncio.subprocess.Process]]:
    if not await asyncio.to_thread(_LAB.exists):
        raise BenchImpossibleError("The network lab is part of the source tree, which is not here.")
    lab = await asyncio.create_subprocess_exec(
        sys.executable, str(_LAB), "--hospitals", str(hospitals), "--up", up, "--prefix", _PREFIX,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    if lab.stdin is None or lab.stdout is None:
        raise BenchImpossibleError("The network lab cannot be spoken to.")
    try:
        if await lab.stdout.readline() != b"ready\n":
            raise BenchImpossibleError(
                "The network lab did not come up; it needs iproute2, nftables and /dev/net/tun."
            )
        async with Stage(
            livekit=find_livekit(), host="198.51.100.1", interface="s0", namespaces=_PREFIX
        ) as stage:
            yield stage, lab
    finally:
        lab.stdin.close()
        await lab.wait()


async def _tell(lab: asyncio.subprocess.Process, word: str) -> None:
    if lab.stdin is not None and lab.stdout is not None:
        lab.stdin.write(f"{word}\n".encode())
        await lab.stdin.drain()
        await lab.stdout.readline()


def _rounded(value: Any) -> float:
    return round(float(value), 2)
