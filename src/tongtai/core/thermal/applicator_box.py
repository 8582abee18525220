"""An applicator on the grid: the box of cells around it, and the cells it fills."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.applicators import distance_mm
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.grid import MM_PER_M, Axis, HeatGrid
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
# A needle is drawn at least this wide, in voxels across: any thinner, a tilted one would have gaps.
THINNEST_VOXELS = 0.75


@dataclass(frozen=True, slots=True)
class Box:
    """A box of cells of a volume: where it starts, and how many cells it has."""

    corner: tuple[int, int, int]
    shape: tuple[int, int, int]

    @property
    def cells(self) -> tuple[slice, slice, slice]:
        """The box as slices."""
        k, j, i = (slice(c, c + n) for c, n in zip(self.corner, self.shape, strict=True))
        return (k, j, i)


def box_around(volume: Volume, points_lps_mm: Numbers, margin_mm: float) -> Box:
    """Smallest box of cells with a margin around points of shape (n, 3), clipped to the volume.

    Raises
    ------
    ThermalError
        If it lies outside.
    """
    index = volume.index_of(points_lps_mm)
    margin = margin_mm / volume.spacing_mm
    first = np.maximum(np.floor(index.min(axis=0) - margin).astype(int), 0)
    last = np.minimum(np.ceil(index.max(axis=0) + margin).astype(int) + 1, volume.voxels.shape)
    if np.any(last - first < 2):
        raise ThermalError("The applicator lies outside the simulated box; check the needle and the volume.")
    corner, shape = first.tolist(), (last - first).tolist()
    return Box((corner[0], corner[1], corner[2]), (shape[0], shape[1], shape[2]))


def box_grid(volume: Volume, box: Box) -> HeatGrid:
    """The box as a grid of its own."""
    axes = [
        Axis.straight(n, spacing / MM_PER_M)
        for n, spacing in zip(box.shape, volume.spacing_mm.tolist(), strict=True)
    ]
    return HeatGrid((axes[0], axes[1], axes[2]))


def drawn_radius_mm(volume: Volume, radius_mm: float) -> float:
    """Radius at which a needle is drawn on the voxels: its own, or the least without gaps."""
    return max(radius_mm, THINNEST_VOXELS * float(volume.spacing_mm.max()))


def surface_depth_m(volume: Volume, box: Box, pieces: Numbers, radius_mm: float) -> Numbers:
    """Signed distance (m) of the box's cells from metal of a radius around pieces; negative inside."""
    distance = distance_mm(pieces, volume.index_to_lps, box.shape, box.corner)
    depth: Numbers = (distance - radius_mm) / MM_PER_M
    return depth


def staircase_area_m2(grid: HeatGrid, filled: Mask) -> float:
    """Area of the faces between filled cells and the others."""
    total = 0.0
    for axis in range(3):
        changes = np.diff(filled.astype(np.int8), axis=axis) != 0
        inner = np.take(grid.face_areas_m2(axis), range(1, filled.shape[axis]), axis)
        total += float(inner[changes].sum())
    return total
