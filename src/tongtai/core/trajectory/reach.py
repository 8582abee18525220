"""Reachability: for every point of the skin and every target, open, or closed by what.

No point is sampled or left out: each surface voxel of the body is joined to each target by a ray.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.needle import Needle
from tongtai.core.trajectory.anatomy import Anatomy, Mask, Points, bounding_box, distance_mm
from tongtai.core.trajectory.errors import TrajectoryError
from tongtai.core.trajectory.marching import AIR_BIT, march_rays
from tongtai.core.trajectory.rules import LimitName, Positioning, TrajectoryRules
from tongtai.core.trajectory.scene import Scene

OPEN = -1
AIR = "air"
"""The path leaves the body between skin and target."""
NO_TUMOUR = "off_target"
"""The path does not meet the tumour it belongs to (only for targets outside their tumour)."""
LENGTH = "needle_length"
AXIAL_ANGLE = "axial_angle"
TABLE = "table"
GANTRY_BORE = "gantry_bore"
SUBCAPSULAR = "subcapsular"
LIMIT_CONSTRAINTS = (AIR, LENGTH, AXIAL_ANGLE, TABLE, GANTRY_BORE, SUBCAPSULAR, NO_TUMOUR)


@dataclass(frozen=True, slots=True)
class Target:
    """Where needles are aimed.

    Attributes
    ----------
    tumour
        Name of the tumour that the point belongs to.
    point_lps_mm
        The point that the needle's axis goes through.
    overshoot_mm
        How far the tip lies beyond the point.
    """

    tumour: str
    point_lps_mm: tuple[float, float, float]
    overshoot_mm: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachMap:
    """The answer for T targets and N points of the skin.

    Attributes
    ----------
    constraints
        Names of the constraints; a constraint's place is its bit in ``blocked``.
    blocked : (T, N) uint32 array
        Every constraint that closes the path; 0 where it is open.
    first : (T, N) int8 array
        The constraint that is met first on the way in, ``OPEN`` (-1) where the path is open.
        What forbids the entry itself (table, angle, bore) comes before anything inside.
    length_mm, liver_depth_mm, liver_pass_mm : (T, N) float32 arrays
        From the skin to the tip; to the liver's surface; through liver before the tumour.
    """

    scene: Scene
    targets: tuple[Target, ...]
    constraints: tuple[str, ...]
    blocked: NDArray[np.uint32]
    first: NDArray[np.int8]
    length_mm: NDArray[np.float32]
    liver_depth_mm: NDArray[np.float32]
    liver_pass_mm: NDArray[np.float32]

    @property
    def open(self) -> Mask:
        """Where a needle can go, ``(T, N)``."""
        is_open: Mask = self.blocked == 0
        return is_open

    def open_area_cm2(self, target: int) -> float:
        """Area of skin from which a target can be reached."""
        return self.area_cm2(self.open[target])

    def area_cm2(self, where: Mask) -> float:
        """Area of a part of the skin, given as ``(N,)`` truth values."""
        return float(self.scene.skin.areas_mm2[where].sum()) / 100.0

    def reason(self, target: int, point: int) -> str | None:
        """Name of the constraint that closes a path first; None where it is open."""
        bit = int(self.first[target, point])
        return None if bit == OPEN else self.constraints[bit]

    def needle(self, target: int, point: int) -> Needle:
        """The needle from a point of the skin through a target."""
        entry = self.scene.skin.points_lps_mm[point]
        aim = np.asarray(self.targets[target].point_lps_mm)
        along = (aim - entry) / np.linalg.norm(aim - entry)
        tip = aim + self.targets[target].overshoot_mm * along
        return Needle(as_point(entry), as_point(tip))


def as_point(position: NDArray[np.floating]) -> tuple[float, float, float]:
    """Three plain numbers."""
    return float(position[0]), float(position[1]), float(position[2])


def tumour_targets(anatomy: Anatomy, *, overshoot_mm: float = 0.0) -> tuple[Target, ...]:
    """One target for each tumour: its centre of mass, or its innermost voxel if that lies outside."""
    found = []
    for name, mask in anatomy.tumours.items():
        box = bounding_box(mask, 1)
        assert box is not None  # noqa: S101  (an anatomy has no empty tumour)
        part = mask[box]
        centre = np.argwhere(part).mean(axis=0)
        if not part[tuple(np.rint(centre).astype(int))]:
            inner = distance_mm(part, anatomy.grid.spacing_mm)
            centre = np.array(np.unravel_index(int(inner.argmax()), inner.shape), np.float64)
        index = centre + [side.start for side in box]
        found.append(Target(name, as_point(anatomy.grid.lps_of(index)), overshoot_mm))
    return tuple(found)


def reach(scene: Scene, targets: Sequence[Target]) -> ReachMap:
    """Join the whole skin to every target.

    Parameters
    ----------
    scene
        The prepared patient.
    targets
        Points to reach; see ``tumour_targets``.

    Returns
    -------
    ReachMap

    Raises
    ------
    TrajectoryError
        Without targets, or if one lies outside the picture.
    """
    if not targets:
        raise TrajectoryError("Give at least one target to reach.")
    names = tuple(item.obstacle.name for item in scene.obstacles) + LIMIT_CONSTRAINTS
    rows = [_reach_one(scene, target, names) for target in targets]
    return ReachMap(
        scene=scene,
        targets=tuple(targets),
        constraints=names,
        blocked=np.stack([row[0] for row in rows]),
        first=np.stack([row[1] for row in rows]),
        length_mm=np.stack([row[2] for row in rows]),
        liver_depth_mm=np.stack([row[3] for row in rows]),
        liver_pass_mm=np.stack([row[4] for row in rows]),
    )


_Row = tuple[
    NDArray[np.uint32],
    NDArray[np.int8],
    NDArray[np.float32],
    NDArray[np.float32],
    NDArray[np.float32],
]


def _reach_one(scene: Scene, target: Target, names: tuple[str, ...]) -> _Row:
    aim = np.asarray(target.point_lps_mm)
    index = scene.grid.index_of(aim)
    if np.any(index < -0.5) or np.any(index > np.array(scene.grid.voxels.shape) - 0.5):
        raise TrajectoryError(
            f"{target.tumour} lies at the edge of the picture or outside it, so that nothing is known of the way to it: take a CT that shows "
            "all of it and what lies around it, or another tumour (--tumour N)."
        )
    entries = scene.skin.points_lps_mm
    way = aim - entries
    distance = np.maximum(np.linalg.norm(way, axis=1), 1e-6)
    along = way / distance[:, None]
    length = distance + target.overshoot_mm
    tips = entries + along * length[:, None]
    number = scene.tumour_number(target.tumour)
    met, first_met, depths = march_rays(
        scene.marks,
        np.ascontiguousarray(scene.skin.index, np.float64),
        scene.grid.index_of(tips),
        length,
        number,
    )
    closed_at = {
        **_limits_at(scene.rules, length, along, entries, scene.positioning, scene.table_mm, scene),
        SUBCAPSULAR: _pass_at(scene, number, depths),
        NO_TUMOUR: np.where(np.isfinite(depths[:, 3]), np.inf, length),
    }
    blocked, first = _combine(scene, names, met, first_met, depths[:, 0], closed_at)
    return blocked, first, length.astype(np.float32), depths[:, 1], depths[:, 2]


def _limits_at(
    rules: TrajectoryRules,
    length: Points,
    along: Points,
    entries: Points,
    positioning: Positioning,
    table_mm: float,
    scene: Scene,
) -> dict[str, Points]:
    """Depth at which each limit closes a path; infinite where it does not."""
    needle_mm = rules.limit(LimitName.NEEDLE_LENGTH_MM)
    hubs = entries - along * np.maximum(needle_mm - length, 0.0)[:, None]
    down = np.asarray(positioning.table_direction_lps)
    axis = np.asarray(positioning.gantry_axis_lps)
    lain_upon = entries @ down > table_mm - rules.limit(LimitName.TABLE_CONTACT_MM)
    off_axis = hubs - scene.axis_point_lps_mm
    radius = np.linalg.norm(off_axis - np.outer(off_axis @ axis, axis), axis=1)
    return {
        LENGTH: np.where(length > needle_mm, needle_mm, np.inf),
        AXIAL_ANGLE: _before_skin(axial_angle_deg(along, axis) > rules.limit(LimitName.AXIAL_ANGLE_DEG)),
        TABLE: _before_skin(lain_upon | (hubs @ down > table_mm)),
        GANTRY_BORE: _before_skin(radius > rules.limit(LimitName.BORE_RADIUS_MM)),
    }


def _before_skin(closed: Mask) -> Points:
    return np.where(closed, -1.0, np.inf)


def axial_angle_deg(along: NDArray[np.floating], gantry_axis: Points) -> Points:
    """Angle between directions ``(…, 3)`` and the axial plane, from 0 to 90."""
    sine = np.clip(np.abs(along @ gantry_axis), 0.0, 1.0)
    angle: Points = np.degrees(np.arcsin(sine))
    return angle


def _pass_at(scene: Scene, number: int, depths: NDArray[np.float32]) -> Points:
    if not scene.subcapsular[number - 1]:
        return np.full(len(depths), np.inf)
    short = depths[:, 2] < scene.rules.limit(LimitName.LIVER_BEFORE_TUMOUR_MM)
    return np.where(short & np.isfinite(depths[:, 3]), depths[:, 3], np.inf)


def _combine(
    scene: Scene,
    names: tuple[str, ...],
    met: NDArray[np.uint32],
    first_met: NDArray[np.uint32],
    first_depth: NDArray[np.float32],
    closed_at: dict[str, Points],
) -> tuple[NDArray[np.uint32], NDArray[np.int8]]:
    obstacles = len(scene.obstacles)
    low = np.uint32((1 << obstacles) - 1)
    blocked = met & low
    air = names.index(AIR)
    blocked |= ((met >> np.uint32(AIR_BIT)) & np.uint32(1)) << np.uint32(air)
    first = np.full(met.shape, OPEN, np.int8)
    nearest = np.full(met.shape, np.inf)
    for bit in range(obstacles + 1):
        at_bit = AIR_BIT if bit == air else bit
        here = (first_met >> np.uint32(at_bit)) & np.uint32(1) == 1
        nearer = here & (first_depth < nearest)
        first[nearer], nearest[nearer] = bit, first_depth[nearer]
    for name, depth in closed_at.items():
        bit = names.index(name)
        blocked |= np.isfinite(depth).astype(np.uint32) << np.uint32(bit)
        nearer = depth < nearest
        first[nearer], nearest[nearer] = bit, depth[nearer]
    return blocked, first
