"""What one would write otherwise for a stage of the heat solver: the same in numpy, its Laplacian in scipy."""

from dataclasses import dataclass
from typing import Self

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tongtai.core.thermal.compiled import Floats, parallel

SEVEN_POINTS: NDArray[np.float32] = np.zeros((3, 3, 3), np.float32)
SEVEN_POINTS[1, 1, :] = SEVEN_POINTS[1, :, 1] = SEVEN_POINTS[:, 1, 1] = 1
SEVEN_POINTS[1, 1, 1] = -6
_MU, _NU, _REST, _NOW, _START = (np.float32(weight) for weight in (1.2, -0.4, 0.2, 0.1, -0.05))


@dataclass(frozen=True, slots=True)
class NumpyStage:
    """One stage of a Runge-Kutta-Legendre step of the bioheat equation as array expressions."""

    temperature: NDArray[np.float32]
    faces: tuple[NDArray[np.float32], ...]
    perfusion: NDArray[np.float32]
    source: NDArray[np.float32]
    contents: tuple[NDArray[np.float32], ...]

    @classmethod
    def of(cls, cells: int) -> Self:
        """Arrays of ``cells`` along each axis."""
        shape = (cells,) * 3
        random = np.random.default_rng(1)
        return cls(
            temperature=37 + random.random((cells + 2,) * 3, np.float32),
            faces=tuple(
                np.full(tuple(np.add(shape, np.eye(3, dtype=int)[n])), 0.5, np.float32) for n in range(3)
            ),
            perfusion=np.full(shape, 3e4, np.float32),
            source=np.zeros(shape, np.float32),
            contents=tuple(random.random(shape, np.float32) for _ in range(4)),
        )

    def advance(self) -> NDArray[np.float32]:
        """Rate, new heat content and its temperature."""
        inside = [slice(1, -1)] * 3
        here = self.temperature[1:-1, 1:-1, 1:-1]
        rate = self.source - self.perfusion * (here - np.float32(37))
        for axis, face in enumerate(self.faces):
            along = inside.copy()
            along[axis] = slice(None)
            flux = face * np.diff(self.temperature[tuple(along)], axis=axis)
            rate += np.float32(1e6) * np.diff(flux, axis=axis)
        start, first, before, older = self.contents
        content = _MU * before + _NU * older + _REST * start + _NOW * rate + _START * first
        boils, dry = np.float32(2e8), np.float32(2.2e9)
        temperature: NDArray[np.float32] = (
            np.float32(37)
            + np.minimum(content, boils) * np.float32(2.7e-7)
            + np.maximum(np.minimum(content, dry) - boils, 0) * np.float32(5e-9)
            + np.maximum(content - dry, 0) * np.float32(1.2e-6)
        )
        return temperature


def sparse_laplacian(cells: int) -> sparse.csr_array:
    """The seven-point Laplacian as a sparse matrix in single precision."""
    line = sparse.diags_array([1.0, -2.0, 1.0], offsets=[-1, 0, 1], shape=(cells, cells))
    one = sparse.eye_array(cells)
    whole = (
        sparse.kron(sparse.kron(line, one), one)
        + sparse.kron(sparse.kron(one, line), one)
        + sparse.kron(sparse.kron(one, one), line)
    )
    return sparse.csr_array(whole, dtype=np.float32)


@parallel
def triad(out: Floats, first: Floats, second: Floats) -> None:
    """``out = first + 3 second``: nothing but memory."""
    for n in numba.prange(out.size):
        out[n] = first[n] + second[n] + second[n] + second[n]
