"""A straight needle in patient space: where it enters the skin and where its tip lies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.errors import TongtaiError


class NeedleError(TongtaiError):
    """Two points that describe no needle."""


@dataclass(frozen=True, slots=True)
class Needle:
    """Entry on the skin and tip, each ``(x, y, z)`` in LPS millimetres.

    Examples
    --------
    >>> needle = Needle((0.0, -100.0, 0.0), (0.0, -20.0, 0.0))
    >>> needle.length_mm
    80.0
    >>> needle.direction.tolist()
    [0.0, 1.0, 0.0]
    """

    entry_lps_mm: tuple[float, float, float]
    tip_lps_mm: tuple[float, float, float]

    def __post_init__(self) -> None:
        points = np.array([self.entry_lps_mm, self.tip_lps_mm])
        if not np.all(np.isfinite(points)) or np.allclose(points[0], points[1]):
            raise NeedleError("A needle needs two different, finite points: the entry and the tip.")

    @property
    def length_mm(self) -> float:
        """Distance from the skin to the tip."""
        return float(np.linalg.norm(np.subtract(self.tip_lps_mm, self.entry_lps_mm)))

    @property
    def direction(self) -> NDArray[np.float64]:
        """Unit vector from the entry to the tip, shape ``(3,)``."""
        along: NDArray[np.float64] = np.subtract(self.tip_lps_mm, self.entry_lps_mm) / self.length_mm
        return along

    def point_at(self, depth_mm: float) -> NDArray[np.float64]:
        """Position ``depth_mm`` below the skin along the needle, shape ``(3,)``."""
        point: NDArray[np.float64] = np.asarray(self.entry_lps_mm) + depth_mm * self.direction
        return point
