"""The finite-volume grid: cells, the areas between them, and where they lie in the patient.

An axis is described by the area factors of its faces and the volume factors of its cells, so that
the same kernels run on the patient's (anisotropic) voxels and, exactly, on the one-dimensional
spherical and the axisymmetric cylindrical grids that the reference cases use.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.errors import ThermalError
from tongtai.core.volumes import Volume

MM_PER_M = 1000.0
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axis:
    """Cells along one axis.

    Parameters
    ----------
    spacing_m
        Distance between neighbouring cell centres.
    faces : (N + 1,) array
        Area factor of each face; a face's area is this times the volume factors of the other axes.
    volumes : (N,) array
        Volume factor of each cell; a cell's volume is the product over the three axes.
    """

    spacing_m: float
    faces: Numbers
    volumes: Numbers

    def __post_init__(self) -> None:
        if not self.spacing_m > 0.0 or self.faces.shape != (self.volumes.size + 1,):
            raise ThermalError(
                "An axis of the heat grid needs a spacing above zero and one face more than cells."
            )

    @classmethod
    def straight(cls, cells: int, spacing_m: float) -> Self:
        """Equal cells along a straight line."""
        return cls(spacing_m, np.ones(cells + 1), np.full(cells, spacing_m))

    @classmethod
    def radial(cls, cells: int, spacing_m: float, *, inner_m: float = 0.0) -> Self:
        """Spherical shells from ``inner_m`` outwards; the other axes must be `single`."""
        radius: Numbers = inner_m + spacing_m * np.arange(cells + 1, dtype=np.float64)
        return cls(spacing_m, 4 * np.pi * radius**2, 4 / 3 * np.pi * np.diff(radius**3))

    @classmethod
    def cylindrical(cls, cells: int, spacing_m: float, *, inner_m: float = 0.0) -> Self:
        """Rings around an axis, from ``inner_m`` outwards; another axis may be the height."""
        radius: Numbers = inner_m + spacing_m * np.arange(cells + 1, dtype=np.float64)
        return cls(spacing_m, 2 * np.pi * radius, np.pi * np.diff(radius**2))

    @classmethod
    def single(cls, length_m: float = 1.0) -> Self:
        """One cell: nothing changes along this axis."""
        return cls.straight(1, length_m)

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.volumes.size

    def into_cell(self) -> tuple[Numbers, Numbers]:
        """Weights (1/m²) of the conductivities of the lower and the upper face in a cell's balance."""
        per_cell = self.spacing_m * self.volumes
        return self.faces[:-1] / per_cell, self.faces[1:] / per_cell


@dataclass(frozen=True, slots=True)
class HeatGrid:
    """Three axes, in the order k, j, i of the arrays.

    Examples
    --------
    >>> grid = HeatGrid.of_voxels(Volume(np.zeros((4, 3, 2)), np.diag([2.0, 1.0, 1.0, 1.0])))
    >>> grid.shape, round(float(grid.cell_volumes_m3().sum()), 12)
    ((4, 3, 2), 4.8e-08)
    """

    axes: tuple[Axis, Axis, Axis]

    @classmethod
    def of_voxels(cls, volume: Volume) -> Self:
        """The voxels of an image; axes that are not perpendicular are refused.

        Raises
        ------
        ThermalError
            If the axes of ``index_to_lps`` are skewed (a tilted gantry that was not resampled).
        """
        directions = volume.index_to_lps[:3, :3] / volume.spacing_mm
        if not np.allclose(directions.T @ directions, np.eye(3), atol=1e-3):
            raise ThermalError("The voxels' axes are not perpendicular; resample the tilted series first.")
        axes = [
            Axis.straight(cells, spacing / MM_PER_M)
            for cells, spacing in zip(volume.voxels.shape, volume.spacing_mm.tolist(), strict=True)
        ]
        return cls((axes[0], axes[1], axes[2]))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells along k, j, i."""
        return (self.axes[0].cells, self.axes[1].cells, self.axes[2].cells)

    @property
    def spacing_m(self) -> tuple[float, float, float]:
        """Distance between neighbours along k, j, i."""
        return (self.axes[0].spacing_m, self.axes[1].spacing_m, self.axes[2].spacing_m)

    def cell_volumes_m3(self, box: tuple[slice, slice, slice] | None = None) -> Numbers:
        """Volume of each cell of the grid, or of a box of it."""
        parts = box or (slice(None), slice(None), slice(None))
        along_k, along_j, along_i = (a.volumes[part] for a, part in zip(self.axes, parts, strict=True))
        volumes: Numbers = along_k[:, None, None] * along_j[None, :, None] * along_i[None, None, :]
        return volumes

    def face_areas_m2(self, axis: int) -> Numbers:
        """Areas of the faces across ``axis``: one more than cells along it."""
        factors = [one.faces if n == axis else one.volumes for n, one in enumerate(self.axes)]
        areas: Numbers = factors[0][:, None, None] * factors[1][None, :, None] * factors[2][None, None, :]
        return areas
