"""Where an organ ends: half-way between its own density and that of what lies beyond."""

import numpy as np
from scipy import ndimage

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing
from tongtai.core.segmentation.resampling import Floats
from tongtai.core.segmentation.working_grid import bounding_box

_REACH_MM = 2.5
# So far from the border the density beyond is no mixture any more.
_PLATEAU_MM = 4.5
# Below this the border is noise.
_LEAST_STEP_HU = 30.0


def to_half_way(
    smooth: Floats,
    mask: Mask,
    allowed: Mask,
    level_hu: float,
    spacing_mm: Spacing,
    *,
    reach_mm: float = _REACH_MM,
) -> Mask:
    """Grow a mask, voxel by voxel, up to the half-way density of its border.

    A voxel joins when its density is nearer to the organ's than to the least (or, of brighter voxels,
    the greatest) density around it. Beside something of the organ's own density nothing is gained.

    Parameters
    ----------
    smooth : (K, J, I) array
        Smoothed Hounsfield units.
    mask, allowed : (K, J, I) bool array
        What is grown, and where to.
    level_hu : float
        Density of the organ.
    reach_mm : float
        Farthest growth.
    """
    steps = max(1, round(reach_mm / float(np.mean(spacing_mm))))
    box = bounding_box(mask, margin=steps + 3)
    if box is None:
        return mask
    near, grown = smooth[box], mask[box].copy()
    size = [2 * max(1, round(_PLATEAU_MM / step)) + 1 for step in spacing_mm]
    least = ndimage.minimum_filter(near, size=size, mode="nearest")
    greatest = ndimage.maximum_filter(near, size=size, mode="nearest")
    inside = (near > (level_hu + least) / 2) & (near < (level_hu + greatest) / 2)
    inside &= allowed[box] & ((level_hu - least > _LEAST_STEP_HU) | (greatest - level_hu > _LEAST_STEP_HU))
    for _ in range(steps):
        grown |= ndimage.binary_dilation(grown) & inside
    whole = mask.copy()
    whole[box] = grown
    return whole
