"""Conjugate gradients with a multigrid preconditioner, for seven-point equations on a box of cells.

A x = b with A = diag(sink) + the graph Laplacian of the faces' conductances. Coarser levels add up
2 x 2 x 2 cells; a face between two of them has half the sum of the fine ones along the coarsened axis
(its length doubles). Red-black Gauss-Seidel smooths, black-red afterwards, so the cycle is symmetric.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.boundary_faces import layer
from tongtai.core.thermal.compiled import parallel, serial, threads_for
from tongtai.core.thermal.errors import ThermalError

Numbers = NDArray[np.float64]
COARSEST_CELLS = 64
COARSEST_SWEEPS = 6
# Axes whose conductance is this much weaker than the strongest wait before they are coarsened.
WEAK = 0.3


class NotConvergedError(ThermalError):
    """The equations for potential or steady temperature did not converge; check the conductivities."""


@dataclass(frozen=True, slots=True)
class Level:
    """One grid of the hierarchy; faces have one entry more along their axis, the outermost zero."""

    faces_k: Numbers
    faces_j: Numbers
    faces_i: Numbers
    sink: Numbers
    inverse: Numbers
    right: Numbers
    x: Numbers
    residual: Numbers

    @classmethod
    def of(cls, faces: Sequence[Numbers], sink: Numbers) -> "Level":
        """Level with its work arrays; cells without any conductance get a diagonal of one."""
        diagonal = sink.copy()
        for axis, conductance in enumerate(faces):
            diagonal += conductance[layer(axis, slice(None, -1))] + conductance[layer(axis, slice(1, None))]
        inverse = 1 / np.where(diagonal > 0, diagonal, 1.0)
        return cls(faces[0], faces[1], faces[2], sink, inverse, *(np.zeros(sink.shape) for _ in range(3)))

    @property
    def faces(self) -> tuple[Numbers, Numbers, Numbers]:
        """Conductances along k, j, i."""
        return (self.faces_k, self.faces_j, self.faces_i)


def build_levels(faces: Sequence[Numbers], sink: Numbers) -> list[Level]:
    """The hierarchy, finest first."""
    if not all(np.isfinite(one).all() for one in (*faces, sink)):
        raise NotConvergedError("Conductances that are not finite numbers; check the tissue's properties.")
    levels = [Level.of(faces, sink)]
    while levels[-1].sink.size > COARSEST_CELLS:
        coarser = _coarsen(levels[-1])
        levels.append(coarser)
    return levels


def _coarsen(level: Level) -> Level:
    strength = [float(one.sum()) / max(one.size, 1) for one in level.faces]
    fine = level.sink.shape
    strongest = max(s for s, n in zip(strength, fine, strict=True) if n > 1)
    steps = np.array(
        [2 if n > 1 and s >= WEAK * strongest else 1 for s, n in zip(strength, fine, strict=True)], np.int64
    )
    shape = tuple(-(-n // step) for n, step in zip(fine, steps.tolist(), strict=True))
    sink = np.zeros(shape)
    _restrict(level.sink, steps, sink)
    faces = []
    for axis, of_axis in enumerate(level.faces):
        coarse = np.zeros(tuple(np.array(shape) + np.eye(3, dtype=int)[axis]))
        _add_faces(of_axis, axis, steps, np.array(fine, np.int64), coarse)
        faces.append(coarse)
    return Level.of(faces, sink)


@parallel
def _add_faces(
    fine: Numbers, axis: int, steps: NDArray[np.int64], cells: NDArray[np.int64], coarse: Numbers
) -> None:
    """Inner coarse faces: the sum of the fine ones they are made of, over the growth of their length."""
    first = np.zeros(3, np.int64)
    first[axis] = 1
    for k in numba.prange(first[0], coarse.shape[0] - first[0]):
        for j in range(first[1], coarse.shape[1] - first[1]):
            for i in range(first[2], coarse.shape[2] - first[2]):
                total = 0.0
                for a in range(k * steps[0], min((k + 1) * steps[0], cells[0])):
                    for b in range(j * steps[1], min((j + 1) * steps[1], cells[1])):
                        for c in range(i * steps[2], min((i + 1) * steps[2], cells[2])):
                            at_face = (
                                (axis != 0 or a == k * steps[0])
                                and (axis != 1 or b == j * steps[1])
                                and (axis != 2 or c == i * steps[2])
                            )
                            if at_face:
                                total += fine[a, b, c]
                coarse[k, j, i] = total / steps[axis]


@serial
def _from_neighbours(
    x: Numbers,
    faces_k: Numbers,
    faces_j: Numbers,
    faces_i: Numbers,
    k: int,
    j: int,
    row: Numbers,
    out: Numbers,
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


@parallel
def _relax(
    x: Numbers,
    right: Numbers,
    inverse: Numbers,
    faces_k: Numbers,
    faces_j: Numbers,
    faces_i: Numbers,
    colour: int,
) -> None:
    columns = x.shape[2]
    for k in numba.prange(x.shape[0]):
        row, total = np.zeros(columns + 2), np.zeros(columns)
        for j in range(x.shape[1]):
            _from_neighbours(x, faces_k, faces_j, faces_i, k, j, row, total)
            for i in range((k + j + colour) % 2, columns, 2):
                x[k, j, i] = (right[k, j, i] + total[i]) * inverse[k, j, i]


@parallel
def _relax_from_zero(x: Numbers, right: Numbers, inverse: Numbers) -> None:
    """The first half-sweep of a cycle, in which all neighbours are zero."""
    for k in numba.prange(x.shape[0]):
        for j in range(x.shape[1]):
            for i in range(x.shape[2]):
                x[k, j, i] = right[k, j, i] * inverse[k, j, i] * (1 - (k + j + i) % 2)


@parallel
def _apply(
    x: Numbers,
    inverse: Numbers,
    faces_k: Numbers,
    faces_j: Numbers,
    faces_i: Numbers,
    out: Numbers,
    per_slice: Numbers,
) -> None:
    """``out = A x``; ``per_slice`` takes the sums of ``x out``."""
    columns = x.shape[2]
    for k in numba.prange(x.shape[0]):
        row, total = np.zeros(columns + 2), np.zeros(columns)
        together = 0.0
        for j in range(x.shape[1]):
            _from_neighbours(x, faces_k, faces_j, faces_i, k, j, row, total)
            for i in range(columns):
                product = x[k, j, i] / inverse[k, j, i] - total[i]
                out[k, j, i] = product
                together += x[k, j, i] * product
        per_slice[k] = together


@parallel
def _left_over(
    x: Numbers,
    right: Numbers,
    inverse: Numbers,
    faces_k: Numbers,
    faces_j: Numbers,
    faces_i: Numbers,
    out: Numbers,
) -> None:
    """``out = right - A x``."""
    columns = x.shape[2]
    for k in numba.prange(x.shape[0]):
        row, total = np.zeros(columns + 2), np.zeros(columns)
        for j in range(x.shape[1]):
            _from_neighbours(x, faces_k, faces_j, faces_i, k, j, row, total)
            for i in range(columns):
                out[k, j, i] = right[k, j, i] - (x[k, j, i] / inverse[k, j, i] - total[i])


@parallel
def _descend(
    x: Numbers, residual: Numbers, direction: Numbers, product: Numbers, step: float, per_slice: Numbers
) -> None:
    """``x += step direction``, ``residual -= step product``; ``per_slice`` takes the residual's squares."""
    for k in numba.prange(x.shape[0]):
        squares = 0.0
        for j in range(x.shape[1]):
            for i in range(x.shape[2]):
                x[k, j, i] += step * direction[k, j, i]
                left = residual[k, j, i] - step * product[k, j, i]
                residual[k, j, i] = left
                squares += left * left
        per_slice[k] = squares


@parallel
def _turn(direction: Numbers, steepest: Numbers, share: float) -> None:
    """``direction = steepest + share direction``."""
    for k in numba.prange(direction.shape[0]):
        for j in range(direction.shape[1]):
            for i in range(direction.shape[2]):
                direction[k, j, i] = steepest[k, j, i] + share * direction[k, j, i]


@parallel
def _products(one: Numbers, other: Numbers, per_slice: Numbers) -> None:
    for k in numba.prange(one.shape[0]):
        together = 0.0
        for j in range(one.shape[1]):
            for i in range(one.shape[2]):
                together += one[k, j, i] * other[k, j, i]
        per_slice[k] = together


@parallel
def _restrict(fine: Numbers, steps: NDArray[np.int64], coarse: Numbers) -> None:
    """Sum over the cells that make a coarse one."""
    for k in numba.prange(coarse.shape[0]):
        for j in range(coarse.shape[1]):
            for i in range(coarse.shape[2]):
                total = 0.0
                for a in range(k * steps[0], min((k + 1) * steps[0], fine.shape[0])):
                    for b in range(j * steps[1], min((j + 1) * steps[1], fine.shape[1])):
                        for c in range(i * steps[2], min((i + 1) * steps[2], fine.shape[2])):
                            total += fine[a, b, c]
                coarse[k, j, i] = total


@parallel
def _prolong(coarse: Numbers, steps: NDArray[np.int64], fine: Numbers) -> None:
    for k in numba.prange(fine.shape[0]):
        for j in range(fine.shape[1]):
            for i in range(fine.shape[2]):
                fine[k, j, i] += coarse[k // steps[0], j // steps[1], i // steps[2]]


@serial
def _downwards(
    x: Numbers,
    right: Numbers,
    inverse: Numbers,
    faces_k: Numbers,
    faces_j: Numbers,
    faces_i: Numbers,
    residual: Numbers,
    steps: NDArray[np.int64],
    coarse_right: Numbers,
) -> None:
    """Smooth from zero and hand what is left over to the coarser level, in one call."""
    _relax_from_zero(x, right, inverse)
    _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
    _left_over(x, right, inverse, faces_k, faces_j, faces_i, residual)
    _restrict(residual, steps, coarse_right)


@serial
def _upwards(
    coarse_x: Numbers,
    steps: NDArray[np.int64],
    x: Numbers,
    right: Numbers,
    inverse: Numbers,
    faces_k: Numbers,
    faces_j: Numbers,
    faces_i: Numbers,
) -> None:
    """Add the coarser level's answer and smooth in the opposite order."""
    _prolong(coarse_x, steps, x)
    _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
    _relax(x, right, inverse, faces_k, faces_j, faces_i, 0)


@serial
def _coarsest(
    x: Numbers, right: Numbers, inverse: Numbers, faces_k: Numbers, faces_j: Numbers, faces_i: Numbers
) -> None:
    """Sweeps to and fro on the coarsest level, from zero."""
    _relax_from_zero(x, right, inverse)
    _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
    for _ in range(COARSEST_SWEEPS - 1):
        _relax(x, right, inverse, faces_k, faces_j, faces_i, 0)
        _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
    for _ in range(COARSEST_SWEEPS):
        _relax(x, right, inverse, faces_k, faces_j, faces_i, 1)
        _relax(x, right, inverse, faces_k, faces_j, faces_i, 0)


def _cycle(levels: Sequence[Level], number: int = 0) -> None:
    """One V-cycle for ``levels[number].right`` into ``.x``, from zero."""
    level = levels[number]
    with threads_for(level.x.size):
        if number == len(levels) - 1:
            _coarsest(level.x, level.right, level.inverse, *level.faces)
            return
        coarse = levels[number + 1]
        steps = np.array(
            [1 if a == b else 2 for a, b in zip(level.x.shape, coarse.x.shape, strict=True)], np.int64
        )
        _downwards(level.x, level.right, level.inverse, *level.faces, level.residual, steps, coarse.right)
        _cycle(levels, number + 1)
        _upwards(coarse.x, steps, level.x, level.right, level.inverse, *level.faces)


def solve(
    levels: Sequence[Level],
    right: Numbers,
    guess: Numbers,
    *,
    tolerance: float = 1e-8,
    most_iterations: int = 200,
) -> tuple[Numbers, int]:
    """Solve the finest level's equations.

    Parameters
    ----------
    levels
        `build_levels`.
    right, guess : (K, J, I) arrays
        Right side, and where to start.
    tolerance
        Bound for the residual's norm over that of the right side.

    Returns
    -------
    (K, J, I) array, int
        The solution and the number of iterations.

    Raises
    ------
    NotConvergedError
        After ``most_iterations``.
    """
    fine = levels[0]
    matrix = (fine.inverse, *fine.faces)
    x, product, direction = guess.copy(), np.zeros(right.shape), np.zeros(right.shape)
    # The finest level's right side is the residual, which a cycle turns into the next direction.
    residual, sums, old = fine.right, np.zeros(right.shape[0]), 1.0
    with threads_for(x.size):
        _products(right, right, sums)
        limit = tolerance**2 * float(sums.sum())
        _left_over(x, right, *matrix, residual)
        _products(residual, residual, sums)
        for iteration in range(most_iterations):
            if sums.sum() <= limit:
                return x, iteration
            _cycle(levels)
            _products(residual, fine.x, sums)
            new = float(sums.sum())
            _turn(direction, fine.x, new / old if iteration else 0.0)
            _apply(direction, *matrix, product, sums)
            _descend(x, residual, direction, product, new / float(sums.sum()), sums)
            old = new
    raise NotConvergedError(iterations=most_iterations)
