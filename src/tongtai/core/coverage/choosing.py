"""From needle lines and a device's settings to the positions that cover a target."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tongtai.core.coverage.devices import DeviceTable, ZoneSize
from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.lines import NeedleLine, crossing_pairs
from tongtai.core.coverage.organs import held_counts, reaching
from tongtai.core.coverage.selection import (
    CoverProblem,
    Effort,
    Selection,
    choose_exactly,
    choose_greedily,
    completed,
    spared,
)
from tongtai.core.coverage.targets import AblationTarget, bounding_of, lattice_in_box, thinned
from tongtai.core.coverage.zones import Packed, Zone, inside_any, inside_each, packed, zone_at
from tongtai.core.trajectory.scene import Scene

Points = NDArray[np.float64]
Place = tuple[int, float, ZoneSize, Zone]
"""A possible position: number of the line, depth of the tip, setting, zone."""
_DEPTH_STEP_MM = 4.0
_FIRST_POINTS = 500
_HEALTHY_STEP_MM = 4.0
_SETTINGS = 2
_ROUNDS = 3
_MOST_ADDED = 200
_ORGAN_WEIGHT = 10.0


def sizes_to_try(table: DeviceTable, target: AblationTarget, *, smaller: int = 0) -> tuple[ZoneSize, ...]:
    """The few settings of a table that suit a target.

    A setting is left out if another makes a zone at least as large in no more time. If one zone can
    hold the whole target, the smallest settings of which that may be true are kept; otherwise
    the largest. Besides them, so many ``smaller`` ones, spread evenly: they fit beside an organ.
    """
    listed = sorted(table.settings, key=lambda size: (size.short_mm, size.long_mm, -size.time_min))
    useful = [size for size in listed if not any(_wastes(size, other) for other in listed)]
    wide = np.linalg.norm(target.target_points - target.target_points.mean(axis=0), axis=1).max()
    large = [size for size in useful if size.short_mm >= 2.0 * wide]
    chosen = large[:_SETTINGS] if large else useful[-_SETTINGS:]
    below = useful[: useful.index(chosen[0])] if chosen else []
    places = (
        np.unique(np.linspace(0, len(below) - 1, smaller).round().astype(int)) if below else np.zeros(0, int)
    )
    return (*(below[place] for place in places.tolist()), *chosen)


def _wastes(size: ZoneSize, other: ZoneSize) -> bool:
    mine, its = (
        (size.short_mm, size.long_mm, -size.time_min),
        (other.short_mm, other.long_mm, -other.time_min),
    )
    return mine != its and all(a <= b for a, b in zip(mine, its, strict=True))


def every_position(
    target: AblationTarget, lines: Sequence[NeedleLine], sizes: Sequence[ZoneSize]
) -> list[Place]:
    """Every tip depth, in steps about the depth that centres a zone on the aim, with every setting."""
    middle = target.target_points.mean(axis=0)
    radius = float(np.linalg.norm(target.target_points - middle, axis=1).max())
    found: list[Place] = []
    for number, line in enumerate(lines):
        for size in sizes:
            centred = line.aim_depth_mm - size.zone_beyond_tip_mm + size.long_mm / 2.0
            steps = np.arange(-30, 31) * _DEPTH_STEP_MM + centred
            depths = sorted({float(d) for d in steps if 0.0 < d <= line.deepest_mm} | {line.deepest_mm})
            for depth in depths:
                zone = zone_at(line.needle, depth, size)
                away = np.linalg.norm(np.asarray(zone.centre_lps_mm) - middle)
                if away < radius:
                    found.append((number, depth, size, zone))
    return found


def choose(
    scene: Scene,
    target: AblationTarget,
    lines: Sequence[NeedleLine],
    every: Sequence[Place],
    *,
    effort: Effort | None,
) -> Selection:
    """The fewest of all possible positions that cover the target and its margin's border.

    The search works on few points and adds those that it finds left out; the choice is then
    completed on all of them, and what the others make needless is dropped.

    Raises
    ------
    CoverageError
        If no position touches the target.
    """
    if not every:
        raise CoverageError("No zone on any needle line touches the target.")
    search = _search(scene, target, lines, every)
    points = search.first
    plans = [choose_greedily(search.problem(points))]
    for _ in range(_ROUNDS):
        points = search.widened(points, plans[0])
        plans[0] = choose_greedily(search.problem(points))
    if effort is not None:
        exact = choose_exactly(search.problem(search.first), effort)
        points = search.widened(search.first, exact)
        plans += [exact, choose_exactly(search.problem(points), effort)]
    stopped = any(plan.stopped_by_time for plan in plans)
    if stopped:
        # How far the solver came by then is chance: only the greedy choice is the same every day.
        plans = plans[:1]
    bound = max(plan.bound for plan in plans)
    ready = [search.finished(plan, bound) for plan in plans]
    best = min(ready, key=lambda plan: (plan.uncovered, plan.count, plan.collateral_ml))
    return replace(best, stopped_by_time=stopped)


def within_reach(
    scene: Scene, target: AblationTarget, every: Sequence[Place]
) -> tuple[list[Place], tuple[str, ...]]:
    """The positions whose zone reaches no spared organ, and the organs that the others reach."""
    if not every:
        return [], ()
    organs = reaching(target, packed([place[3] for place in every]), scene.rules)
    if not organs:
        return list(every), ()
    barred: NDArray[np.bool_] = np.logical_or.reduce(list(organs.values()))
    return [place for place, out in zip(every, barred, strict=True) if not out], tuple(sorted(organs))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """All points that must be covered, a few to begin with, and the candidates."""

    whole: Points
    first: Points
    cell_mm: float
    rows: Packed
    needle_of: NDArray[np.int64]
    collateral_ml: NDArray[np.float64]
    crossing: tuple[tuple[int, int], ...]

    def problem(self, points: Points) -> CoverProblem:
        return CoverProblem(
            covers=inside_each(points, self.rows),
            needle_of=self.needle_of,
            collateral_ml=self.collateral_ml,
            crossing=self.crossing,
        )

    def left_out(self, plan: Selection) -> Points:
        """Points that a choice leaves out although some candidate holds them."""
        left = self.whole[~inside_any(self.whole, self.rows[list(plan.chosen)])]
        return left[np.logical_or.reduce(inside_each(left, self.rows), axis=0)] if len(left) else left

    def widened(self, points: Points, plan: Selection) -> Points:
        left = self.left_out(plan)
        return np.concatenate([points, left[thinned(left, self.cell_mm / 2.0)][:_MOST_ADDED]])

    def finished(self, plan: Selection, bound: int) -> Selection:
        last = self.problem(np.concatenate([self.first, self.left_out(plan)]))
        entire = completed(last, plan, bound)
        return spared(last, entire, inside_each(self.whole, self.rows[list(entire.chosen)]))


def _search(
    scene: Scene, target: AblationTarget, lines: Sequence[NeedleLine], every: Sequence[Place]
) -> _Search:
    # Voxels alone would let the margin be thin between their centres.
    whole = np.concatenate([target.target_points, target.envelope_points])
    cell_mm = (1000.0 * target.target_ml / _FIRST_POINTS) ** (1.0 / 3.0)
    rows = packed([place[3] for place in every])
    return _Search(
        whole=whole,
        first=whole[thinned(whole, cell_mm)],
        cell_mm=cell_mm,
        rows=rows,
        needle_of=np.array([place[0] for place in every], np.int64),
        collateral_ml=_collateral_ml(scene, target, rows),
        crossing=crossing_pairs(lines, scene, _shallowest_mm(lines, every)),
    )


def _shallowest_mm(lines: Sequence[NeedleLine], every: Sequence[Place]) -> list[float]:
    """Least depth of the tip on each line; of a line without a position, its deepest."""
    least = [line.deepest_mm for line in lines]
    for number, depth, _, _ in every:
        least[number] = min(least[number], depth)
    return least


def _collateral_ml(scene: Scene, target: AblationTarget, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Healthy liver in each zone, and ten times the organs that should be spared, from a lattice."""
    total = np.zeros(len(rows))
    box = bounding_of(target.grid, rows)
    names = {name for obstacle in scene.rules.spared for name in obstacle.structures}
    organs = [(_ORGAN_WEIGHT, mask) for name, mask in target.others.items() if name in names]
    for weight, mask in [(1.0, target.healthy), *organs]:
        points, each_ml = lattice_in_box([mask], target.grid, box, _HEALTHY_STEP_MM)
        total += weight * each_ml * held_counts(points, rows)
    return total
