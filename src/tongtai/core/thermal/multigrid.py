"""Conjugate gradients with a multigrid preconditioner, for seven-point equations on a box of cells.

A x = b with A = diag(sink) + the graph Laplacian of the faces' conductances. Coarser levels add up
2 x 2 x 2 cells; a face between two of them has half the sum of the fine ones along the coarsened axis
(its length doubles). Red-black Gauss-Seidel smooths, black-red afterwards, so the cycle is symmetric.
Everything is computed in the precision of the faces' array.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tongtai.core.thermal.compiled import Floats, threads_for
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.multigrid_kernels import (
    add_faces,
    apply,
    coarsest,
    descend,
    downwards,
    invert,
    left_over,
    products,
    restrict,
    turn,
    upwards,
)

COARSEST_CELLS = 64
# Axes whose conductance is this much weaker than the strongest wait before they are coarsened.
WEAK = 0.3


class NotConvergedError(ThermalError):
    """The equations for potential or steady temperature did not converge; check the conductivities."""


@dataclass(frozen=True, slots=True)
class Level:
    """One grid of the hierarchy; faces have one entry more along their axis, the outermost zero."""

    faces_k: Floats
    faces_j: Floats
    faces_i: Floats
    sink: Floats
    inverse: Floats
    right: Floats
    x: Floats

    @classmethod
    def of(cls, faces: Sequence[Floats], sink: Floats) -> "Level":
        """Level with its work arrays; cells without any conductance get a diagonal of one."""
        inverse, sums = np.zeros_like(sink), np.zeros(sink.shape[0])
        invert(faces[0], faces[1], faces[2], sink, inverse, sums)
        if not np.isfinite(sums.sum()):
            raise NotConvergedError(
                "Conductances that are not finite numbers; check the tissue's properties."
            )
        return cls(faces[0], faces[1], faces[2], sink, inverse, *(np.zeros_like(sink) for _ in range(2)))

    @property
    def faces(self) -> tuple[Floats, Floats, Floats]:
        """Conductances along k, j, i."""
        return (self.faces_k, self.faces_j, self.faces_i)


def build_levels(faces: Sequence[Floats], sink: Floats) -> list[Level]:
    """The hierarchy, finest first."""
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
    sink = np.zeros(shape, level.sink.dtype)
    restrict(level.sink, steps, sink)
    faces = []
    for axis, of_axis in enumerate(level.faces):
        coarse = np.zeros(tuple(np.array(shape) + np.eye(3, dtype=int)[axis]), of_axis.dtype)
        add_faces(of_axis, axis, steps, np.array(fine, np.int64), coarse)
        faces.append(coarse)
    return Level.of(faces, sink)


def _cycle(levels: Sequence[Level], number: int = 0) -> None:
    """One V-cycle for ``levels[number].right`` into ``.x``, from zero."""
    level = levels[number]
    with threads_for(level.x.size):
        if number == len(levels) - 1:
            coarsest(level.x, level.right, level.inverse, *level.faces)
            return
        coarse = levels[number + 1]
        steps = np.array(
            [1 if a == b else 2 for a, b in zip(level.x.shape, coarse.x.shape, strict=True)], np.int64
        )
        downwards(level.x, level.right, level.inverse, *level.faces, steps, coarse.right)
        _cycle(levels, number + 1)
        upwards(coarse.x, steps, level.x, level.right, level.inverse, *level.faces)


def solve(
    levels: Sequence[Level],
    right: Floats,
    guess: Floats,
    *,
    tolerance: float = 1e-8,
    most_iterations: int = 200,
) -> tuple[Floats, int]:
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
    x, product, direction = guess.copy(), np.zeros_like(right), np.zeros_like(right)
    # The finest level's right side is the residual, which a cycle turns into the next direction.
    residual, sums, old = fine.right, np.zeros(right.shape[0]), 1.0
    with threads_for(x.size):
        products(right, right, sums)
        limit = tolerance**2 * float(sums.sum())
        left_over(x, right, *matrix, residual)
        products(residual, residual, sums)
        for iteration in range(most_iterations):
            if sums.sum() <= limit:
                return x, iteration
            _cycle(levels)
            products(residual, fine.x, sums)
            new = float(sums.sum())
            turn(direction, fine.x, new / old if iteration else 0.0)
            apply(direction, *matrix, product, sums)
            descend(x, residual, direction, product, new / float(sums.sum()), sums)
            old = new
    raise NotConvergedError(iterations=most_iterations)
