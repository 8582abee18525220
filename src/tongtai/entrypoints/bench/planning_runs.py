"""Series of DICOM to plan from, and ``tongtai plan`` as a program of its own.

Its time is then what a person waits for, its loading included, and its memory is its own.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import pydicom
from pydicom.uid import JPEG2000Lossless

from tongtai.core.phantom.abdomen import AbdomenPhantom, abdomen_phantom
from tongtai.core.volumes import Volume
from tongtai.formats.dicom.writing import CtPatient, write_ct_series

_TAKEN = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001  (a hospital's own clock)
_PATIENT = CtPatient(name="Phantom^Simulated", patient_id="PHANTOM-1", birth_date=date(1960, 1, 1), sex="O")
# Linux counts a process's memory in KiB.
_BYTES_PER_COUNT = 1024


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """What one run of a program took."""

    wall_s: float
    cpu_s: float
    memory_gb: float


@dataclass(frozen=True, slots=True)
class CtShape:
    """Slices of a CT, pixels along their side, and their distance."""

    slices: int
    size: int
    slice_mm: float

    def __str__(self) -> str:
        return f"{self.slices} slices of {self.size} × {self.size}, {self.slice_mm:g} mm"


def written_ct(folder: Path, shape: CtShape) -> Path:
    """Write the simulated abdomen as one CT series into a new folder."""
    return _written(folder, _taken(shape))


def _taken(shape: CtShape) -> AbdomenPhantom:
    return abdomen_phantom(
        np.random.default_rng(1), slices=shape.slices, size=shape.size, slice_mm=shape.slice_mm
    )


def written_long_ct(folder: Path, *, pieces: int, compressed: bool) -> Path:
    """Write a hundred slices of the abdomen several times over, one upon the other, as one series.

    To read it does not matter whose liver comes next; to draw three hundred thin slices takes minutes.
    """
    taken = _taken(CtShape(100, 512, 1.0))
    voxels = np.concatenate([taken.image.voxels] * pieces)
    image = Volume(voxels, taken.image.index_to_lps, taken.image.frame_of_reference_uid)
    return _written(folder, replace(taken, image=image), compressed=compressed)


def _written(folder: Path, taken: AbdomenPhantom, *, compressed: bool = False) -> Path:
    folder.mkdir(parents=True)
    for number, content in enumerate(write_ct_series(taken, _PATIENT, acquired_at=_TAKEN)):
        (folder / f"{number:04}.dcm").write_bytes(_jpeg_2000(content) if compressed else content)
    return folder


def _jpeg_2000(content: bytes) -> bytes:
    dataset, stream = pydicom.dcmread(BytesIO(content)), BytesIO()
    dataset.compress(JPEG2000Lossless)
    dataset.save_as(stream)
    return stream.getvalue()


def first_slices(folder: Path, slices: int) -> Path:
    """A folder of its own with the first slices of a series, which are not copied."""
    part = folder.with_name(f"{folder.name}-{slices}")
    part.mkdir()
    for file in sorted(folder.iterdir())[:slices]:
        os.link(file, part / file.name)
    return part


def run_plan(ct: Path, out: Path, *options: str) -> ProgramRun:
    """Run ``tongtai plan`` to its end.

    Raises
    ------
    subprocess.CalledProcessError
        When it makes no plan.
    """
    command = [sys.executable, "-m", "tongtai.entrypoints.cli.main", "plan", str(ct)]
    words = ["--out", str(out), "--data", str(out.parent / "data"), "--json", *options]
    with TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen([*command, *words], stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, stderr=said.read().decode())
    return ProgramRun(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss * _BYTES_PER_COUNT / 1e9)


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """Keep this process, and the programs that it starts, to some of the cores it may use."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[:count]))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
