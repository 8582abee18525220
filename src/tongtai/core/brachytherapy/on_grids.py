"""The dose on a grid of voxels, by the kernel, and how far it is from the exact sum."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.at_points import doses_at, inside_capsule, seed_coordinates
from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.kernel import (
    Kernel,
    each_at_points,
    make_kernel,
    packed_seeds,
    sum_at_points,
    sum_on_grid,
)
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]
NEAR_SEED_MM = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GridError:
    """Relative deviation of the kernel's dose from the exact sum, away from the seeds.

    Attributes
    ----------
    largest, mean
        Of the absolute values; 0.001 is a part in a thousand.
    places
        Number of places compared.
    beyond_mm
        Places nearer than this to a seed's capsule were left out.
    """

    largest: float
    mean: float
    places: int
    beyond_mm: float


def total_dose_on_grid(
    implant: Implant,
    grid: Volume,
    rules: DoseRules,
    *,
    after_d: float = math.inf,
    kernel: Kernel | None = None,
) -> Volume:
    """Dose in Gy at the centre of every voxel.

    Voxels whose centre lies inside a capsule take the dose at its side; see `voxels_in_seeds`.

    Parameters
    ----------
    implant, rules
        Seeds; formalism and interpolation.
    grid
        Where; only its shape and transform are read.
    after_d
        Days after the implant until which the dose counts.
    kernel
        Of the same models and rules, from an earlier call of `kernel_for`; made anew when absent.

    Returns
    -------
    Volume
        Single precision, on the grid.

    Raises
    ------
    BrachytherapyError
        If a grid has fewer than two voxels along an axis, or the kernel does not reach far enough.
    """
    return _on_grid(
        implant, grid, implant.dose_weights_gy(after_d), kernel or kernel_for(implant, grid, rules)
    )


def dose_rate_on_grid(
    implant: Implant, grid: Volume, rules: DoseRules, *, kernel: Kernel | None = None
) -> Volume:
    """Dose rate in Gy/h at the moment of the implant, as `total_dose_on_grid`."""
    return _on_grid(implant, grid, implant.rate_weights_gy_h(), kernel or kernel_for(implant, grid, rules))


def kernel_for(implant: Implant, grid: Volume, rules: DoseRules) -> Kernel:
    """The kernel that reaches from every seed to every voxel; keep it while the grid stays."""
    return make_kernel(implant, rules, _farthest_mm(implant, _corners(grid)))


def total_dose_at_points(
    implant: Implant, points_mm: Numbers, rules: DoseRules, *, kernel: Kernel | None = None
) -> Numbers:
    """Dose to infinity in Gy at points ``(N, 3)`` by the kernel, shape ``(N,)``; for many points."""
    if len(points_mm) == 0:
        return np.zeros(0)
    box = np.stack([points_mm.min(axis=0), points_mm.max(axis=0)])
    needed = _farthest_mm(implant, _box_corners(box))
    used = kernel or make_kernel(implant, rules, needed)
    _check_reach(used, needed)
    centre = points_mm.mean(axis=0)
    seeds = packed_seeds(implant.moved(-centre), implant.dose_weights_gy(), used)
    out = np.zeros(len(points_mm), np.float32)
    sum_at_points(used.tables, seeds, np.ascontiguousarray((points_mm - centre).T, np.float32), out)
    return out.astype(np.float64)


def dose_of_each_gy(
    implant: Implant, points_mm: Numbers, rules: DoseRules, *, kernel: Kernel | None = None
) -> NDArray[np.float32]:
    """Dose to infinity in Gy that each seed gives by itself at points ``(N, 3)``, shape ``(S, N)``.

    Their sum over the seeds is `total_dose_at_points` but for rounding in single precision.
    """
    out = np.zeros((len(implant.seeds), len(points_mm)), np.float32)
    if len(points_mm) == 0:
        return out
    needed = _farthest_mm(implant, _box_corners(np.stack([points_mm.min(axis=0), points_mm.max(axis=0)])))
    used = kernel or make_kernel(implant, rules, needed)
    _check_reach(used, needed)
    centre = points_mm.mean(axis=0)
    seeds = packed_seeds(implant.moved(-centre), implant.dose_weights_gy(), used)
    each_at_points(used.tables, seeds, np.ascontiguousarray((points_mm - centre).T, np.float32), out)
    return out


def voxels_in_seeds(implant: Implant, grid: Volume) -> int:
    """How many voxels have their centre inside a seed's capsule."""
    inside = 0
    for seed in implant.seeds:
        reach = np.hypot(seed.model.capsule_length_mm, seed.model.capsule_diameter_mm) / 2.0
        centre = np.array(seed.centre_lps_mm)
        points = grid.lps_of(_indices_around(grid, centre, reach))
        along, away = seed_coordinates(points, centre, np.array(seed.axis_lps))
        inside += int(inside_capsule(seed.model, along, away).sum())
    return inside


def grid_error(
    implant: Implant, dose: Volume, rules: DoseRules, generator: np.random.Generator, *, places: int = 20_000
) -> GridError:
    """Compare a grid of doses to infinity with the exact sum at voxels drawn by chance.

    Parameters
    ----------
    dose
        From `total_dose_on_grid`.
    generator
        Source of chance.
    places
        How many voxels are drawn; those within 2 mm of a capsule are then left out.

    Raises
    ------
    BrachytherapyError
        If no voxel is left.
    """
    flat = generator.integers(0, dose.voxels.size, places)
    index = np.stack(np.unravel_index(flat, dose.voxels.shape), axis=1)
    points = dose.lps_of(index)
    kept = np.ones(places, np.bool_)
    for seed in implant.seeds:
        along, away = seed_coordinates(points, np.array(seed.centre_lps_mm), np.array(seed.axis_lps))
        beside = np.maximum(away - seed.model.capsule_diameter_mm / 2.0, 0.0)
        beyond = np.maximum(np.abs(along) - seed.model.capsule_length_mm / 2.0, 0.0)
        kept &= np.hypot(beside, beyond) >= NEAR_SEED_MM
    if not kept.any():
        raise BrachytherapyError(
            "Every voxel that was drawn lies within 2 mm of a seed; compare a larger grid."
        )
    exact = doses_at(implant, points[kept], rules).total_gy
    deviation = np.abs(dose.voxels.reshape(-1)[flat[kept]].astype(np.float64) / exact - 1.0)
    return GridError(
        largest=float(deviation.max()),
        mean=float(deviation.mean()),
        places=int(kept.sum()),
        beyond_mm=NEAR_SEED_MM,
    )


def _on_grid(implant: Implant, grid: Volume, weights: Numbers, kernel: Kernel) -> Volume:
    if min(grid.voxels.shape) < 2:
        raise BrachytherapyError("A dose grid needs at least two voxels along each axis.")
    _check_reach(kernel, _farthest_mm(implant, _corners(grid)))
    return grid.with_voxels(dose_on_grid(implant, grid, weights, kernel).reshape(grid.voxels.shape))


def dose_on_grid(implant: Implant, grid: Volume, weights: Numbers, kernel: Kernel) -> NDArray[np.float32]:
    """Sum of seeds with any weights at every voxel, flat; the kernel must reach far enough."""
    # Around the grid's middle, so that single precision has its digits where they are needed.
    middle = grid.lps_of((np.array(grid.voxels.shape) - 1.0) / 2.0)
    seeds = packed_seeds(implant.moved(-middle), weights, kernel)
    transform = np.zeros((3, 4), np.float64)
    transform[:, :3], transform[:, 3] = grid.index_to_lps[:3, :3], grid.index_to_lps[:3, 3] - middle
    out = np.zeros(grid.voxels.size, np.float32)
    k, j, i = grid.voxels.shape
    sum_on_grid(kernel.tables, seeds, transform.astype(np.float32), (k, j, i), out)
    return out


def _check_reach(kernel: Kernel, needed_mm: float) -> None:
    if needed_mm > kernel.farthest_mm:
        raise BrachytherapyError(
            f"The kernel reaches {kernel.farthest_mm:.0f} mm, {needed_mm:.0f} mm are needed; make it anew."
        )


def _corners(grid: Volume) -> Numbers:
    last = np.array(grid.voxels.shape, np.float64) - 1.0
    return grid.lps_of(np.array(np.meshgrid(*([0.0, end] for end in last))).reshape(3, -1).T)


def _box_corners(box: Numbers) -> Numbers:
    return np.array(np.meshgrid(*box.T)).reshape(3, -1).T


def _farthest_mm(implant: Implant, corners: Numbers) -> float:
    away = implant.centres_lps_mm[:, None] - corners
    return float(np.linalg.norm(away, axis=2).max())


def _indices_around(grid: Volume, centre: Numbers, reach_mm: float) -> NDArray[Any]:
    corners = _box_corners(np.stack([centre - reach_mm, centre + reach_mm]))
    index = grid.index_of(corners)
    low = np.maximum(np.floor(index.min(axis=0)), 0).astype(np.int64)
    high = np.minimum(np.ceil(index.max(axis=0)), np.array(grid.voxels.shape) - 1).astype(np.int64)
    ranges = [np.arange(a, b + 1) for a, b in zip(low, high, strict=True)]
    found: NDArray[Any] = np.array(np.meshgrid(*ranges, indexing="ij")).reshape(3, -1).T
    return found
