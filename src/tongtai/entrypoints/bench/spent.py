"""What a piece of work takes: its time, again and again, and the most memory that it held."""

import contextlib
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

# Linux: 5 sets the peak (VmHWM) back to what is held now; see proc_pid_clear_refs(5).
_SET_BACK, _STATUS, _PEAK = Path("/proc/self/clear_refs"), Path("/proc/self/status"), "VmHWM:"
# Linux counts in KiB, macOS in bytes.
_BYTES_PER_COUNT = 1 if sys.platform == "darwin" else 1024


def times_s(work: Callable[[], object], repeats: int) -> list[float]:
    """Seconds that the work took, each time that it was done.

    >>> len(times_s(lambda: None, 3))
    3
    """
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def with_peak_mb(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and the most memory (MB) of the process meanwhile, beyond what it held before.

    Where the system cannot set its peak back, work smaller than an earlier peak shows as nothing.

    >>> len(with_peak_mb(lambda: bytes(1_000_000))[0])
    1000000
    """
    with contextlib.suppress(OSError):
        _SET_BACK.write_text("5")
    before_mb = _peak_mb()
    result = work()
    return result, max(0.0, _peak_mb() - before_mb)


def _peak_mb() -> float:
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith(_PEAK):
                return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_PER_COUNT / 1e6
