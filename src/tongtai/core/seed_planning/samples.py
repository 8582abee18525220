"""Places at which the search computes the dose, and the problem that is made of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.on_grids import dose_of_each_gy
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.brachytherapy.seed_models import SeedModel
from tongtai.core.seed_planning.goals import TARGET, Goal, Quantity
from tongtai.core.seed_planning.paths import SeedPath
from tongtai.core.seed_planning.problem import Bools, CountGoal, SeedProblem
from tongtai.core.seed_planning.region import SeedRegion
from tongtai.core.seed_planning.rules import SeedNumber, SeedRules
from tongtai.core.trajectory.anatomy import Anatomy, Mask
from tongtai.core.trajectory.reach import as_point

Points = NDArray[np.float64]
TARGET_SAMPLES = 1000
ORGAN_SAMPLES = 3000
# Farther from the target than this no organ gets doses that limits ask for.
ORGAN_WITHIN_MM = 30.0
_VOLUMES_ML = {Quantity.D2CC: 2.0, Quantity.D0_1CC: 0.1, Quantity.DMAX: 0.0}
_SHARES = {Quantity.V150: 1.5, Quantity.V200: 2.0}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrganSamples:
    """Places in an organ near the target, each standing for a volume."""

    name: str
    points_lps_mm: Points
    sample_ml: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Places in the target, each standing for the same volume, and in organs with limits."""

    target: Points
    organs: tuple[OrganSamples, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Where seeds may lie: path, depth and lattice number of each place, path by path.

    Attributes
    ----------
    paths
        The open ones, in the order of the problem's needles.
    path : (S,) int array
        Of each place.
    depth_mm : (S,) array
        Of the seed's centre below the skin.
    implant
        A seed in each place.
    """

    paths: tuple[SeedPath, ...]
    path: NDArray[np.int64]
    order: NDArray[np.int64]
    depth_mm: Points
    implant: Implant


def samples_of(
    region: SeedRegion, anatomy: Anatomy, limited: Sequence[str], generator: np.random.Generator
) -> Samples:
    """Draw the places.

    Parameters
    ----------
    region
        The target.
    anatomy
        The patient.
    limited
        Names of the structures that goals limit; those without a mask are left out.
    generator
        Source of chance.
    """
    spacing = region.mask.spacing_mm
    voxels = np.argwhere(region.mask.voxels)
    chosen = _spread(voxels * spacing, TARGET_SAMPLES)
    # Of a small target, or one of coarse voxels, each voxel is looked at in several places.
    chosen = np.repeat(chosen, math.ceil(TARGET_SAMPLES / len(chosen)))
    inside = voxels[chosen] + generator.uniform(-0.5, 0.5, (len(chosen), 3))
    organs = []
    for name in limited:
        near = _near(anatomy, region, anatomy.structures[name]) if name in anatomy.structures else None
        if near is None or not len(near):
            continue
        kept = near[:: math.ceil(len(near) / ORGAN_SAMPLES)]
        share = len(near) / len(kept)
        organs.append(
            OrganSamples(
                name=name,
                points_lps_mm=anatomy.grid.lps_of(kept),
                sample_ml=anatomy.grid.voxel_volume_ml * share,
            )
        )
    return Samples(target=region.mask.lps_of(inside), organs=tuple(organs))


def _spread(places_mm: Points, count: int) -> NDArray[np.int64]:
    """About so many of the places, evenly through space: every so many along a curve through small cells."""
    if len(places_mm) <= count:
        return np.arange(len(places_mm))
    side = (np.prod(np.ptp(places_mm, axis=0) + 1.0) / count) ** (1.0 / 3.0)
    cell = np.floor((places_mm - places_mm.min(axis=0)) / side).astype(np.int64)
    order = np.lexsort(
        (places_mm[:, 2], places_mm[:, 1], places_mm[:, 0], cell[:, 2], cell[:, 1], cell[:, 0])
    )
    picked = np.floor(np.arange(count) * (len(order) / count) + len(order) / count / 2.0).astype(np.int64)
    return np.sort(order[picked])


def _near(anatomy: Anatomy, region: SeedRegion, mask: Mask) -> NDArray[np.int64]:
    """Voxels of an organ within reach of the target's box."""
    grid = anatomy.grid
    corner = np.rint(grid.index_of(region.mask.lps_of(np.zeros(3)))).astype(np.int64)
    pads = np.ceil(ORGAN_WITHIN_MM / grid.spacing_mm).astype(np.int64)
    low = np.maximum(corner - pads, 0)
    high = np.minimum(corner + np.array(region.mask.voxels.shape) + pads, mask.shape)
    part = mask[low[0] : high[0], low[1] : high[1], low[2] : high[2]]
    found: NDArray[np.int64] = np.argwhere(part) + low
    return found


def places_on(
    paths: Sequence[SeedPath], rules: SeedRules, model: SeedModel, strength_u: float
) -> Places | None:
    """A seed in every place that a needle may reach; None if there is none."""
    opened = tuple(path for path in paths if path.is_open)
    path_of, order, depth, seeds = [], [], [], []
    for number, path in enumerate(opened):
        fits = path.wanted + rules.number(SeedNumber.TIP_BEYOND_SEED_MM) <= path.open_to_mm + 1e-6
        for deep, place in zip(path.wanted[fits], path.order[fits], strict=True):
            path_of.append(number)
            order.append(int(place))
            depth.append(float(deep))
            seeds.append(
                Seed(
                    centre_lps_mm=as_point(path.point_at(float(deep))),
                    axis_lps=as_point(path.line.direction),
                    strength_u=strength_u,
                    model=model,
                )
            )
    if not seeds:
        return None
    return Places(
        paths=opened,
        path=np.array(path_of, np.int64),
        order=np.array(order, np.int64),
        depth_mm=np.array(depth),
        implant=Implant(tuple(seeds)),
    )


def seed_problem(
    places: Places,
    samples: Samples,
    goals: Sequence[Goal],
    dose_rules: DoseRules,
    rules: SeedRules,
    crossing: Bools,
    *,
    prescription_gy: float,
    stricter: float = 0.0,
) -> SeedProblem:
    """The choice among places as numbers.

    Parameters
    ----------
    places, samples
        Where seeds may lie; where the dose is looked at.
    goals
        Those of structures without samples are left out.
    dose_rules, rules
        Of the dose; spacing.
    crossing : (N, N) array
        Paths that may not be used together.
    prescription_gy
        Dose to infinity.
    stricter
        Lower goals ask for so large a share of the samples more, upper ones for so much less.
    """
    ranges = {TARGET: (0, len(samples.target))}
    points = [samples.target]
    volumes: dict[str, float] = {}
    for organ in samples.organs:
        start = sum(len(one) for one in points)
        ranges[organ.name] = (start, start + len(organ.points_lps_mm))
        volumes[organ.name] = organ.sample_ml
        points.append(organ.points_lps_mm)
    counted = [
        count_goal(goal, ranges[goal.structure], volumes, prescription_gy, stricter)
        for goal in goals
        if goal.structure in ranges
    ]
    step = rules.number(SeedNumber.SEED_STEP_MM)
    return SeedProblem(
        needle=places.path,
        order=places.order,
        dose=dose_of_each_gy(places.implant, np.concatenate(points), dose_rules),
        target_samples=len(samples.target),
        prescription_gy=prescription_gy,
        goals=tuple(counted),
        crossing=crossing,
        largest_gap=int(rules.number(SeedNumber.LARGEST_SEED_STEP_MM) / step + 1e-6),
    )


def count_goal(
    goal: Goal,
    samples: tuple[int, int],
    sample_ml: Mapping[str, float],
    prescription_gy: float,
    stricter: float,
) -> CountGoal:
    """A goal as a count of samples.

    Examples
    --------
    >>> goal = Goal(structure="target", quantity=Quantity.V100, value=0.95, unit="share", source="")
    >>> count_goal(goal, (0, 1000), {}, 110.0, 0.01).count
    960
    """
    number = samples[1] - samples[0]
    if goal.quantity.at_least:
        d90 = goal.quantity is Quantity.D90
        share = min((0.9 if d90 else goal.value) + stricter, 1.0)
        dose, count = goal.value if d90 else prescription_gy, math.ceil(share * number - 1e-9)
    elif goal.structure == TARGET:
        dose = _SHARES[goal.quantity] * prescription_gy
        count = math.floor(max(goal.value - stricter, 0.0) * number)
    else:
        dose = goal.value * (1.0 - stricter)
        count = math.floor(_VOLUMES_ML[goal.quantity] / sample_ml[goal.structure] * (1.0 - stricter))
    return CountGoal(
        structure=goal.structure,
        quantity=goal.quantity.value,
        start=samples[0],
        stop=samples[1],
        dose_gy=dose,
        at_least=goal.quantity.at_least,
        count=count,
    )
