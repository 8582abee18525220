"""Dose-volume histograms: how much of a structure gets how much dose.

Every sample of a structure carries a dose and a volume; the histogram is the exact staircase of
these, without bins, so a quantity read from it has only the samples' own error.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.errors import DoseVolumeError
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]
_UNSOUND = "A dose-volume histogram needs samples with a finite dose and a volume above zero."


@dataclass(frozen=True, kw_only=True)
class DoseVolumeHistogram:
    """The doses of a structure, weighted with volume.

    Attributes
    ----------
    dose_gy : (N,) array
        Falling.
    volume_ml : (N,) array
        Volume of each sample.

    Examples
    --------
    >>> found = DoseVolumeHistogram.of(np.array([100.0, 200.0, 50.0]), np.array([1.0, 1.0, 2.0]))
    >>> found.volume_share(100.0), found.dose_to_share_gy(0.5), found.dose_to_volume_gy(1.0)
    (0.5, 100.0, 200.0)
    >>> found.least_gy, found.mean_gy, found.largest_gy
    (50.0, 100.0, 200.0)
    """

    dose_gy: Numbers
    volume_ml: Numbers

    @classmethod
    def of(cls, dose_gy: NDArray[np.floating[Any]], volume_ml: Numbers | float) -> Self:
        """From samples in any order; one number for the volume when all are alike.

        Raises
        ------
        DoseVolumeError
            If there are none, or a dose or a volume is not finite, or a volume is not above zero.
        """
        volumes = np.asarray(volume_ml, np.float64)
        if dose_gy.ndim != 1 or dose_gy.size == 0 or volumes.shape not in {(), dose_gy.shape}:
            raise DoseVolumeError(_UNSOUND)
        first = volumes.flat[0]
        if volumes.ndim == 0 or np.all(volumes == first):
            # Doses alone sort many times faster than doses with a volume each.
            found = cls(
                dose_gy=np.sort(dose_gy)[::-1].astype(np.float64), volume_ml=np.full(dose_gy.size, first)
            )
        else:
            order = np.argsort(dose_gy)[::-1]
            found = cls(dose_gy=dose_gy[order].astype(np.float64), volume_ml=volumes[order])
        # What is no number sorts to an end.
        ends = (found.dose_gy[0], found.dose_gy[-1], found.volume_ml.min(), found.total_ml)
        if not np.all(np.isfinite(ends)) or ends[2] <= 0.0:
            raise DoseVolumeError(_UNSOUND)
        return found

    @cached_property
    def _rising_gy(self) -> Numbers:
        return np.ascontiguousarray(self.dose_gy[::-1])

    @cached_property
    def cumulative_ml(self) -> Numbers:
        """Volume that gets at least the dose of each sample, shape ``(N,)``."""
        summed: Numbers = np.cumsum(self.volume_ml)
        return summed

    @property
    def total_ml(self) -> float:
        """Volume of the structure."""
        return float(self.cumulative_ml[-1])

    @property
    def least_gy(self) -> float:
        """D100: the lowest dose of any sample."""
        return float(self.dose_gy[-1])

    @property
    def largest_gy(self) -> float:
        """Dmax: the highest dose of any sample."""
        return float(self.dose_gy[0])

    @property
    def mean_gy(self) -> float:
        """Mean dose, by volume."""
        # Not by a dot product: its last digits depend on the number of threads.
        return float(np.average(self.dose_gy, weights=self.volume_ml))

    def volume_ml_above(self, dose_gy: float) -> float:
        """Volume that gets at least a dose."""
        return float(self._ml_above(np.array([dose_gy]))[0])

    def _ml_above(self, dose_gy: Numbers, side: Literal["left", "right"] = "left") -> Numbers:
        """Volume that gets at least each dose, or (``right``) more than it."""
        number = self.dose_gy.size - np.searchsorted(self._rising_gy, dose_gy, side=side)
        found: Numbers = np.where(number > 0, self.cumulative_ml[number - 1], 0.0)
        return found

    def volume_share(self, dose_gy: float) -> float:
        """V: share of the volume that gets at least a dose, 0 to 1."""
        return self.volume_ml_above(dose_gy) / self.total_ml

    def dose_to_volume_gy(self, volume_ml: float) -> float | None:
        """Dose that the hottest so many millilitres get at least; None if the structure is smaller."""
        if volume_ml > self.total_ml * (1.0 + 1e-9):
            return None
        # Rounding of the sum must not push a volume past a sample that exactly completes it.
        number = int(np.searchsorted(self.cumulative_ml, volume_ml * (1.0 - 1e-12), side="left"))
        return float(self.dose_gy[min(number, self.dose_gy.size - 1)])

    def dose_to_share_gy(self, share: float) -> float:
        """D: dose that a share of the volume gets at least; 0.9 for D90."""
        if not 0.0 < share <= 1.0:
            raise DoseVolumeError(f"A share of the volume lies above 0 and up to 1, got {share}.")
        found = self.dose_to_volume_gy(share * self.total_ml)
        return self.least_gy if found is None else found

    def cumulative(self, dose_gy: Numbers) -> Numbers:
        """Share of the volume that gets at least each of the doses."""
        shares: Numbers = self._ml_above(np.asarray(dose_gy, np.float64)) / self.total_ml
        return shares

    def differential_ml(self, edges_gy: Numbers) -> Numbers:
        """Volume in each bin between rising edges; the last bin has its upper edge."""
        above = self._ml_above(edges_gy)
        above[-1] = self._ml_above(edges_gy[-1:], "right")[0]
        found: Numbers = above[:-1] - above[1:]
        return found


def subdivided(mask: Volume, parts: int) -> tuple[Numbers, float]:
    """Samples of a structure: every marked voxel cut into ``parts``³ equal pieces.

    The mask itself stays what it is, voxel by voxel; the *dose* is taken at each piece's centre, so
    that it is not constant over a voxel. Near a seed it changes by tens of percent in a millimetre.

    Parameters
    ----------
    mask
        Truth values.
    parts
        Pieces along each edge, 1 or more.

    Returns
    -------
    points : (N, 3) array
        Centres in LPS millimetres.
    volume_ml
        Of one piece.

    Raises
    ------
    DoseVolumeError
        If nothing is marked.
    """
    if parts < 1:
        raise DoseVolumeError(f"A voxel is cut into one or more parts along each edge, got {parts}.")
    index = np.argwhere(mask.voxels).astype(np.float64)
    if len(index) == 0:
        raise DoseVolumeError("The structure is empty: no voxel is marked.")
    steps = (np.arange(parts) + 0.5) / parts - 0.5
    offsets = np.array(np.meshgrid(steps, steps, steps, indexing="ij")).reshape(3, -1).T
    points = (index[:, None] + offsets).reshape(-1, 3)
    return mask.lps_of(points), mask.voxel_volume_ml / parts**3
