"""Compilation of the kernels: loops over cells that numba turns into machine code.

``fastmath`` stays off, every cell is written by one thread, and sums are kept per slice and added
in order, so a result has the same bits for any number of threads.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Kernel = TypeVar("Kernel", bound=Callable[..., object])
Floats = NDArray[np.floating]
Real = np.float32 | np.float64
Labels = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]


class Window(NamedTuple):
    """Cells to work on: one run of cells in each row along i.

    ``slices`` holds the first and one past the last slice; ``first`` and ``last`` of shape (K, J) the
    first and one past the last cell of each row, the number of columns and zero where a row has none.
    """

    slices: Indices
    first: Indices
    last: Indices


def real(value: float, dtype: np.dtype[np.floating]) -> Real:
    """A number in the precision of the arrays: mixed precisions would be computed in the higher one."""
    return np.float32(value) if dtype == np.float32 else np.float64(value)


def parallel(function: Kernel) -> Kernel:
    """Compile a kernel whose outer loop (``numba.prange``) is shared among the threads."""
    compiled = numba.njit(parallel=True, cache=True, fastmath=False, error_model="numpy")(function)
    return cast("Kernel", compiled)


def serial(function: Kernel) -> Kernel:
    """Compile a function that a kernel of the same module calls for one cell."""
    compiled = numba.njit(cache=True, fastmath=False, error_model="numpy")(function)
    return cast("Kernel", compiled)


# Fewer cells than this are not worth a second thread: waiting for it costs more than it does.
CELLS_PER_THREAD = 40_000


@contextmanager
def threads_for(cells: int) -> Iterator[None]:
    """Use no more threads than pay for so many cells; the results do not depend on it."""
    before = numba.get_num_threads()
    numba.set_num_threads(max(1, min(before, cells // CELLS_PER_THREAD)))
    try:
        yield
    finally:
        numba.set_num_threads(before)
