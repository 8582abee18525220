"""What the experts' browser sees: delay, drawing, focus, joining, thirty rooms, a killed media server."""

import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tongtai.entrypoints.bench.event_world import PASSWORD
from tongtai.entrypoints.bench.live_world import LiveWorld, enrolment_codes, make_live_world, product
from tongtai.entrypoints.bench.media_bench import BenchImpossibleError
from tongtai.entrypoints.bench.row import Row

_WEB = Path("web/e2e")
_FEW, _MANY = 3, 30
# The time code is drawn at every picture, so these are encoded on this machine, beside the browser.
_TEST_SOURCE = "ultrasound=test:640x360@25"
_MEASURE_WITHIN_S = 600.0

Measured = Mapping[str, Sequence[float]]


async def rows() -> list[Row]:
    """Measure in a real Chromium; about five minutes on two cores."""
    three = await _measure(_FEW)
    thirty = await _measure(_MANY)
    return [*_few_rows(three), *_many_rows(thirty)]


def _few_rows(seen: Measured) -> list[Row]:
    return [
        _timed("glass to glass, three rooms on the wall", seen["wall_glass_ms"], target=150),
        _timed("glass to glass, one of three rooms in focus", seen["focus_glass_ms"], target=150),
        _timed("drawing, from the expert's hand to the operator's screen", seen["draw_ms"], target=120),
        _timed("focus from one room to another", seen["focus_ms"], target=1000),
        _timed("join of 3 rooms, address to moving pictures", seen["join_ms"]),
        _timed("pictures back after kill -9 of the media server", seen["restart_ms"], target=5000),
    ]


def _many_rows(seen: Measured) -> list[Row]:
    return [
        _timed(f"join of {_MANY} rooms, address to moving pictures", seen["join_ms"], target=4000),
        Row(
            name=f"{_MANY} rooms in one page: slowest tile",
            unit="pictures/s",
            value=round(min(seen["tile_fps"]), 1),
            target=15,
            better="higher",
        ),
        Row(
            name=f"{_MANY} rooms in one page: LiveKit",
            unit="cores",
            value=round(seen["livekit_cores"][0], 3),
            target=1.0,
        ),
        Row(
            name=f"{_MANY} rooms in one page: application server",
            unit="cores",
            value=round(seen["server_cores"][0], 3),
            target=0.3,
        ),
    ]


def _timed(name: str, values: Sequence[float], *, target: float | None = None) -> Row:
    ordered = sorted(values)
    p95 = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    return Row(name=name, unit="ms", value=round(statistics.median(ordered)), p95=round(p95), target=target)


def _npm() -> str:
    npm = shutil.which("npm")
    if npm is None or not _WEB.is_dir():
        raise BenchImpossibleError("This measures in a browser: run `make bench` in a clone of the source.")
    return npm


async def _measure(tables: int) -> Measured:
    npm = _npm()
    with tempfile.TemporaryDirectory(prefix="tongtai-bench-") as name:
        folder = Path(name)
        world = await make_live_world(folder / "data", tables=tables)
        async with product(world) as (origin, up_pid):
            codes = await enrolment_codes(origin, world.tables)
            async with _gateways(origin, folder, codes):
                return await _in_browser(npm, folder, world, origin=origin, up_pid=up_pid)


@asynccontextmanager
async def _gateways(origin: str, folder: Path, codes: list[str]) -> AsyncIterator[None]:
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


async def _in_browser(npm: str, folder: Path, world: LiveWorld, *, origin: str, up_pid: int) -> Measured:
    task, output = folder / "measure.json", folder / "measured.json"
    task.write_text(
        json.dumps(
            {
                "url": origin,
                "password": PASSWORD,
                "guide": world.guide,
                "operator": world.tables[0].operator,
                "cases": [{"id": table.case_id, "number": table.case_number} for table in world.tables],
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
