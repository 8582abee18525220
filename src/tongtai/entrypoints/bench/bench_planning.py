"""How long planning takes from files: three hundred slices read, and a folder of DICOM to the plan book.

The patient is the simulated abdomen, written as DICOM; ``tongtai plan`` runs as a program of its own, so that its
time is what a person waits for, its loading included, and its memory is its own.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pydicom
import SimpleITK
from pydicom.uid import JPEG2000Lossless

from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.entrypoints.bench.row import Row
from tongtai.formats.dicom.series import choose_series, list_series, read_series
from tongtai.formats.dicom.writing import CtPatient, write_ct_series

_READ_S, _WHOLE_S, _MEMORY_GB = 2.0, 60.0, 6.0
_READ_SLICES, _REPEATS = (100, 200, 300), 5
_PLANNED = ((50, 3.2), (99, 1.6), (198, 0.8))
_CLINICAL = 99
_TAKEN = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001  (a hospital's own clock)
_PATIENT = CtPatient(name="Phantom^Simulated", patient_id="PHANTOM-1", birth_date=date(1960, 1, 1), sex="O")


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of a program took."""

    wall_s: float
    cpu_s: float
    memory_gb: float


async def rows() -> list[Row]:
    """Read series of growing length in two transfer syntaxes, then plan CTs of growing length."""
    return await asyncio.to_thread(_rows)


def _rows() -> list[Row]:
    with TemporaryDirectory(prefix="tongtai-bench-") as folder:
        root = Path(folder)
        return [*_reading(root), *_planning(root)]


def _written(folder: Path, slices: int, slice_mm: float, *, compressed: bool = False) -> Path:
    taken = abdomen_phantom(np.random.default_rng(1), slices=slices, size=512, slice_mm=slice_mm)
    folder.mkdir()
    for number, content in enumerate(write_ct_series(taken, _PATIENT, acquired_at=_TAKEN)):
        (folder / f"{number:04}.dcm").write_bytes(_jpeg_2000(content) if compressed else content)
    return folder


def _jpeg_2000(content: bytes) -> bytes:
    dataset, stream = pydicom.dcmread(BytesIO(content)), BytesIO()
    dataset.compress(JPEG2000Lossless)
    dataset.save_as(stream)
    return stream.getvalue()


def _reading(root: Path) -> list[Row]:
    found = []
    for compressed, syntax in ((False, "uncompressed"), (True, "JPEG 2000 lossless")):
        for slices in _READ_SLICES:
            place = _written(root / f"{slices}-{compressed}", slices, 1.0, compressed=compressed)
            times = _times(partial(_read, place))
            peer = median(_times(partial(_read_by_itk, place)))
            found.append(
                Row(
                    name=f"planning: {slices} slices of 512 × 512 listed and read, {syntax}",
                    unit="s",
                    value=round(median(times), 2),
                    p95=round(max(times), 2),
                    target=_READ_S if slices == max(_READ_SLICES) else None,
                    peer=f"SimpleITK (GDCM) {peer:.2f} s",
                )
            )
    return found


def _read(place: Path) -> None:
    read_series(choose_series(list_series(place)).series)


def _read_by_itk(place: Path) -> None:
    reader = SimpleITK.ImageSeriesReader()  # type: ignore[no-untyped-call]
    names = reader.GetGDCMSeriesFileNames(str(place))  # type: ignore[no-untyped-call]
    reader.SetFileNames(names)  # type: ignore[no-untyped-call]
    reader.Execute()  # type: ignore[no-untyped-call]


def _times(work: Callable[[], None]) -> list[float]:
    times = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def _planning(root: Path) -> list[Row]:
    found: list[Row] = []
    for slices, slice_mm in _PLANNED:
        place = _written(root / f"plan-{slices}", slices, slice_mm)
        for technique in ("rfa", "mwa") if slices == _CLINICAL else ("mwa",):
            if not found:
                _plan(place, root / "first", technique)  # compiles, and runs the reference cases
            run = _plan(place, root / f"{technique}-{slices}", technique)
            name = f"planning: DICOM folder to plan book, {technique.upper()}, {slices} slices of 512 × 512"
            clinical = slices == _CLINICAL
            found += [
                Row(
                    name=f"{name} ({run.cpu_s:.0f} s of processor)",
                    unit="s",
                    value=round(run.wall_s, 1),
                    target=_WHOLE_S if clinical else None,
                ),
                Row(
                    name=f"{name}: peak memory",
                    unit="GB",
                    value=round(run.memory_gb, 2),
                    target=_MEMORY_GB if clinical else None,
                ),
            ]
    return found


def _plan(place: Path, out: Path, technique: str) -> _Run:
    command = [sys.executable, "-m", "tongtai.entrypoints.cli.main", "plan", str(place)]
    words = ["--out", str(out), "--technique", technique, "--data", str(out.parent / "data"), "--json"]
    began = time.perf_counter()
    process = subprocess.Popen([*command, *words], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    # Linux counts in KiB.
    return _Run(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e9)
