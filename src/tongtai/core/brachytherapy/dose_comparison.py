"""Two doses of the same seeds compared: per cent and millimetres, by the γ index.

Low DA, Harms WB, Mutic S, Purdy JA. A technique for the quantitative evaluation of dose
distributions. Med Phys 1998;25(5):656-661.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.at_points import seed_coordinates
from tongtai.core.brachytherapy.errors import DoseVolumeError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.kernel import make_kernel
from tongtai.core.brachytherapy.on_grids import total_dose_at_points
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]
# Places of the search along the distance, and how far it goes, in distances.
_STEPS, _FARTHEST = 5, 1.4
_BLOCK = 500
_PERCENTILES = (5.0, 50.0, 95.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseComparison:
    """A given dose beside the recomputed one.

    Attributes
    ----------
    places
        Voxels compared.
    from_gy, beside_seeds_mm
        Voxels with less dose, and voxels nearer to a seed, were left out.
    difference_percent
        5th, 50th and 95th percentile of (given - recomputed) / recomputed.
    largest_percent
        Largest absolute difference.
    gamma_percent, gamma_mm
        Criterion: per cent of the recomputed dose at the place (local), and millimetres.
    gamma_passed
        Share of places with γ ≤ 1.
    gamma_95
        95th percentile of γ; beyond 1.4 distances nothing is searched.
    """

    places: int
    from_gy: float
    beside_seeds_mm: float
    difference_percent: tuple[float, float, float]
    largest_percent: float
    gamma_percent: float
    gamma_mm: float
    gamma_passed: float
    gamma_95: float


def compare_doses(
    implant: Implant,
    given: Volume,
    rules: DoseRules,
    generator: np.random.Generator,
    *,
    from_gy: float,
    gamma_percent: float = 2.0,
    gamma_mm: float = 1.0,
    beside_seeds_mm: float = 2.0,
    places: int = 3000,
) -> DoseComparison:
    """Compare a grid of doses to infinity with the dose of the seeds.

    Parameters
    ----------
    given
        Gy.
    generator
        Draws the voxels, when there are more than ``places``.
    from_gy
        Least dose, given or recomputed, of a voxel that counts.

    Raises
    ------
    DoseVolumeError
        If no voxel counts.
    """
    index = np.argwhere(given.voxels >= from_gy)
    if len(index) > 20 * places:
        index = index[np.sort(generator.choice(len(index), 20 * places, replace=False))]
    index = index[_away_from_seeds(implant, given.lps_of(index), beside_seeds_mm)]
    if len(index) > places:
        index = index[np.sort(generator.choice(len(index), places, replace=False))]
    if len(index) == 0:
        raise DoseVolumeError(f"No voxel of the given dose gets {from_gy:g} Gy away from the seeds.")
    points = given.lps_of(index)
    told = given.voxels[tuple(index.T)].astype(np.float64)
    made = total_dose_at_points(implant, points, rules)
    percent = (told / made - 1.0) * 100.0
    gamma = _gammas(implant, rules, points, told, made, gamma_percent / 100.0, gamma_mm)
    low, middle, high = np.percentile(percent, _PERCENTILES).tolist()
    return DoseComparison(
        places=len(index),
        from_gy=from_gy,
        beside_seeds_mm=beside_seeds_mm,
        difference_percent=(low, middle, high),
        largest_percent=float(np.abs(percent).max()),
        gamma_percent=gamma_percent,
        gamma_mm=gamma_mm,
        gamma_passed=float((gamma <= 1.0).mean()),
        gamma_95=float(np.percentile(gamma, 95.0)),
    )


def _away_from_seeds(implant: Implant, points: Numbers, beside_mm: float) -> NDArray[np.bool_]:
    kept = np.ones(len(points), np.bool_)
    for seed in implant.seeds:
        along, away = seed_coordinates(points, np.array(seed.centre_lps_mm), np.array(seed.axis_lps))
        ends = np.maximum(np.abs(along) - seed.model.capsule_length_mm / 2.0, 0.0)
        kept &= np.hypot(ends, np.maximum(away - seed.model.capsule_diameter_mm / 2.0, 0.0)) >= beside_mm
    return kept


def _gammas(
    implant: Implant,
    rules: DoseRules,
    points: Numbers,
    told: Numbers,
    made: Numbers,
    share: float,
    reach_mm: float,
) -> Numbers:
    """γ of each place: the recomputed dose is sampled on a lattice around it, a little further than the distance."""
    reach = round(_FARTHEST * _STEPS)
    steps = np.arange(-reach, reach + 1) / _STEPS * reach_mm
    offsets = np.array(np.meshgrid(steps, steps, steps, indexing="ij")).reshape(3, -1).T
    offsets = offsets[np.linalg.norm(offsets, axis=1) <= (_FARTHEST + 1e-9) * reach_mm]
    far = (np.linalg.norm(offsets, axis=1) / reach_mm) ** 2
    found = np.zeros(len(points))
    corners = np.stack([points.min(axis=0), points.max(axis=0)])
    box = np.array(np.meshgrid(*corners.T)).reshape(3, -1).T
    apart = np.linalg.norm(implant.centres_lps_mm[:, None] - box, axis=2).max()
    kernel = make_kernel(implant, rules, float(apart) + 4.0 * reach_mm)
    for start in range(0, len(points), _BLOCK):
        part = slice(start, start + _BLOCK)
        around = (points[part, None] + offsets).reshape(-1, 3)
        dose = total_dose_at_points(implant, around, rules, kernel=kernel).reshape(-1, len(offsets))
        wrong = (told[part, None] - dose) / (share * made[part, None])
        found[part] = np.sqrt((wrong**2 + far).min(axis=1))
    return found
