"""Ellipsoids, tubes and domes painted into a volume of tissues and densities."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from tongtai.core.phantom.motion import AT_REST, Motion
from tongtai.core.phantom.tissues import HOUNSFIELD, Tissue

Point = tuple[float, float, float]
Box = tuple[slice, slice, slice]
Grid = NDArray[np.float32]
# A box must hold what the motion brings into it.
_REACH_MM = 14.0


class Canvas:
    """A volume in millimetre coordinates, centred on the body's axis and on the liver's middle.

    x grows to the patient's left, y to the back, z to the head (LPS). A voxel with index
    ``(k, j, i)`` lies at ``z = (k - (K-1)/2) · dz``, and likewise for y and x.

    Shapes are given where they lie at rest; what is painted with ``moving`` appears where the
    motion has brought it.

    Parameters
    ----------
    shape : (K, J, I)
        Slices, rows, columns.
    spacing_mm : (dz, dy, dx)
        Distances between voxel centres.
    """

    def __init__(self, shape: tuple[int, int, int], spacing_mm: Point, motion: Motion = AT_REST) -> None:
        self.tissues: NDArray[np.uint8] = np.zeros(shape, np.uint8)
        self.hounsfield: Grid = np.full(shape, HOUNSFIELD[Tissue.AIR], np.float32)
        self._motion = motion
        self.z, self.y, self.x = (
            ((np.arange(size) - (size - 1) / 2) * step).astype(np.float32)
            for size, step in zip(shape, spacing_mm, strict=True)
        )

    def cylinder(self, centre: tuple[float, float], radii: tuple[float, float], tissue: Tissue) -> None:
        """Paint an elliptic cylinder through all slices; centre and radii are (x, y)."""
        inside = ((self.x - centre[0]) / radii[0]) ** 2 + (((self.y - centre[1]) / radii[1]) ** 2)[
            :, None
        ] <= 1.0
        self.tissues[:, inside] = tissue
        self.hounsfield[:, inside] = HOUNSFIELD[tissue]

    def ellipsoid(
        self,
        centre: Point,
        radii: Point,
        tissue: Tissue,
        *,
        over: Collection[Tissue] = (),
        hounsfield: float | None = None,
        moving: bool = True,
    ) -> None:
        """Paint an ellipsoid over some tissues, or over all; centre and radii are (x, y, z)."""
        box = self.box(centre, radii, moving=moving)
        x, y, z = self.grid(box, moving=moving)
        inside = ellipsoid_distance((x, y, z), centre, radii) <= 1.0
        self.paint(box, inside, tissue, over=over, hounsfield=hounsfield)

    def tube(
        self,
        start: Point,
        end: Point,
        radius_mm: float,
        tissue: Tissue,
        *,
        over: Collection[Tissue] = (),
        hounsfield: float | None = None,
        moving: bool = True,
    ) -> None:
        """Paint a straight tube with round ends from ``start`` to ``end``, both (x, y, z)."""
        box = self.tube_box(start, end, radius_mm, moving=moving)
        inside = tube_distance_squared(self.grid(box, moving=moving), start, end) <= radius_mm**2
        self.paint(box, inside, tissue, over=over, hounsfield=hounsfield)

    def paint(
        self,
        box: Box,
        inside: NDArray[np.bool_],
        tissue: Tissue,
        *,
        over: Collection[Tissue] = (),
        hounsfield: float | None = None,
    ) -> None:
        """Paint truth values that belong to a box."""
        tissues = self.tissues[box]
        if over:
            paintable = np.zeros(256, bool)
            paintable[list(over)] = True
            inside = inside & paintable[tissues]
        tissues[inside] = tissue
        self.hounsfield[box][inside] = HOUNSFIELD[tissue] if hounsfield is None else hounsfield

    def tube_box(self, start: Point, end: Point, radius_mm: float, *, moving: bool = True) -> Box:
        """The part of the volume that a tube may touch."""
        (a, b, c), (d, e, f) = start, end
        middle = ((a + d) / 2, (b + e) / 2, (c + f) / 2)
        reach = (abs(a - d) / 2 + radius_mm, abs(b - e) / 2 + radius_mm, abs(c - f) / 2 + radius_mm)
        return self.box(middle, reach, moving=moving)

    def box(self, centre: Point, reach: Point, *, moving: bool = True) -> Box:
        """The part of the volume within ``reach`` of a centre, both (x, y, z)."""
        margin = _REACH_MM if moving and self._motion != AT_REST else 0.0

        def part(axis: Grid, middle: float, half: float) -> slice:
            first, last = np.searchsorted(axis, (middle - half - margin, middle + half + margin))
            return slice(int(first), int(last))

        return (
            part(self.z, centre[2], reach[2]),
            part(self.y, centre[1], reach[1]),
            part(self.x, centre[0], reach[0]),
        )

    def grid(self, box: Box, *, moving: bool = True) -> tuple[Grid, Grid, Grid]:
        """Where the voxels of a box lay at rest: x, y, z as arrays that broadcast."""
        z, y, x = self.z[box[0]][:, None, None], self.y[box[1]][None, :, None], self.x[box[2]][None, None, :]
        if not moving or self._motion == AT_REST:
            return x, y, z
        u, v, w = self._motion.displacement(x, y, z)
        return (x - u).astype(np.float32), (y - v).astype(np.float32), (z - w).astype(np.float32)


def ellipsoid_distance(grid: tuple[Grid, Grid, Grid], centre: Point, radii: Point) -> Grid:
    """One on the surface of an ellipsoid, less within; the square of the scaled radius."""
    parts = [((axis - middle) / half) ** 2 for axis, middle, half in zip(grid, centre, radii, strict=True)]
    distance: Grid = parts[0] + parts[1] + parts[2]
    return distance


def tube_distance_squared(grid: tuple[Grid, Grid, Grid], start: Point, end: Point) -> Grid:
    """Squared distance to the straight line between two points, in square millimetres."""
    axis = np.subtract(end, start)
    offsets = [coordinate - begin for coordinate, begin in zip(grid, start, strict=True)]
    along = (offsets[0] * axis[0] + offsets[1] * axis[1] + offsets[2] * axis[2]) / (axis @ axis)
    along = np.clip(along, 0.0, 1.0)
    parts = [(offset - along * step) ** 2 for offset, step in zip(offsets, axis, strict=True)]
    squared: Grid = parts[0] + parts[1] + parts[2]
    return squared
