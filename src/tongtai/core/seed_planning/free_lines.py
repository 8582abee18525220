"""Lines for free needles: through all parts of the target, from every side on which the skin is open to that part."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tongtai.core.coverage.lines import needle_lines
from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.seed_planning.paths import Line
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.reach import Target, as_point, reach
from tongtai.core.trajectory.scene import Scene
from tongtai.core.trajectory.surface import Skin

Points = NDArray[np.float64]
# Points of the target that are aimed at stand so far apart; more of them are thinned out.
_AIMS_MM = 6.0
_MOST_AIMS = 40
# Of the skin's points so many are looked from: every few millimetres.
_MOST_SKIN = 8000
_APART_DEG = 15.0
_SIDES = 4
_MOST_LINES = 60


def free_lines(measurer: Measurer, target: AblationTarget) -> list[Line]:
    """Lines as nearly parallel as the skin allows, then lines from other sides to every part of the target.

    Where only small windows of skin are open, no direction serves all parts: each part is then entered through its
    own windows.

    Parameters
    ----------
    measurer
        Measures in the scene.
    target
        Tumour and margin.
    """
    ways = [
        (one.needle.point_at(one.aim_depth_mm), one.needle.direction)
        for one in needle_lines(measurer, target)
    ]
    for aim in _aims(target.target_points):
        ways += [(aim, direction) for direction in _directions(measurer.scene, target.tumour, aim)]
    return [
        Line(name=f"F{number + 1}", point_lps_mm=point, direction=direction)
        for number, (point, direction) in enumerate(ways[:_MOST_LINES])
    ]


def _aims(points: Points) -> list[Points]:
    """Points of a cloud far from each other, the middle one first."""
    chosen = [int(np.linalg.norm(points - points.mean(axis=0), axis=1).argmin())]
    far = np.linalg.norm(points - points[chosen[0]], axis=1)
    while far.max() > _AIMS_MM and len(chosen) < _MOST_AIMS:
        chosen.append(int(far.argmax()))
        far = np.minimum(far, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return [points[one] for one in chosen]


def _directions(scene: Scene, tumour: str, aim: Points) -> list[Points]:
    """Open ways to a point, the shortest first, each well apart from the others."""
    skin = scene.skin
    step = max(1, -(-len(skin.points_lps_mm) // _MOST_SKIN))
    part = Skin(
        skin.index[::step], skin.points_lps_mm[::step], skin.normals_lps[::step], skin.areas_mm2[::step]
    )
    reached = reach(replace(scene, skin=part), [Target(tumour, as_point(aim))])
    way = aim - part.points_lps_mm[np.flatnonzero(reached.open[0])]
    length = np.linalg.norm(way, axis=1)
    kept: list[Points] = []
    for number in np.argsort(length, kind="stable"):
        one = way[number] / length[number]
        if all(one @ other < np.cos(np.radians(_APART_DEG)) for other in kept):
            kept.append(one)
        if len(kept) == _SIDES:
            break
    return kept
