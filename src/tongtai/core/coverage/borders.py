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
def _bare(point: Points, zones: Packed, own: int) -> bool:
    """Whether a point on a zone's border lies in no other zone."""
    for n in range(zones.shape[0]):
        if n != own and level(zones[n], point[0], point[1], point[2]) < 1.0 - 1e-9:
            return False
    return True


@njit(cache=True)
def _crease_distance(point: Points, near: Points, zones: Packed, best: float) -> float:
    """Smallest distance to the bare border around one of its points, if smaller than the best."""
    own, closest = 0, np.inf
    for n in range(zones.shape[0]):
        off = abs(level(zones[n], near[0], near[1], near[2]) - 1.0)
        if off < closest:
            own, closest = n, off
    centre = zones[own, :3]
    out = near - centre
    out /= np.sqrt(out @ out)
    first = np.zeros(3)
    first[np.argmin(np.abs(out))] = 1.0
    first -= (first @ out) * out
    first /= np.sqrt(first @ first)
    second = np.cross(out, first)
    for u in range(-_PATCH_HALF, _PATCH_HALF + 1):
        for v in range(-_PATCH_HALF, _PATCH_HALF + 1):
            spot = near + _PATCH_STEP_MM * (u * first + v * second)
            spot = centre + (spot - centre) / np.sqrt(level(zones[own], spot[0], spot[1], spot[2]))
            way = point - spot
            distance = np.sqrt(way @ way)
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
            bare = _bare(foot, zones, n)
            if bare:
                best = min(best, distance)
            if distance < shortest:
                smooth, shortest = bare, distance
        if inside and not smooth:
            for near in nearest[p]:
                best = _crease_distance(point, near, zones, best)
        found[p] = best if inside else -best
    return found
