"""The benchmarks by name.

Each module offers ``async def rows()``, which gives a list of rows or yields one after the other; one that can be run
in pieces names them in ``PARTS`` and takes some of them.
"""

import importlib
import importlib.util
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from types import MappingProxyType

from tongtai.entrypoints.bench.row import Row

_PACKAGE = "tongtai.entrypoints.bench"

# Loaded by name when asked for: a browser's or the network lab's needs must not stop the others.
BENCHMARKS: Mapping[str, str] = MappingProxyType(
    {
        "events": "events to durable storage and to every page",
        "imaging": "a CT of 99 slices from the hospital to the experts",
        "segmentation": "masks of a whole CT, without weights and with the installed network",
        "gateway": "a gateway with three 720p30 feeds",
        "replay": "three sites with three streams each, recorded at once and seen again",
        "heat": "ten minutes of simulated ablation",
        "live": "pictures, drawings and joins of three rooms in a real browser",
        "thirty": "thirty rooms in one page of a real browser",
        "needles": "reachability of the whole skin, zones and needles, beside scipy and SimpleITK",
        "planning": "slices read, and a folder of DICOM to the plan book, with memory, beside SimpleITK",
        "seeds": "dose of a hundred seeds on a million voxels, beside numpy",
        "detection": "seeds found in simulated CT: recall, precision, place, time, memory",
        "cases": "lists, search and queue over 100,000 cases",
        "quality": "quality indicators over 100,000 cases",
        "netlab": "the picture on mobile, thin and broken links (root)",
    }
)


def available() -> dict[str, str]:
    """The benchmarks that this installation has, with what each measures."""
    return {
        name: what for name, what in BENCHMARKS.items() if importlib.util.find_spec(_module(name)) is not None
    }


def parts_of(name: str) -> tuple[str, ...]:
    """The pieces that a benchmark can be run in; none when it is one."""
    return tuple(getattr(importlib.import_module(_module(name)), "PARTS", ()))


async def measure(name: str, parts: Sequence[str] = ()) -> AsyncIterator[Row]:
    """Run one benchmark, which takes up to some minutes; gives each row as soon as it is known.

    Parameters
    ----------
    name : str
        One of `available`.
    parts : sequence of str
        Some of `parts_of`; none means all.
    """
    rows = importlib.import_module(_module(name)).rows
    measured: AsyncIterator[Row] | Awaitable[list[Row]] = rows(parts) if parts else rows()
    if isinstance(measured, AsyncIterator):
        async for row in measured:
            yield row
    else:
        for row in await measured:
            yield row


def _module(name: str) -> str:
    return f"{_PACKAGE}.bench_{name}"
