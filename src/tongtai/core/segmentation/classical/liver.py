"""The liver: the largest even thing on the right, inside the ribs, with its vessels and lesions."""

import numpy as np

from tongtai.core.segmentation.classical.edges import to_half_way
from tongtai.core.segmentation.classical.even_organ import EvenOrgan, EvenOrganModel, find_even_organ
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import (
    Spacing,
    closed,
    dilated,
    filled,
    largest_part,
    opened,
    parts,
)
from tongtai.core.segmentation.resampling import Floats
from tongtai.core.segmentation.working_grid import bounding_box

# Plain and enhanced parenchyma with fatty and iron-laden livers: Kodama 2007 (plain 0–70 HU), to 180 HU enhanced.
LIVER = EvenOrganModel(range_hu=(5.0, 190.0), smallest_ml=120.0, neck_mm=8.0, thick_mm=6.0, steps=8)
_RIGHT_OF_CANAL_MM = 15.0
_BEFORE_CANAL_MM = 10.0
# Muscle with and without contrast medium: Boutin 2020.
_MUSCLE_HU = 58.0
_LESION_REACH_MM = 45.0
_LESION_HU = 25.0
_LESION_NECKS_MM = (8.0, 4.0)


def find_liver(
    smooth: Floats,
    allowed: Mask,
    cavity: Mask,
    flesh: Mask,
    left_mm: Floats,
    behind_mm: Floats,
    spacing_mm: Spacing,
) -> EvenOrgan | None:
    """Find the liver.

    Parameters
    ----------
    smooth : (K, J, I) array
        Smoothed Hounsfield units.
    allowed : (K, J, I) bool array
        Soft tissue of the cavity that nothing else claims.
    cavity : (K, J, I) bool array
        The inside of the trunk's wall, as drawn through the ribs.
    flesh : (K, J, I) bool array
        Soft tissue inside and outside of it, without bone and air.
    left_mm, behind_mm : array that broadcasts to (K, J, I)
        Distance to the patient's left of the spinal canal, and behind it. Beside and behind the
        canal muscles are as even as a liver, and as large.

    Returns
    -------
    EvenOrgan or None
        None where no even tissue of at least 120 ml lies on the right.
    """
    place = np.broadcast_to((left_mm < -_RIGHT_OF_CANAL_MM) & (behind_mm < -_BEFORE_CANAL_MM), allowed.shape)
    found = find_even_organ(smooth, allowed, place, spacing_mm, LIVER)
    if found is None:
        return None
    found = _to_the_wall(smooth, found, flesh & ~cavity, spacing_mm)
    whole = _with_inclusions(smooth, found, allowed, spacing_mm)
    whole |= _peripheral_lesions(smooth, whole, allowed, cavity, found.level_hu, spacing_mm)
    solid = largest_part(opened(whole, 2.5, spacing_mm))
    grown = to_half_way(smooth, solid, flesh, found.level_hu, spacing_mm)
    return EvenOrgan(grown, found.level_hu, found.noise_hu)


def _to_the_wall(smooth: Floats, found: EvenOrgan, wall: Mask, spacing_mm: Spacing) -> EvenOrgan:
    """The drawn wall is rough: follow the liver into it, further where the muscle is darker than the liver."""
    reach = 9.0 if found.level_hu > _MUSCLE_HU + 25.0 else 3.0
    window = float(np.clip(2.0 * found.noise_hu, 10.0, 20.0))
    near = dilated(found.mask, reach, spacing_mm) & wall & (smooth > found.level_hu - window)
    grown = found.mask | near & (smooth < found.level_hu + 2 * window)
    return EvenOrgan(
        largest_part(opened(grown, 3.0, spacing_mm)) | found.mask, found.level_hu, found.noise_hu
    )


def _with_inclusions(smooth: Floats, found: EvenOrgan, allowed: Mask, spacing_mm: Spacing) -> Mask:
    """The liver with the vessels and lesions that it encloses."""
    box = bounding_box(found.mask, margin=6)
    if box is None:
        return found.mask
    soft = allowed[box] & (smooth[box] > 0.0)
    whole = found.mask.copy()
    whole[box] = filled(closed(found.mask[box], 5.0, spacing_mm) & soft | found.mask[box])
    return whole


def _peripheral_lesions(
    smooth: Floats, liver: Mask, allowed: Mask, cavity: Mask, level: float, spacing_mm: Spacing
) -> Mask:
    """Dark pieces below the capsule: nearly all around them is liver or the trunk's wall.

    Fluid (gallbladder, bowel content) is left out, and what reaches on into other organs is large and
    borders on them, so it does not pass either.
    """
    box = bounding_box(liver, margin=round(_LESION_REACH_MM / min(spacing_mm)))
    whole = np.zeros_like(liver)
    if box is None:
        return whole
    near, inside, wall = liver[box], allowed[box], ~cavity[box]
    dark = inside & ~near & (smooth[box] > _LESION_HU) & (smooth[box] < level - 8.0)
    for neck_mm in _LESION_NECKS_MM:
        whole[box] |= _bordering_pieces(dark & ~whole[box], near, wall, neck_mm, spacing_mm)
    return whole


def _bordering_pieces(dark: Mask, liver: Mask, wall: Mask, neck_mm: float, spacing_mm: Spacing) -> Mask:
    labels, sizes = parts(opened(dark, neck_mm, spacing_mm))
    volumes = sizes * float(np.prod(spacing_mm)) / 1000.0
    largest = 0.5 * np.count_nonzero(liver) * float(np.prod(spacing_mm)) / 1000.0
    kept = np.zeros_like(dark)
    for label in np.flatnonzero((volumes > 0.5) & (volumes < largest)):
        piece = labels == label
        shell = dilated(piece, 4.5, spacing_mm) & ~piece
        area = max(int(np.count_nonzero(shell)), 1)
        by_liver = np.count_nonzero(shell & liver) / area
        by_wall = np.count_nonzero(shell & wall) / area
        if by_liver > 0.38 and by_liver + by_wall > 0.55:
            kept |= dilated(piece, 4.0, spacing_mm) & dark
    return kept
