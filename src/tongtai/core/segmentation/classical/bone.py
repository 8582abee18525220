"""Bone, told from vessels and kidneys that contrast medium makes as bright."""

import numpy as np

from tongtai.core.segmentation.classical.great_vessels import Tube
from tongtai.core.segmentation.classical.spine import SpineAxis
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import (
    Spacing,
    dilated,
    distance_inside_mm,
    eroded,
    filled_in_slices,
    opened,
    parts,
    parts_touching,
)
from tongtai.core.segmentation.working_grid import Floats

# Cancellous bone of adults is 100–300 HU, cortical bone above 500 HU: Schreiber 2011; Pickhardt 2013.
BONE_ABOVE_HU = 180.0
_CERTAIN_ABOVE_HU = 330.0
_VERTEBRA_HALF_WIDTH_MM = 34.0
_VERTEBRA_DEPTH_MM = 40.0
_SMALLEST_ML = 0.3


def vertebra_zone(spine: SpineAxis, shape: tuple[int, int, int], spacing_mm: Spacing) -> Mask:
    """Around the canal, where bright voxels are vertebra before they are anything else."""
    behind, left = spine.offsets_mm(shape, spacing_mm)
    zone: Mask = (np.abs(left) < _VERTEBRA_HALF_WIDTH_MM) & (behind > -_VERTEBRA_DEPTH_MM)
    return zone


def find_bone(
    hounsfield: Floats, body: Mask, spine: SpineAxis | None, aorta: Tube | None, spacing_mm: Spacing
) -> Mask:
    """Bright voxels connected with certain bone, without the blood pool.

    Parameters
    ----------
    aorta : Tube, optional
        The followed aorta: its density tells how bright the blood is.
    """
    bright = body & (hounsfield > BONE_ABOVE_HU)
    zone = (
        vertebra_zone(spine, _shape(hounsfield), spacing_mm) if spine is not None else np.zeros_like(body)
    )
    pool = _blood_pool(hounsfield, body, zone, aorta, spacing_mm)
    bright &= ~pool | zone & ~eroded(pool, 2.0, spacing_mm)
    bright &= ~_soft_organs(hounsfield, bright, zone, body, spacing_mm)
    bone = parts_touching(bright, bright & (hounsfield > _CERTAIN_ABOVE_HU), connectivity=26)
    labels, sizes = parts(bone, connectivity=26)
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    bone = (sizes * block_ml >= _SMALLEST_ML)[labels]
    deep = distance_inside_mm(body, spacing_mm) > 2.0
    return filled_in_slices(bone & deep)


def _shape(array: Floats) -> tuple[int, int, int]:
    return (array.shape[0], array.shape[1], array.shape[2])


def _blood_pool(hounsfield: Floats, body: Mask, zone: Mask, aorta: Tube | None, spacing_mm: Spacing) -> Mask:
    """Blood as bright as bone: what hangs together with the aorta at half its density."""
    if aorta is None or aorta.level_hu < BONE_ABOVE_HU:
        return np.zeros_like(body)
    least = max(BONE_ABOVE_HU, 0.5 * aorta.level_hu)
    bright = body & (hounsfield > least) & ~zone
    seed = np.zeros_like(body)
    every = np.arange(len(hounsfield))
    seed[every, np.rint(aorta.row).astype(int), np.rint(aorta.column).astype(int)] = True
    pool = parts_touching(opened(bright, 2.5, spacing_mm), dilated(seed, 4.0, spacing_mm))
    return dilated(pool, 3.0, spacing_mm)


def _soft_organs(hounsfield: Floats, bright: Mask, zone: Mask, body: Mask, spacing_mm: Spacing) -> Mask:
    """Bright, even and thick things away from spine and skin: kidneys, heart chambers, bowel contrast."""
    even = bright & ~zone & (distance_inside_mm(body, spacing_mm) > 25.0) & (hounsfield < 700.0)
    thick = opened(even, 5.0, spacing_mm)
    return dilated(thick, 3.0, spacing_mm) & ~zone
