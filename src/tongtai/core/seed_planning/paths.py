"""Straight ways for the needles of an implant: how deep each may go, what ends it, where seeds may lie on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.needle import Needle
from tongtai.core.seed_planning.region import OUTSIDE, VESSEL, SeedRegion
from tongtai.core.seed_planning.rules import SeedNumber, SeedRules
from tongtai.core.trajectory.marching import AIR_BIT, march_rays
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.needle_measure import NeedleMeasure, Violation
from tongtai.core.trajectory.reach import AIR, LENGTH, NO_TUMOUR, as_point
from tongtai.core.trajectory.rules import LimitName
from tongtai.core.trajectory.scene import Scene

Points = NDArray[np.float64]
NO_SKIN = "no_skin"
"""Constraint of a line that leaves the picture, or the body's mask, before any skin is seen."""
_STEP_MM = 0.5
_LEAST_DEPTH_MM = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """A straight line towards the target.

    Attributes
    ----------
    name
        The template's hole, or a free line's number.
    point_lps_mm
        A point of the line beside or in the target, from which depths of places are counted.
    direction
        Unit vector from the skin inwards.
    """

    name: str
    point_lps_mm: Points
    direction: Points


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeedPath:
    """A line with its way through the patient.

    Attributes
    ----------
    entry_lps_mm
        Where the line enters the skin; None where it does not meet the body.
    wanted : (W,) array
        Depths below the skin at which a seed may lie by its distance to the target and to vessels.
    order : (W,) int array
        Their numbers on the lattice of places along the line.
    open_to_mm
        Deepest tip that is allowed; 0 where none is.
    blocked_by, blocked_depth_mm
        What closes the line, or ends it before its deepest place; empty where nothing does.
    measure
        The needle with its tip at the deepest allowed place; None where it is closed.
    refused
        Places of the lattice that are closed, by reason: ``vessel``, ``outside_target``.
    meets_target
        Whether a seed may lie anywhere on it, if nothing blocked the way.
    """

    line: Line
    entry_lps_mm: Points | None
    wanted: Points
    order: NDArray[np.int64]
    open_to_mm: float
    blocked_by: str
    blocked_depth_mm: float | None
    measure: NeedleMeasure | None
    refused: dict[str, int]
    meets_target: bool

    @property
    def is_open(self) -> bool:
        """Whether a needle may carry at least one seed."""
        return self.measure is not None

    def point_at(self, depth_mm: float) -> Points:
        """Position below the skin."""
        assert self.entry_lps_mm is not None  # noqa: S101  (a path with places has an entry)
        place: Points = self.entry_lps_mm + depth_mm * self.line.direction
        return place


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """A line and what the planning grid says of it, before the exact measurement."""

    line: Line
    entry_lps_mm: Points | None
    wanted: Points
    order: NDArray[np.int64]
    refused: dict[str, int]
    tips: Points
    """Depths of the tips that the grid holds open, rising."""
    blocked_by: str
    blocked_depth_mm: float | None
    meets_target: bool


def ways(scene: Scene, region: SeedRegion, rules: SeedRules, lines: Sequence[Line]) -> tuple[Way, ...]:
    """Follow lines through the planning grid, on which obstacles have grown by their margins.

    Parameters
    ----------
    scene
        The prepared patient with the needle rules of seeds.
    region
        The target's neighbourhood.
    rules
        Spacing and clearances.
    lines
        Any number.
    """
    return tuple(_way(scene, region, rules, line) for line in lines)


def _way(scene: Scene, region: SeedRegion, rules: SeedRules, line: Line) -> Way:
    offsets, order, refused = _places(region, rules, line)
    entry = _entry(scene, line, offsets.min() if len(offsets) else 0.0)
    if entry is None or len(offsets) == 0:
        return Way(
            line=line, entry_lps_mm=entry, wanted=np.zeros(0), order=np.zeros(0, np.int64), refused=refused,
            tips=np.zeros(0), blocked_by=NO_SKIN if len(offsets) else "", blocked_depth_mm=None,
            meets_target=len(offsets) > 0,
        )  # fmt: skip
    depths = offsets + float((line.point_lps_mm - entry) @ line.direction)
    beneath = depths > _LEAST_DEPTH_MM
    depths, order = depths[beneath], order[beneath]
    tips = depths + rules.number(SeedNumber.TIP_BEYOND_SEED_MM)
    open_to, blocked_by, met_at = _open_to(scene, line, entry, float(tips.max(initial=0.0)))
    return Way(
        line=line,
        entry_lps_mm=entry,
        wanted=depths,
        order=order,
        refused=refused,
        tips=tips[tips <= open_to],
        blocked_by=blocked_by,
        blocked_depth_mm=met_at,
        meets_target=len(depths) > 0,
    )


def _places(
    region: SeedRegion, rules: SeedRules, line: Line
) -> tuple[Points, NDArray[np.int64], dict[str, int]]:
    """Offsets along a line at which a seed may lie, their numbers, and how many a reason closes."""
    step = rules.number(SeedNumber.SEED_STEP_MM)
    reach = np.linalg.norm(np.array(region.mask.voxels.shape) * region.mask.spacing_mm)
    count = int(np.ceil(reach / step))
    order = np.arange(-count, count + 1)
    points = line.point_lps_mm + (order * step)[:, None] * line.direction
    index = region.mask.index_of(points)
    held = np.all((index > -0.5) & (index < np.array(region.mask.voxels.shape) - 0.5), axis=1)
    outside = region.outside_at(points)
    near = held & (outside <= rules.number(SeedNumber.OUTSIDE_TARGET_MM))
    clear = region.vessel_at(points) >= rules.number(SeedNumber.VESSEL_CLEARANCE_MM)
    refused = {VESSEL: int((near & ~clear).sum()), OUTSIDE: int((held & ~near).sum())}
    kept = near & clear
    return order[kept] * step, order[kept].astype(np.int64), refused


def _entry(scene: Scene, line: Line, first_mm: float) -> Points | None:
    """Where the line, followed outwards from its first place, leaves the body; None if it never is inside."""
    grid = scene.grid
    longest = float(np.linalg.norm(np.array(grid.voxels.shape) * grid.spacing_mm))
    offsets = first_mm - np.arange(0.0, longest, _STEP_MM)
    points = line.point_lps_mm + offsets[:, None] * line.direction
    index = np.rint(grid.index_of(points)).astype(np.int64)
    within = np.all((index >= 0) & (index < grid.voxels.shape), axis=1)
    inside = np.zeros(len(offsets), np.bool_)
    inside[within] = grid.voxels[tuple(index[within].T)]
    if not inside[0] or inside.all():
        return None
    left = int((~inside).argmax())
    # Beyond the picture's end the patient goes on: no skin is seen there.
    return points[left - 1] if within[left] else None


def _open_to(scene: Scene, line: Line, entry: Points, deepest_mm: float) -> tuple[float, str, float | None]:
    """Deepest open tip by the planning grid, what ends it, and the depth at which that is met."""
    longest = scene.rules.limit(LimitName.NEEDLE_LENGTH_MM)
    length = min(deepest_mm, longest)
    ends = scene.grid.index_of(entry + length * line.direction)
    starts = scene.grid.index_of(entry)
    _, first, depths = march_rays(scene.marks, starts[None], ends[None], np.array([length]), 0)
    if np.isfinite(depths[0, 0]):
        met_at = float(depths[0, 0])
        return met_at, _named(scene, int(first[0])), met_at
    if deepest_mm > longest:
        return longest, LENGTH, longest
    return deepest_mm, "", None


def _named(scene: Scene, bits: int) -> str:
    for bit, item in enumerate(scene.obstacles):
        if (bits >> bit) & 1:
            return item.obstacle.name
    return AIR if (bits >> AIR_BIT) & 1 else ""


def measured_paths(measurer: Measurer, tumour: str, found: Sequence[Way]) -> tuple[SeedPath, ...]:
    """Measure the deepest tip of each way on the image's own grid; a tip that breaks a rule is drawn back.

    A needle of an implant need not meet the tumour: those at the margin's edge do not.

    Parameters
    ----------
    measurer
        Measures in the scene of the ways.
    tumour
        Its name.
    found
        From `ways`.
    """
    left = {number: len(way.tips) for number, way in enumerate(found)}
    paths: dict[int, SeedPath] = {
        number: _path(way, None, None) for number, way in enumerate(found) if not len(way.tips)
    }
    broken: dict[int, Violation] = {}
    while waiting := [number for number in left if number not in paths]:
        needles = [_needle(found[number], left[number] - 1) for number in waiting]
        for number, measure in zip(waiting, measurer.measure(needles, tumour), strict=True):
            rules = [one for one in measure.violations if one.constraint != NO_TUMOUR]
            if not rules:
                paths[number] = _path(found[number], measure, broken.get(number))
                continue
            broken[number] = rules[0]
            left[number] -= 1
            if left[number] == 0:
                paths[number] = _path(found[number], None, rules[0])
    return tuple(paths[number] for number in range(len(found)))


def _needle(way: Way, place: int) -> Needle:
    assert way.entry_lps_mm is not None  # noqa: S101  (a way with tips has an entry)
    tip = way.entry_lps_mm + way.tips[place] * way.line.direction
    return Needle(as_point(way.entry_lps_mm), as_point(tip))


def _path(way: Way, measure: NeedleMeasure | None, broken: Violation | None) -> SeedPath:
    blocked, depth = way.blocked_by, way.blocked_depth_mm
    if broken is not None:
        blocked, depth = broken.constraint, 0.0 if measure is None else measure.length_mm
    return SeedPath(
        line=way.line,
        entry_lps_mm=way.entry_lps_mm,
        wanted=way.wanted,
        order=way.order,
        open_to_mm=0.0 if measure is None else measure.length_mm,
        blocked_by=blocked,
        blocked_depth_mm=depth,
        measure=measure,
        refused=way.refused,
        meets_target=way.meets_target,
    )
