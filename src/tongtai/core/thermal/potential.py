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
from tongtai.core.thermal.compiled import Floats, parallel, serial, threads_for
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

    potential: Floats
    conductance_s: float
    heat_w: Floats
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
    single
        Solve in single precision: half the time, for tolerances of 1e-5 and more.
    """

    def __init__(
        self,
        grid: HeatGrid,
        depth: Numbers,
        shut: NDArray[np.bool_],
        ground: Mapping[Side, float | Numbers],
        *,
        single: bool = False,
    ) -> None:
        kind = np.float32 if single else np.float64
        self.metal = depth <= 0.0
        self.grid = grid
        self._opaque = self.metal | shut
        contact = np.zeros(grid.shape)
        self._per_sigma: list[Floats] = [
            self._geometry(axis, depth, contact).astype(kind) for axis in range(3)
        ]
        # Conductances (m) per conductivity (S/m) of each cell, to the metal and to the ground.
        self._contact_m: Floats = np.where(self._opaque, 0.0, contact).astype(kind)
        self._earth_m: Floats = np.where(self._opaque, 0.0, self._ground_geometry(ground)).astype(kind)
        self._guess: Floats = np.zeros(grid.shape, kind)
        self._faces: list[Floats] = [np.zeros_like(one) for one in self._per_sigma]
        self._contact, self._earth, self._sink = (np.zeros(grid.shape, kind) for _ in range(3))

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

    def solve(self, sigma_s_m: Floats, *, tolerance: float = 1e-8) -> UnitPotential:
        """Potential and heat for conductivities of shape (K, J, I), starting from the last solution."""
        sigma = np.where(self._opaque, 0.0, sigma_s_m).astype(self._guess.dtype)
        with threads_for(sigma.size):
            np.multiply(self._contact_m, sigma, out=self._contact)
            np.multiply(self._earth_m, sigma, out=self._earth)
            np.add(self._contact, self._earth, out=self._sink)
            faces_k, faces_j, faces_i = self._faces
            per_k, per_j, per_i = self._per_sigma
            _conductances(sigma, per_k, per_j, per_i, faces_k, faces_j, faces_i)
            levels = build_levels(self._faces, self._sink)
            x, iterations = solve(levels, self._contact, self._guess, tolerance=tolerance)
            heat, sums = np.zeros_like(x), np.zeros((2, x.shape[0]))
            _joule(x, faces_k, faces_j, faces_i, self._contact, self._earth, heat, sums)
        self._guess = x
        conductance_s, outside_w = sums.sum(axis=1).tolist()
        return UnitPotential(
            potential=np.where(self.metal, 1, x).astype(x.dtype),
            conductance_s=conductance_s,
            heat_w=heat,
            outside_w=outside_w,
            iterations=iterations,
        )

    def contact_share(self, sigma_s_m: Floats, potential: Floats) -> Floats:
        """Share of the current that each cell takes from the metal; sums to one."""
        current = self._contact_m * sigma_s_m * (1 - potential)
        share: Floats = current / current.sum(dtype=np.float64).astype(current.dtype)
        return share

    def contact_area_m2(self) -> float:
        """Area of the staircase of faces between tissue and metal."""
        total = 0.0
        for axis in range(3):
            low, high = layer(axis, slice(None, -1)), layer(axis, slice(1, None))
            surface = self.metal[low] != self.metal[high]
            total += float(self.grid.face_areas_m2(axis)[layer(axis, slice(1, -1))][surface].sum())
        return total


@serial
def _mean(low: Floats, high: Floats, per_sigma: Floats, out: Floats) -> None:
    """Conductances of a row of faces by the harmonic mean, zero beside a cell that does not conduct."""
    for i in range(out.size):
        product = low[i] * high[i]
        both = low[i] + high[i]
        # Where neither conducts the product is zero, whatever it is divided by.
        out[i] = per_sigma[i] * (product + product) / (both if both != 0 else per_sigma[i])


@parallel
def _conductances(
    sigma: Floats,
    per_k: Floats,
    per_j: Floats,
    per_i: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
) -> None:
    """Conductances (S) of the inner faces."""
    columns = sigma.shape[2]
    for k in numba.prange(sigma.shape[0]):
        for j in range(sigma.shape[1]):
            here = sigma[k, j]
            if k > 0:
                _mean(sigma[k - 1, j], here, per_k[k, j], faces_k[k, j])
            if j > 0:
                _mean(sigma[k, j - 1], here, per_j[k, j], faces_j[k, j])
            _mean(here[: columns - 1], here[1:], per_i[k, j, 1:columns], faces_i[k, j, 1:columns])


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


@serial
def _across(here: Floats, there: Floats, face: Floats, out: Floats) -> None:
    """Add the power of a row of faces, for one volt squared."""
    for i in range(out.size):
        drop = here[i] - there[i]
        out[i] += face[i] * drop * drop


@serial
def _at_metal(x: Floats, contact: Floats, earth: Floats, out: Floats) -> tuple[float, float]:
    """Halve what the faces gave to a row of cells and add what the metal gives; current and power into the ground."""
    half, one = out.dtype.type(0.5), out.dtype.type(1)
    current, outside = 0.0, 0.0
    for i in range(out.size):
        out[i] = half * out[i] + contact[i] * (one - x[i]) * (one - x[i])
    for i in range(out.size):
        current += contact[i] * (one - x[i])
        outside += earth[i] * x[i] * x[i]
    return current, outside


@parallel
def _joule(
    x: Floats,
    faces_k: Floats,
    faces_j: Floats,
    faces_i: Floats,
    contact: Floats,
    earth: Floats,
    heat: Floats,
    per_slice: Floats,
) -> None:
    """Half of each face's power to either cell; all of it to the tissue at the metal.

    ``heat`` begins as zeros; ``per_slice`` takes the current from the metal and the power into the ground.
    """
    slices, rows, columns = x.shape
    for k in numba.prange(slices):
        leaves, outside = 0.0, 0.0
        for j in range(rows):
            here, out = x[k, j], heat[k, j]
            # Beyond the border the conductance is zero, whatever is read there.
            _across(here, x[max(k - 1, 0), j], faces_k[k, j], out)
            _across(here, x[min(k + 1, slices - 1), j], faces_k[k + 1, j], out)
            _across(here, x[k, max(j - 1, 0)], faces_j[k, j], out)
            _across(here, x[k, min(j + 1, rows - 1)], faces_j[k, j + 1], out)
            _across(here[1:], here[: columns - 1], faces_i[k, j, 1:columns], out[1:])
            _across(here[: columns - 1], here[1:], faces_i[k, j, 1:columns], out[: columns - 1])
            current, power = _at_metal(here, contact[k, j], earth[k, j], out)
            leaves += current
            outside += power
        per_slice[0, k], per_slice[1, k] = leaves, outside
