"""Which seed is which: two lots of seeds matched so that the sum of the distances is least."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from tongtai.core.volumes import Points

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedMatching:
    """Pairs of seeds.

    Attributes
    ----------
    found, wanted : (P,) arrays
        Rows of either lot that belong together.
    distance_mm, angle_deg : (P,) arrays
        Between centres; between axes, whose ends are alike (not a number where a lot has no axes).
    extra, missed : arrays
        Rows without a partner.
    """

    found: Indices
    wanted: Indices
    distance_mm: Numbers
    angle_deg: Numbers
    extra: Indices
    missed: Indices

    @property
    def recall(self) -> float:
        """Share of the wanted ones that were found."""
        total = len(self.wanted) + len(self.missed)
        return len(self.wanted) / total if total else 1.0

    @property
    def precision(self) -> float:
        """Share of the found ones that were wanted."""
        total = len(self.found) + len(self.extra)
        return len(self.found) / total if total else 1.0


def matched_seeds(
    found_mm: Points,
    wanted_mm: Points,
    *,
    within_mm: float,
    found_axes: Points | None = None,
    wanted_axes: Points | None = None,
) -> SeedMatching:
    """Match seeds one to one; none further apart than a limit.

    Parameters
    ----------
    found_mm : (F, 3) array
    wanted_mm : (W, 3) array
    within_mm
        What is further apart is no pair.

    Examples
    --------
    >>> made = matched_seeds(np.array([[0.0, 0, 0], [9.0, 0, 0]]), np.array([[0.5, 0, 0]]), within_mm=3.0)
    >>> made.distance_mm.tolist(), made.extra.tolist(), made.recall, made.precision
    ([0.5], [1], 1.0, 0.5)
    """
    apart = np.linalg.norm(found_mm.reshape(-1, 1, 3) - wanted_mm.reshape(1, -1, 3), axis=2)
    # A pair beyond the limit must cost more than leaving all others as they are.
    rows, columns = linear_sum_assignment(np.where(apart <= within_mm, apart, 1e6))
    kept = apart[rows, columns] <= within_mm
    rows, columns = rows[kept].astype(np.int64), columns[kept].astype(np.int64)
    angles = np.full(len(rows), np.nan)
    if found_axes is not None and wanted_axes is not None and len(rows):
        along = np.abs((found_axes[rows] * wanted_axes[columns]).sum(axis=1))
        angles = np.degrees(np.arccos(np.clip(along, 0.0, 1.0)))
    return SeedMatching(
        found=rows,
        wanted=columns,
        distance_mm=apart[rows, columns],
        angle_deg=angles,
        extra=np.setdiff1d(np.arange(len(found_mm)), rows),
        missed=np.setdiff1d(np.arange(len(wanted_mm)), columns),
    )
