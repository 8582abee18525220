"""Seeds that a person placed, in the patient, and the rules that they break."""

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.planning.needles import BrokenRule
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds
from tongtai.core.seed_planning.region import OUTSIDE, VESSEL
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.trajectory.reach import as_point

_TOLERANCE_MM = 0.05


def implant_by_hand(case: SeedCase, placed: HandPlacedSeeds) -> Implant:
    """The seeds in the patient, needle by needle."""
    return Implant(
        tuple(
            Seed(
                centre_lps_mm=as_point(one.needle.point_at(depth)),
                axis_lps=as_point(one.needle.direction),
                strength_u=case.request.strength_u,
                model=case.knowledge.model,
            )
            for one in placed.loaded()
            for depth in one.depths_mm
        )
    )


def broken_by_seed(case: SeedCase, one: HandNeedleOfSeeds, number: int) -> tuple[BrokenRule, ...]:
    """Rules that a needle's seed breaks; ``number`` counts from the deepest, 0."""
    rules, region = case.knowledge.rules, case.region
    place = one.needle.point_at(one.depths_mm[number])[None]
    outside, vessel = float(region.outside_at(place)[0]), float(region.vessel_at(place)[0])
    broken = []
    allowed = rules.number(SeedNumber.OUTSIDE_TARGET_MM)
    if outside > allowed + _TOLERANCE_MM:
        broken.append(BrokenRule(constraint=OUTSIDE, value=outside, allowed=allowed))
    clearance = rules.number(SeedNumber.VESSEL_CLEARANCE_MM)
    if vessel < clearance - _TOLERANCE_MM:
        broken.append(BrokenRule(constraint=VESSEL, value=vessel, allowed=clearance))
    if number:
        step = one.depths_mm[number - 1] - one.depths_mm[number]
        low, high = rules.number(SeedNumber.SEED_STEP_MM), rules.number(SeedNumber.LARGEST_SEED_STEP_MM)
        if step < low - _TOLERANCE_MM:
            broken.append(BrokenRule(constraint=SeedNumber.SEED_STEP_MM.value, value=step, allowed=low))
        if step > high + _TOLERANCE_MM:
            broken.append(
                BrokenRule(constraint=SeedNumber.LARGEST_SEED_STEP_MM.value, value=step, allowed=high)
            )
    return tuple(broken)
