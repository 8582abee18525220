"""How soon a pushed CT can be seen: 99 slices from a hospital to an expert's page."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime
from pathlib import Path

import httpx2
import numpy as np

from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.entrypoints.bench.dicom_peers import stored_elsewhere
from tongtai.entrypoints.bench.event_world import EventWorld, event_server, make_event_world, signed_in
from tongtai.entrypoints.bench.row import Row
from tongtai.formats.dicom.writing import CtPatient, write_ct_series

_SLICES = 99
_AT_ONCE = 4
_FIRST_S = 2.0
_ALL_S = 10.0
# As often as the pages are told of a series that grows.
_LOOK_EVERY_S = 0.1
# The patient of the benchmark's own world.
_PATIENT = CtPatient(name="模拟", patient_id="0", birth_date=date(1960, 1, 1), sex="O")
_FRAME = "multipart/related; type=application/octet-stream; transfer-syntax=*"


async def rows() -> list[Row]:
    """Push 99 slices and fetch each as an expert's page does, on an installation of its own."""
    files = await asyncio.to_thread(_files)
    with tempfile.TemporaryDirectory(prefix="tongtai-bench-") as folder:
        world = await make_event_world(Path(folder))
        async with event_server(world) as origin:
            first_s, all_s, pushed_s = await _push(world, origin, files)
        megabytes = sum(map(len, files)) / 1e6
        ct = Path(folder) / "ct"
        await asyncio.to_thread(_written, ct, files)
        others = await asyncio.to_thread(stored_elsewhere, ct, megabytes)
    return [
        Row(
            name="CT push: first slice's pixels at the expert",
            unit="s",
            value=round(first_s, 3),
            target=_FIRST_S,
        ),
        Row(
            name=f"CT push: all {_SLICES} slices' pixels at the expert",
            unit="s",
            value=round(all_s, 3),
            target=_ALL_S,
            peer="a few seconds (Zhuhai, Shenzhen and Gaozhou, 2019)",
        ),
        Row(
            name="CT push: stored, checked and told",
            unit="MB/s",
            value=round(megabytes / pushed_s, 1),
            better="higher",
            peer=others,
        ),
    ]


def write_ct(folder: Path) -> int:
    """Write the benchmark's CT into a folder; how many slices it has."""
    files = _files()
    _written(folder, files)
    return len(files)


def _written(folder: Path, files: Sequence[bytes]) -> None:
    folder.mkdir()
    for number, content in enumerate(files, start=1):
        (folder / f"IM{number:04d}.dcm").write_bytes(content)


def _files() -> Sequence[bytes]:
    """A real CT of ``../shared`` is another patient's: the simulated one has the same size."""
    phantom = abdomen_phantom(np.random.default_rng(1), slices=_SLICES, size=512, slice_mm=1.6)
    return write_ct_series(phantom, _PATIENT, acquired_at=datetime(2026, 1, 1, 9, tzinfo=UTC))


async def _push(world: EventWorld, origin: str, files: Sequence[bytes]) -> tuple[float, float, float]:
    case = f"/api/cases/{world.case_ids[0]}"
    async with (
        aclosing(await signed_in(origin, world.operator.login)) as operator,
        aclosing(await signed_in(origin, world.lead.login)) as expert,
    ):
        began = time.perf_counter()
        watching = asyncio.create_task(_watch(expert, case, began))
        start = await operator.post(f"{case}/imaging/pushes", json={"source": "bench"})
        push = f"{case}/imaging/pushes/{start.raise_for_status().json()['push_id']}"
        slots = asyncio.Semaphore(_AT_ONCE)

        async def send(number: int, content: bytes) -> None:
            async with slots:
                answer = await operator.put(
                    f"{push}/files/{number}",
                    content=content,
                    headers={"Content-Type": "application/octet-stream"},
                )
            if not answer.raise_for_status().json()["accepted"]:
                raise RuntimeError(f"slice {number} was not accepted: {answer.text}")

        await asyncio.gather(*(send(number, content) for number, content in enumerate(files)))
        pushed_s = time.perf_counter() - began
        (await operator.post(f"{push}/finish")).raise_for_status()
        first_s, all_s = await watching
    return first_s, all_s, pushed_s


async def _watch(expert: httpx2.AsyncClient, case: str, began: float) -> tuple[float, float]:
    """Fetch every slice as soon as the case has it; seconds until the first and the last."""
    fetched: set[str] = set()
    first_s = 0.0
    while len(fetched) < _SLICES:
        series = (await expert.get(f"{case}/imaging/series")).raise_for_status().json()
        if sum(one["instances"] for one in series) == len(fetched):
            await asyncio.sleep(_LOOK_EVERY_S)
            continue
        found = await expert.get(f"{case}/dicomweb/instances")
        for header in found.raise_for_status().json():
            uid = header["00080018"]["Value"][0]
            if uid in fetched:
                continue
            path = (
                f"{case}/dicomweb/studies/{header['0020000D']['Value'][0]}"
                f"/series/{header['0020000E']['Value'][0]}/instances/{uid}/frames/1"
            )
            (await expert.get(path, headers={"Accept": _FRAME})).raise_for_status()
            fetched.add(uid)
            first_s = first_s or time.perf_counter() - began
    return first_s, time.perf_counter() - began
