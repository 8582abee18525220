"""The liver: the largest even thing on the right, inside the ribs."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import (
    Spacing,
    closed,
    dilated,
    distance_to_mm,
    filled,
    largest_part,
    opened,
    parts_touching,
)
from tongtai.core.segmentation.working_grid import Floats, bounding_box

# Plain and enhanced parenchyma, fatty liver included: 0–65 HU plain, to 160 HU in the portal phase.
_RANGE_HU = (5.0, 190.0)
_BIN_HU = 4.0
_SMALLEST_ML = 150.0
_NECKS_MM = (9.0, 7.0, 5.0)


@dataclass(frozen=True, slots=True)
class Liver:
    """The found liver.

    Attributes
    ----------
    mask : (K, J, I) bool array
        Parenchyma with its vessels and lesions.
    level_hu, noise_hu : float
        Median and robust spread of the smoothed parenchyma.
    """

    mask: Mask
    level_hu: float
    noise_hu: float


def find_liver(smooth: Floats, allowed: Mask, left_mm: Floats, spacing_mm: Spacing) -> Liver | None:
    """Find the liver.

    Parameters
    ----------
    smooth : (K, J, I) array
        Smoothed Hounsfield units.
    allowed : (K, J, I) bool array
        Soft tissue of the cavity that nothing else claims.
    left_mm : array that broadcasts to (K, J, I)
        Distance to the patient's left of the spinal canal.

    Returns
    -------
    Liver or None
        None where no even tissue of at least 150 ml lies on the right.
    """
    best = _candidate(smooth, allowed, left_mm, spacing_mm)
    if best is None:
        return None
    level, noise, core = best
    window = float(np.clip(2.6 * noise, 12.0, 28.0))
    tissue = allowed & (np.abs(smooth - level) < window)
    grown = dilated(core, 6.0, spacing_mm) & tissue
    mask = _with_inclusions(smooth, parts_touching(grown, core), allowed, level, spacing_mm)
    mask = largest_part(opened(mask, 3.0, spacing_mm))
    return Liver(mask, level, noise)


def _candidate(
    smooth: Floats, allowed: Mask, left_mm: Floats, spacing_mm: Spacing
) -> tuple[float, float, Mask] | None:
    """Density and core: of the densest values on the right, those that form the largest thick part."""
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    right = allowed & (left_mm < -20.0)
    values = smooth[right & (smooth > _RANGE_HU[0]) & (smooth < _RANGE_HU[1])]
    if len(values) * block_ml < _SMALLEST_ML:
        return None
    counts, edges = np.histogram(values, np.arange(_RANGE_HU[0], _RANGE_HU[1] + _BIN_HU, _BIN_HU))
    heights = ndimage.gaussian_filter1d(counts.astype(float), 1.0)
    peaks = [n for n in range(len(heights)) if heights[n] == heights[max(0, n - 3) : n + 4].max()]
    peaks.sort(key=lambda n: -heights[n])
    best: tuple[float, float, Mask] | None = None
    largest = _SMALLEST_ML
    for peak in peaks[:4]:
        level, noise = _peak_shape(values, float(edges[peak] + _BIN_HU / 2))
        core = _core(smooth, allowed, level, noise, left_mm, spacing_mm)
        volume = float(np.count_nonzero(core & (left_mm < 0))) * block_ml
        if volume > largest:
            largest, best = volume, (level, noise, core)
    return best


def _peak_shape(values: Floats, level: float) -> tuple[float, float]:
    for _ in range(3):
        near = values[np.abs(values - level) < 22.0]
        level = float(np.median(near))
    noise = 1.4826 * float(np.median(np.abs(near - level)))
    return level, max(noise, 3.0)


def _core(
    smooth: Floats, allowed: Mask, level: float, noise: float, left_mm: Floats, spacing_mm: Spacing
) -> Mask:
    """The thick part on the right, cut from its neighbours at the widest neck that leaves it whole."""
    window = float(np.clip(2.0 * noise, 9.0, 22.0))
    tissue = allowed & (np.abs(smooth - level) < window)
    tissue = ndimage.median_filter(tissue.astype(np.uint8), 3).astype(np.bool_)
    best = np.zeros_like(allowed)
    for neck in _NECKS_MM:
        thick = opened(tissue, neck, spacing_mm)
        part = largest_part(thick & (left_mm < 45.0))
        if np.count_nonzero(part) > 1.25 * np.count_nonzero(best):
            best = part
    return best


def _with_inclusions(smooth: Floats, mask: Mask, allowed: Mask, level: float, spacing_mm: Spacing) -> Mask:
    """The liver with what it encloses or nearly encloses: vessels and lesions, also below the capsule."""
    box = bounding_box(mask, margin=max(2, round(20.0 / min(spacing_mm))))
    if box is None:
        return mask
    near, soft = mask[box], allowed[box] & (smooth[box] > 5.0)
    small = closed(near, 5.0, spacing_mm) & soft
    hollow = closed(near, 14.0, spacing_mm) & soft & ~small
    lesion_like = opened(hollow & (smooth[box] < level - 8.0) & (smooth[box] > 15.0), 4.0, spacing_mm)
    inside = distance_to_mm(small, spacing_mm) < 14.0
    whole = np.zeros_like(mask)
    whole[box] = filled(small | (lesion_like & inside))
    return whole
