"""The best of the open paths: Pareto-optimal first, ranked, spread over the skin, measured exactly.

A path is Pareto-optimal if no other is at least as good in every criterion and better in one; what
is good enough (``Criterion.good``) counts as equally good. The weighted sum of the penalties, on
the scale of the rules, orders what is left.
"""

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tongtai.core.trajectory.anatomy import Points
from tongtai.core.trajectory.marching import least_along_rays
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.needle_measure import NeedleMeasure
from tongtai.core.trajectory.reach import ReachMap, axial_angle_deg
from tongtai.core.trajectory.scene import STEPS_PER_MM, Scene

_TOLERANCE = 1e-9
_MOST_DROPPED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One path with its rank.

    Attributes
    ----------
    measure
        The needle and its exact measures.
    penalties
        Penalty of each criterion of the rules, 0 to 1; criteria that could not be measured for want
        of a mask are absent.
    score
        Weighted mean of the penalties: 0 is the best that can be, 1 the worst.
    skin_point
        Place in the reachability map's skin; -1 for a needle that was placed by hand.
    pareto
        Whether it is Pareto-optimal among all open paths. Others follow as alternatives.
    """

    measure: NeedleMeasure
    penalties: dict[str, float]
    score: float
    skin_point: int
    pareto: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSet:
    """Paths to one target, best first.

    Attributes
    ----------
    open_points, pareto_points
        How many points of the skin are open, and how many of them are Pareto-optimal.
    dropped
        Paths tried that the map holds open and the exact measurement does not; they are not offered.
    """

    target: int
    candidates: tuple[Candidate, ...]
    open_points: int
    pareto_points: int
    dropped: int


def best_candidates(
    reached: ReachMap, measurer: Measurer, target: int, *, count: int = 12, apart_mm: float = 10.0
) -> CandidateSet:
    """Choose the paths to offer for one target.

    Parameters
    ----------
    reached
        The reachability map.
    measurer
        Measures in the same scene.
    target
        Place of the target in the map.
    count
        Offer at most this many.
    apart_mm
        Entries of two offered paths are at least this far apart.

    Returns
    -------
    CandidateSet
        Empty if the target cannot be reached; ``reliefs.explain`` then says why. The same input
        gives the same paths in the same order.
    """
    points = np.flatnonzero(reached.open[target])
    if points.size == 0:
        return CandidateSet(target=target, candidates=(), open_points=0, pareto_points=0, dropped=0)
    penalties, score = _penalties(reached, target, points)
    order = np.lexsort((points, score))
    front = order[pareto_front(penalties[order])]
    rest = np.setdiff1d(order, front, assume_unique=True)
    rest = rest[np.lexsort((points[rest], score[rest]))]
    queue = points[np.concatenate([front, rest])]
    optimal = frozenset(points[front].tolist())
    kept, dropped = _measured(reached, measurer, target, queue, count=count, apart_mm=apart_mm)
    offered = [replace(candidate, pareto=candidate.skin_point in optimal) for candidate in kept]
    offered.sort(key=lambda candidate: (not candidate.pareto, candidate.score, candidate.skin_point))
    return CandidateSet(
        target=target,
        candidates=tuple(offered),
        open_points=int(points.size),
        pareto_points=int(front.size),
        dropped=dropped,
    )


def scored(measure: NeedleMeasure, scene: Scene, skin_point: int = -1) -> Candidate:
    """Penalties and score of a measured needle, say one placed by hand."""
    penalties: dict[str, float] = {}
    total, weights = 0.0, 0.0
    for criterion in scene.rules.criteria:
        value = measure.value(criterion.name)
        if value is None:
            continue
        penalties[criterion.name] = criterion.penalty(value)
        total += criterion.weight * penalties[criterion.name]
        weights += criterion.weight
    score = total / weights if weights else 0.0
    return Candidate(measure=measure, penalties=penalties, score=score, skin_point=skin_point, pareto=False)


@njit(cache=True)
def pareto_front(penalties: Points) -> NDArray[np.int64]:
    """Rows that no other row dominates, for rows sorted by a weighted sum of their columns.

    A row that dominates another has the smaller sum, so that each is compared with the front found
    before it. Of equal rows the first stays.

    Parameters
    ----------
    penalties : (N, C) array
        Smaller is better in every column.

    Examples
    --------
    >>> pareto_front(np.array([[0.1, 0.2], [0.3, 0.1], [0.2, 0.3]])).tolist()
    [0, 1]
    """
    front = np.zeros(penalties.shape[0], np.int64)
    size = 0
    for row in range(penalties.shape[0]):
        dominated = False
        for kept in range(size):
            worse_somewhere = False
            for column in range(penalties.shape[1]):
                if penalties[front[kept], column] > penalties[row, column]:
                    worse_somewhere = True
                    break
            if not worse_somewhere:
                dominated = True
                break
        if not dominated:
            front[size] = row
            size += 1
    return front[:size].copy()


def _penalties(reached: ReachMap, target: int, points: NDArray[np.int64]) -> tuple[Points, Points]:
    values = _values(reached, target, points)
    columns, total, weights = [], np.zeros(points.size), 0.0
    for criterion in reached.scene.rules.criteria:
        if criterion.name not in values:
            continue
        scale = criterion.bad - criterion.good
        penalty = np.clip((values[criterion.name] - criterion.good) / scale, 0.0, 1.0)
        # Below a thousandth, differences are rounding: without this, every path were its own optimum.
        columns.append(np.round(penalty, 3))
        total += criterion.weight * columns[-1]
        weights += criterion.weight
    return np.stack(columns, axis=1), total / weights


def _values(reached: ReachMap, target: int, points: NDArray[np.int64]) -> dict[str, Points]:
    """What the criteria measure, on the planning grid."""
    scene = reached.scene
    entries = scene.skin.points_lps_mm[points]
    aim = np.asarray(reached.targets[target].point_lps_mm)
    along = (aim - entries) / np.linalg.norm(aim - entries, axis=1, keepdims=True)
    length = reached.length_mm[target, points].astype(np.float64)
    liver_depth = reached.liver_depth_mm[target, points].astype(np.float64)
    tips = entries + along * length[:, None]
    least = least_along_rays(scene.fields, scene.grid.index_of(entries), scene.grid.index_of(tips))
    values = {
        "length_mm": length,
        "axial_angle_deg": axial_angle_deg(along, np.asarray(scene.positioning.gantry_axis_lps)),
        "liver_pass_mm": reached.liver_pass_mm[target, points].astype(np.float64),
        "capsule_angle_deg": _capsule_angles(scene, entries + along * liver_depth[:, None], along),
    }
    for bit, item in enumerate(scene.obstacles):
        values[f"distance_mm:{item.obstacle.name}"] = least[:, bit] / STEPS_PER_MM
    return values


def _capsule_angles(scene: Scene, points: Points, along: Points) -> Points:
    spacing = scene.grid.spacing_mm
    smooth = scene.smooth_liver
    last = np.array(scene.liver.shape) - 1
    index = np.clip(np.rint(scene.grid.index_of(points)), 1, last - 1).astype(np.int64)
    slope = np.zeros((len(index), 3))
    for axis in range(3):
        step = np.eye(3, dtype=np.int64)[axis]
        slope[:, axis] = (smooth[tuple((index + step).T)] - smooth[tuple((index - step).T)]) / spacing[axis]
    length = np.linalg.norm(slope, axis=1, keepdims=True)
    unit = np.divide(slope, length, out=np.zeros_like(slope), where=length > _TOLERANCE)
    normals = unit @ (scene.grid.index_to_lps[:3, :3] / spacing).T
    sine = np.abs(np.einsum("nd,nd->n", normals, along))
    angles: Points = np.degrees(np.arcsin(np.clip(sine, 0.0, 1.0)))
    return angles


def _measured(
    reached: ReachMap,
    measurer: Measurer,
    target: int,
    queue: NDArray[np.int64],
    *,
    count: int,
    apart_mm: float,
) -> tuple[list[Candidate], int]:
    """Measure paths from the top until enough hold: those that do, and how many did not."""
    kept: list[Candidate] = []
    dropped = 0
    tumour = reached.targets[target].tumour
    places = reached.scene.skin.points_lps_mm
    while queue.size and len(kept) < count and dropped < _MOST_DROPPED * count:
        batch = _spread(queue, places, count - len(kept), apart_mm)
        measures = measurer.measure([reached.needle(target, int(point)) for point in batch], tumour)
        good = [not measure.violations for measure in measures]
        kept += [
            scored(measure, reached.scene, int(point))
            for point, measure, holds in zip(batch, measures, good, strict=True)
            if holds
        ]
        dropped += len(batch) - sum(good)
        taken = places[batch[good]]
        near = np.linalg.norm(places[queue][:, None] - taken, axis=2).min(axis=1, initial=np.inf) < apart_mm
        queue = queue[~near & ~np.isin(queue, batch)]
    return kept, dropped


def _spread(queue: NDArray[np.int64], places: Points, count: int, apart_mm: float) -> NDArray[np.int64]:
    """The first points of the queue that keep their distance from each other."""
    chosen: list[int] = []
    left = queue
    while left.size and len(chosen) < count:
        chosen.append(int(left[0]))
        left = left[np.linalg.norm(places[left] - places[left[0]], axis=1) >= apart_mm]
    return np.array(chosen, np.int64)
