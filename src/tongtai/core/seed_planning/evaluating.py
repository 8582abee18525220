"""The finer judgement of a plan: samples of every structure, and goals against what is reached."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.dose_volume import subdivided
from tongtai.core.brachytherapy.evaluation import ImplantEvaluation, StructureDoses
from tongtai.core.brachytherapy.live import StructureSamples
from tongtai.core.seed_planning.goals import TARGET, Goal, GoalJudged, Quantity
from tongtai.core.seed_planning.region import SeedRegion
from tongtai.core.trajectory.anatomy import Anatomy, Mask
from tongtai.core.volumes import Volume

LIVER = "liver"
_NOT_ORGANS = ("body", "skin")
_NEAR_MM = 25.0
_MOST_TARGET = 250_000
_MOST_NEAR = 40_000
_FAR_STEP_MM = 6.0
Points = NDArray[np.float64]


def structure_samples(anatomy: Anatomy, region: SeedRegion) -> dict[str, StructureSamples]:
    """Samples of the target, and of every organ: fine beside the target, coarse elsewhere.

    The liver is that outside the target.

    Parameters
    ----------
    anatomy
        The patient.
    region
        The target with its neighbourhood.
    """
    voxels = int(np.count_nonzero(region.mask.voxels))
    parts = next((n for n in (3, 2) if voxels * n**3 <= _MOST_TARGET), 1)
    points, volume_ml = subdivided(region.mask, parts)
    found = {
        TARGET: StructureSamples(points_lps_mm=points, volume_ml=np.full(len(points), volume_ml), parts=parts)
    }
    for name, mask in anatomy.structures.items():
        if name in _NOT_ORGANS:
            continue
        organ = anatomy.liver if name == LIVER else mask
        one = _organ_samples(anatomy.grid, region, organ, spare_target=name == LIVER)
        if one is not None:
            found[name] = one
    return found


def _organ_samples(
    grid: Volume, region: SeedRegion, mask: Mask, *, spare_target: bool
) -> StructureSamples | None:
    corner = np.rint(grid.index_of(region.mask.lps_of(np.zeros(3)))).astype(np.int64)
    inner = region.mask.voxels.shape
    pads = np.ceil(_NEAR_MM / grid.spacing_mm).astype(np.int64)
    low = np.maximum(corner - pads, 0)
    high = np.minimum(corner + np.array(inner) + pads, mask.shape)
    box = tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    near = mask[box].copy()
    if spare_target:
        start = corner - low
        held = tuple(slice(int(a), int(a + n)) for a, n in zip(start, inner, strict=True))
        near[held] &= ~region.mask.voxels
    index = np.argwhere(near)
    stride = max(1, -(-len(index) // _MOST_NEAR))
    kept = index[::stride] + low
    steps = np.maximum(1, (_FAR_STEP_MM / grid.spacing_mm).astype(np.int64))
    far = np.argwhere(mask[tuple(slice(None, None, int(step)) for step in steps)]) * steps
    outside = np.any((far < low) | (far >= high), axis=1)
    points = np.concatenate([grid.lps_of(kept), grid.lps_of(far[outside])])
    if not len(points):
        return None
    near_ml = grid.voxel_volume_ml * len(index) / max(len(kept), 1)
    far_ml = (int(np.count_nonzero(mask)) - int(np.count_nonzero(mask[box]))) * grid.voxel_volume_ml
    volumes = np.concatenate(
        [np.full(len(kept), near_ml), np.full(int(outside.sum()), far_ml / max(int(outside.sum()), 1))]
    )
    held_ml = volumes > 0.0
    return StructureSamples(points_lps_mm=points[held_ml], volume_ml=volumes[held_ml], parts=1)


def goals_judged(goals: Sequence[Goal], found: ImplantEvaluation | StructureDoses) -> tuple[GoalJudged, ...]:
    """Every goal with what is reached."""
    return tuple(_judged(goal, found) for goal in goals)


def _judged(goal: Goal, found: ImplantEvaluation | StructureDoses) -> GoalJudged:
    reached = value_of(goal.structure, goal.quantity, found)
    met = None if reached is None else goal.met_by(reached)
    if reached is None and goal.structure in found.organs:
        # Smaller than the volume asked for: met if it is nowhere hotter, otherwise it cannot be judged.
        met = True if found.organs[goal.structure].largest_gy <= goal.value else None
    return GoalJudged(
        structure=goal.structure,
        quantity=goal.quantity,
        at_least=goal.quantity.at_least,
        value=goal.value,
        unit=goal.unit,
        reached=reached,
        met=met,
        source=goal.source,
    )


def value_of(structure: str, quantity: Quantity, found: ImplantEvaluation | StructureDoses) -> float | None:
    """A number of an evaluation; None if the structure is missing or too small for it."""
    if structure == TARGET:
        target = found.target
        of_target: Mapping[Quantity, float] = {
            Quantity.D90: target.d90_gy,
            Quantity.V100: target.v100,
            Quantity.V150: target.v150,
            Quantity.V200: target.v200,
        }
        return of_target[quantity]
    if structure not in found.organs:
        return None
    organ = found.organs[structure]
    of_organ: Mapping[Quantity, float | None] = {
        Quantity.D2CC: organ.d2cc_gy,
        Quantity.D0_1CC: organ.d0_1cc_gy,
        Quantity.DMAX: organ.largest_gy,
    }
    return of_organ[quantity]
