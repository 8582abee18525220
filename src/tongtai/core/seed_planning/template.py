"""The coplanar template: a plane with holes on a square grid, and the direction in which it is best held."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tongtai.core.seed_planning.errors import TemplateError
from tongtai.core.seed_planning.hand_placed import MOST_HOLES
from tongtai.core.seed_planning.paths import Line, Way, ways
from tongtai.core.seed_planning.region import SeedRegion
from tongtai.core.seed_planning.rules import SeedNumber, SeedRules
from tongtai.core.trajectory.reach import ReachMap
from tongtai.core.trajectory.scene import Scene

Points = NDArray[np.float64]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COVERS_MM = 9.0
_APART_DEG = 10.0
_MOST_DIRECTIONS = 16
_FAN_DEG = tuple(range(0, 360, 20))
_TILTS_DEG = (0.0, -15.0, 15.0)
# A hole farther than this from every sample of the target, beyond what the rules allow, can carry no seed.
_BESIDE_MM = 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Template:
    """A square grid of parallel lines through the target.

    Attributes
    ----------
    middle_lps_mm
        Where the line of the middle hole is nearest to the tumour's middle.
    direction, column_axis, row_axis
        Unit vectors at right angles: of the needles, and in the plane.
    spacing_mm, holes
        Between holes; along each side.
    """

    middle_lps_mm: Points
    direction: Points
    column_axis: Points
    row_axis: Points
    spacing_mm: float
    holes: int
    rotation_deg: float

    def offsets_mm(self) -> list[tuple[str, float, float]]:
        """Name and offsets along columns and rows of every hole, row by row.

        Examples
        --------
        >>> axes = np.eye(3)
        >>> template = Template(
        ...     middle_lps_mm=np.zeros(3),
        ...     direction=axes[2],
        ...     column_axis=axes[0],
        ...     row_axis=axes[1],
        ...     spacing_mm=10.0,
        ...     holes=3,
        ...     rotation_deg=0.0,
        ... )
        >>> template.offsets_mm()[0], template.offsets_mm()[4]
        (('A1', -10.0, -10.0), ('B2', 0.0, 0.0))
        """
        places = (np.arange(self.holes) - (self.holes - 1) / 2.0) * self.spacing_mm
        return [
            (f"{_LETTERS[column]}{row + 1}", float(u), float(v))
            for row, v in enumerate(places)
            for column, u in enumerate(places)
        ]

    def lines(self, near_mm: Points, within_mm: float) -> list[Line]:
        """A line for every hole that passes within a distance of any of some places, ``(P, 3)``."""
        offset = near_mm - self.middle_lps_mm
        flat = np.stack([offset @ self.column_axis, offset @ self.row_axis], axis=1)
        return [
            Line(
                name=name,
                point_lps_mm=self.middle_lps_mm + u * self.column_axis + v * self.row_axis,
                direction=self.direction,
            )
            for name, u, v in self.offsets_mm()
            if np.min(np.hypot(flat[:, 0] - u, flat[:, 1] - v)) <= within_mm
        ]


def template_towards(
    middle_lps_mm: Points,
    direction: Points,
    rules: SeedRules,
    *,
    spacing_mm: float,
    rotation_deg: float = 0.0,
    offset_mm: tuple[float, float] = (0.0, 0.0),
) -> Template:
    """A template perpendicular to a direction.

    Without rotation the columns run in the axial plane.

    Parameters
    ----------
    middle_lps_mm
        The tumour's middle.
    direction : (3,) array
        Of the needles, of any length above zero.
    rules
        Allowed spacing; number of holes.
    spacing_mm, rotation_deg, offset_mm
        Between holes; turn about the direction; shift along columns and rows.

    Raises
    ------
    TemplateError
        If the direction is zero or not finite, or the spacing not allowed.
    """
    rules.check_needle_step(spacing_mm)
    length = float(np.linalg.norm(direction))
    if not np.isfinite(length) or length < 1e-6 or not np.all(np.isfinite([rotation_deg, *offset_mm])):
        raise TemplateError("The direction of a template is a finite vector that is not zero.")
    along = np.asarray(direction, np.float64) / length
    holes = int(rules.number(SeedNumber.TEMPLATE_HOLES))
    if not 1 <= holes <= MOST_HOLES:
        raise TemplateError(f"A template has 1 to {MOST_HOLES} holes along each side, got {holes}.")
    head = np.array([0.0, 0.0, 1.0])
    across = np.cross(head, along)
    flat = across if np.linalg.norm(across) > 1e-6 else np.array([1.0, 0.0, 0.0])
    flat = flat / np.linalg.norm(flat)
    up = np.cross(along, flat)
    turn = np.radians(rotation_deg)
    columns = np.cos(turn) * flat + np.sin(turn) * up
    rows = np.cross(along, columns)
    return Template(
        middle_lps_mm=np.asarray(middle_lps_mm, np.float64) + offset_mm[0] * columns + offset_mm[1] * rows,
        direction=along,
        column_axis=columns,
        row_axis=rows,
        spacing_mm=spacing_mm,
        holes=holes,
        rotation_deg=rotation_deg,
    )


def directions_to_try(reached: ReachMap, best: Sequence[Points]) -> list[Points]:
    """Directions to hold a template in: of the best needles, then from all open skin, each well apart from the others.

    Where no skin is open to the tumour's middle, a fan in and beside the axial plane: holes beside the middle may
    still be open.
    """
    aim = np.asarray(reached.targets[0].point_lps_mm)
    open_points = np.flatnonzero(reached.open[0])
    way = aim - reached.scene.skin.points_lps_mm[open_points]
    length = np.linalg.norm(way, axis=1)
    nearest = np.argsort(length, kind="stable")
    kept: list[Points] = []
    for one in [*best, *(way[nearest] / length[nearest, None])]:
        if all(one @ other < np.cos(np.radians(_APART_DEG)) for other in kept):
            kept.append(one)
        if len(kept) == _MOST_DIRECTIONS:
            break
    return kept or _fan(reached.scene)


def _fan(scene: Scene) -> list[Points]:
    axis = np.asarray(scene.positioning.gantry_axis_lps)
    down = np.asarray(scene.positioning.table_direction_lps)
    side = np.cross(down, axis)
    return [
        np.cos(tilt) * (np.cos(turn) * down + np.sin(turn) * side) + np.sin(tilt) * axis
        for tilt in np.radians(_TILTS_DEG)
        for turn in np.radians(_FAN_DEG)
    ]


def covered_share(found: Sequence[Way], samples: Points) -> float:
    """Share of the target's samples near a place that the planning grid holds open."""
    places = [
        way.entry_lps_mm + depth * way.line.direction
        for way in found
        if way.entry_lps_mm is not None and len(way.tips)
        for depth in way.wanted[: len(way.tips)]
    ]
    if not places:
        return 0.0
    near, _ = cKDTree(np.array(places)).query(samples)
    return float((near <= _COVERS_MM).mean())


def lines_within_mm(rules: SeedRules) -> float:
    """How far from the target's samples the line of a hole may pass that can carry a seed."""
    return rules.number(SeedNumber.OUTSIDE_TARGET_MM) + _BESIDE_MM


def best_templates(
    scene: Scene,
    region: SeedRegion,
    rules: SeedRules,
    candidates: Sequence[Template],
    samples: Points,
    *,
    count: int,
) -> list[tuple[Template, tuple[Way, ...]]]:
    """Of several templates those that leave most of the target in reach; earlier ones win a tie.

    Parameters
    ----------
    scene, region, rules
        The patient; the target's neighbourhood; spacing.
    candidates
        In the order of preference.
    samples : (P, 3) array
        Places in the target.
    count
        How many.
    """
    judged = []
    within = lines_within_mm(rules)
    for number, template in enumerate(candidates):
        found = ways(scene, region, rules, template.lines(samples, within))
        judged.append((-round(covered_share(found, samples), 3), number, template, found))
    judged.sort(key=lambda one: (one[0], one[1]))
    return [(template, found) for _, _, template, found in judged[:count]]
