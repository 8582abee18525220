"""The cells that are computed: rows around everything that is warm, so cold tissue costs nothing."""

from collections.abc import Callable

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.thermal.compiled import Floats, Indices, Real, Window, parallel

# A change of temperature at the region's rim that makes the region grow.
STILL_K = 0.01
# Cells by which the region grows.
LEAD_CELLS = 4
Box = tuple[slice, slice, slice]


@parallel
def _warm_rows(
    temperature: Floats, blood: Real, still: Real, window: Window, first: Indices, last: Indices
) -> None:
    """First and one past the last cell of each row that differs from the blood; (columns, 0) where none does."""
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        for j in range(first.shape[1]):
            low, high = starts[k, j], ends[k, j]
            while low < high and abs(temperature[k + 1, j + 1, low + 1] - blood) <= still:
                low += 1
            while high > low and abs(temperature[k + 1, j + 1, high] - blood) <= still:
                high -= 1
            if low < high:
                first[k, j], last[k, j] = low, high


def _over_neighbours(extreme: Callable[..., Indices], of_rows: Indices, by: int) -> Indices:
    """Least or greatest value of each row and the rows up to ``by`` away."""
    for axis in (0, 1):
        of_rows = extreme(of_rows, 2 * by + 1, axis=axis, mode="nearest")
    return of_rows


def _empty(shape: tuple[int, ...]) -> tuple[Indices, Indices]:
    return np.full(shape[:2], shape[2], np.int64), np.zeros(shape[:2], np.int64)


def window_of(first: Indices, last: Indices) -> Window:
    """Window of given rows; empty ones have their ``first`` at the number of columns and ``last`` at zero."""
    filled = np.flatnonzero((first < last).any(axis=1))
    slices = np.array([filled[0], filled[-1] + 1] if filled.size else [0, 0], np.int64)
    return Window(slices, first, last)


def whole_window(shape: tuple[int, ...]) -> Window:
    """Window of all cells of a grid.

    Examples
    --------
    >>> window = whole_window((2, 3, 4))
    >>> window.slices.tolist(), window.first.tolist()[0], window.last.tolist()[0]
    ([0, 2], [0, 0, 0], [4, 4, 4])
    """
    return window_of(np.zeros(shape[:2], np.int64), np.full(shape[:2], shape[2], np.int64))


class WarmRegion:
    """The window of computed cells of a grid, which grows with what is warm.

    Attributes
    ----------
    window : Window
        The computed cells.
    around : Window
        The same and one layer of cells around them.
    box : tuple of slice
        Box around the computed cells.
    cells : int
        How many they are.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self._set(whole_window(shape))

    def start_from(self, warm: NDArray[np.bool_]) -> None:
        """Shrink to the cells of a mask and what is near them; to the middle cell if there are none."""
        first, last = _empty(self._shape)
        k, j, i = (n // 2 for n in self._shape)
        first[k, j], last[k, j] = i, i + 1
        rows = warm.any(axis=2)
        if rows.any():
            first = np.where(rows, warm.argmax(axis=2), self._shape[2])
            last = np.where(rows, self._shape[2] - warm[:, :, ::-1].argmax(axis=2), 0)
            first, last = self._spread(first, last, LEAD_CELLS)
        self._set(window_of(first, last))

    def include(self, box: Box) -> None:
        """Take in a box of cells."""
        first, last = _empty(self._shape)
        first[box[:2]], last[box[:2]] = box[2].start, box[2].stop
        self._unite(first, last)

    def grow(self, padded_c: Floats, blood: Real, still: Real) -> bool:
        """Grow where the rim's temperature has left the blood's by more than ``still``; whether it did."""
        first, last = _empty(self._shape)
        _warm_rows(padded_c, blood, still, self.window, first, last)
        if not np.any((first < last) & ((first < self._inner_first) | (last > self._inner_last))):
            return False
        self._unite(*self._spread(first, last, LEAD_CELLS))
        return True

    def _unite(self, first: Indices, last: Indices) -> None:
        self._set(window_of(np.minimum(self.window.first, first), np.maximum(self.window.last, last)))

    def _set(self, window: Window) -> None:
        self.window = window
        self.around = window_of(*self._spread(window.first, window.last, 1))
        # Cells whose neighbours are all in the window: a warm one beyond them makes it grow.
        columns = self._shape[2]
        low = np.where(window.first > 0, window.first + 1, 0)
        high = np.where(window.last < columns, window.last - 1, columns)
        self._inner_first = _over_neighbours(ndimage.maximum_filter1d, low, 1)
        self._inner_last = _over_neighbours(ndimage.minimum_filter1d, high, 1)
        rows = np.flatnonzero((window.first < window.last).any(axis=0))
        self.box = (
            slice(int(window.slices[0]), int(window.slices[1])),
            slice(int(rows[0]), int(rows[-1]) + 1),
            slice(int(window.first.min()), int(window.last.max())),
        )
        self.cells = int(np.maximum(window.last - window.first, 0).sum())

    def _spread(self, first: Indices, last: Indices, by: int) -> tuple[Indices, Indices]:
        """Rows that also hold the cells up to ``by`` away along each axis."""
        columns = self._shape[2]
        low = np.where(first < last, np.maximum(first - by, 0), columns)
        high = np.where(first < last, np.minimum(last + by, columns), 0)
        return (
            _over_neighbours(ndimage.minimum_filter1d, low, by),
            _over_neighbours(ndimage.maximum_filter1d, high, by),
        )
