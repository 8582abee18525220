"""Rays through a grid, voxel by voxel: what a needle meets, and where it meets it first.

The walk visits every voxel that the segment passes through, in order, with the exact length inside
each (Amanatides J, Woo A. A fast voxel traversal algorithm for ray tracing. Eurographics 1987).
Positions are continuous indices: a voxel reaches half a voxel to each side of its integer index.
"""

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

AIR_BIT = 22
LIVER_BIT = 23
TUMOUR_SHIFT = 24
OBSTACLE_BITS = (1 << (AIR_BIT + 1)) - 1
NEVER = np.float32(np.inf)

Marks = NDArray[np.uint32]
Indices = NDArray[np.float64]


@njit(cache=True)
def _first_crossing(start: float, step: float, cell: int) -> float:
    """Fraction of the segment at which the walk leaves its first cell along one axis."""
    if step > 0.0:
        return (cell + 0.5 - start) / step
    if step < 0.0:
        return (cell - 0.5 - start) / step
    return np.inf


@njit(cache=True)
def _outside(cell: NDArray[np.int64], shape: tuple[int, int, int]) -> bool:
    for axis in range(3):  # noqa: SIM110  (numba compiles no generator expression)
        if cell[axis] < 0 or cell[axis] >= shape[axis]:
            return True
    return False


@njit(cache=True)
def _set_out(
    start: Indices, end: Indices, cell: NDArray[np.int64], crossing: Indices, stride: Indices
) -> int:
    """Put the walk at its first cell; the number of steps that it will take."""
    steps = 0
    for axis in range(3):
        way = end[axis] - start[axis]
        cell[axis] = int(np.floor(start[axis] + 0.5))
        crossing[axis] = _first_crossing(start[axis], way, cell[axis])
        stride[axis] = np.inf if way == 0.0 else 1.0 / abs(way)
        steps += abs(int(np.floor(end[axis] + 0.5)) - cell[axis])
    return steps


@njit(cache=True)
def _nearest_crossing(crossing: Indices) -> int:
    axis = 0
    if crossing[1] < crossing[axis]:
        axis = 1
    if crossing[2] < crossing[axis]:
        axis = 2
    return axis


@njit(cache=True)
def _march(
    marks: Marks, start: Indices, end: Indices, length_mm: float, tumour: int
) -> tuple[int, int, float, float, float, float]:
    """Obstacles met, the first of them and its depth; liver's depth, liver pass, tumour's depth."""
    cell = np.zeros(3, np.int64)
    crossing = np.zeros(3)
    stride = np.zeros(3)
    steps = _set_out(start, end, cell, crossing, stride)
    met, first, first_at = 0, 0, np.inf
    liver_at, tumour_at, liver_pass = np.inf, np.inf, 0.0
    at = 0.0
    for _ in range(steps + 1):
        axis = _nearest_crossing(crossing)
        leave = min(crossing[axis], 1.0)
        if not _outside(cell, marks.shape):
            mark = marks[cell[0], cell[1], cell[2]]
            obstacles = int(mark) & OBSTACLE_BITS
            if obstacles & ~met:
                if met == 0:
                    first, first_at = obstacles, at * length_mm
                met |= obstacles
            if (int(mark) >> LIVER_BIT) & 1:
                label = int(mark) >> TUMOUR_SHIFT
                if label == tumour:
                    tumour_at = min(tumour_at, at * length_mm)
                elif tumour_at == np.inf and label == 0:
                    liver_pass += (leave - at) * length_mm
                liver_at = min(liver_at, at * length_mm)
        at = leave
        cell[axis] += 1 if end[axis] > start[axis] else -1
        crossing[axis] += stride[axis]
    return met, first, first_at, liver_at, liver_pass, tumour_at


@njit(parallel=True, cache=True)
def march_rays(
    marks: Marks, starts: Indices, ends: Indices, lengths_mm: Indices, tumour: int
) -> tuple[Marks, Marks, NDArray[np.float32]]:
    """Walk many segments.

    Parameters
    ----------
    marks : (K, J, I) uint32 array
        Obstacle bits, ``AIR_BIT``, ``LIVER_BIT``, and the tumour's number above ``TUMOUR_SHIFT``.
    starts, ends : (N, 3) arrays
        Continuous indices of the entry and of the tip.
    lengths_mm : (N,) array
        Lengths of the segments.
    tumour : int
        Number of the tumour that is aimed at.

    Returns
    -------
    met : (N,) uint32 array
        Bits of everything met.
    first : (N,) uint32 array
        Bits of what is met first (several if one voxel carries several).
    depths_mm : (N, 4) float32 array
        Depth of the first obstacle, depth of the liver, length through liver before the tumour,
        depth of the tumour; infinite where there is none (the liver pass is then 0).
    """
    count = starts.shape[0]
    met = np.zeros(count, np.uint32)
    first = np.zeros(count, np.uint32)
    depths = np.zeros((count, 4), np.float32)
    for ray in prange(count):
        found = _march(marks, starts[ray], ends[ray], lengths_mm[ray], tumour)
        met[ray] = np.uint32(found[0])
        first[ray] = np.uint32(found[1])
        depths[ray, 0], depths[ray, 1] = found[2], found[3]
        depths[ray, 2], depths[ray, 3] = found[4], found[5]
    return met, first, depths


@njit(cache=True)
def least_along_rays(fields: NDArray[np.uint8], starts: Indices, ends: Indices) -> NDArray[np.uint8]:
    """Smallest value of each field ``(M, K, J, I)`` along each segment, shape ``(N, M)``."""
    count, kinds = starts.shape[0], fields.shape[0]
    least = np.full((count, kinds), 255, np.uint8)
    for ray in range(count):
        cell = np.zeros(3, np.int64)
        crossing = np.zeros(3)
        stride = np.zeros(3)
        start, end = starts[ray], ends[ray]
        for _ in range(_set_out(start, end, cell, crossing, stride) + 1):
            if not _outside(cell, fields.shape[1:]):
                for kind in range(kinds):
                    value = fields[kind, cell[0], cell[1], cell[2]]
                    least[ray, kind] = min(least[ray, kind], value)
            axis = _nearest_crossing(crossing)
            cell[axis] += 1 if end[axis] > start[axis] else -1
            crossing[axis] += stride[axis]
    return least


@njit(cache=True)
def marked_mm(mask: NDArray[np.bool_], start: Indices, end: Indices, length_mm: float) -> tuple[float, float]:
    """Length of one segment inside a mask, and the depth at which it enters (infinite if never)."""
    cell = np.zeros(3, np.int64)
    crossing = np.zeros(3)
    stride = np.zeros(3)
    at, inside, entered = 0.0, 0.0, np.inf
    for _ in range(_set_out(start, end, cell, crossing, stride) + 1):
        axis = _nearest_crossing(crossing)
        leave = min(crossing[axis], 1.0)
        if not _outside(cell, mask.shape) and mask[cell[0], cell[1], cell[2]]:
            inside += (leave - at) * length_mm
            entered = min(entered, at * length_mm)
        at = leave
        cell[axis] += 1 if end[axis] > start[axis] else -1
        crossing[axis] += stride[axis]
    return inside, entered
