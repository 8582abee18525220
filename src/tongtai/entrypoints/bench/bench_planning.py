"""How long planning takes from files: three hundred slices read, and a folder of DICOM to the plan book.

The patient is the simulated abdomen, written as DICOM. Parts: ``read`` and ``jpeg2000`` read series of growing length;
``plan`` plans a clinical CT with either technique; ``slices`` and ``pixels`` plan others, ``cores`` on one core.
"""

import statistics
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

import SimpleITK

from tongtai.entrypoints.bench.planning_runs import (
    CtShape,
    ProgramRun,
    first_slices,
    on_cores,
    run_plan,
    written_ct,
    written_long_ct,
)
from tongtai.entrypoints.bench.row import Row
from tongtai.entrypoints.bench.spent import times_s
from tongtai.formats.dicom.series import choose_series, list_series, read_series

_READ_S, _WHOLE_S, _MEMORY_GB = 2.0, 60.0, 6.0
_READ_PIECES, _READ_SLICES, _REPEATS = 3, (100, 200, 300), 5
_CLINICAL, _SMALL = CtShape(99, 512, 1.6), CtShape(50, 256, 3.2)


async def rows(parts: Sequence[str] = ()) -> AsyncIterator[Row]:
    """Measure the parts one after the other; each row comes as soon as it is known."""
    with TemporaryDirectory(prefix="tongtai-bench-") as folder:
        for part in parts or PARTS:
            root = Path(folder) / part
            root.mkdir()
            for row in _MEASURED[part](root):
                yield row


def _reading(root: Path, *, compressed: bool) -> Iterator[Row]:
    whole = written_long_ct(root / "ct", pieces=_READ_PIECES, compressed=compressed)
    syntax = "JPEG 2000 lossless" if compressed else "uncompressed"
    for slices in _READ_SLICES:
        place = first_slices(whole, slices)
        times = times_s(partial(_read, place), _REPEATS)
        peer = statistics.median(times_s(partial(_read_by_itk, place), _REPEATS))
        yield Row(
            name=f"planning: {slices} slices of 512 × 512 listed and read, {syntax}",
            unit="s",
            value=round(statistics.median(times), 2),
            p95=round(max(times), 2),
            target=_READ_S if slices == max(_READ_SLICES) else None,
            peer=f"SimpleITK (GDCM) {peer:.2f} s",
        )


def _read(place: Path) -> None:
    read_series(choose_series(list_series(place)).series)


def _read_by_itk(place: Path) -> None:
    reader = SimpleITK.ImageSeriesReader()  # type: ignore[no-untyped-call]
    names = reader.GetGDCMSeriesFileNames(str(place))  # type: ignore[no-untyped-call]
    reader.SetFileNames(names)  # type: ignore[no-untyped-call]
    reader.Execute()  # type: ignore[no-untyped-call]


def _clinical(root: Path) -> Iterator[Row]:
    place = written_ct(root / "ct", _CLINICAL)
    _warm_up(root)
    for technique in ("mwa", "rfa"):
        run = run_plan(place, root / technique, "--technique", technique)
        yield from _plan_rows(f"{technique.upper()}, {_CLINICAL}", run, targets=True)


def _sizes(root: Path, *, shapes: Sequence[CtShape]) -> Iterator[Row]:
    _warm_up(root)
    for number, shape in enumerate(shapes):
        place = written_ct(root / f"ct-{number}", shape)
        run = run_plan(place, root / str(number), "--technique", "mwa")
        yield from _plan_rows(f"MWA, {shape}", run)


def _cores(root: Path) -> Iterator[Row]:
    place = written_ct(root / "ct", _CLINICAL)
    _warm_up(root)
    for cores in (1, 2):
        with on_cores(cores):
            run = run_plan(place, root / str(cores), "--technique", "mwa")
        yield from _plan_rows(f"MWA, {_CLINICAL}, {cores} of the cores", run)


def _warm_up(root: Path) -> None:
    """Plan a small CT: compiles, and runs the reference cases, which an installation does once."""
    run_plan(written_ct(root / "small", _SMALL), root / "first", "--technique", "mwa")


def _plan_rows(what: str, run: ProgramRun, *, targets: bool = False) -> Iterator[Row]:
    name = f"planning: DICOM folder to plan book, {what}"
    yield Row(
        name=f"{name} ({run.cpu_s:.0f} s of processor)",
        unit="s",
        value=round(run.wall_s, 1),
        target=_WHOLE_S if targets else None,
    )
    yield Row(
        name=f"{name}: peak memory",
        unit="GB",
        value=round(run.memory_gb, 2),
        target=_MEMORY_GB if targets else None,
    )


_MEASURED: Mapping[str, Callable[[Path], Iterator[Row]]] = MappingProxyType(
    {
        "read": partial(_reading, compressed=False),
        "jpeg2000": partial(_reading, compressed=True),
        "plan": _clinical,
        "slices": partial(_sizes, shapes=(CtShape(50, 512, 3.2), CtShape(198, 512, 0.8))),
        "pixels": partial(_sizes, shapes=(CtShape(99, 256, 1.6), CtShape(99, 384, 1.6))),
        "cores": _cores,
    }
)
PARTS = tuple(_MEASURED)
