"""What a set of zones does: coverage, the smallest margin and where it lies, what else is burnt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.coverage.borders import signed_distance_mm
from tongtai.core.coverage.targets import AblationTarget, bounding_of, points_in_box
from tongtai.core.coverage.zones import Packed, Zone, inside_any, packed

Points = NDArray[np.float64]
Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """Distance from the tumour's surface to the border of the zones, above zero inside them.

    Attributes
    ----------
    minimum_mm, place_lps_mm
        Where the margin is thinnest, the tumour's surface at the capsule left out; None if there is
        no surface left (a tumour that is all subcapsular).
    minimum_at_capsule_mm
        The same over the part that was left out: below zero, tumour is missed there.
    below_zero, below_asked, at_least_asked
        Shares of the measured surface with a margin below 0, from 0 to what is asked, and more.
    excluded
        Share of the tumour's surface that was left out.
    by_point_mm : (S,) array
        The distance at each of the target's surface points.
    """

    minimum_mm: float | None
    place_lps_mm: Place | None
    minimum_at_capsule_mm: float | None
    below_zero: float
    below_asked: float
    at_least_asked: float
    excluded: float
    by_point_mm: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What zones cover and cost.

    Attributes
    ----------
    tumour_coverage, target_coverage
        Shares of the volume inside the zones, 0 to 1.
    zone_ml
        Volume of the zones together, overlaps counted once, wherever there is liver.
    collateral_ml
        Healthy liver inside the zones and outside the margin.
    remnant_ml, remnant_share
        Healthy liver that is left, and its share of the healthy liver.
    reached_ml
        Volume of other structures inside the zones, by name; those not reached are absent.
    """

    tumour_coverage: float
    target_coverage: float
    margin: Margin
    zone_ml: float
    collateral_ml: float
    remnant_ml: float
    remnant_share: float
    reached_ml: Mapping[str, float]


def assess(target: AblationTarget, zones: Sequence[Zone]) -> Assessment:
    """Judge zones, planned or placed by hand, on the image's own voxels.

    Parameters
    ----------
    target
        Tumour and margin.
    zones
        Ellipsoids; none at all is allowed and covers nothing.
    """
    rows = packed(zones)
    voxel_ml = target.grid.voxel_volume_ml
    box = bounding_of(target.grid, rows)
    tumour = int(inside_any(target.tumour_points, rows).sum())
    margin = int(inside_any(target.margin_points, rows).sum())
    collateral = _held_ml(points_in_box([target.healthy], target.grid, box), rows, voxel_ml)
    in_margin_ml = margin * voxel_ml
    remnant = target.healthy_liver_ml - collateral - in_margin_ml
    reached = {
        name: volume
        for name, mask in target.others.items()
        if (volume := _held_ml(points_in_box([mask], target.grid, box), rows, voxel_ml)) > 0.0
    }
    return Assessment(
        tumour_coverage=tumour / len(target.tumour_points),
        target_coverage=(tumour + margin) / (len(target.tumour_points) + len(target.margin_points)),
        margin=margin_of(target, zones),
        zone_ml=tumour * voxel_ml + in_margin_ml + collateral,
        collateral_ml=collateral,
        remnant_ml=remnant,
        remnant_share=remnant / target.healthy_liver_ml if target.healthy_liver_ml else 0.0,
        reached_ml=reached,
    )


def _held_ml(points: Points, rows: Packed, voxel_ml: float) -> float:
    return float(inside_any(points, rows).sum()) * voxel_ml


def margin_of(target: AblationTarget, zones: Sequence[Zone]) -> Margin:
    """Signed distance of every point of the tumour's surface to the zones' border.

    The border is that of the ellipsoids themselves, not of voxels; see ``borders.signed_distance_mm``.
    """
    surface = target.surface_points
    distance = np.full(len(surface), -np.inf) if not zones else signed_distance_mm(surface, zones)
    kept = ~target.at_capsule
    measured = distance[kept]
    count = max(len(measured), 1)
    thinnest = int(np.flatnonzero(kept)[measured.argmin()]) if len(measured) else None
    left_out = distance[target.at_capsule]
    return Margin(
        minimum_mm=None if thinnest is None else float(distance[thinnest]),
        place_lps_mm=None if thinnest is None else _place(surface[thinnest]),
        minimum_at_capsule_mm=float(left_out.min()) if len(left_out) else None,
        below_zero=float((measured < 0.0).sum()) / count,
        below_asked=float(((measured >= 0.0) & (measured < target.margin_mm)).sum()) / count,
        at_least_asked=float((measured >= target.margin_mm).sum()) / count,
        excluded=float(target.at_capsule.mean()),
        by_point_mm=distance,
    )


def _place(point: Points) -> Place:
    return float(point[0]), float(point[1]), float(point[2])
