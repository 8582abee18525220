"""A seed's dose rate as a table that compiled loops read: the kernel of the dose on grids.

The table holds dose rate × r² over distance and angle. Its nodes lie on every node of the published
tables (distances that are multiples of 0.5 mm, whole degrees), so what is linear there stays linear
here; only the curvature between nodes is lost. `grid_error` measures how much that is.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from tongtai.core.brachytherapy.formalism import dose_rate_cgy_h_u
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.brachytherapy.seed_models import SeedModel

Numbers = NDArray[np.float64]
Singles = NDArray[np.float32]
# Fine near the seed, where the geometry function bends; coarse beyond.
FINE_MM, FINE_PER_MM, COARSE_PER_MM = 30.0, 10.0, 2.0
ANGLES = 91
LEAST_RADIUS_MM = 0.05
POINTS_PER_BLOCK = 512
# One row a seed: centre (3), axis (3), weight, half length and radius of the capsule, number of the table.
SEED_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Kernel:
    """The tables of an implant's models, for one set of rules.

    Attributes
    ----------
    tables : (M, R, 91) array
        Dose rate × r² in cGy h⁻¹ U⁻¹ mm²; single precision.
    farthest_mm
        Last distance of the tables.
    models
        Identifiers, in the tables' order.
    """

    tables: Singles
    farthest_mm: float
    models: tuple[str, ...]


def node_radii_mm(farthest_mm: float) -> Numbers:
    """Distances of the table's nodes.

    Examples
    --------
    >>> radii = node_radii_mm(40.0)
    >>> radii[[1, 300, 301]].tolist(), float(radii[-1]) >= 40.0
    ([0.1, 30.0, 30.5], True)
    """
    fine = np.arange(round(FINE_MM * FINE_PER_MM)) / FINE_PER_MM
    beyond = max(1, int(np.ceil((farthest_mm - FINE_MM) * COARSE_PER_MM)) + 1)
    coarse = FINE_MM + np.arange(beyond + 1) / COARSE_PER_MM
    return np.concatenate([fine, coarse])


def make_kernel(implant: Implant, rules: DoseRules, farthest_mm: float) -> Kernel:
    """Tabulate every model of an implant.

    Parameters
    ----------
    implant, rules
        Seeds; formalism and interpolation.
    farthest_mm
        Largest distance between a seed and a point.

    Raises
    ------
    FormalismMissingError
        If a model lacks the table that the formalism needs.
    """
    radii = node_radii_mm(farthest_mm)
    tables = [_table(model, rules, radii) for model in implant.models().values()]
    return Kernel(np.stack(tables), float(radii[-1]), tuple(implant.models()))


def _table(model: SeedModel, rules: DoseRules, radii_mm: Numbers) -> Singles:
    theta = np.radians(np.arange(ANGLES, dtype=np.float64))
    radius = np.maximum(radii_mm, LEAST_RADIUS_MM)[:, None]
    along, away = radius * np.cos(theta), radius * np.sin(theta)
    away = _outside(away, along, model)
    at = np.hypot(along, away)
    rate = dose_rate_cgy_h_u(model, at, np.arctan2(away, along), rules)
    table: Singles = (rate * at**2).astype(np.float32)
    return table


def _outside(away_mm: Numbers, along_mm: Numbers, model: SeedModel) -> Numbers:
    """Places inside a capsule, moved to its side."""
    held = np.abs(along_mm) < model.capsule_length_mm / 2.0
    moved: Numbers = np.where(held, np.maximum(away_mm, model.capsule_diameter_mm / 2.0), away_mm)
    return moved


def packed_seeds(implant: Implant, weights: Numbers, kernel: Kernel) -> Singles:
    """The seeds as the loops read them, shape ``(S, 10)``; ``weights`` multiply cGy h⁻¹ U⁻¹."""
    rows = np.zeros((len(implant.seeds), SEED_COLUMNS), np.float32)
    rows[:, 0:3], rows[:, 3:6], rows[:, 6] = implant.centres_lps_mm, implant.axes_lps, weights
    for row, seed in zip(rows, implant.seeds, strict=True):
        row[7:9] = seed.model.capsule_length_mm / 2.0, seed.model.capsule_diameter_mm / 2.0
        row[9] = kernel.models.index(seed.model.id)
    return rows


@njit(cache=True, error_model="numpy", inline="always")
def _places(work: Singles, seed: Singles) -> None:
    """Where in the table each point of a block lies: rows 0 to 2 are read, 3 to 5 written.

    Row 3 is 1 / r², rows 4 and 5 the place along distance and angle. There is no branch, one array
    and a fixed length, so that the compiler computes several points at a time.
    """
    one, least = np.float32(1.0), np.float32(LEAST_RADIUS_MM)
    fine, per_fine = np.float32(FINE_MM), np.float32(FINE_PER_MM)
    per_coarse, degrees = np.float32(COARSE_PER_MM), np.float32(180.0 / np.pi)
    cx, cy, cz, ax, ay, az = seed[0], seed[1], seed[2], seed[3], seed[4], seed[5]
    half, side2 = seed[7], seed[8] * seed[8]
    for n in range(POINTS_PER_BLOCK):
        dx, dy, dz = work[0, n] - cx, work[1, n] - cy, work[2, n] - cz
        along = abs(dx * ax + dy * ay + dz * az)
        across2 = max(dx * dx + dy * dy + dz * dz - along * along, np.float32(0.0))
        across2 = max(across2, side2) if along < half else across2
        r = max(np.sqrt(across2 + along * along), least)
        inverse = one / r
        c = min(along * inverse, one)
        # arccos to 2e-8: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.4.46.
        p = np.float32(0.0066700901) + c * np.float32(-0.0012624911)
        p = np.float32(-0.0170881256) + c * p
        p = np.float32(0.0308918810) + c * p
        p = np.float32(-0.0501743046) + c * p
        p = np.float32(0.0889789874) + c * p
        p = np.float32(-0.2145988016) + c * p
        p = np.float32(1.5707963050) + c * p
        work[3, n] = inverse * inverse
        work[4, n] = r * per_fine if r < fine else fine * per_fine + (r - fine) * per_coarse
        work[5, n] = np.sqrt(one - c) * p * degrees


@njit(cache=True, error_model="numpy", inline="always")
def _add(table: Singles, weight: np.float32, work: Singles, block: Singles) -> None:
    """Read the table bilinearly for a block and add."""
    columns = np.int32(table.shape[1])
    last_row, last_column = np.int32(table.shape[0] - 2), np.int32(table.shape[1] - 2)
    flat = table.reshape(-1)
    for n in range(POINTS_PER_BLOCK):
        i = min(np.int32(work[4, n]), last_row)
        j = min(np.int32(work[5, n]), last_column)
        u, v = work[4, n] - np.float32(i), work[5, n] - np.float32(j)
        # Unsigned: a number that cannot be negative needs no look whether it counts from the end.
        here = np.uint64(i * columns + j)
        there = here + np.uint64(columns)
        near = flat[here] + v * (flat[here + np.uint64(1)] - flat[here])
        far = flat[there] + v * (flat[there + np.uint64(1)] - flat[there])
        block[n] += weight * work[3, n] * (near + u * (far - near))


@njit(cache=True, error_model="numpy", parallel=True)
def sum_on_grid(
    tables: Singles, seeds: Singles, index_to_lps: Singles, shape: tuple[int, int, int], out: Singles
) -> None:
    """Add every seed's dose to the flat grid ``out``, blocks of voxels shared among the threads."""
    size = out.size
    for block in prange((size + POINTS_PER_BLOCK - 1) // POINTS_PER_BLOCK):
        begin = block * POINTS_PER_BLOCK
        count = min(POINTS_PER_BLOCK, size - begin)
        work = np.zeros((6, POINTS_PER_BLOCK), np.float32)
        found = np.zeros(POINTS_PER_BLOCK, np.float32)
        i = begin % shape[2]
        j = (begin // shape[2]) % shape[1]
        k = begin // (shape[2] * shape[1])
        for n in range(count):
            for axis in range(3):
                work[axis, n] = (
                    index_to_lps[axis, 0] * k
                    + index_to_lps[axis, 1] * j
                    + index_to_lps[axis, 2] * i
                    + index_to_lps[axis, 3]
                )
            i += 1
            if i == shape[2]:
                i, j = 0, j + 1
                if j == shape[1]:
                    j, k = 0, k + 1
        for s in range(seeds.shape[0]):
            _places(work, seeds[s])
            _add(tables[int(seeds[s, 9])], seeds[s, 6], work, found)
        out[begin : begin + count] += found[:count]


@njit(cache=True, error_model="numpy", parallel=True)
def sum_at_points(tables: Singles, seeds: Singles, points: Singles, out: Singles) -> None:
    """The same at points ``(3, N)``."""
    size = out.size
    for block in prange((size + POINTS_PER_BLOCK - 1) // POINTS_PER_BLOCK):
        begin = block * POINTS_PER_BLOCK
        count = min(POINTS_PER_BLOCK, size - begin)
        work = np.zeros((6, POINTS_PER_BLOCK), np.float32)
        found = np.zeros(POINTS_PER_BLOCK, np.float32)
        work[:3, :count] = points[:, begin : begin + count]
        for s in range(seeds.shape[0]):
            _places(work, seeds[s])
            _add(tables[int(seeds[s, 9])], seeds[s, 6], work, found)
        out[begin : begin + count] += found[:count]


@njit(cache=True, error_model="numpy", parallel=True)
def each_at_points(tables: Singles, seeds: Singles, points: Singles, out: Singles) -> None:
    """The dose of every seed by itself at points ``(3, N)``: adds to ``out``, shape ``(S, N)``."""
    size = points.shape[1]
    for s in prange(seeds.shape[0]):
        work = np.zeros((6, POINTS_PER_BLOCK), np.float32)
        for begin in range(0, size, POINTS_PER_BLOCK):
            count = min(POINTS_PER_BLOCK, size - begin)
            found = np.zeros(POINTS_PER_BLOCK, np.float32)
            work[:3, :count] = points[:, begin : begin + count]
            _places(work, seeds[s])
            _add(tables[int(seeds[s, 9])], seeds[s, 6], work, found)
            out[s, begin : begin + count] += found[:count]
