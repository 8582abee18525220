"""Which pixels lie inside of contours."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tongtai.core.volumes.grid import Points


def inside_polygons(polygons: Sequence[Points], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels whose centre lies inside of an odd number of polygons.

    Each row of pixels is crossed from the left; every edge met changes inside to outside (the
    even-odd rule). Of two polygons that share an edge each pixel on it belongs to exactly one.

    Parameters
    ----------
    polygons : sequence of (N, 2) arrays
        Corners as ``(row, column)`` in pixels, where whole numbers are centres of pixels; the last
        corner is joined to the first.
    shape
        Rows and columns of the picture; polygons may reach beyond it.

    Returns
    -------
    (rows, columns) array
        Truth values.

    Examples
    --------
    >>> square = np.array([[-0.5, 0.5], [-0.5, 3.5], [1.5, 3.5], [1.5, 0.5]])
    >>> hole = np.array([[0.5, 1.5], [0.5, 2.5], [1.5, 2.5], [1.5, 1.5]])
    >>> inside_polygons([square, hole], (2, 5)).astype(int)
    array([[0, 1, 1, 1, 0],
           [0, 1, 0, 1, 0]])
    """
    rows, columns = shape
    crossings = np.zeros((rows, columns + 1), np.int32)
    for corners in polygons:
        row, column = _crossed(np.asarray(corners, float), rows)
        np.add.at(crossings, (row, np.clip(np.ceil(column), 0, columns).astype(int)), 1)
    inside: NDArray[np.bool_] = (np.cumsum(crossings[:, :columns], axis=1) & 1).astype(bool)
    return inside


def _crossed(corners: Points, rows: int) -> tuple[NDArray[np.int64], Points]:
    """Row and column of every place where an edge crosses the middle of a row of pixels."""
    start, end = corners, np.roll(corners, -1, axis=0)
    low = np.clip(np.ceil(np.minimum(start[:, 0], end[:, 0])), 0, rows).astype(np.int64)
    high = np.clip(np.ceil(np.maximum(start[:, 0], end[:, 0])), 0, rows).astype(np.int64)
    counts = high - low
    edge = np.repeat(np.arange(len(corners)), counts)
    row = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + low[edge]
    share = (row - start[edge, 0]) / (end[edge, 0] - start[edge, 0])
    return row, start[edge, 1] + share * (end[edge, 1] - start[edge, 1])
