"""Finding an organ as the largest thick piece of even density in a place, and following it as it drifts."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tongtai.core.segmentation.classical.smoothing import mean_nearby
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing, dilated, largest_part, opened, parts_touching
from tongtai.core.segmentation.resampling import Floats
from tongtai.core.segmentation.working_grid import Box, bounding_box

_BIN_HU = 4.0
_DRIFT_MM = 22.0
_STEP_MM = 10.0
# Beam hardening and arms beside the body darken an organ by about this share.
_LARGEST_DRIFT = 0.22


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenOrganModel:
    """What is known beforehand of an organ of even density.

    Attributes
    ----------
    range_hu : (float, float)
        Where its density may lie.
    smallest_ml : float
        A smaller core is no such organ.
    neck_mm : float
        Bridges to neighbours narrower than twice this are cut when the core is looked for.
    thick_mm : float
        What is thinner than twice this is not followed as the core grows.
    steps : int
        Steps of 10 mm that it may grow from its core.
    peaks : int
        Densities tried.
    """

    range_hu: tuple[float, float]
    smallest_ml: float
    neck_mm: float
    thick_mm: float
    steps: int
    peaks: int = 4


@dataclass(frozen=True, slots=True)
class EvenOrgan:
    """A found organ: its mask, and median and robust spread of its smoothed density."""

    mask: Mask
    level_hu: float
    noise_hu: float


def find_even_organ(
    smooth: Floats, allowed: Mask, place: Mask, spacing_mm: Spacing, model: EvenOrganModel
) -> EvenOrgan | None:
    """Find an organ.

    Parameters
    ----------
    smooth : (K, J, I) array
        Smoothed Hounsfield units.
    allowed : (K, J, I) bool array
        Voxels that may belong to it.
    place : (K, J, I) bool array
        Where its core lies; it may grow beyond.

    Returns
    -------
    EvenOrgan or None
        None where no even piece is large enough.
    """
    start = _core(smooth, allowed, place, spacing_mm, model)
    if start is None:
        return None
    core, level, noise = start
    return EvenOrgan(_followed(smooth, allowed, core, level, noise, spacing_mm, model), level, noise)


def _core(
    smooth: Floats, allowed: Mask, place: Mask, spacing_mm: Spacing, model: EvenOrganModel
) -> tuple[Mask, float, float] | None:
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    values = smooth[allowed & place & (smooth > model.range_hu[0]) & (smooth < model.range_hu[1])]
    if len(values) * block_ml < model.smallest_ml:
        return None
    best: tuple[Mask, float, float] | None = None
    largest = model.smallest_ml / block_ml
    for peak in _peaks(values, model):
        level, noise = _peak_shape(values, peak)
        core = _thick_piece(smooth, allowed & place, level, noise, model.neck_mm, spacing_mm)
        size = float(np.count_nonzero(core))
        if size > largest:
            largest, best = size, (core, level, noise)
    return best


def _peaks(values: Floats, model: EvenOrganModel) -> list[float]:
    counts, edges = np.histogram(values, np.arange(model.range_hu[0], model.range_hu[1] + _BIN_HU, _BIN_HU))
    heights = ndimage.gaussian_filter1d(counts.astype(float), 1.0)
    peaks = [
        n for n in range(len(heights)) if counts[n] and heights[n] == heights[max(0, n - 3) : n + 4].max()
    ]
    peaks.sort(key=lambda n: -heights[n])
    return [float(edges[n]) + _BIN_HU / 2 for n in peaks[: model.peaks]]


def _peak_shape(values: Floats, level: float) -> tuple[float, float]:
    near = values
    for _ in range(3):
        near = values[np.abs(values - level) < 22.0]
        level = float(np.median(near))
    noise = 1.4826 * float(np.median(np.abs(near - level)))
    return level, max(noise, 3.0)


def _thick_piece(
    smooth: Floats, allowed: Mask, level: float, noise: float, neck_mm: float, spacing_mm: Spacing
) -> Mask:
    tissue = allowed & (np.abs(smooth - level) < np.clip(2.2 * noise, 10.0, 24.0))
    tissue = ndimage.uniform_filter(tissue.astype(np.float32), 3) > 0.5
    box = bounding_box(tissue, margin=1)
    piece = np.zeros_like(allowed)
    if box is not None:
        piece[box] = largest_part(opened(tissue[box], neck_mm, spacing_mm))
    return piece & allowed


def _followed(
    smooth: Floats,
    allowed: Mask,
    core: Mask,
    level: float,
    noise: float,
    spacing_mm: Spacing,
    model: EvenOrganModel,
) -> Mask:
    """Grow step by step; each step compares with the organ's density nearby, which may drift slowly."""
    reach = max(2, int(np.ceil(model.steps * _STEP_MM / min(spacing_mm))) + 2)
    box = bounding_box(core, margin=reach)
    if box is None:
        return core
    mask, near, inside = core[box], smooth[box], allowed[box]
    window = float(np.clip(2.4 * noise, 12.0, 26.0))
    for _ in range(model.steps):
        tissue = inside & (np.abs(near - _local_level(near, mask, level, spacing_mm)) < window)
        thick = opened(tissue, model.thick_mm, spacing_mm) | mask
        grown = parts_touching(dilated(mask, _STEP_MM, spacing_mm) & thick, mask)
        settled = np.count_nonzero(grown) < 1.004 * np.count_nonzero(mask)
        mask = grown
        if settled:
            break
    tissue = inside & (np.abs(near - _local_level(near, mask, level, spacing_mm)) < window)
    mask = parts_touching(dilated(mask, model.thick_mm, spacing_mm) & (tissue | mask), mask)
    return _placed(mask, box, core)


def _local_level(smooth: Floats, mask: Mask, level: float, spacing_mm: Spacing) -> Floats:
    """Mean density of the mask around each voxel; far from it the organ's level."""
    drift = mean_nearby(smooth - np.float32(level), mask, _DRIFT_MM, spacing_mm)
    limit = _LARGEST_DRIFT * abs(level)
    local: Floats = (level + np.clip(drift, -limit, limit)).astype(np.float32)
    return local


def _placed(part: Mask, box: Box, like: Mask) -> Mask:
    whole = np.zeros_like(like)
    whole[box] = part
    return whole
