"""Measures of a piece's shape."""

import numpy as np

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing


def compactness(piece: Mask, spacing_mm: Spacing) -> float:
    """Share of the ellipsoid with a piece's own moments that the piece fills.

    1 of an ellipsoid, 0.84 of a box, less of anything hollow or branched.

    Examples
    --------
    >>> grid = np.indices((21, 21, 21)) - 10
    >>> round(compactness((grid**2).sum(axis=0) <= 81, (1.0, 1.0, 1.0)), 1)
    1.0
    """
    points = np.argwhere(piece) * np.array(spacing_mm)
    spread = np.cov(points.T) + np.diag(np.square(spacing_mm)) / 12.0
    ellipsoid = 4.0 / 3.0 * np.pi * 5.0**1.5 * np.sqrt(max(float(np.linalg.det(spread)), 1e-9))
    return float(min(1.0, len(points) * np.prod(spacing_mm) / ellipsoid))
