"""Distance from points to the border of a union of ellipsoids.

Of one ellipsoid of revolution the distance is exact: in the plane of the point and the axis it is
that to an ellipse, found by bisection (Eberly D. Distance from a point to an ellipse, an ellipsoid,
or a hyperellipsoid. Geometric Tools, 2013). Where zones cut into each other, the border has creases;
there the nearest point is searched on the surfaces themselves, in steps of ``_PATCH_STEP_MM``.
"""

from collections.abc import Sequence

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tongtai.core.coverage.zones import Packed, Zone, border_points, level, packed

Points = NDArray[np.float64]

_HALVINGS = 60
_TINY = 1e-12
_PATCH_STEP_MM = 0.1
_PATCH_HALF = 12
_BLOCK_HALF = 2
_NEAR = 4


def signed_distance_mm(points: Points, zones: Sequence[Zone]) -> NDArray[np.float64]:
    """Distance from points to the border of the union of zones, above zero inside.

    Parameters
    ----------
    points : (N, 3) array
        Positions in LPS millimetres.
    zones
        Ellipsoids of revolution, at least one.

    Returns
    -------
    (N,) array
        Exact outside, and inside where the nearest border is smooth; near a crease within 0.1 mm.

    Examples
    --------
    >>> ball = Zone((0.0, 0.0, 0.0), (0.0, 0.0, 1.0), 20.0, 20.0)
    >>> signed_distance_mm(np.array([[0.0, 0.0, 4.0], [13.0, 0.0, 0.0]]), [ball]).round(9).tolist()
    [6.0, -3.0]
    """
    rows = packed(list(dict.fromkeys(zones)))
    border = border_points(zones)
    # Several: two creases may be about as near, and their samples do not say which is nearer.
    sampled, nearest = cKDTree(border).query(points, k=range(1, min(_NEAR, len(border)) + 1))
    distance: NDArray[np.float64] = _distances(
        np.ascontiguousarray(points, np.float64), rows, sampled[:, 0].copy(), border[nearest]
    )
    return distance


@njit(cache=True)
def ellipse_foot(across: float, along: float, short: float, long: float) -> tuple[float, float]:
    """The point of an ellipse nearest to a point, both in the first quadrant.

    Parameters
    ----------
    across, along : float
        The point, not below zero.
    short, long : float
        The semi-axes across and along; either may be the larger.

    Returns
    -------
    tuple of float
        The nearest point, across and along.
    """
    if across <= _TINY and along <= _TINY:
        return (short, 0.0) if short <= long else (0.0, long)
    # On an axis inside the evolute the nearest point lies beside the axis.
    if along <= _TINY and across * short < short**2 - long**2:
        x = short**2 * across / (short**2 - long**2)
        return x, long * np.sqrt(max(0.0, 1.0 - (x / short) ** 2))
    if across <= _TINY and along * long < long**2 - short**2:
        y = long**2 * along / (long**2 - short**2)
        return short * np.sqrt(max(0.0, 1.0 - (y / long) ** 2)), y
    # The foot is (short² across / (t + short²), long² along / (t + long²)) for the largest root t.
    low = max(short * across - short**2, long * along - long**2)
    high = np.sqrt((short * across) ** 2 + (long * along) ** 2) - min(short, long) ** 2
    for _ in range(_HALVINGS):
        t = 0.5 * (low + high)
        x = short * across / (t + short**2)
        y = long * along / (t + long**2)
        if x * x + y * y > 1.0:
            low = t
        else:
            high = t
    t = high
    return short**2 * across / (t + short**2), long**2 * along / (t + long**2)


@njit(cache=True)
def _foot(zone: Packed, point: Points) -> Points:
    """The point of a zone's border nearest to a point."""
    away = point - zone[:3]
    along = float(away @ zone[3:6])
    side = away - along * zone[3:6]
    across = float(np.sqrt(side @ side))
    if across <= _TINY:
        # Any direction across will do: the one least along the axis.
        side = np.zeros(3)
        side[np.argmin(np.abs(zone[3:6]))] = 1.0
        side -= (side @ zone[3:6]) * zone[3:6]
        side /= np.sqrt(side @ side)
    else:
        side /= across
    x, y = ellipse_foot(across, abs(along), 1.0 / np.sqrt(zone[6]), 1.0 / np.sqrt(zone[7]))
    foot: Points = zone[:3] + x * side + np.copysign(y, along) * zone[3:6]
    return foot


@njit(cache=True)
def _bare(point: tuple[float, float, float], zones: Packed, own: int) -> bool:
    """Whether a point on a zone's border lies in no other zone."""
    for n in range(zones.shape[0]):
        if n != own and level(zones[n], point[0], point[1], point[2]) < 1.0 - 1e-9:
            return False
    return True


@njit(cache=True)
def _spread(zone: Packed) -> float:
    """By how much, at most, drawing spots near the border onto it moves them apart.

    The derivative of x/√level(x) stretches by 1/cos of the angle between ray and normal, at most half of the
    ratio of the axes and its inverse, and by 1/√level, which is 1 at the border and changes by the patch's size.
    """
    ratio = np.sqrt(max(zone[6], zone[7]) / min(zone[6], zone[7]))
    shortest = 1.0 / np.sqrt(max(zone[6], zone[7]))
    nearby = 1.0 - np.sqrt(2.0) * _PATCH_STEP_MM * _PATCH_HALF / shortest
    return float(0.5 * (ratio + 1.0 / ratio) / max(nearby, 1e-3))


@njit(cache=True)
def _patch(zone: Packed, near: Points) -> Points:
    """A border's point and two unit vectors across the ray from the zone's middle to it, shape ``(3, 3)``."""
    out = near - zone[:3]
    out /= np.sqrt(out @ out)
    axes = np.zeros((3, 3))
    axes[0] = near
    axes[1, np.argmin(np.abs(out))] = 1.0
    axes[1] -= (axes[1] @ out) * out
    axes[1] /= np.sqrt(axes[1] @ axes[1])
    axes[2] = np.cross(out, axes[1])
    return axes


@njit(cache=True)
def _spot(zone: Packed, axes: Points, u: int, v: int) -> tuple[float, float, float]:
    """The border's point at a step of a patch, on the ray from the zone's middle."""
    x = axes[0, 0] + _PATCH_STEP_MM * (u * axes[1, 0] + v * axes[2, 0])
    y = axes[0, 1] + _PATCH_STEP_MM * (u * axes[1, 1] + v * axes[2, 1])
    z = axes[0, 2] + _PATCH_STEP_MM * (u * axes[1, 2] + v * axes[2, 2])
    root = np.sqrt(level(zone, x, y, z))
    return (
        zone[0] + (x - zone[0]) / root,
        zone[1] + (y - zone[1]) / root,
        zone[2] + (z - zone[2]) / root,
    )


@njit(cache=True)
def _away(point: Points, spot: tuple[float, float, float]) -> float:
    return float(np.sqrt((point[0] - spot[0]) ** 2 + (point[1] - spot[1]) ** 2 + (point[2] - spot[2]) ** 2))


@njit(cache=True)
def _crease_distance(point: Points, near: Points, zones: Packed, best: float) -> float:
    """Smallest distance to the bare border around one of its points, if smaller than the best."""
    own, closest = 0, np.inf
    for n in range(zones.shape[0]):
        off = abs(level(zones[n], near[0], near[1], near[2]) - 1.0)
        if off < closest:
            own, closest = n, off
    zone, axes = zones[own], _patch(zones[own], near)
    # No spot of a block is nearer than its middle by more than this.
    reach = _PATCH_STEP_MM * _BLOCK_HALF * np.sqrt(2.0) * _spread(zone)
    for bu in range(-_PATCH_HALF + _BLOCK_HALF, _PATCH_HALF + 1, 2 * _BLOCK_HALF + 1):
        for bv in range(-_PATCH_HALF + _BLOCK_HALF, _PATCH_HALF + 1, 2 * _BLOCK_HALF + 1):
            if _away(point, _spot(zone, axes, bu, bv)) - reach >= best:
                continue
            for u in range(bu - _BLOCK_HALF, bu + _BLOCK_HALF + 1):
                for v in range(bv - _BLOCK_HALF, bv + _BLOCK_HALF + 1):
                    spot = _spot(zone, axes, u, v)
                    distance = _away(point, spot)
                    if distance < best and _bare(spot, zones, own):
                        best = distance
    return best


@njit(parallel=True, cache=True)
def _distances(points: Points, zones: Packed, sampled: Points, nearest: Points) -> Points:
    found = np.zeros(points.shape[0])
    for p in prange(points.shape[0]):
        point = points[p]
        inside = False
        best = sampled[p]
        smooth, shortest = False, np.inf
        for n in range(zones.shape[0]):
            inside |= level(zones[n], point[0], point[1], point[2]) <= 1.0
            foot = _foot(zones[n], point)
            way = foot - point
            distance = np.sqrt(way @ way)
            bare = _bare((foot[0], foot[1], foot[2]), zones, n)
            if bare:
                best = min(best, distance)
            if distance < shortest:
                smooth, shortest = bare, distance
        if inside and not smooth:
            for near in nearest[p]:
                best = _crease_distance(point, near, zones, best)
        found[p] = best if inside else -best
    return found
