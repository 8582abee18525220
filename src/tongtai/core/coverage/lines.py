"""Needle lines for zones: reachable ways through all parts of a tumour, each with its deepest tip."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.needle import Needle
from tongtai.core.trajectory.candidates import best_candidates
from tongtai.core.trajectory.marching import LIVER_BIT, OBSTACLE_BITS
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.needle_measure import NeedleMeasure
from tongtai.core.trajectory.needle_sets import shaft_distances_mm
from tongtai.core.trajectory.reach import ReachMap, Target, as_point, reach
from tongtai.core.trajectory.rules import LimitName
from tongtai.core.trajectory.scene import Scene

Points = NDArray[np.float64]
_STEP_MM = 0.5
_TIP_RESERVE_MM = 2.0
_CENTRAL_LINES = 6
_MOST_AIMS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedleLine:
    """A way for a needle.

    Attributes
    ----------
    measure
        Measured with the tip at the deepest place; shallower tips break no rule either.
    aim_depth_mm
        Depth of the point that the line was aimed at.
    deepest_mm
        Depth to which the tip may go: needle, liver and obstacles allow no more.
    """

    measure: NeedleMeasure
    aim_depth_mm: float
    deepest_mm: float

    @property
    def needle(self) -> Needle:
        """Entry and deepest tip."""
        return self.measure.needle


def needle_lines(
    measurer: Measurer,
    target: AblationTarget,
    *,
    aims_apart_mm: float = 9.0,
    on_progress: Callable[[float], None] | None = None,
) -> tuple[NeedleLine, ...]:
    """Reachable lines through the middle of a tumour and through points all over it.

    The whole skin is joined to every point. The middle gets several of the best paths, every other
    point its own best path and the one most nearly parallel to the middle's best: parallel needles
    make even overlaps.

    Parameters
    ----------
    measurer
        Measures in the scene.
    target
        The tumour with its margin.
    aims_apart_mm
        Distance of the points aimed at.
    on_progress
        Called with the share done; may raise to cancel.

    Returns
    -------
    tuple of NeedleLine
        Empty if the tumour cannot be reached at all.
    """
    scene = measurer.scene
    aims = [Target(target.tumour, as_point(p)) for p in aim_points(target.tumour_points, aims_apart_mm)]
    reached = reach(scene, aims)
    if on_progress is not None:
        on_progress(0.5)
    found: dict[tuple[int, int], None] = {}
    central: Points | None = None
    for number in range(len(aims)):
        count = _CENTRAL_LINES if number == 0 else 1
        best = best_candidates(reached, measurer, number, count=count).candidates
        found |= {(number, candidate.skin_point): None for candidate in best}
        if central is None and best:
            central = best[0].measure.needle.direction
        if central is not None and number > 0 and best:
            found[number, _most_parallel(reached, number, central)] = None
        if on_progress is not None:
            on_progress(0.5 + 0.5 * (number + 1) / len(aims))
    return _lines(measurer, reached, list(found))


def aim_points(points: Points, apart_mm: float) -> Points:
    """The middle of a cloud of points, then its points farthest from those taken so far."""
    middle = points[np.linalg.norm(points - points.mean(axis=0), axis=1).argmin()]
    taken = [middle]
    away = np.linalg.norm(points - middle, axis=1)
    while away.max() >= apart_mm and len(taken) < _MOST_AIMS:
        taken.append(points[away.argmax()])
        away = np.minimum(away, np.linalg.norm(points - taken[-1], axis=1))
    return np.array(taken)


def _most_parallel(reached: ReachMap, number: int, direction: Points) -> int:
    points = np.flatnonzero(reached.open[number])
    way = np.asarray(reached.targets[number].point_lps_mm) - reached.scene.skin.points_lps_mm[points]
    cosine = (way @ direction) / np.linalg.norm(way, axis=1)
    return int(points[cosine.argmax()])


def _lines(measurer: Measurer, reached: ReachMap, picks: Sequence[tuple[int, int]]) -> tuple[NeedleLine, ...]:
    """Lines with the deepest tip; where measuring finds that too deep, with the tip at the aim."""
    if not picks:
        return ()
    tumour = reached.targets[0].tumour
    aimed = [reached.needle(number, point) for number, point in picks]
    depths = [max(needle.length_mm, deepest_tip_mm(reached.scene, needle)) for needle in aimed]
    deep = measurer.measure([_with_tip(n, d) for n, d in zip(aimed, depths, strict=True)], tumour)
    shallow = measurer.measure(aimed, tumour)
    lines = []
    for needle, far, near in zip(aimed, deep, shallow, strict=True):
        measure = near if far.violations else far
        if not measure.violations:
            lines.append(
                NeedleLine(measure=measure, aim_depth_mm=needle.length_mm, deepest_mm=measure.length_mm)
            )
    return tuple(lines)


def _with_tip(needle: Needle, depth_mm: float) -> Needle:
    return Needle(needle.entry_lps_mm, as_point(needle.point_at(depth_mm)))


def deepest_tip_mm(scene: Scene, needle: Needle) -> float:
    """How deep the tip may go beyond a needle's present one.

    It stops short of the first obstacle, of the far side of the liver, and of the needle's length.
    """
    longest = scene.rules.limit(LimitName.NEEDLE_LENGTH_MM)
    depths = np.arange(needle.length_mm, longest + _STEP_MM / 2, _STEP_MM)
    if len(depths) == 0:
        return needle.length_mm
    points = np.asarray(needle.entry_lps_mm) + depths[:, None] * needle.direction
    index = np.rint(scene.grid.index_of(points)).astype(np.int64)
    within = np.all((index >= 0) & (index < scene.marks.shape), axis=1)
    marks = np.zeros(len(depths), np.uint32)
    marks[within] = scene.marks[tuple(index[within].T)]
    free = (marks & np.uint32(OBSTACLE_BITS) == 0) & ((marks >> np.uint32(LIVER_BIT)) & np.uint32(1) == 1)
    if free.all():
        return float(depths[-1])
    return max(needle.length_mm, float(depths[(~free).argmax()]) - _TIP_RESERVE_MM)


def crossing_pairs(lines: Sequence[NeedleLine], scene: Scene) -> tuple[tuple[int, int], ...]:
    """Pairs of lines whose needles come nearer than the rules' gap."""
    length = scene.rules.limit(LimitName.NEEDLE_LENGTH_MM)
    apart = shaft_distances_mm([line.needle for line in lines], length)
    near = np.argwhere(np.triu(apart < scene.rules.limit(LimitName.NEEDLE_GAP_MM), 1))
    return tuple((int(one), int(other)) for one, other in near)
