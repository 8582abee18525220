"""The electric potential of an electrode in tissue, and the heat of its current.

div(sigma grad V) = 0 with the bare metal at one volt; everything is proportional to the voltage. The
metal's surface is a signed distance, so a face between metal and tissue has the length that is really
tissue (a cut cell), in any direction of the needle.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.boundaries import Side
from tongtai.core.thermal.boundary_faces import axis_of, layer
from tongtai.core.thermal.compiled import parallel
from tongtai.core.thermal.grid import HeatGrid
from tongtai.core.thermal.multigrid import build_levels, solve

Numbers = NDArray[np.float64]
# Least part of a face's length that counts as tissue; nearer cells would make the equations stiff.
LEAST_TISSUE = 0.1
NOTHING = 1e-30


@dataclass(frozen=True, slots=True)
class UnitPotential:
    """Solution for one volt.

    Attributes
    ----------
    potential : (K, J, I) array
        Volts; one in the metal.
    conductance_s
        Current per volt; the resistance is its inverse.
    heat_w : (K, J, I) array
        Power in each cell; the sum is the conductance times one volt squared, less ``outside_w``.
    outside_w
        Power that the current still has when it leaves the box.
    """

    potential: Numbers
    conductance_s: float
    heat_w: Numbers
    outside_w: float
    iterations: int


class PotentialBox:
    """Geometry of the electric problem, reused for every conductivity.

    Parameters
    ----------
    grid
        The box.
    depth : (K, J, I) array
        Signed distance of the cell centres from the metal in metres, negative inside.
    shut : (K, J, I) array of bool
        Cells that do not conduct (the insulated shaft).
    ground
        Conductance per area and conductivity (1/m) beyond each side that is not insulated; infinite
        for a grounded side.
    """

    def __init__(
        self,
        grid: HeatGrid,
        depth: Numbers,
        shut: NDArray[np.bool_],
        ground: Mapping[Side, float | Numbers],
    ) -> None:
        self.metal = depth <= 0.0
        self.grid = grid
        self._opaque = self.metal | shut
        contact = np.zeros(grid.shape)
        self._per_sigma = (
            self._geometry(0, depth, contact),
            self._geometry(1, depth, contact),
            self._geometry(2, depth, contact),
        )
        # Conductances (m) per conductivity (S/m) of each cell, to the metal and to the ground.
        self._contact_m = np.where(self._opaque, 0.0, contact)
        self._earth_m = np.where(self._opaque, 0.0, self._ground_geometry(ground))
        self._guess = np.zeros(grid.shape)
        self._faces = [np.zeros(one.shape) for one in self._per_sigma]

    def _geometry(self, axis: int, depth: Numbers, contact: Numbers) -> Numbers:
        """Area over length (m) of the faces; those at the metal are added to ``contact``."""
        low, high = layer(axis, slice(None, -1)), layer(axis, slice(1, None))
        inner = layer(axis, slice(1, -1))
        per_sigma = self.grid.face_areas_m2(axis) / self.grid.spacing_m[axis]
        for here, there in ((low, high), (high, low)):
            touches = ~self.metal[here] & self.metal[there]
            tissue = np.clip(depth[here] / (depth[here] - depth[there] + NOTHING), LEAST_TISSUE, 1.0)
            contact[here] += np.where(touches, per_sigma[inner] / tissue, 0.0)
        return per_sigma

    def _ground_geometry(self, ground: Mapping[Side, float | Numbers]) -> Numbers:
        earth = np.zeros(self.grid.shape)
        for side, per_m in ground.items():
            axis, far = axis_of(side)
            where = layer(axis, -1 if far else 0)
            with np.errstate(divide="ignore"):
                length = self.grid.spacing_m[axis] / 2 + 1 / np.asarray(per_m)
            earth[where] += self.grid.face_areas_m2(axis)[where] / length
        return earth

    def solve(self, sigma_s_m: Numbers, *, tolerance: float = 1e-8) -> UnitPotential:
        """Potential and heat for conductivities of shape (K, J, I), starting from the last solution."""
        sigma = np.where(self._opaque, 0.0, sigma_s_m)
        contact, earth = self._contact_m * sigma, self._earth_m * sigma
        faces = (self._faces[0], self._faces[1], self._faces[2])
        _conductances(sigma, *self._per_sigma, *faces)
        levels = build_levels(faces, contact + earth)
        x, iterations = solve(levels, contact, self._guess, tolerance=tolerance)
        self._guess = x
        heat = np.zeros(self.grid.shape)
        _joule(x, *faces, contact, heat)
        return UnitPotential(
            potential=np.where(self.metal, 1.0, x),
            conductance_s=float(np.sum(contact * (1 - x))),
            heat_w=heat,
            outside_w=float(np.sum(earth * x**2)),
            iterations=iterations,
        )

    def contact_share(self, sigma_s_m: Numbers, potential: Numbers) -> Numbers:
        """Share of the current that each cell takes from the metal; sums to one."""
        current = self._contact_m * sigma_s_m * (1 - potential)
        share: Numbers = current / current.sum()
        return share

    def contact_area_m2(self) -> float:
        """Area of the staircase of faces between tissue and metal."""
        total = 0.0
        for axis in range(3):
            low, high = layer(axis, slice(None, -1)), layer(axis, slice(1, None))
            surface = self.metal[low] != self.metal[high]
            total += float(self.grid.face_areas_m2(axis)[layer(axis, slice(1, -1))][surface].sum())
        return total


@parallel
def _conductances(
    sigma: Numbers,
    per_k: Numbers,
    per_j: Numbers,
    per_i: Numbers,
    faces_k: Numbers,
    faces_j: Numbers,
    faces_i: Numbers,
) -> None:
    """Conductances (S) of the inner faces: harmonic means, zero beside a cell that does not conduct."""
    for k in numba.prange(sigma.shape[0]):
        for j in range(sigma.shape[1]):
            for i in range(sigma.shape[2]):
                here = sigma[k, j, i]
                double = 2 * here
                if k > 0:
                    there = sigma[k - 1, j, i]
                    faces_k[k, j, i] = per_k[k, j, i] * double * there / (here + there + NOTHING)
                if j > 0:
                    there = sigma[k, j - 1, i]
                    faces_j[k, j, i] = per_j[k, j, i] * double * there / (here + there + NOTHING)
                if i > 0:
                    there = sigma[k, j, i - 1]
                    faces_i[k, j, i] = per_i[k, j, i] * double * there / (here + there + NOTHING)


def open_ground(grid: HeatGrid, middle_m: tuple[float, float, float]) -> dict[Side, Numbers]:
    """Ground far away: at the sides the potential falls like 1/r from ``middle_m``.

    ``middle_m`` is the electrode's middle in metres from the outer corner of the first cell, along
    k, j, i. Returns, for each side, cos(angle)/r of its faces.
    """
    centres = [axis.spacing_m * (np.arange(axis.cells) + 0.5) for axis in grid.axes]
    ground: dict[Side, Numbers] = {}
    sides: tuple[Side, ...] = ("k_low", "k_high", "j_low", "j_high", "i_low", "i_high")
    for side in sides:
        axis, far = axis_of(side)
        edge = grid.axes[axis].spacing_m * grid.axes[axis].cells if far else 0.0
        places = [np.array([edge]) if n == axis else centres[n] for n in range(3)]
        offsets = np.meshgrid(*(p - m for p, m in zip(places, middle_m, strict=True)), indexing="ij")
        squared = sum(offset**2 for offset in offsets)
        ground[side] = np.squeeze(np.abs(offsets[axis]) / squared, axis=axis)
    return ground


@parallel
def _joule(
    x: Numbers, faces_k: Numbers, faces_j: Numbers, faces_i: Numbers, contact: Numbers, heat: Numbers
) -> None:
    """Half of each face's power to either cell; all of it to the tissue at the metal."""
    slices, rows, columns = x.shape
    for k in numba.prange(slices):
        for j in range(rows):
            for i in range(columns):
                here = x[k, j, i]
                power = 2 * contact[k, j, i] * (1 - here) ** 2
                if k > 0:
                    power += faces_k[k, j, i] * (here - x[k - 1, j, i]) ** 2
                if k < slices - 1:
                    power += faces_k[k + 1, j, i] * (here - x[k + 1, j, i]) ** 2
                if j > 0:
                    power += faces_j[k, j, i] * (here - x[k, j - 1, i]) ** 2
                if j < rows - 1:
                    power += faces_j[k, j + 1, i] * (here - x[k, j + 1, i]) ** 2
                if i > 0:
                    power += faces_i[k, j, i] * (here - x[k, j, i - 1]) ** 2
                if i < columns - 1:
                    power += faces_i[k, j, i + 1] * (here - x[k, j, i + 1]) ** 2
                heat[k, j, i] = 0.5 * power
