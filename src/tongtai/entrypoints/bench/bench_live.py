"""What the experts' browser sees of three rooms: delay, drawing, focus, joining, a killed media server."""

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
_FEW = 3
# The time code is drawn at every picture, so these are encoded on this machine, beside the browser.
_TEST_SOURCE = "ultrasound=test:640x360@25"
_MEASURE_WITHIN_S = 900.0

Measured = Mapping[str, Sequence[float]]


async def rows() -> list[Row]:
    """Measure three rooms in a real Chromium; about five minutes on two cores."""
    seen = await measure_in_browser(_FEW)
    return [
        timed("glass to glass, three rooms on the wall", seen["wall_glass_ms"], target=150),
        timed("glass to glass, one of three rooms in focus", seen["focus_glass_ms"], target=150),
        timed("drawing, from the expert's hand to the operator's screen", seen["draw_ms"], target=120),
        timed("focus from one room to another", seen["focus_ms"], target=1000),
        timed("join of 3 rooms, address to moving pictures", seen["join_ms"]),
        timed("pictures back after kill -9 of the media server", seen["restart_ms"], target=5000),
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


async def measure_in_browser(tables: int) -> Measured:
    """What Chromium saw of ``tables`` rooms; the lists are named as in ``web/e2e/live.measure.ts``."""
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
