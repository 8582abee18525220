"""Bone, told from vessels and kidneys that contrast medium makes as bright."""

import numpy as np
from scipy import ndimage

from tongtai.core.segmentation.classical.great_vessels import Tube, distance_to_centre_mm
from tongtai.core.segmentation.classical.spine import SpineAxis
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import (
    Spacing,
    closed,
    dilated,
    distance_inside_mm,
    eroded,
    filled_in_slices,
    opened,
    parts,
    parts_of_at_least,
    parts_touching,
)
from tongtai.core.segmentation.resampling import Floats

# Cancellous bone of adults is 100–300 HU, cortical bone above 500 HU: Schreiber 2011; Pickhardt 2013.
BONE_ABOVE_HU = 180.0
_PLAIN_BONE_ABOVE_HU = 125.0
_ENHANCED_ABOVE_HU = 85.0
_CERTAIN_ABOVE_HU = 330.0
_VERTEBRA_HALF_WIDTH_MM = 34.0
_VERTEBRA_DEPTH_MM = 40.0
_SMALLEST_ML = 0.3
_EVEN_ABOVE_HU = 140.0
# Marrow of old vertebrae is hardly denser than muscle.
_MARROW_ABOVE_HU = 70.0
_MARROW_MM = 4.0
_RIM_DARKER_HU = 60.0
# Share of the aorta's radius that is certainly blood, and how much brighter calcified wall is.
_AORTA_CORE = 0.9
_CALCIFIED_HU = 120.0


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
    enhanced = aorta is not None and aorta.level_hu > _ENHANCED_ABOVE_HU
    bright = body & (hounsfield > (BONE_ABOVE_HU if enhanced else _PLAIN_BONE_ABOVE_HU))
    zone = vertebra_zone(spine, _shape(hounsfield), spacing_mm) if spine is not None else np.zeros_like(body)
    pool = _blood_pool(hounsfield, body, zone, aorta, spacing_mm)
    bright &= ~pool | zone & ~eroded(pool, 2.0, spacing_mm)
    if enhanced:
        bright &= ~_soft_organs(hounsfield, zone, body, spacing_mm)
        bright &= ~_aorta_core(hounsfield, aorta, spacing_mm)
    bone = parts_touching(bright, bright & (hounsfield > _CERTAIN_ABOVE_HU), connectivity=26)
    bone = parts_of_at_least(bone, _SMALLEST_ML / (float(np.prod(spacing_mm)) / 1000.0), connectivity=26)
    deep = distance_inside_mm(body, spacing_mm) > 2.0
    whole = _with_marrow(hounsfield, bone & deep, spacing_mm)
    return whole & ~_aorta_core(hounsfield, aorta, spacing_mm) if enhanced else whole


def _with_marrow(hounsfield: Floats, bone: Mask, spacing_mm: Spacing) -> Mask:
    """Bone with what its cortex surrounds: marrow, and the spinal canal, which no needle may enter either."""
    ring = closed(bone, _MARROW_MM, spacing_mm)
    holes = filled_in_slices(ring) & ~ring
    return bone | holes | ring & (hounsfield > _MARROW_ABOVE_HU)


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


def _aorta_core(hounsfield: Floats, aorta: Tube | None, spacing_mm: Spacing) -> Mask:
    """The inside of the aorta, which often lies against a vertebra of the same density; not its calcifications."""
    if aorta is None:
        return np.zeros(hounsfield.shape, np.bool_)
    inside = distance_to_centre_mm(aorta, hounsfield.shape, spacing_mm) < (
        _AORTA_CORE * aorta.radius_mm[:, None, None]
    )
    return inside & (hounsfield < aorta.level_hu + _CALCIFIED_HU)


def _soft_organs(hounsfield: Floats, zone: Mask, body: Mask, spacing_mm: Spacing) -> Mask:
    """Bright, even and thick things without a brighter rim: kidneys, heart chambers, bowel contrast.

    Bone as thick as that, such as the head of the femur, has its cortex around it.
    """
    smooth = ndimage.gaussian_filter(hounsfield, [2.5 / spacing for spacing in spacing_mm])
    even = (
        (smooth > _EVEN_ABOVE_HU) & ~zone & (distance_inside_mm(body, spacing_mm) > 25.0) & (smooth < 700.0)
    )
    labels, sizes = parts(opened(even, 5.0, spacing_mm), connectivity=26)
    soft = np.zeros(len(sizes), np.bool_)
    for label in range(1, len(sizes)):
        piece = labels == label
        shell = dilated(piece, 6.0, spacing_mm) & ~piece
        soft[label] = (
            shell.any() and float(smooth[shell].mean()) < float(smooth[piece].mean()) - _RIM_DARKER_HU
        )
    return dilated(soft[labels], 3.0, spacing_mm) & ~zone
