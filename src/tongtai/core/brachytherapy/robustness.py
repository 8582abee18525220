"""What the dose becomes when seeds lie elsewhere than planned: seeded Monte Carlo."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram, subdivided
from tongtai.core.brachytherapy.errors import DoseVolumeError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.kernel import make_kernel
from tongtai.core.brachytherapy.on_grids import total_dose_at_points
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]
SAMPLES = 4000
DOSES = 101
# Mean length of a vector with three standard normal components (Maxwell distribution) is √(8/π).
_DEVIATIONS_PER_MEAN = float(np.sqrt(np.pi / 8.0))
_REACH_MM = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseBand:
    """A histogram with its spread over the trials.

    Attributes
    ----------
    dose_gy : (D,) array
        Rising, from zero to three times the prescription.
    planned, low, middle, high : (D,) arrays
        Share of the volume with at least the dose: as planned, and the 5th, 50th and 95th percentile.
    d90_gy, v100
        The same three percentiles of D90 and of V100.
    trials, error_mm
        Number of trials; mean length of each seed's displacement, in any direction.
    """

    dose_gy: Numbers
    planned: Numbers
    low: Numbers
    middle: Numbers
    high: Numbers
    d90_gy: tuple[float, float, float]
    v100: tuple[float, float, float]
    trials: int
    error_mm: float


def dose_band(
    implant: Implant,
    target: Volume,
    rules: DoseRules,
    generator: np.random.Generator,
    *,
    prescription_gy: float,
    error_mm: float,
    trials: int = 100,
) -> DoseBand:
    """The target's histogram when every seed misses on its own.

    Parameters
    ----------
    implant, target, rules
        Seeds; mask; formalism and interpolation.
    generator
        Source of chance; the same state gives the same answer.
    prescription_gy
        Dose to infinity.
    error_mm
        Mean length of a seed's displacement; its components are drawn from one Gaussian.
    trials
        How often.

    Raises
    ------
    DoseVolumeError
        If there are no trials, the error is negative, or the target is empty.
    """
    if trials < 1 or not np.isfinite(error_mm) or error_mm < 0.0:
        raise DoseVolumeError("Give at least one trial, and a displacement of zero or more millimetres.")
    points, volume_ml = subdivided(target, 1)
    if len(points) > SAMPLES:
        chosen = np.sort(generator.choice(len(points), SAMPLES, replace=False))
        volume_ml, points = volume_ml * len(points) / SAMPLES, points[chosen]
    spread = np.linalg.norm(points[:, None] - implant.centres_lps_mm, axis=2).max()
    # Wide enough for corners of the points' box and for every displacement that can be drawn in practice.
    kernel = make_kernel(implant, rules, 2.0 * float(spread) + 12.0 * error_mm + _REACH_MM)
    doses = np.linspace(0.0, 3.0 * prescription_gy, DOSES)
    moves = generator.normal(0.0, error_mm * _DEVIATIONS_PER_MEAN, (trials, len(implant.seeds), 3))
    found = [
        DoseVolumeHistogram.of(total_dose_at_points(moved, points, rules, kernel=kernel), volume_ml)
        for moved in (implant, *(implant.moved(move) for move in moves))
    ]
    curves = np.array([one.cumulative(doses) for one in found])
    low, middle, high = np.percentile(curves[1:], (5, 50, 95), axis=0)
    return DoseBand(
        dose_gy=doses,
        planned=curves[0],
        low=low,
        middle=middle,
        high=high,
        d90_gy=_percentiles([one.dose_to_share_gy(0.9) for one in found[1:]]),
        v100=_percentiles([one.volume_share(prescription_gy) for one in found[1:]]),
        trials=trials,
        error_mm=error_mm,
    )


def _percentiles(values: list[float]) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in np.percentile(values, (5, 50, 95)))
    return low, middle, high
