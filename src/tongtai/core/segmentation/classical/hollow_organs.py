"""Stomach and bowel as regions to keep out of: what is soft, inside the cavity and nothing else."""

from dataclasses import dataclass

import numpy as np

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import (
    Spacing,
    closed,
    dilated,
    distance_to_mm,
    largest_part,
    opened,
    parts_of_at_least,
)
from tongtai.core.segmentation.working_grid import Floats

_WALL_MM = 5.0
_THIN_MM = 3.0
_SMALLEST_ML = 3.0
_BEFORE_CANAL_MM = -28.0


@dataclass(frozen=True, slots=True)
class HollowOrgans:
    """Stomach (None where no gas bubble tells it) and bowel, each with its wall and content."""

    stomach: Mask | None
    bowel: Mask


def find_hollow_organs(
    hounsfield: Floats, gas: Mask, unclaimed: Mask, behind_mm: Floats, left_mm: Floats, spacing_mm: Spacing
) -> HollowOrgans:
    """The gas with a wall around it, and every unclaimed soft thing in front of the spine.

    Without contrast in the bowel nothing in a CT tells its wall from pancreas, mesenteric vessels or
    lymph nodes; they are part of the region. A needle that keeps out of it is safe; its volume says
    nothing of the bowel's.
    """
    soft = unclaimed & (hounsfield > -25.0) & (behind_mm < _BEFORE_CANAL_MM)
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    solid = parts_of_at_least(opened(soft, _THIN_MM, spacing_mm), _SMALLEST_ML / block_ml)
    gassy = closed(gas, 6.0, spacing_mm) & (unclaimed | gas)
    region = gas | gassy | dilated(gas, _WALL_MM, spacing_mm) & unclaimed | solid
    bubble = _stomach_bubble(gas, left_mm, behind_mm, spacing_mm)
    if bubble is None:
        return HollowOrgans(None, region)
    other = gas & ~bubble
    nearer = distance_to_mm(bubble, spacing_mm) < np.minimum(distance_to_mm(other, spacing_mm), 45.0)
    stomach = largest_part(region & nearer & (left_mm > -15.0))
    return HollowOrgans(stomach, region & ~stomach)


def _stomach_bubble(gas: Mask, left_mm: Floats, behind_mm: Floats, spacing_mm: Spacing) -> Mask | None:
    """The stomach's gas: the largest pocket in the upper left quarter of the abdomen in the picture."""
    levels = np.flatnonzero(gas.any(axis=(1, 2)))
    if len(levels) == 0:
        return None
    upper = np.zeros(gas.shape, np.bool_)
    upper[max(0, len(gas) - round(90.0 / spacing_mm[0])) :] = True
    near = gas & upper & (left_mm > -5.0) & (left_mm < 75.0) & (behind_mm < -30.0)
    pocket = largest_part(opened(near, 4.0, spacing_mm))
    volume = np.count_nonzero(pocket) * float(np.prod(spacing_mm)) / 1000.0
    return pocket if volume > 2.0 else None
