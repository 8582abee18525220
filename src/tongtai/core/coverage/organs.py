"""Organs that no zone of heat may reach: which zones reach one, how much of it, how deep."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from tongtai.core.coverage.borders import signed_distance_mm
from tongtai.core.coverage.targets import AblationTarget, bounding_of, lattice_in_box, points_in_box, thinned
from tongtai.core.coverage.zones import Packed, Zone, inside_any, level, packed
from tongtai.core.trajectory.anatomy import Mask
from tongtai.core.trajectory.rules import Obstacle, TrajectoryRules
from tongtai.core.volumes import Volume

Points = NDArray[np.float64]

LEAST_REACHED_ML = 0.05
"""Less than this is the edge of a mask, not an organ reached."""
_LATTICE_MM = 2.0
_SHARE_OF_LEAST = 0.5
"""One zone may reach so much of ``LEAST_REACHED_ML``: several together then hardly pass it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganReached:
    """An organ inside the zones.

    Attributes
    ----------
    organ
        Name of the rule's obstacle, such as ``bowel``.
    volume_ml
        How much of it.
    depth_mm
        How far it would have to give way: the longest way from one of its voxels out of the zones, of
        voxels about 2 mm apart.
    """

    organ: str
    volume_ml: float
    depth_mm: float


def organs_reached(
    target: AblationTarget, zones: Sequence[Zone], rules: TrajectoryRules
) -> tuple[OrganReached, ...]:
    """Spared organs that zones reach by ``LEAST_REACHED_ML`` or more, the most first.

    Parameters
    ----------
    target
        With the masks of the other structures.
    zones
        The zones together.
    rules
        Whose ``spared`` obstacles count.
    """
    rows = packed(zones)
    box = bounding_of(target.grid, rows)
    found = []
    for obstacle in rules.spared:
        masks = _masks(target, obstacle)
        if not masks:
            continue
        points = points_in_box(masks, target.grid, box)
        held = points[inside_any(points, rows)]
        volume = len(held) * target.grid.voxel_volume_ml
        if volume >= LEAST_REACHED_ML:
            some = held[thinned(held, _LATTICE_MM)]
            depth = float(signed_distance_mm(some, zones).max())
            found.append(OrganReached(organ=obstacle.name, volume_ml=volume, depth_mm=depth))
    return tuple(sorted(found, key=lambda one: (-one.volume_ml, one.organ)))


def reaching(target: AblationTarget, rows: Packed, rules: TrajectoryRules) -> dict[str, Mask]:
    """For each spared organ that any of the zones reaches: which do, shape ``(Z,)``.

    Parameters
    ----------
    target
        With the masks of the other structures.
    rows
        Packed zones, each judged alone.
    rules
        Whose ``spared`` obstacles count.
    """
    box = bounding_of(target.grid, rows)
    found = {}
    for obstacle in rules.spared:
        masks = _masks(target, obstacle)
        if not masks:
            continue
        points, each_ml = lattice_in_box(masks, target.grid, box, _LATTICE_MM)
        reaches = held_counts(points, rows) * each_ml > _SHARE_OF_LEAST * LEAST_REACHED_ML
        if reaches.any():
            found[obstacle.name] = reaches
    return found


def organs_within(target: AblationTarget, contour: Volume, rules: TrajectoryRules) -> dict[str, float]:
    """Volume (ml) of each spared organ inside a mask on another grid, from organ voxels about 2 mm apart.

    Parameters
    ----------
    target
        With the masks of the other structures.
    contour
        A mask, say of the tissue that a simulation destroys.
    rules
        Whose ``spared`` obstacles count; organs below ``LEAST_REACHED_ML`` are absent.
    """
    whole = tuple(slice(0, count) for count in target.grid.voxels.shape)
    found = {}
    for obstacle in rules.spared:
        masks = _masks(target, obstacle)
        if not masks:
            continue
        points, each_ml = lattice_in_box(masks, target.grid, (whole[0], whole[1], whole[2]), _LATTICE_MM)
        index = np.rint(contour.index_of(points)).astype(np.int64)
        on_grid = np.all((index >= 0) & (index < contour.voxels.shape), axis=1)
        volume = each_ml * float(np.count_nonzero(contour.voxels[tuple(index[on_grid].T)]))
        if volume >= LEAST_REACHED_ML:
            found[obstacle.name] = volume
    return found


def _masks(target: AblationTarget, obstacle: Obstacle) -> tuple[Mask, ...]:
    """The masks of an obstacle's structures."""
    return tuple(target.others[name] for name in obstacle.structures if name in target.others)


@njit(parallel=True, cache=True)
def held_counts(points: Points, zones: Packed) -> NDArray[np.int64]:
    """How many of the points each zone holds, shape ``(Z,)``.

    Parameters
    ----------
    points : (N, 3) array
        Positions in LPS millimetres.
    zones : (Z, 8) array
        Packed zones.
    """
    found = np.zeros(zones.shape[0], np.int64)
    for n in prange(zones.shape[0]):
        zone = zones[n]
        count = 0
        for p in range(points.shape[0]):
            if level(zone, points[p, 0], points[p, 1], points[p, 2]) <= 1.0:
                count += 1
        found[n] = count
    return found
