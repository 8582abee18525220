"""Glass to glass on the network lab: hospitals behind NAT on bad links. Needs root on Linux.

The picture carries the time; the viewer reads it from what it decoded (see
:mod:`tongtai.entrypoints.bench.receiver`). Both ends share the machine and so its clock.
"""

import asyncio
import math
import os
import sys
import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tongtai.entrypoints.bench.media_bench import BenchImpossibleError, Stage, find_livekit
from tongtai.entrypoints.bench.row import Row

_PREFIX = "ttb-"
_LAB = Path(__file__).resolve().parents[4] / "tests" / "netlab" / "lab.py"
_MOBILE = "delay_ms=20,jitter_ms=4,loss=0.002"
_VIEW_S, _JOIN_S, _AWAY_S = 50.0, 6.0, 30.0


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


LINKS = (
    Link(
        name="5G-like, three rooms", up=f"{_MOBILE},rate_mbit=30", hospitals=3,
        p95_ms=100, freeze_s=None, fps=None, peer="87 ms (360p, an SFU in C)",
    ),
    Link(
        name="uplink of 1.5 Mb/s", up=f"{_MOBILE},rate_mbit=1.5", hospitals=1,
        p95_ms=180, freeze_s=0.5, fps=25, peer="138 ms, 29.5 fps",
    ),
    Link(
        name="600 ms outage every 8 s", up=f"{_MOBILE},rate_mbit=12,outage_every_s=8,outage_ms=600", hospitals=1,
        p95_ms=200, freeze_s=1.2, fps=None, peer="154 ms, longest freeze 1.96 s",
    ),
)  # fmt: skip


async def rows() -> list[Row]:
    """Measure; about five minutes."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        raise BenchImpossibleError("The network lab needs root on Linux; run this bench with sudo.")
    measured = []
    for link in LINKS:
        measured += await _measure(link)
    return [*measured, await _link_away()]


async def _measure(link: Link) -> list[Row]:
    async with _stage(link.hospitals, link.up) as (stage, _):
        rooms = await _gateways(stage, link.hospitals)
        seen = await stage.view(rooms, seconds=_VIEW_S, place="expert")
    worst = max(seen, key=lambda one: float(one["p95_ms"]))
    return [
        Row(name=f"{link.name}: glass to glass", unit="ms", value=_rounded(worst["p50_ms"]),
            p95=_rounded(worst["p95_ms"]), target=link.p95_ms, peer=link.peer),
        Row(name=f"{link.name}: pictures a second", unit="1/s", value=_rounded(min(s["fps"] for s in seen)),
            target=link.fps, better="higher"),
        Row(name=f"{link.name}: longest freeze", unit="s", value=_rounded(max(s["freeze_s"] for s in seen)),
            target=link.freeze_s),
        Row(name=f"{link.name}: height of the picture", unit="px", value=min(s["height"] for s in seen), better="higher"),
        Row(name=f"{link.name}: share of the time with sound", unit="%",
            value=_rounded(100 * min(s["sound"] for s in seen)), target=90, better="higher"),
    ]  # fmt: skip


async def _link_away() -> Row:
    async with _stage(1, f"{_MOBILE},rate_mbit=30") as (stage, lab):
        rooms = await _gateways(stage, 1)
        view = asyncio.create_task(stage.view(rooms, seconds=_AWAY_S + 35, place="expert"))
        await asyncio.sleep(18)
        await _tell(lab, "away")
        await asyncio.sleep(_AWAY_S)
        await _tell(lab, "back")
        back_s = time.monotonic()
        (seen,) = await view
    returned = [end for begin, end in seen["gaps"] if begin < back_s < end]
    value = returned[0] - back_s if returned else math.inf
    return Row(name="link away 30 s: picture back after", unit="s", value=_rounded(value), target=3)


async def _gateways(stage: Stage, count: int) -> list[str]:
    tone = stage.folder / "tone.wav"
    await asyncio.to_thread(_write_tone, tone)
    rooms = [f"room{number}" for number in range(1, count + 1)]
    for number, room in enumerate(rooms, start=1):
        # Not recorded here: the lab shares two processors with three encoders and three decoders.
        words = (
            "--feed",
            "ultrasound=test:1280x720@30",
            "--encode",
            "follow",
            "--mic",
            str(tone),
            "--no-record",
        )
        await stage.gateway(room, *words, place=f"hosp{number}")
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


def _write_tone(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        seconds = np.arange(48_000 * 5) / 48_000
        file.writeframes((9000 * np.sin(2 * np.pi * 440 * seconds)).astype(np.int16).tobytes())


def _rounded(value: Any) -> float:
    return round(float(value), 2)
