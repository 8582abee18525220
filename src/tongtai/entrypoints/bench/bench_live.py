"""What the experts' browser sees of three rooms: delay, drawing, focus, joining, a killed media server."""

import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from tongtai.entrypoints.bench.bench_imaging import write_ct
from tongtai.entrypoints.bench.event_world import PASSWORD
from tongtai.entrypoints.bench.live_world import LiveWorld, enrolment_codes, make_live_world, product
from tongtai.entrypoints.bench.media_bench import BenchImpossibleError
from tongtai.entrypoints.bench.row import Row

_WEB = Path("web/e2e")
_FEW = 3
# The time code is drawn at every picture, so these are encoded on this machine, beside the browser.
_TEST_SOURCE = "ultrasound=test:640x360@25"
_MEASURE_WITHIN_S = 900.0

Measured = Mapping[str, Sequence[float]]


class _Timed(NamedTuple):
    """What a list of times in ms is, and what 95 of 100 of them must not exceed."""

    name: str
    target: float | None = None


# What each part of the walk in ``web/e2e/live.measure.ts`` writes down.
PARTS: Mapping[str, Mapping[str, _Timed]] = {
    "join": {"join_ms": _Timed("join of 3 rooms, address to moving pictures")},
    "glass": {
        "wall_glass_ms": _Timed("glass to glass, three rooms on the wall", 150),
        "focus_glass_ms": _Timed("glass to glass, one of three rooms in focus", 150),
    },
    "focus": {"focus_ms": _Timed("focus from one room to another", 1000)},
    "draw": {"draw_ms": _Timed("drawing, from the expert's hand to the operator's screen", 120)},
    "ct": {
        "ct_first_ms": _Timed(
            "push-ct of 99 slices: first slice on the expert's screen, command's start included", 2000
        ),
        "ct_all_ms": _Timed("push-ct of 99 slices: all slices' pixels in the expert's page", 10_000),
    },
    "restart": {"restart_ms": _Timed("pictures back after kill -9 of the media server", 5000)},
}


async def rows(parts: Collection[str] = tuple(PARTS)) -> list[Row]:
    """Measure three rooms in a real Chromium; about five minutes on two cores."""
    seen = await measure_in_browser(_FEW, parts)
    return [
        timed(row.name, seen[key], target=row.target)
        for part in PARTS
        if part in parts
        for key, row in PARTS[part].items()
    ]


def timed(name: str, values: Sequence[float], *, target: float | None = None) -> Row:
    """Median and 95th percentile of times in ms."""
    ordered = sorted(values)
    p95 = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    return Row(name=name, unit="ms", value=round(statistics.median(ordered)), p95=round(p95), target=target)


def _npm() -> str:
    npm = shutil.which("npm")
    if npm is None or not _WEB.is_dir():
        raise BenchImpossibleError("This measures in a browser: run `make bench` in a clone of the source.")
    return npm


async def measure_in_browser(tables: int, parts: Collection[str]) -> Measured:
    """What Chromium saw of ``tables`` rooms in some parts of the walk ``web/e2e/live.measure.ts``."""
    npm = _npm()
    with tempfile.TemporaryDirectory(prefix="tongtai-bench-") as name:
        folder = Path(name)
        world = await make_live_world(folder / "data", tables=tables)
        async with product(world) as (origin, up_pid):
            codes = await enrolment_codes(origin, world.tables)
            async with gateways(origin, folder, codes):
                return await _in_browser(npm, folder, world, parts, origin=origin, up_pid=up_pid)


@asynccontextmanager
async def gateways(origin: str, folder: Path, codes: list[str]) -> AsyncIterator[None]:
    """A process for each of few gateways, one for all of many."""
    if len(codes) <= _FEW:
        commands = [
            [
                *("-m", "tongtai.entrypoints.gateway", "--server", origin, "--code", code),
                *("--data", str(folder / f"gateway-{index}"), "--feed", _TEST_SOURCE),
            ]
            for index, code in enumerate(codes)
        ]
    else:
        crowd = ["-m", "tongtai.entrypoints.bench.crowd", origin, str(folder)]
        commands = [[*crowd, ",".join(codes)]]
    quiet = asyncio.subprocess.DEVNULL
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, *command, stdout=quiet, stderr=quiet)
        for command in commands
    ]
    try:
        yield
    finally:
        for process in processes:
            if process.returncode is None:
                process.terminate()
        await asyncio.gather(*(process.wait() for process in processes))


async def _in_browser(
    npm: str, folder: Path, world: LiveWorld, parts: Collection[str], *, origin: str, up_pid: int
) -> Measured:
    task, output, ct = folder / "measure.json", folder / "measured.json", folder / "ct"
    slices = await asyncio.to_thread(write_ct, ct) if "ct" in parts else 0
    task.write_text(
        json.dumps(
            {
                "url": origin,
                "password": PASSWORD,
                "guide": world.guide,
                "operator": world.tables[0].operator,
                "cases": [{"id": table.case_id, "number": table.case_number} for table in world.tables],
                "parts": list(parts),
                "ct": str(ct),
                "ct_slices": slices,
                "up_pid": up_pid,
                "output": str(output),
            }
        ),
        encoding="utf-8",
    )
    process = await asyncio.create_subprocess_exec(
        *(npm, "run", "--silent", "measure", "-w", "@tongtai/e2e"),
        cwd=_WEB.parent,
        env={**os.environ, "TONGTAI_MEASURE": str(task)},
        # Its progress is for the person who waits; standard output is kept for --json.
        stdout=sys.stderr,
    )
    try:
        async with asyncio.timeout(_MEASURE_WITHIN_S):
            await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
    if process.returncode != 0:
        raise BenchImpossibleError("The browser's measurement failed; the lines above say where.")
    measured: Measured = json.loads(output.read_text(encoding="utf-8"))
    return measured
