"""Ellipsoids of ablation along needles: inside or not, volume, border."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tongtai.core.coverage.devices import ZoneSize
from tongtai.core.needle import Needle

Points = NDArray[np.float64]
Mask = NDArray[np.bool_]
Packed = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Zone:
    """An ellipsoid of revolution.

    Attributes
    ----------
    centre_lps_mm
        Its centre.
    direction
        Unit vector of its axis, shape ``(3,)``.
    short_mm, long_mm
        Full axes, across and along the direction.

    Examples
    --------
    >>> ball = Zone((0.0, 0.0, 0.0), (0.0, 0.0, 1.0), 20.0, 20.0)
    >>> round(ball.volume_ml, 3)
    4.189
    """

    centre_lps_mm: tuple[float, float, float]
    direction: tuple[float, float, float]
    short_mm: float
    long_mm: float

    @property
    def volume_ml(self) -> float:
        """π/6 · short² · long."""
        return float(np.pi / 6.0 * self.short_mm**2 * self.long_mm) / 1000.0


def zone_at(needle: Needle, tip_depth_mm: float, size: ZoneSize) -> Zone:
    """The zone made with the tip at a depth below the skin along a needle."""
    centre = needle.point_at(tip_depth_mm + size.zone_beyond_tip_mm - size.long_mm / 2.0)
    along = needle.direction
    return Zone(
        (float(centre[0]), float(centre[1]), float(centre[2])),
        (float(along[0]), float(along[1]), float(along[2])),
        size.short_mm,
        size.long_mm,
    )


def packed(zones: Sequence[Zone]) -> Packed:
    """Zones as rows ``(centre, direction, 4/short², 4/long²)``, shape ``(Z, 8)``."""
    rows = np.zeros((len(zones), 8))
    for n, zone in enumerate(zones):
        rows[n, :3], rows[n, 3:6] = zone.centre_lps_mm, zone.direction
        rows[n, 6], rows[n, 7] = 4.0 / zone.short_mm**2, 4.0 / zone.long_mm**2
    return rows


@njit(cache=True, inline="always")
def level(zone: Packed, x: float, y: float, z: float) -> float:
    """Below 1 inside the zone, 1 on its border."""
    dx, dy, dz = x - zone[0], y - zone[1], z - zone[2]
    along = dx * zone[3] + dy * zone[4] + dz * zone[5]
    across = dx * dx + dy * dy + dz * dz - along * along
    return float(across * zone[6] + along * along * zone[7])


@njit(cache=True)
def inside_each(points: Points, zones: Packed) -> Mask:
    """Whether each zone holds each point, shape ``(Z, N)``."""
    held = np.zeros((zones.shape[0], points.shape[0]), np.bool_)
    for n in range(zones.shape[0]):
        for p in range(points.shape[0]):
            held[n, p] = level(zones[n], points[p, 0], points[p, 1], points[p, 2]) <= 1.0
    return held


def inside_any(points: Points, zones: Packed) -> Mask:
    """Whether any zone holds each point, shape ``(N,)``."""
    if len(zones) == 0 or len(points) == 0:
        return np.zeros(len(points), np.bool_)
    held: Mask = np.logical_or.reduce(inside_each(points, zones), axis=0)
    return held


def sphere_directions(count: int) -> Points:
    """Unit vectors spread evenly over the sphere (Fibonacci lattice), shape ``(count, 3)``."""
    turn = np.arange(count) * np.pi * (3.0 - np.sqrt(5.0))
    height = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    ring = np.sqrt(1.0 - height**2)
    return np.stack([ring * np.cos(turn), ring * np.sin(turn), height], axis=1)


def border_points(zones: Sequence[Zone], *, apart_mm: float = 1.0) -> Points:
    """Points on the border of the union of zones, about ``apart_mm`` apart or less, shape ``(N, 3)``."""
    # Of two equal zones each would hide the other's border.
    different = list(dict.fromkeys(zones))
    rows = packed(different)
    found = [np.zeros((0, 3))]
    for n, zone in enumerate(different):
        longest = max(zone.short_mm, zone.long_mm)
        count = int(np.ceil(np.pi * longest**2 / apart_mm**2))
        # A sphere's points, stretched along the axis, lie on the ellipsoid.
        along = np.asarray(zone.direction)
        ball = sphere_directions(count)
        axial = ball @ along
        across = ball - np.outer(axial, along)
        surface = across * zone.short_mm / 2.0 + np.outer(axial, along) * zone.long_mm / 2.0
        points = surface + zone.centre_lps_mm
        others = np.delete(rows, n, axis=0)
        found.append(points[~inside_any(points, others)])
    return np.concatenate(found)
