"""How the organs lie differently in the second CT: another breath, another table, a swollen zone."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PERIODS_MM = 320.0, 300.0
_ITERATIONS = 12


@dataclass(frozen=True, slots=True)
class Motion:
    """A shift of all organs with a smooth bend on top; skeleton and skin stay.

    Attributes
    ----------
    shift_mm : (x, y, z)
        Common to all points, LPS.
    bend_mm : float
        Amplitude of the bend.

    Examples
    --------
    >>> motion = Motion((1.0, 0.0, 6.0), 2.0)
    >>> point = np.array([[-60.0, -10.0, 20.0]])
    >>> bool(np.allclose(motion.origin_of(motion.moved(point)), point))
    True
    """

    shift_mm: tuple[float, float, float]
    bend_mm: float

    def displacement(
        self, x: NDArray[Any], y: NDArray[Any], z: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """How far what now lies at ``(x, y, z)`` has come, in millimetres; arrays that broadcast."""
        across = np.sin(2.0 * np.pi / _PERIODS_MM[0] * x)
        along = np.cos(2.0 * np.pi / _PERIODS_MM[1] * z)
        u, v, w = self.shift_mm
        bend = self.bend_mm
        return u + 0.5 * bend * along, v + bend * along * (1.0 + 0.0 * y), w + bend * across

    def origin_of(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points of the second CT, shape ``(N, 3)``, lay in the first."""
        x, y, z = points.T
        displacement = np.stack(np.broadcast_arrays(*self.displacement(x, y, z)), axis=-1)
        origin: NDArray[np.float64] = points - displacement
        return origin

    def moved(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points of the first CT, shape ``(N, 3)``, lie in the second."""
        found = points
        # The bend is so gentle that each round leaves a twentieth of the error.
        for _ in range(_ITERATIONS):
            found = points + (found - self.origin_of(found))
        return found


AT_REST = Motion((0.0, 0.0, 0.0), 0.0)
