"""Where a target gets less than its prescription."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tongtai.core.brachytherapy.errors import DoseVolumeError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.on_grids import total_dose_at_points
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume

Place = tuple[float, float, float]
# Less than this to one side of the target's middle is not named.
_MIDDLE_MM = 2.0
_SIDES = (("right", "left"), ("anterior", "posterior"), ("inferior", "superior"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdSpot:
    """A connected part of the target below the prescription.

    Attributes
    ----------
    centre_lps_mm
        Centre of its volume.
    coldest_lps_mm, least_gy
        Where the dose is least, and how much that is.
    sides
        Of the target's middle, in the patient's words: right, anterior, superior …; empty in the middle.
    """

    centre_lps_mm: Place
    coldest_lps_mm: Place
    volume_ml: float
    least_gy: float
    mean_gy: float
    sides: tuple[str, ...]


def cold_spots(
    implant: Implant, target: Volume, rules: DoseRules, *, prescription_gy: float, least_ml: float = 0.05
) -> tuple[ColdSpot, ...]:
    """Parts of a target whose voxels get less than the prescription, the largest first.

    Parameters
    ----------
    target
        Mask.
    prescription_gy
        Dose to infinity.
    least_ml
        Smaller ones are left out.

    Raises
    ------
    DoseVolumeError
        If the mask is empty or the prescription not above zero.
    """
    inside = np.argwhere(target.voxels)
    if len(inside) == 0:
        raise DoseVolumeError("The structure is empty: no voxel is marked.")
    if not prescription_gy > 0.0:
        raise DoseVolumeError(f"The prescription must be above zero Gy, got {prescription_gy}.")
    dose = np.full(target.voxels.shape, np.inf)
    dose[tuple(inside.T)] = total_dose_at_points(implant, target.lps_of(inside), rules)
    labels, count = ndimage.label(dose < prescription_gy, np.ones((3, 3, 3)))
    middle = target.lps_of(inside.mean(axis=0))
    spots = []
    for number in range(1, count + 1):
        index = np.argwhere(labels == number)
        volume_ml = len(index) * target.voxel_volume_ml
        if volume_ml >= least_ml:
            spots.append(_spot(target, dose[tuple(index.T)], index, middle, volume_ml))
    return tuple(sorted(spots, key=lambda one: -one.volume_ml))


def _spot(
    target: Volume, dose: np.ndarray, index: np.ndarray, middle: np.ndarray, volume_ml: float
) -> ColdSpot:
    centre = target.lps_of(index.mean(axis=0))
    x, y, z = centre.tolist()
    a, b, c = target.lps_of(index[dose.argmin()]).tolist()
    sides = tuple(
        names[int(offset > 0.0)]
        for names, offset in zip(_SIDES, centre - middle, strict=True)
        if abs(offset) > _MIDDLE_MM
    )
    return ColdSpot(
        centre_lps_mm=(x, y, z),
        coldest_lps_mm=(a, b, c),
        volume_ml=volume_ml,
        least_gy=float(dose.min()),
        mean_gy=float(dose.mean()),
        sides=sides,
    )
