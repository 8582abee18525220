"""A liver in which everything is a ball, so that coverage has closed forms."""

import numpy as np
from tests.support.anatomies import Centre, ellipsoid, straight_grid

from tongtai.core.coverage.targets import AblationTarget, ablation_target
from tongtai.core.coverage.zones import Zone
from tongtai.core.trajectory.anatomy import Anatomy


def ball_in_liver(
    radius_mm: float,
    *,
    margin_mm: float = 5.0,
    spacing_mm: Centre = (1.0, 1.0, 1.0),
    centre: Centre = (0.0, 0.0, 0.0),
    liver_mm: float = 45.0,
    half_mm: float = 46.0,
) -> AblationTarget:
    """A tumour ball in a liver ball around the origin."""
    shape = tuple(int(2 * half_mm / step) + 1 for step in spacing_mm)
    grid = straight_grid((shape[0], shape[1], shape[2]), spacing_mm)
    liver = ellipsoid(grid, (0, 0, 0), (liver_mm,) * 3)
    body = np.ones_like(liver)
    tumour = ellipsoid(grid, centre, (radius_mm,) * 3)
    return ablation_target(
        Anatomy(grid, {"body": body, "liver": liver}, {"t": tumour}), "t", margin_mm=margin_mm
    )


def ball(radius_mm: float, centre: Centre = (0.0, 0.0, 0.0)) -> Zone:
    """A spherical zone."""
    return Zone(centre, (0.0, 0.0, 1.0), 2 * radius_mm, 2 * radius_mm)


def sphere_ml(radius_mm: float) -> float:
    """Volume of a sphere."""
    return float(4.0 / 3.0 * np.pi * radius_mm**3) / 1000.0


def lens_ml(first_mm: float, second_mm: float, apart_mm: float) -> float:
    """Volume that two overlapping spheres share (two caps)."""
    r, s, d = first_mm, second_mm, apart_mm
    shape = (r + s - d) ** 2 * (d**2 + 2 * d * (r + s) - 3 * (r - s) ** 2)
    return float(np.pi * shape / (12 * d)) / 1000.0
