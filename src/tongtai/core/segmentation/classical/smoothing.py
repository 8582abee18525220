"""Wide smoothing in time that does not grow with its width."""

import numpy as np
from scipy import ndimage

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing
from tongtai.core.segmentation.resampling import Floats

_PASSES = 3


def wide_blur(values: Floats, sigma_mm: float, spacing_mm: Spacing) -> Floats:
    """Nearly a Gaussian: three running means, each of a third of its variance; zero outside of the array."""
    widths = [max(1, round(np.sqrt(12.0 / _PASSES * (sigma_mm / step) ** 2 + 1.0))) for step in spacing_mm]
    blurred = values.astype(np.float32)
    for _ in range(_PASSES):
        for axis, width in enumerate(widths):
            # Odd widths keep the middle in the middle.
            blurred = ndimage.uniform_filter1d(blurred, width | 1, axis=axis, mode="constant")
    return blurred


def mean_nearby(values: Floats, mask: Mask, sigma_mm: float, spacing_mm: Spacing) -> Floats:
    """Mean of the values in a mask around each voxel; 0 far from it."""
    weight = wide_blur(mask.astype(np.float32), sigma_mm, spacing_mm)
    total = wide_blur(np.where(mask, values, 0.0).astype(np.float32), sigma_mm, spacing_mm)
    mean: Floats = (total / np.maximum(weight, 1e-3)).astype(np.float32)
    return mean
