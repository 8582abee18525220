"""Faces between tissue and cells that are held at a temperature: vessel walls, cooled shafts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.boundary_faces import layer
from tongtai.core.thermal.compiled import Bools, Floats, Indices, Labels
from tongtai.core.thermal.conductivities import wall_conductivities
from tongtai.core.thermal.grid import HeatGrid
from tongtai.core.thermal.media import MediaTable


@dataclass(frozen=True, slots=True)
class _Walls:
    tissue: Indices
    face: Indices
    wall: Floats


class WallFaces:
    """Every inner face of the grid that touches a held cell, found once."""

    def __init__(self, grid: HeatGrid, labels: Labels, table: MediaTable) -> None:
        held = table.held[labels]
        self._axes = [_walls(axis, grid, labels, held, table) for axis in range(3)]

    def update(self, conductivity: Floats, faces: list[Floats]) -> None:
        """Overwrite the harmonic means on these faces (flat views of contiguous arrays)."""
        for walls, of_axis in zip(self._axes, faces, strict=True):
            if walls.face.size:
                wall_conductivities(walls.tissue, walls.face, walls.wall, conductivity, of_axis)


def _walls(axis: int, grid: HeatGrid, labels: Labels, held: Bools, table: MediaTable) -> _Walls:
    low, high = labels[layer(axis, slice(None, -1))], labels[layer(axis, slice(1, None))]
    held_low, held_high = held[layer(axis, slice(None, -1))], held[layer(axis, slice(1, None))]
    # Flat: numpy finds these ten times as quickly as places of three indices.
    places = np.unravel_index(np.flatnonzero(held_low | held_high), low.shape)
    where = np.stack(places, axis=1)
    both = (held_low & held_high)[places]
    below = held_low[places]
    coefficient = table.conduction[4]
    wall = np.where(below, coefficient[low[places]], coefficient[high[places]]) * grid.spacing_m[axis]
    step = np.eye(3, dtype=np.int64)[axis]
    # The face above a cell has the index of the cell above it.
    face_shape = tuple(np.array(grid.shape) + step)
    face = np.ravel_multi_index(tuple((where + step).T), face_shape)
    tissue = np.ravel_multi_index(tuple((where + step * below[:, None]).T), grid.shape)
    no_flow: NDArray[np.floating] = np.where(both, 0.0, wall).astype(table.dtype)
    return _Walls(tissue.astype(np.int64), face.astype(np.int64), no_flow)
