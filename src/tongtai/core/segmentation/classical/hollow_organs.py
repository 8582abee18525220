"""Stomach and bowel as one region to keep out of: what is soft, inside the cavity and nothing else."""

import numpy as np

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing, closed, dilated, opened, parts_of_at_least
from tongtai.core.segmentation.resampling import Floats

_WALL_MM = 5.0
_THIN_MM = 3.0
_SMALLEST_ML = 3.0
_BEFORE_CANAL_MM = -28.0


def find_hollow_organs(
    hounsfield: Floats, gas: Mask, unclaimed: Mask, behind_mm: Floats, spacing_mm: Spacing
) -> Mask:
    """The gas with a wall around it, and every unclaimed soft thing in front of the spine.

    Nothing in a CT tells the wall of stomach and bowel from pancreas, mesenteric vessels or lymph
    nodes by density alone; they are part of the region. A needle that keeps out of it is safe; its
    volume says nothing of the bowel's.
    """
    soft = unclaimed & (hounsfield > -25.0) & (behind_mm < _BEFORE_CANAL_MM)
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    solid = parts_of_at_least(opened(soft, _THIN_MM, spacing_mm), _SMALLEST_ML / block_ml)
    gassy = closed(gas, 6.0, spacing_mm) & unclaimed
    return gas | gassy | dilated(gas, _WALL_MM, spacing_mm) & unclaimed | solid
