"""The heart as a region to keep out of: what lies between the lungs above the liver."""

import numpy as np
from scipy import ndimage

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing, dilated, largest_part, opened
from tongtai.core.segmentation.resampling import Floats

_THICK_MM = 16.0
_SMALLEST_ML = 60.0
_MARGIN_MM = 10.0
_BEFORE_CANAL_MM = -45.0


def find_heart(
    hounsfield: Floats, body: Mask, lung: Mask, claimed: Mask, behind_mm: Floats, spacing_mm: Spacing
) -> Mask | None:
    """Thick soft tissue with lung on both sides in the same slice; None where the picture has no chest.

    Parameters
    ----------
    claimed : (K, J, I) bool array
        Liver, bone and other organs that are not heart.
    """
    between = _between_lungs(lung) & body & ~lung & ~claimed
    soft = between & (hounsfield > -40.0) & (behind_mm < _BEFORE_CANAL_MM)
    thick = largest_part(opened(soft, _THICK_MM, spacing_mm))
    volume = np.count_nonzero(thick) * float(np.prod(spacing_mm)) / 1000.0
    thick |= dilated(thick, _MARGIN_MM, spacing_mm) & soft
    return thick if volume > _SMALLEST_ML else None


def _between_lungs(lung: Mask) -> Mask:
    """Voxels with lung to the right and to the left in the same row, or in the rows around it."""
    right = np.logical_or.accumulate(lung, axis=2)
    left = np.logical_or.accumulate(lung[:, :, ::-1], axis=2)[:, :, ::-1]
    between: Mask = ndimage.binary_closing(right & left, np.ones((1, 9, 1), np.bool_))
    return between
