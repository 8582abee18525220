"""Why a target cannot be reached, and what would open a way, with the area of skin won."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tongtai.core.trajectory.anatomy import Anatomy, Mask
from tongtai.core.trajectory.reach import OPEN, ReachMap, Target, as_point, reach
from tongtai.core.trajectory.rules import LimitName, Relief, ReliefKind, TrajectoryRules
from tongtai.core.trajectory.scene import Scene, prepare

MOVES_WITH_THE_LIVER = (
    "liver",
    "portal_vein",
    "hepatic_vein",
    "hepatic_veins",
    "liver_vessel",
    "liver_vessels",
    "artery",
    "arteries",
    "bile_duct",
    "gallbladder",
    "stomach",
    "spleen",
    "pancreas",
    "kidney",
    "kidney_right",
    "kidney_left",
)
LUNG = "lung"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """How much of the skin one constraint closes for one target.

    Attributes
    ----------
    first_cm2
        Skin where it is met first.
    any_cm2
        Skin where it is met at all.
    alone_cm2
        Skin where nothing else stands in the way: what its removal would open.
    """

    constraint: str
    first_cm2: float
    any_cm2: float
    alone_cm2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a relief does for one target: open skin before and after, computed anew."""

    relief: Relief
    before_cm2: float
    after_cm2: float

    @property
    def won_cm2(self) -> float:
        """Area of skin gained; below zero if the relief closes more than it opens."""
        return self.after_cm2 - self.before_cm2


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why the skin is closed for one target.

    Attributes
    ----------
    skin_cm2, open_cm2
        The skin in the picture, and the part from which the target can be reached.
    blocking
        The constraints that close some of it, the largest first.
    openings
        The reliefs of the rules, the largest gain first; reliefs that do nothing are left out.
    """

    target: Target
    skin_cm2: float
    open_cm2: float
    blocking: tuple[Blocking, ...]
    openings: tuple[Opening, ...]


def blocking_of(reached: ReachMap, target: int) -> tuple[Blocking, ...]:
    """The constraints that close a target, by the area of skin that each closes first."""
    blocked, first = reached.blocked[target], reached.first[target]
    found = []
    for bit, name in enumerate(reached.constraints):
        flag = np.uint32(1 << bit)
        met = (blocked & flag) != 0
        if met.any():
            found.append(
                Blocking(
                    constraint=name,
                    first_cm2=reached.area_cm2(first == bit),
                    any_cm2=reached.area_cm2(met),
                    alone_cm2=reached.area_cm2(blocked == flag),
                )
            )
    return tuple(sorted(found, key=lambda item: (-item.first_cm2, item.constraint)))


def explain(
    reached: ReachMap,
    *,
    reliefs: Sequence[Relief] | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> tuple[Explanation, ...]:
    """Say for each target what closes the skin and what would open it.

    Each relief is tried by doing it: the rules or the anatomy are changed and the whole skin is
    joined to the targets again.

    Parameters
    ----------
    reached
        The map to explain.
    reliefs
        Reliefs to try; those of the rules if not given.
    on_progress
        Called with the share done; may raise to cancel.
    """
    tried = reached.scene.rules.reliefs if reliefs is None else tuple(reliefs)
    after: list[tuple[Relief, ReachMap]] = []
    for number, relief in enumerate(tried):
        if _can_help(reached, relief):
            after.append((relief, relieved(reached, relief)))
        if on_progress is not None:
            on_progress((number + 1) / len(tried))
    return tuple(_explanation(reached, number, after) for number in range(len(reached.targets)))


def _explanation(reached: ReachMap, number: int, after: Sequence[tuple[Relief, ReachMap]]) -> Explanation:
    before = reached.open_area_cm2(number)
    openings = [
        Opening(relief=relief, before_cm2=before, after_cm2=changed.open_area_cm2(number))
        for relief, changed in after
    ]
    helpful = [opening for opening in openings if opening.won_cm2 > 0.0]
    return Explanation(
        target=reached.targets[number],
        skin_cm2=reached.scene.skin.area_cm2,
        open_cm2=before,
        blocking=blocking_of(reached, number),
        openings=tuple(sorted(helpful, key=lambda item: (-item.won_cm2, item.relief.name))),
    )


def _can_help(reached: ReachMap, relief: Relief) -> bool:
    """Whether anything is met that the relief changes; spares work, loses nothing."""
    if relief.kind is ReliefKind.BREATH:
        return bool((reached.first != OPEN).any()) and _stays_in_picture(reached, relief)
    name = "axial_angle" if relief.kind is ReliefKind.GANTRY_TILT else relief.obstacle
    if name not in reached.constraints:
        return False
    return bool((reached.blocked & np.uint32(1 << reached.constraints.index(name))).any())


def _stays_in_picture(reached: ReachMap, relief: Relief) -> bool:
    """Whether another breath leaves every target where there is a picture; beyond it nothing can be said."""
    grid = reached.scene.anatomy.grid
    moved = np.array([target.point_lps_mm for target in _breathed(reached, relief)])
    index = np.rint(grid.index_of(moved))
    return bool(((index >= 0) & (index < np.array(grid.voxels.shape))).all())


def _breathed(reached: ReachMap, relief: Relief) -> list[Target]:
    """The targets in another breath."""
    shift = relief.amount * np.asarray(reached.scene.positioning.gantry_axis_lps)
    return [
        replace(target, point_lps_mm=as_point(np.asarray(target.point_lps_mm) + shift))
        for target in reached.targets
    ]


def relieved(reached: ReachMap, relief: Relief) -> ReachMap:
    """The reachability map with one relief done."""
    scene = reached.scene
    if relief.kind is ReliefKind.BREATH:
        axis = np.asarray(scene.positioning.gantry_axis_lps)
        anatomy = in_other_breath(scene.anatomy, relief.amount, axis)
        return reach(_prepared(scene, anatomy, scene.rules), _breathed(reached, relief))
    rules = relieved_rules(scene.rules, relief)
    if relief.kind is ReliefKind.GANTRY_TILT:
        # Obstacles stay as they are: only the limit is another.
        return reach(replace(scene, rules=rules), reached.targets)
    return reach(_prepared(scene, scene.anatomy, rules), reached.targets)


def relieved_rules(rules: TrajectoryRules, relief: Relief) -> TrajectoryRules:
    """The rules with one relief done; breath changes the anatomy, not the rules."""
    if relief.kind is ReliefKind.CROSSING:
        return rules.with_margin(relief.obstacle, None)
    if relief.kind is ReliefKind.HYDRODISSECTION:
        margin = next(o.margin_mm for o in rules.obstacles if o.name == relief.obstacle)
        return rules.with_margin(relief.obstacle, margin - relief.amount)
    if relief.kind is ReliefKind.GANTRY_TILT:
        angle = min(rules.limit(LimitName.AXIAL_ANGLE_DEG) + relief.amount, 90.0)
        return rules.with_limit(LimitName.AXIAL_ANGLE_DEG, angle, relief.source)
    return rules


def in_other_breath(anatomy: Anatomy, shift_mm: float, axis_lps: np.ndarray) -> Anatomy:
    """The anatomy with the liver and its neighbours moved along the body axis, as one piece.

    The lung follows at its base: it fills what a lower liver leaves, and gives way to a higher one.
    Bone, skin, heart and bowel stay. This is a first answer to "would another breath phase help?";
    a scan in that phase gives the true one. The shift is rounded to whole voxels; a tumour that leaves the
    picture is left out.
    """
    grid = anatomy.grid
    step = np.linalg.solve(grid.index_to_lps[:3, :3], shift_mm * np.asarray(axis_lps))
    offset = (round(float(step[0])), round(float(step[1])), round(float(step[2])))
    structures = dict(anatomy.structures)
    for name in MOVES_WITH_THE_LIVER:
        if name in structures:
            structures[name] = _shifted(structures[name], offset)
    shifted = {name: _shifted(mask, offset) for name, mask in anatomy.tumours.items()}
    tumours = {name: mask for name, mask in shifted.items() if mask.any()}
    if LUNG in structures:
        moved = _shifted(structures[LUNG], offset)
        lung = structures[LUNG] | moved if shift_mm < 0.0 else structures[LUNG] & moved
        structures[LUNG] = lung & ~structures["liver"]
    return Anatomy(grid, structures, tumours)


def _shifted(mask: Mask, offset: tuple[int, int, int]) -> Mask:
    moved = np.zeros_like(mask)
    sources, places = [], []
    for size, step in zip(mask.shape, offset, strict=True):
        sources.append(slice(max(-step, 0), size - max(step, 0)))
        places.append(slice(max(step, 0), size - max(-step, 0)))
    moved[tuple(places)] = mask[tuple(sources)]
    return moved


def _prepared(scene: Scene, anatomy: Anatomy, rules: TrajectoryRules) -> Scene:
    return prepare(anatomy, rules, positioning=scene.positioning, spacing_mm=float(scene.spacing_asked_mm))
