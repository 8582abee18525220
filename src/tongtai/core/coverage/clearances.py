"""How near the tumour and the zones come to what must not be burnt."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from tongtai.core.coverage.borders import signed_distance_mm
from tongtai.core.coverage.clearance import Clearance
from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.coverage.zones import Zone
from tongtai.core.trajectory.anatomy import boundary_voxels, bounding_box

WITHIN_MM = 30.0
"""Structures farther from the tumour than this are left out."""


def clearances(target: AblationTarget, zones: Sequence[Zone]) -> tuple[Clearance, ...]:
    """Structures within ``WITHIN_MM`` of the tumour, the nearest first.

    Parameters
    ----------
    target
        The tumour, and the masks of the other structures.
    zones
        All zones of the plan; may be none.
    """
    grid, tree = target.grid, cKDTree(target.surface_points)
    found = []
    tumour = np.zeros(grid.voxels.shape, bool)
    tumour[tuple(np.rint(grid.index_of(target.surface_points)).astype(int).T)] = True
    pads = [int(np.ceil(WITHIN_MM / step)) for step in grid.spacing_mm]
    box = bounding_box(tumour, (pads[0], pads[1], pads[2]))
    assert box is not None  # noqa: S101  (a target has a surface)
    corner = np.array([side.start for side in box])
    for name, mask in target.others.items():
        border = boundary_voxels(mask[box])
        if len(border) == 0:
            continue
        points = grid.lps_of(border + corner)
        away, _ = tree.query(points)
        near = points[away <= WITHIN_MM]
        if len(near) == 0:
            continue
        outside = -signed_distance_mm(near, zones).max() if zones else None
        found.append(
            Clearance(
                name=name,
                tumour_mm=float(away.min()),
                zone_mm=None if outside is None else float(outside),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.tumour_mm, one.name)))
