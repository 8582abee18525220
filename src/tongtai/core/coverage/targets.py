"""What must be destroyed: the tumour with a margin around it, as far as there is liver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.zones import Packed, sphere_directions
from tongtai.core.trajectory.anatomy import Anatomy, Box, Mask, boundary_voxels, bounding_box, distance_mm
from tongtai.core.volumes import Volume

DEFAULT_MARGIN_MM = 5.0
Points = NDArray[np.float64]
_DIRECTIONS = 200
_SURFACE_CELL_MM = 1.5
_ENVELOPE_CELL_MM = 1.0
_ENVELOPE_MM = 0.1
_NOT_COUNTED = ("liver", "body", "skin")


@dataclass(frozen=True, slots=True, kw_only=True)
class AblationTarget:
    """A tumour with its margin.

    Attributes
    ----------
    margin_mm
        Width of the margin that is asked for.
    tumour_points, margin_points : (N, 3) arrays
        Centres of the tumour's voxels, and of the liver's voxels within the margin.
    surface_points : (S, 3) array
        Centres of the tumour's outermost voxels.
    at_capsule : (S,) array
        Those nearer to the liver's surface than the margin: there is no room for it, and they are
        left out when the margin is measured.
    envelope_points : (E, 3) array
        The outer border of the margin away from the capsule, finer than the voxels.
    healthy
        The liver without any tumour and without the margin, on the image's grid.
    liver_ml, healthy_liver_ml
        The liver with its tumours, and without them.
    others
        Other structures, for what the heat reaches.
    """

    tumour: str
    margin_mm: float
    tumour_points: Points
    margin_points: Points
    surface_points: Points
    at_capsule: Mask
    envelope_points: Points
    grid: Volume
    healthy: Mask
    liver_ml: float
    healthy_liver_ml: float
    others: Mapping[str, Mask]

    @property
    def target_points(self) -> Points:
        """Tumour and margin together."""
        return np.concatenate([self.tumour_points, self.margin_points])

    @property
    def tumour_ml(self) -> float:
        """Volume of the tumour."""
        return len(self.tumour_points) * self.grid.voxel_volume_ml

    @property
    def target_ml(self) -> float:
        """Volume of tumour and margin."""
        return (len(self.tumour_points) + len(self.margin_points)) * self.grid.voxel_volume_ml


def ablation_target(anatomy: Anatomy, tumour: str, *, margin_mm: float = DEFAULT_MARGIN_MM) -> AblationTarget:
    """Tumour and margin, clipped to the liver.

    Parameters
    ----------
    anatomy
        The patient.
    tumour
        Name of the tumour.
    margin_mm
        5 mm by default; 10 mm is the other width in use.

    Raises
    ------
    CoverageError
        For an unknown tumour, a negative margin, or a tumour that lies outside the liver.
    """
    if tumour not in anatomy.tumours:
        raise CoverageError(f"There is no tumour named {tumour!r}.")
    if margin_mm < 0.0:
        raise CoverageError(f"A margin cannot be below zero, got {margin_mm:g} mm.")
    mask, liver = anatomy.tumours[tumour], anatomy.liver
    if not (mask & anatomy.structures["liver"]).any() and not _touches(mask, anatomy.structures["liver"]):
        raise CoverageError(f"The tumour {tumour!r} lies outside the liver: check the masks.")
    grid = anatomy.grid
    pads = [int(np.ceil(margin_mm / step)) + 1 for step in grid.spacing_mm]
    box = bounding_box(mask, (pads[0], pads[1], pads[2]))
    assert box is not None  # noqa: S101  (an anatomy has no empty tumour)
    near = (distance_mm(~mask[box], grid.spacing_mm) <= margin_mm) & liver[box]
    surface = boundary_voxels(mask)
    surface_lps = grid.lps_of(surface)
    depth = distance_mm(liver[box], grid.spacing_mm)
    corner = np.array([side.start for side in box])
    at_capsule = depth[tuple((surface - corner).astype(np.int64).T)] <= margin_mm
    any_tumour = np.logical_or.reduce(list(anatomy.tumours.values()))
    healthy = liver & ~any_tumour
    healthy_ml = float(np.count_nonzero(healthy)) * grid.voxel_volume_ml
    healthy[box] &= ~near
    return AblationTarget(
        tumour=tumour,
        margin_mm=margin_mm,
        tumour_points=_points(mask[box], grid, box),
        margin_points=_points(near & ~mask[box], grid, box),
        surface_points=surface_lps,
        at_capsule=at_capsule,
        envelope_points=envelope_of(surface_lps, at_capsule, margin_mm),
        grid=grid,
        healthy=healthy,
        liver_ml=float(np.count_nonzero(liver)) * grid.voxel_volume_ml,
        healthy_liver_ml=healthy_ml,
        others={name: m for name, m in anatomy.structures.items() if name not in _NOT_COUNTED},
    )


def envelope_of(surface_points: Points, at_capsule: Mask, margin_mm: float) -> Points:
    """Outer envelope of balls around a tumour's surface points that do not lie at the capsule.

    Parameters
    ----------
    surface_points, at_capsule
        The tumour's outermost voxels, ``(S, 3)``, and which of them have no room for a margin.
    margin_mm
        Radius of the balls.

    Returns
    -------
    (E, 3) array
        Points about a millimetre apart, at the margin's distance from the whole tumour.
    """
    free = surface_points[~at_capsule]
    if len(free) == 0 or margin_mm <= 0.0:
        return np.zeros((0, 3))
    free = free[thinned(free, _SURFACE_CELL_MM)]
    shell = (free[:, None] + margin_mm * sphere_directions(_DIRECTIONS)).reshape(-1, 3)
    shell = shell[thinned(shell, _ENVELOPE_CELL_MM)]
    away, _ = cKDTree(surface_points).query(shell, distance_upper_bound=margin_mm)
    outer: Points = shell[np.minimum(away, margin_mm) >= margin_mm - _ENVELOPE_MM]
    return outer


def _touches(mask: Mask, liver: Mask) -> bool:
    box = bounding_box(mask, 1)
    assert box is not None  # noqa: S101  (an anatomy has no empty tumour)
    return bool(liver[box].any())


def _points(part: Mask, grid: Volume, box: Box) -> Points:
    return grid.lps_of(np.argwhere(part) + [side.start for side in box])


def bounding_of(grid: Volume, zones: Packed) -> Box | None:
    """Box of voxels around packed zones, clipped to the grid; None if they lie outside it."""
    if len(zones) == 0:
        return None
    # 4/axis² is packed, so that this is the longer semi-axis.
    longest = 1.0 / np.sqrt(zones[:, 6:8].min(axis=1, keepdims=True))
    reach = longest / grid.spacing_mm
    centres = grid.index_of(zones[:, :3])
    first = np.maximum(np.floor((centres - reach).min(axis=0)), 0).astype(int)
    last = np.minimum(np.ceil((centres + reach).max(axis=0)) + 1, grid.voxels.shape).astype(int)
    if np.any(first >= last):
        return None
    return slice(first[0], last[0]), slice(first[1], last[1]), slice(first[2], last[2])


def points_in_box(masks: Sequence[Mask], grid: Volume, box: Box | None) -> Points:
    """Centres of the voxels of any of the masks within a box, shape ``(N, 3)``."""
    return np.zeros((0, 3)) if box is None else _points(_any_of(masks, box), grid, box)


def _any_of(masks: Sequence[Mask], box: Box) -> Mask:
    joined: Mask = np.logical_or.reduce([mask[box] for mask in masks])
    return joined


def thinned(points: Points, cell_mm: float) -> NDArray[np.int64]:
    """Of the points in each cubic cell, the one farthest from the middle of all: its place.

    The outermost points are the hardest to cover, so that the thinned set errs to the safe side.
    """
    if len(points) == 0:
        return np.zeros(0, np.int64)
    away = np.linalg.norm(points - points.mean(axis=0), axis=1)
    cells = np.floor((points - points.min(axis=0)) / cell_mm).astype(np.int64)
    sides = cells.max(axis=0) + 1
    cell = (cells[:, 0] * sides[1] + cells[:, 1]) * sides[2] + cells[:, 2]
    order = np.lexsort((-away, cell))
    first = np.append(True, np.diff(cell[order]) > 0)
    return np.sort(order[first])


def lattice_in_box(
    masks: Sequence[Mask], grid: Volume, box: Box | None, step_mm: float
) -> tuple[Points, float]:
    """Every so many voxels of any of the masks within a box, and the volume in ml that each stands for."""
    if box is None:
        return np.zeros((0, 3)), 0.0
    steps = np.maximum(1, (step_mm / grid.spacing_mm).astype(int))
    sides = [slice(s.start, s.stop, int(step)) for s, step in zip(box, steps, strict=True)]
    index = np.argwhere(_any_of(masks, (sides[0], sides[1], sides[2]))) * steps + [side.start for side in box]
    return grid.lps_of(index), float(np.prod(steps)) * grid.voxel_volume_ml
