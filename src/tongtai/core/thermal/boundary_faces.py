"""The outermost faces of the grid: their conductivities, given fluxes, and the power through them."""

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.boundaries import SIDES, Boundaries, Neumann, Side
from tongtai.core.thermal.compiled import Floats, Labels
from tongtai.core.thermal.grid import HeatGrid
from tongtai.core.thermal.media import MediaTable
from tongtai.core.thermal.warm_region import Box

Layer = tuple[int | slice, int | slice, int | slice]


def axis_of(side: Side) -> tuple[int, bool]:
    """Axis of a side, and whether it is the far one."""
    number = SIDES.index(side)
    return number // 2, number % 2 == 1


def layer(axis: int, index: int | slice) -> Layer:
    """Indices of one layer across ``axis``."""
    where: list[int | slice] = [slice(None)] * 3
    where[axis] = index
    return (where[0], where[1], where[2])


class BoundaryFaces:
    """Conductivities of the outermost faces, recomputed as the tissue beside them warms."""

    def __init__(self, grid: HeatGrid, labels: Labels, table: MediaTable, boundaries: Boundaries) -> None:
        self._grid, self._labels, self._table, self._boundaries = grid, labels, table, boundaries
        self._open: list[Side] = [side for side in SIDES if boundaries.exchange(side) > 0.0]
        self._reached: set[Side] = set()
        self._per_k = {side: self._area_over_spacing(side) for side in self._open}
        self.flux_source, self.flux_power_w = self._fluxes()

    def _area_over_spacing(self, side: Side) -> NDArray[np.float64]:
        axis, far = axis_of(side)
        first, second = (one.volumes for n, one in enumerate(self._grid.axes) if n != axis)
        factor: float = self._grid.axes[axis].faces[-1 if far else 0]
        return factor * first[:, None] * second / self._grid.spacing_m[axis]

    def _fluxes(self) -> tuple[NDArray[np.float64], float]:
        """Given fluxes as sources (W/m³) in the cells along the sides, and their sum (W)."""
        source = np.zeros(self._grid.shape)
        power_w = 0.0
        for side in SIDES:
            boundary = self._boundaries.of(side)
            if isinstance(boundary, Neumann) and np.any(boundary.flux_w_m2):
                axis, far = axis_of(side)
                where = layer(axis, -1 if far else 0)
                power = self._grid.face_areas_m2(axis)[where] * np.asarray(boundary.flux_w_m2)
                source[where] += power / self._grid.cell_volumes_m3()[where]
                power_w += float(power.sum())
        return source, power_w

    def outside_c(self, side: Side) -> float | NDArray[np.float64]:
        """Temperature of the ghost layer beyond a side."""
        return self._boundaries.outside_c(side)

    def disturb(self, rest_c: float) -> bool:
        """Whether the sides would warm or cool tissue that rests at ``rest_c``."""
        warm = any(np.any(np.asarray(self.outside_c(side)) != rest_c) for side in self._open)
        return warm or bool(self.flux_source.any())

    def update(self, temperature: Floats, faces: list[Floats], box: Box) -> None:
        """Write the faces of the sides that a box of cells touches."""
        for side in self._open:
            axis, far = axis_of(side)
            touches = box[axis].stop == self._grid.shape[axis] if far else box[axis].start == 0
            if touches:
                self._reached.add(side)
                faces[axis][layer(axis, -1 if far else 0)] = self._conductivity(side, temperature)

    def _conductivity(self, side: Side, temperature: Floats) -> Floats:
        axis, far = axis_of(side)
        labels = self._labels[layer(axis, -1 if far else 0)]
        inner = temperature[1:-1, 1:-1, 1:-1][layer(axis, -1 if far else 0)]
        base, slope, reference, clamp, wall = self._table.conduction[:, labels]
        tissue = base + slope * (np.minimum(inner, clamp) - reference)
        spacing = self._grid.spacing_m[axis]
        resistance = 1 / (self._boundaries.exchange(side) * spacing)
        with np.errstate(divide="ignore"):
            open_face = 1 / (resistance + 0.5 / tissue)
        shut: Floats = np.where(wall > 0, 0.0, open_face).astype(self._table.dtype)
        return shut

    def power_out_w(self, temperature: Floats, faces: list[Floats]) -> float:
        """Power that leaves through the sides (W); what a given flux brings counts as negative."""
        power = -self.flux_power_w
        for side in self._open:
            if side not in self._reached:
                continue
            axis, far = axis_of(side)
            where = layer(axis, -1 if far else 0)
            inner = temperature[1:-1, 1:-1, 1:-1][where].astype(np.float64)
            per_k = faces[axis][where] * self._per_k[side]
            power += float(np.sum(per_k * (inner - np.asarray(self.outside_c(side)))))
        return power
