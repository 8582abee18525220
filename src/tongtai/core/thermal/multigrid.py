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
from tongtai.core.thermal.compiled import parallel, threads_for
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
    slices, rows, columns = x.shape
    for k in numba.prange(slices):
        for j in range(rows):
            for i in range((k + j + colour) % 2, columns, 2):
                total = right[k, j, i]
                if k > 0:
                    total += faces_k[k, j, i] * x[k - 1, j, i]
                if k < slices - 1:
                    total += faces_k[k + 1, j, i] * x[k + 1, j, i]
                if j > 0:
                    total += faces_j[k, j, i] * x[k, j - 1, i]
                if j < rows - 1:
                    total += faces_j[k, j + 1, i] * x[k, j + 1, i]
                if i > 0:
                    total += faces_i[k, j, i] * x[k, j, i - 1]
                if i < columns - 1:
                    total += faces_i[k, j, i + 1] * x[k, j, i + 1]
                x[k, j, i] = total * inverse[k, j, i]


@parallel
def _apply(
    x: Numbers, inverse: Numbers, faces_k: Numbers, faces_j: Numbers, faces_i: Numbers, out: Numbers
) -> None:
    slices, rows, columns = x.shape
    for k in numba.prange(slices):
        for j in range(rows):
            for i in range(columns):
                total = x[k, j, i] / inverse[k, j, i]
                if k > 0:
                    total -= faces_k[k, j, i] * x[k - 1, j, i]
                if k < slices - 1:
                    total -= faces_k[k + 1, j, i] * x[k + 1, j, i]
                if j > 0:
                    total -= faces_j[k, j, i] * x[k, j - 1, i]
                if j < rows - 1:
                    total -= faces_j[k, j + 1, i] * x[k, j + 1, i]
                if i > 0:
                    total -= faces_i[k, j, i] * x[k, j, i - 1]
                if i < columns - 1:
                    total -= faces_i[k, j, i + 1] * x[k, j, i + 1]
                out[k, j, i] = total


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


def _cycle(levels: Sequence[Level], number: int = 0) -> None:
    """One V-cycle for ``levels[number].right`` into ``.x``, from zero."""
    level = levels[number]
    level.x.fill(0.0)
    last = number == len(levels) - 1
    with threads_for(level.x.size):
        for _ in range(COARSEST_SWEEPS if last else 1):
            _relax(level.x, level.right, level.inverse, *level.faces, 0)
            _relax(level.x, level.right, level.inverse, *level.faces, 1)
        if not last:
            _correct(levels, number)
        for _ in range(COARSEST_SWEEPS if last else 1):
            _relax(level.x, level.right, level.inverse, *level.faces, 1)
            _relax(level.x, level.right, level.inverse, *level.faces, 0)


def _correct(levels: Sequence[Level], number: int) -> None:
    """Solve for the error on the next coarser level and add it."""
    level, coarse = levels[number], levels[number + 1]
    steps = np.array(
        [1 if a == b else 2 for a, b in zip(level.x.shape, coarse.x.shape, strict=True)], np.int64
    )
    _apply(level.x, level.inverse, *level.faces, level.residual)
    np.subtract(level.right, level.residual, out=level.residual)
    _restrict(level.residual, steps, coarse.right)
    _cycle(levels, number + 1)
    _prolong(coarse.x, steps, level.x)


def _dot(one: Numbers, other: Numbers) -> float:
    """Sum slice by slice, always in the same order."""
    return float(np.einsum("kji,kji->k", one, other).sum())


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
    x, product = guess.copy(), np.zeros(right.shape)
    matrix = (fine.inverse, *fine.faces)
    _apply(x, *matrix, product)
    residual = right - product
    limit = tolerance * np.sqrt(_dot(right, right))
    direction, old = np.zeros(right.shape), 1.0
    for iteration in range(most_iterations):
        if np.sqrt(_dot(residual, residual)) <= limit:
            return x, iteration
        fine.right[...] = residual
        _cycle(levels)
        new = _dot(residual, fine.x)
        direction *= new / old if iteration else 0.0
        direction += fine.x
        _apply(direction, *matrix, product)
        step = new / _dot(direction, product)
        x += step * direction
        residual -= step * product
        old = new
    raise NotConvergedError(iterations=most_iterations)
