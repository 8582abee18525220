"""Ellipsoids and tubes painted into a volume."""

import numpy as np
from numpy.typing import NDArray

Volume = NDArray[np.float32]
Point = tuple[float, float, float]


class Canvas:
    """A volume in Hounsfield units with millimetre coordinates, centred on the body's axis.

    x grows to the patient's left, y to the back, z to the head (LPS). A voxel with index
    ``(k, j, i)`` lies at ``z = k · dz``, ``y = (j - (J-1)/2) · dy``, ``x = (i - (I-1)/2) · dx``.

    Parameters
    ----------
    shape : (K, J, I)
        Slices, rows, columns.
    spacing_mm : (dz, dy, dx)
        Distances between voxel centres.
    """

    def __init__(self, shape: tuple[int, int, int], spacing_mm: Point, *, fill: float) -> None:
        self.hounsfield: Volume = np.full(shape, fill, np.float32)
        slices, rows, columns = shape
        dz, dy, dx = spacing_mm
        self._z = (np.arange(slices) * dz).astype(np.float32)
        self._y = ((np.arange(rows) - (rows - 1) / 2) * dy).astype(np.float32)
        self._x = ((np.arange(columns) - (columns - 1) / 2) * dx).astype(np.float32)

    @property
    def height_mm(self) -> float:
        """Distance from the first slice to the last."""
        return float(self._z[-1])

    def ellipsoid(self, centre: Point, radii: Point, hounsfield: float) -> None:
        """Paint an ellipsoid; centre and radii are (x, y, z) in millimetres."""
        box, distance = self._scaled(centre, radii, radii)
        self.hounsfield[box][distance <= 1.0] = hounsfield

    def cylinder(self, centre: tuple[float, float], radii: tuple[float, float], hounsfield: float) -> None:
        """Paint an elliptic cylinder through all slices; centre and radii are (x, y)."""
        inside = ((self._x - centre[0]) / radii[0]) ** 2 + (((self._y - centre[1]) / radii[1]) ** 2)[
            :, None
        ] <= 1.0
        self.hounsfield[:, inside] = hounsfield

    def tube(self, start: Point, end: Point, radius_mm: float, hounsfield: float) -> None:
        """Paint a straight vessel from ``start`` to ``end``, both (x, y, z)."""
        middle = tuple((a + b) / 2 for a, b in zip(start, end, strict=True))
        reach = tuple(abs(a - b) / 2 + radius_mm for a, b in zip(start, end, strict=True))
        box = self._box(middle, reach)  # type: ignore[arg-type]
        z, y, x = self._grid(box)
        axis = np.subtract(end, start)
        along = ((x - start[0]) * axis[0] + (y - start[1]) * axis[1] + (z - start[2]) * axis[2]) / (
            axis @ axis
        )
        along = np.clip(along, 0.0, 1.0)
        squared = sum((grid - start[n] - along * axis[n]) ** 2 for n, grid in enumerate((x, y, z)))
        self.hounsfield[box][squared <= radius_mm**2] = hounsfield

    def _scaled(self, centre: Point, radii: Point, reach: Point) -> tuple[tuple[slice, slice, slice], Volume]:
        box = self._box(centre, reach)
        z, y, x = self._grid(box)
        distance: Volume = (
            ((x - centre[0]) / radii[0]) ** 2
            + ((y - centre[1]) / radii[1]) ** 2
            + ((z - centre[2]) / radii[2]) ** 2
        )
        return box, distance

    def _box(self, centre: Point, reach: Point) -> tuple[slice, slice, slice]:
        def part(axis: Volume, middle: float, half: float) -> slice:
            first, last = np.searchsorted(axis, (middle - half, middle + half))
            return slice(int(first), int(last))

        return (
            part(self._z, centre[2], reach[2]),
            part(self._y, centre[1], reach[1]),
            part(self._x, centre[0], reach[0]),
        )

    def _grid(self, box: tuple[slice, slice, slice]) -> tuple[Volume, Volume, Volume]:
        return (
            self._z[box[0]][:, None, None],
            self._y[box[1]][None, :, None],
            self._x[box[2]][None, None, :],
        )
