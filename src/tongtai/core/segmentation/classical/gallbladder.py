"""The gallbladder: a smooth sac of bile in a hollow of the liver's underside."""

import numpy as np

from tongtai.core.segmentation.classical.shape import compactness
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing, dilated, distance_to_mm, opened, parts
from tongtai.core.segmentation.resampling import Floats

# Bile is 0–25 HU; fasting volume 5–60 ml, hydropic to 150 ml (Everson 1991).
_BILE_HU = (-20.0, 28.0)
_VOLUME_ML = (5.0, 150.0)
_LEAST_LIVER = 0.2
_USUAL_ML = 20.0
# Its fundus hangs this far from the liver at most.
_REACH_MM = 32.0


def find_gallbladder(
    smooth: Floats,
    allowed: Mask,
    liver: Mask,
    gas: Mask,
    behind_mm: Floats,
    liver_hu: float,
    spacing_mm: Spacing,
) -> Mask | None:
    """Find the gallbladder; None where no sac of bile lies at the liver.

    Parameters
    ----------
    smooth : (K, J, I) array
        Smoothed Hounsfield units.
    allowed : (K, J, I) bool array
        Voxels that no other organ claims; those that the liver's outline bridged may be among them.
    liver, gas : (K, J, I) bool array
        The liver and the gas of the bowel, which a gallbladder does not hold.
    behind_mm : array that broadcasts to (K, J, I)
        Distance behind the spinal canal.
    liver_hu : float
        Density of the liver; bile must be darker by 15 HU to be told from it.
    """
    bile = (
        allowed & (smooth > _BILE_HU[0]) & (smooth < min(_BILE_HU[1], liver_hu - 15.0)) & (behind_mm < -25.0)
    )
    bile &= distance_to_mm(liver, spacing_mm) < _REACH_MM
    best: Mask | None = None
    highest = 0.0
    for neck in (4.0, 6.0, 8.0, 10.0):
        labels, sizes = parts(opened(bile, neck, spacing_mm))
        volumes = sizes * float(np.prod(spacing_mm)) / 1000.0
        for label in np.flatnonzero((volumes > _VOLUME_ML[0]) & (volumes < _VOLUME_ML[1])):
            piece = labels == label
            shell = dilated(piece, 5.0, spacing_mm) & ~piece
            area = max(int(np.count_nonzero(shell)), 1)
            by_liver = np.count_nonzero(shell & liver) / area
            by_gas = np.count_nonzero(dilated(piece, 8.0, spacing_mm) & gas) / area
            shape = compactness(piece, spacing_mm)
            score = by_liver * shape * min(1.0, float(volumes[label]) / _USUAL_ML)
            if by_liver > _LEAST_LIVER and by_gas < 0.06 and shape > 0.65 and score > highest:
                highest = score
                best = dilated(piece, neck, spacing_mm) & bile
    return best
