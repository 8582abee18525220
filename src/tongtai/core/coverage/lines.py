"""Needle lines for zones: reachable ways through all parts of a tumour, each with its deepest tip."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.needle import Needle
from tongtai.core.trajectory.candidates import best_candidates
from tongtai.core.trajectory.marching import LIVER_BIT, OBSTACLE_BITS
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.needle_measure import NeedleMeasure
from tongtai.core.trajectory.needle_sets import shaft_distances_mm
from tongtai.core.trajectory.reach import Target, as_point, reach
from tongtai.core.trajectory.rules import LimitName
from tongtai.core.trajectory.scene import Scene
from tongtai.core.trajectory.surface import Skin

Points = NDArray[np.float64]
_STEP_MM = 0.5
_TIP_RESERVE_MM = 2.0
_CENTRAL_LINES = 4
_LEAST_STEP_MM = 7.0
_STEPS_A_RADIUS = 3.3
_EDGE_MM = 6.0
_NEIGHBOURS = 25
_ENTRY_WITHIN_MM = 40.0


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
    on_progress: Callable[[float], None] | None = None,
) -> tuple[NeedleLine, ...]:
    """Reachable lines through the middle of a tumour, and beside it as parallel as can be.

    The whole skin is joined to the middle of the target; its best paths are taken. Across the best
    of them lies a hexagonal lattice of further points to aim at, each entered as nearly parallel as
    the skin allows: parallel needles make even overlaps and do not cross. Along a line, depths are
    chosen later.

    Parameters
    ----------
    measurer
        Measures in the scene.
    target
        The tumour with its margin.
    on_progress
        Called with the share done; may raise to cancel.

    Returns
    -------
    tuple of NeedleLine
        Empty if the middle of the tumour cannot be reached.
    """
    scene = measurer.scene
    whole = target.target_points
    centre = Target(target.tumour, as_point(middle_of(target.tumour_points)))
    reached = reach(scene, [centre])
    best = best_candidates(reached, measurer, 0, count=_CENTRAL_LINES).candidates
    if not best:
        return ()
    aimed = [candidate.measure.needle for candidate in best]
    if on_progress is not None:
        on_progress(0.5)
    aims = lattice_beside(whole, aimed[0])
    for number, aim in enumerate(aims):
        needle = _beside(scene, Target(target.tumour, as_point(aim)), aimed[0])
        if needle is not None:
            aimed.append(needle)
        if on_progress is not None:
            on_progress(0.5 + 0.5 * (number + 1) / len(aims))
    return _lines(measurer, target.tumour, aimed)


def middle_of(points: Points) -> Points:
    """The point of a cloud that is nearest to its mean."""
    nearest: Points = points[np.linalg.norm(points - points.mean(axis=0), axis=1).argmin()]
    return nearest


def lattice_beside(points: Points, needle: Needle) -> Points:
    """A hexagonal lattice across a needle, over a cloud of points, without the needle itself.

    Each place lies as deep as the middle of the points that project near it.
    """
    along = needle.direction
    sides = np.linalg.svd(along[None, :])[2][1:]
    middle = middle_of(points)
    flat = (points - middle) @ sides.T
    radius = float(np.linalg.norm(flat, axis=1).max())
    step = max(_LEAST_STEP_MM, radius / _STEPS_A_RADIUS)
    count = int(radius / step) + 1
    u, v = np.meshgrid(np.arange(-2 * count, 2 * count + 1), np.arange(-count, count + 1))
    nodes = np.stack([step * (u + v / 2.0), step * np.sqrt(0.75) * v], axis=-1).reshape(-1, 2)
    away = np.linalg.norm(nodes, axis=1)
    nodes = nodes[(away > step / 2.0) & (away <= max(radius - _EDGE_MM, step * 1.01))]
    depth = (points - middle) @ along
    _, near = cKDTree(flat).query(nodes, k=min(_NEIGHBOURS, len(flat)))
    deep = depth[near.reshape(len(nodes), -1)].mean(axis=1)
    lattice: Points = middle + nodes @ sides + deep[:, None] * along
    return lattice


def _beside(scene: Scene, aim: Target, needle: Needle) -> Needle | None:
    """The open path to an aim that is most nearly parallel to a needle, entering nearby."""
    point = np.asarray(aim.point_lps_mm)
    straight = point - needle.direction * needle.length_mm
    near = np.linalg.norm(scene.skin.points_lps_mm - straight, axis=1) <= _ENTRY_WITHIN_MM
    skin = scene.skin
    part = Skin(skin.index[near], skin.points_lps_mm[near], skin.normals_lps[near], skin.areas_mm2[near])
    if not near.any():
        return None
    reached = reach(replace(scene, skin=part), [aim])
    places = np.flatnonzero(reached.open[0])
    if len(places) == 0:
        return None
    way = point - part.points_lps_mm[places]
    cosine = (way @ needle.direction) / np.linalg.norm(way, axis=1)
    return reached.needle(0, int(places[cosine.argmax()]))


def _lines(measurer: Measurer, tumour: str, aimed: Sequence[Needle]) -> tuple[NeedleLine, ...]:
    """Lines with the deepest tip; where measuring finds that too deep, with the tip at the aim."""
    depths = [deepest_tip_mm(measurer.scene, needle) for needle in aimed]
    deep = measurer.measure([_with_tip(n, d) for n, d in zip(aimed, depths, strict=True)], tumour)
    lines = []
    for needle, far in zip(aimed, deep, strict=True):
        measure = measurer.measure([needle], tumour)[0] if far.violations else far
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


def crossing_pairs(
    lines: Sequence[NeedleLine], scene: Scene, shallowest_mm: Sequence[float]
) -> tuple[tuple[int, int], ...]:
    """Pairs of lines whose needles may come nearer than the rules' gap.

    Parameters
    ----------
    shallowest_mm
        Least depth of each line's tip. A needle that is not as deep as its line allows stands out of the
        skin by as much more, so that all is kept free from the deepest tip to the outer end of the shallowest.
    """
    length = scene.rules.limit(LimitName.NEEDLE_LENGTH_MM)
    swept = [
        Needle(as_point(line.needle.point_at(shallow - length)), line.needle.tip_lps_mm)
        for line, shallow in zip(lines, shallowest_mm, strict=True)
    ]
    apart = shaft_distances_mm(swept, length)
    near = np.argwhere(np.triu(apart < scene.rules.limit(LimitName.NEEDLE_GAP_MM), 1))
    return tuple((int(one), int(other)) for one, other in near)
