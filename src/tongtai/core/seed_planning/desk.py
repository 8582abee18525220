"""A plan that a person changes seed by seed: doses, goals and broken rules at once, from what the plan left behind.

The patient is not prepared again: samples, the target's neighbourhood and the plan say all that a change of seeds needs.
Paths through the body are not measured anew; a tip beyond what the plan measured is named, and judged when the
edited plan is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tongtai.core.brachytherapy.errors import DoseVolumeError
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.live import LiveImplant, StructureSamples
from tongtai.core.brachytherapy.rules import DoseRules, Formalism, RadialRule
from tongtai.core.brachytherapy.seed_models import SeedModel
from tongtai.core.planning.assembling import needle_id
from tongtai.core.planning.needles import BrokenRule
from tongtai.core.seed_planning.by_hand import broken_by_seed
from tongtai.core.seed_planning.dose_step import doses_read
from tongtai.core.seed_planning.edited import EditedNeedle, EditJudged
from tongtai.core.seed_planning.errors import SeedEditError
from tongtai.core.seed_planning.evaluating import goals_judged
from tongtai.core.seed_planning.goals import Goal
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds
from tongtai.core.seed_planning.placed import PlannedSeed
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.core.seed_planning.region import SeedRegion
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.trajectory.reach import as_point

# Kernel and dose grid reach so far around the target; nobody places a seed there on purpose.
_FARTHEST_MM = 40.0
_DEEPER_MM = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeedDesk:
    """What a change of seeds is judged with.

    Attributes
    ----------
    plan
        The plan that is changed; it stays as it is.
    model
        Its seed.
    numbers
        Of the rules that it was made with.
    region, structures
        The target's neighbourhood, and the samples by which the plan was judged.
    """

    plan: SeedPlan
    model: SeedModel
    numbers: Mapping[SeedNumber, float]
    region: SeedRegion
    structures: Mapping[str, StructureSamples]

    @property
    def dose_rules(self) -> DoseRules:
        """Formalism and interpolation of the plan."""
        request = self.plan.request
        return DoseRules(formalism=Formalism(request.formalism), radial=RadialRule(request.radial_rule))

    def rule(self, name: SeedNumber) -> float:
        """The value of a rule."""
        return self.numbers[name]


def seed_desk(result: SeedPlanResult) -> SeedDesk:
    """The desk of a plan that was just made."""
    case = result.case
    return SeedDesk(
        plan=result.plan,
        model=case.knowledge.model,
        numbers={name: one.value for name, one in case.knowledge.rules.numbers.items()},
        region=case.region,
        structures=case.structures,
    )


def opened(desk: SeedDesk, placed: HandPlacedSeeds) -> LiveImplant:
    """The whole dose of an arrangement, computed once; changes of it cost only what changes.

    Raises
    ------
    SeedEditError
        If a seed lies far from the target.
    """
    return LiveImplant.of(Implant(_seeds(desk, placed)), desk.dose_rules, desk.structures)


def changed(desk: SeedDesk, placed: HandPlacedSeeds, *known: LiveImplant) -> LiveImplant:
    """Another arrangement of the same desk; only the seeds that differ from the nearest known one are computed.

    Parameters
    ----------
    desk, placed
        The plan, and its seeds as they shall be.
    known
        At least one; the first wins a tie, so that whoever takes everything back has the first one's dose again,
        to the last digit.

    Raises
    ------
    SeedEditError
        If a seed lies far from the target.
    """
    seeds = _seeds(desk, placed)
    return min(known, key=lambda one: one.apart(seeds)).with_seeds(seeds)


def judged(desk: SeedDesk, live: LiveImplant, placed: HandPlacedSeeds) -> EditJudged:
    """Doses, goals and broken rules of an arrangement whose dose is known.

    Raises
    ------
    SeedEditError
        If half of the prescription reaches the side of the dose grid.
    """
    prescription_gy = desk.plan.request.prescription_gy
    try:
        found = live.evaluation(prescription_gy)
    except DoseVolumeError as reason:
        raise SeedEditError(str(reason)) from None
    goals = [
        Goal(
            structure=one.structure, quantity=one.quantity, value=one.value, unit=one.unit, source=one.source
        )
        for one in desk.plan.goals
    ]
    needles = placed.loaded()
    error = desk.plan.doses.grid_error if desk.plan.doses else 0.0
    return EditJudged(
        needles=tuple(_needle(desk, number, one) for number, one in enumerate(needles)),
        seeds=_planned(desk, needles),
        goals=goals_judged(goals, found),
        doses=doses_read(found, prescription_gy, grid_error=error),
    )


def _seeds(desk: SeedDesk, placed: HandPlacedSeeds) -> tuple[Seed, ...]:
    request = desk.plan.request
    seeds = tuple(
        Seed(
            centre_lps_mm=as_point(one.needle.point_at(depth)),
            axis_lps=as_point(one.needle.direction),
            strength_u=request.strength_u,
            model=desk.model,
        )
        for one in placed.loaded()
        for depth in one.depths_mm
    )
    middle = np.asarray(desk.plan.target.centre_lps_mm)
    corners = desk.region.mask.lps_of(np.array([[0, 0, 0], desk.region.mask.voxels.shape]))
    reach = float(np.abs(corners - middle).max()) + _FARTHEST_MM
    for number, seed in enumerate(seeds, start=1):
        away = float(np.abs(np.subtract(seed.centre_lps_mm, middle)).max())
        if away > reach:
            raise SeedEditError(
                f"Seed {number} lies {away:.0f} mm from the middle of the target.", number=number
            )
    return seeds


def _planned(desk: SeedDesk, needles: tuple[HandNeedleOfSeeds, ...]) -> tuple[PlannedSeed, ...]:
    centres = np.array([one.needle.point_at(depth) for one in needles for depth in one.depths_mm])
    outside, vessel = desk.region.outside_at(centres), desk.region.vessel_at(centres)
    found: list[PlannedSeed] = []
    for number, one in enumerate(needles):
        for place, depth in enumerate(one.depths_mm):
            at = len(found)
            found.append(
                PlannedSeed(
                    number=at + 1,
                    needle=needle_id(number),
                    depth_mm=depth,
                    centre_lps_mm=as_point(centres[at]),
                    axis_lps=as_point(one.needle.direction),
                    strength_u=desk.plan.request.strength_u,
                    activity_mci=desk.plan.request.activity_mci,
                    outside_target_mm=float(outside[at]),
                    broken_rules=broken_by_seed(
                        desk.rule, one, place, outside=float(outside[at]), vessel=float(vessel[at])
                    ),
                )
            )
    return tuple(found)


def _needle(desk: SeedDesk, number: int, one: HandNeedleOfSeeds) -> EditedNeedle:
    needle, template = one.needle, desk.plan.template
    to_tip = None
    if template is not None:
        plane = np.asarray(template.origin_lps_mm)
        to_tip = float((np.asarray(needle.tip_lps_mm) - plane) @ np.asarray(template.direction_lps))
    measured, broken = _way(desk, one)
    return EditedNeedle(
        id=needle_id(number),
        hole=one.hole,
        entry_lps_mm=needle.entry_lps_mm,
        tip_lps_mm=needle.tip_lps_mm,
        depth_mm=needle.length_mm,
        template_to_tip_mm=to_tip,
        seeds=len(one.depths_mm),
        tip_to_first_mm=needle.length_mm - one.depths_mm[0],
        steps_mm=tuple(
            deep - next_one for deep, next_one in zip(one.depths_mm[:-1], one.depths_mm[1:], strict=True)
        ),
        measured=measured,
        broken_rules=broken,
    )


def _way(desk: SeedDesk, one: HandNeedleOfSeeds) -> tuple[bool, tuple[BrokenRule, ...]]:
    """Whether the way to the tip was measured, and what closes it before."""
    depth = one.needle.length_mm
    template = desk.plan.template
    hole = (
        next((hole for hole in template.holes if one.hole and hole.name == one.hole), None)
        if template
        else None
    )
    if hole is not None and hole.entry_lps_mm is not None:
        if hole.open_to_mm is not None and depth <= hole.open_to_mm + _DEEPER_MM:
            return True, ()
        if hole.blocked_by:
            rule = BrokenRule(constraint=hole.blocked_by, value=depth, allowed=hole.open_to_mm or 0.0)
            return True, (rule,)
    before = next(
        (known for known in desk.plan.needles if known.entry_lps_mm == one.needle.entry_lps_mm), None
    )
    if before is not None and depth <= before.depth_mm + _DEEPER_MM:
        return True, before.broken_rules
    return False, ()
