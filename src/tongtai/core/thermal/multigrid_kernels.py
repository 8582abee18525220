"""Kernels of the multigrid solver: one pass over a box of cells each, row by row.

A row is worked in short loops over views of few arrays, as in `conduction`. Sums are kept in double precision and by slice.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.compiled import Floats, parallel, serial

COARSEST_SWEEPS = 6


@parallel
def invert(
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    sink: Floats,
    inverse: Floats,
    per_slice: NDArray[np.float64],
) -> None:
    """Inverse of the diagonal, one where it is zero; ``per_slice`` takes the sums of the diagonal."""
    columns, one = sink.shape[2], sink.dtype.type(1)
    for k in numba.prange(sink.shape[0]):
        total = 0.0
        for j in range(sink.shape[1]):
            out, own, along = inverse[k, j], sink[k, j], faces_i[k, j]
            low, high = faces_k[k, j], faces_k[k + 1, j]
            for i in range(columns):
                out[i] = own[i] + low[i] + high[i]
            low, high = faces_j[k, j], faces_j[k, j + 1]
            for i in range(columns):
                out[i] += low[i] + high[i]
            for i in range(columns):
                out[i] += along[i] + along[i + 1]
                total += out[i]
                out[i] = one / out[i] if out[i] > 0 else one
        per_slice[k] = total


@parallel
def add_faces(
    fine: Floats, axis: int, steps: NDArray[np.int64], cells: NDArray[np.int64], coarse: Floats
) -> None:
    """Inner coarse faces: the sum of the fine ones they are made of, over the growth of their length."""
    first, across = np.zeros(3, np.int64), steps.copy()
    first[axis], across[axis] = 1, 1
    share = coarse.dtype.type(1 / steps[axis])
    for k in numba.prange(first[0], coarse.shape[0] - first[0]):
        last_k = min(k * steps[0] + across[0], cells[0])
        for j in range(first[1], coarse.shape[1] - first[1]):
            last_j = min(j * steps[1] + across[1], cells[1])
            for i in range(first[2], coarse.shape[2] - first[2]):
                last_i = min(i * steps[2] + across[2], cells[2])
                total = fine[k * steps[0], j * steps[1], i * steps[2]] * 0
                for a in range(k * steps[0], last_k):
                    for b in range(j * steps[1], last_j):
                        for c in range(i * steps[2], last_i):
                            total += fine[a, b, c]
                coarse[k, j, i] = total * share


@serial
def _from_neighbours(
    x: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    k: int,
    j: int,
    row: Floats,
    out: Floats,
) -> None:
    """Sum over the six neighbours of conductance times value, for one row of cells, without branches.

    ``row`` is for ``columns + 2`` numbers. Beyond the border the conductance is zero, whatever is read there.
    """
    slices, rows, columns = x.shape
    here = x[k, j]
    for i in range(columns):
        row[i + 1] = here[i]
    below, above = x[max(k - 1, 0), j], x[min(k + 1, slices - 1), j]
    low, high = faces_k[k, j], faces_k[k + 1, j]
    for i in range(columns):
        out[i] = low[i] * below[i] + high[i] * above[i]
    below, above = x[k, max(j - 1, 0)], x[k, min(j + 1, rows - 1)]
    low, high = faces_j[k, j], faces_j[k, j + 1]
    for i in range(columns):
        out[i] += low[i] * below[i] + high[i] * above[i]
    along = faces_i[k, j]
    for i in range(columns):
        out[i] += along[i] * row[i] + along[i + 1] * row[i + 2]


@serial
def _colours(columns: int, like: Floats) -> Floats:
    """One at even cells of a row, one at odd cells, of shape (2, columns)."""
    marks = np.zeros((2, columns), like.dtype)
    marks[0, ::2], marks[1, 1::2] = 1, 1
    return marks


@parallel
def _relax(
    x: Floats,
    right: Floats,
    inverse: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    colour: int,
) -> None:
    """Half a sweep. Cells of the other colour are written as they were: that keeps the loop one of vectors."""
    columns = x.shape[2]
    for k in numba.prange(x.shape[0]):
        row, total = np.zeros(columns + 2, x.dtype), np.zeros(columns, x.dtype)
        marks = _colours(columns, x)
        for j in range(x.shape[1]):
            _from_neighbours(x, faces_k, faces_j, faces_i, k, j, row, total)
            turn = (k + j + colour) % 2
            here, mine, others = x[k, j], marks[turn], marks[1 - turn]
            given, share = right[k, j], inverse[k, j]
            for i in range(columns):
                total[i] = (given[i] + total[i]) * share[i]
            for i in range(columns):
                here[i] = mine[i] * total[i] + others[i] * row[i + 1]


@parallel
def relax_from_zero(x: Floats, right: Floats, inverse: Floats) -> None:
    """The first half-sweep of a cycle, in which all neighbours are zero."""
    for k in numba.prange(x.shape[0]):
        marks = _colours(x.shape[2], x)
        for j in range(x.shape[1]):
            here, given, share, mine = x[k, j], right[k, j], inverse[k, j], marks[(k + j) % 2]
            for i in range(here.size):
                here[i] = given[i] * share[i] * mine[i]


@serial
def _product(one: Floats, other: Floats) -> float:
    """Sum of the products of two rows, in four sums that do not wait for each other."""
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    whole = one.size - one.size % 4
    for i in range(0, whole, 4):
        first += one[i] * other[i]
        second += one[i + 1] * other[i + 1]
        third += one[i + 2] * other[i + 2]
        fourth += one[i + 3] * other[i + 3]
    for i in range(whole, one.size):
        first += one[i] * other[i]
    return (first + second) + (third + fourth)


@parallel
def apply(
    x: Floats,
    inverse: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    out: Floats,
    per_slice: Floats,
) -> None:
    """``out = A x``; ``per_slice`` takes the sums of ``x out``."""
    columns = x.shape[2]
    for k in numba.prange(x.shape[0]):
        row, total = np.zeros(columns + 2, x.dtype), np.zeros(columns, x.dtype)
        together = 0.0
        for j in range(x.shape[1]):
            _from_neighbours(x, faces_k, faces_j, faces_i, k, j, row, total)
            here, share, product = x[k, j], inverse[k, j], out[k, j]
            for i in range(columns):
                product[i] = here[i] / share[i] - total[i]
            together += _product(here, product)
        per_slice[k] = together


@serial
def _rest(x: Floats, right: Floats, inverse: Floats, from_neighbours: Floats, out: Floats) -> None:
    """Right side minus A x of one row."""
    for i in range(out.size):
        out[i] = right[i] - (x[i] / inverse[i] - from_neighbours[i])


@parallel
def left_over(
    x: Floats,
    right: Floats,
    inverse: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    out: Floats,
) -> None:
    """``out = right - A x``."""
    columns = x.shape[2]
    for k in numba.prange(x.shape[0]):
        row, total = np.zeros(columns + 2, x.dtype), np.zeros(columns, x.dtype)
        for j in range(x.shape[1]):
            _from_neighbours(x, faces_k, faces_j, faces_i, k, j, row, total)
            _rest(x[k, j], right[k, j], inverse[k, j], total, out[k, j])


@parallel
def descend(
    x: Floats, residual: Floats, direction: Floats, product: Floats, step: float, per_slice: Floats
) -> None:
    """``x += step direction``, ``residual -= step product``; ``per_slice`` takes the residual's squares."""
    by = x.dtype.type(step)
    for k in numba.prange(x.shape[0]):
        squares = 0.0
        for j in range(x.shape[1]):
            here, way, left, change = x[k, j], direction[k, j], residual[k, j], product[k, j]
            for i in range(here.size):
                here[i] += by * way[i]
            for i in range(here.size):
                left[i] -= by * change[i]
            squares += _product(left, left)
        per_slice[k] = squares


@parallel
def turn(direction: Floats, steepest: Floats, share: float) -> None:
    """``direction = steepest + share direction``."""
    by = direction.dtype.type(share)
    for k in numba.prange(direction.shape[0]):
        for j in range(direction.shape[1]):
            way, steep = direction[k, j], steepest[k, j]
            for i in range(way.size):
                way[i] = steep[i] + by * way[i]


@parallel
def products(one: Floats, other: Floats, per_slice: Floats) -> None:
    """Sums of ``one other`` per slice."""
    for k in numba.prange(one.shape[0]):
        together = 0.0
        for j in range(one.shape[1]):
            together += _product(one[k, j], other[k, j])
        per_slice[k] = together


@serial
def _gather(fine: Floats, step: int, coarse: Floats) -> None:
    """Add a row of fine cells to the coarse cells that they make, one or two to each."""
    if step == 1:
        for i in range(fine.size):
            coarse[i] += fine[i]
        return
    for i in range(fine.size // 2):
        coarse[i] += fine[2 * i] + fine[2 * i + 1]
    if fine.size % 2 == 1:
        coarse[coarse.size - 1] += fine[fine.size - 1]


@parallel
def restrict(fine: Floats, steps: NDArray[np.int64], coarse: Floats) -> None:
    """Sum over the cells that make a coarse one."""
    for k in numba.prange(coarse.shape[0]):
        for j in range(coarse.shape[1]):
            coarse[k, j, :] = 0
            for a in range(k * steps[0], min((k + 1) * steps[0], fine.shape[0])):
                for b in range(j * steps[1], min((j + 1) * steps[1], fine.shape[1])):
                    _gather(fine[a, b], steps[2], coarse[k, j])


@parallel
def _restrict_left_over(
    x: Floats,
    right: Floats,
    inverse: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    steps: NDArray[np.int64],
    coarse: Floats,
) -> None:
    """``right - A x``, summed over the cells that make a coarse one."""
    slices, rows, columns = x.shape
    for k in numba.prange(coarse.shape[0]):
        row, total = np.zeros(columns + 2, x.dtype), np.zeros(columns, x.dtype)
        rest = np.zeros(columns, x.dtype)
        for j in range(coarse.shape[1]):
            out = coarse[k, j]
            out[:] = 0
            for a in range(k * steps[0], min((k + 1) * steps[0], slices)):
                for b in range(j * steps[1], min((j + 1) * steps[1], rows)):
                    _from_neighbours(x, faces_k, faces_j, faces_i, a, b, row, total)
                    _rest(x[a, b], right[a, b], inverse[a, b], total, rest)
                    _gather(rest, steps[2], out)


@parallel
def _prolong(coarse: Floats, steps: NDArray[np.int64], fine: Floats) -> None:
    """Add to each fine cell the value of its coarse one."""
    for k in numba.prange(fine.shape[0]):
        for j in range(fine.shape[1]):
            out, given = fine[k, j], coarse[k // steps[0], j // steps[1]]
            if steps[2] == 1:
                for i in range(out.size):
                    out[i] += given[i]
                continue
            for i in range(out.size // 2):
                out[2 * i] += given[i]
                out[2 * i + 1] += given[i]
            if out.size % 2 == 1:
                out[out.size - 1] += given[given.size - 1]


@serial
def downwards(
    x: Floats,
    right: Floats,
    inverse: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    steps: NDArray[np.int64],
    coarse_right: Floats,
) -> None:
    """Smooth from zero and hand what is left over to the coarser level, in one call."""
    relax_from_zero(x, right, inverse)
    _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
    _restrict_left_over(x, right, inverse, faces_k, faces_j, faces_i, steps, coarse_right)


@serial
def upwards(
    coarse_x: Floats,
    steps: NDArray[np.int64],
    x: Floats,
    right: Floats,
    inverse: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
) -> None:
    """Add the coarser level's answer and smooth in the opposite order."""
    _prolong(coarse_x, steps, x)
    _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
    _relax(x, right, inverse, faces_k, faces_j, faces_i, 0)


@serial
def coarsest(
    x: Floats, right: Floats, inverse: Floats, faces_k: Floats, faces_j: Floats, faces_i: Floats
) -> None:
    """Sweeps to and fro on the coarsest level, from zero."""
    relax_from_zero(x, right, inverse)
    _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
    for _ in range(COARSEST_SWEEPS - 1):
        _relax(x, right, inverse, faces_k, faces_j, faces_i, 0)
        _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
    for _ in range(COARSEST_SWEEPS):
        _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
        _relax(x, right, inverse, faces_k, faces_j, faces_i, 0)
