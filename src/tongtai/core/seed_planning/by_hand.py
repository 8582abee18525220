"""Seeds that a person placed, before they are judged, and the rules that they break."""

from dataclasses import dataclass

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.needle import Needle
from tongtai.core.planning.needles import BrokenRule
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.errors import HandPlacedSeedsError
from tongtai.core.seed_planning.region import OUTSIDE, VESSEL
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.trajectory.reach import as_point

_TOLERANCE_MM = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class HandNeedleOfSeeds:
    """A needle and the depths of its seeds' centres below the skin.

    Attributes
    ----------
    hole
        The template's hole; empty for none.
    depths_mm
        In any order.
    """

    hole: str
    needle: Needle
    depths_mm: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPlacedSeeds:
    """All needles of a plan, every seed of the request's model and strength."""

    needles: tuple[HandNeedleOfSeeds, ...]

    def __post_init__(self) -> None:
        if not any(one.depths_mm for one in self.needles):
            raise HandPlacedSeedsError("Place at least one seed.")
        for number, one in enumerate(self.needles, 1):
            for depth in one.depths_mm:
                if not 0.0 < depth <= one.needle.length_mm + _TOLERANCE_MM:
                    raise HandPlacedSeedsError(
                        f"Needle {number} is {one.needle.length_mm:.1f} mm deep and cannot carry a seed at {depth:g} mm."
                    )
            if len(set(one.depths_mm)) < len(one.depths_mm):
                raise HandPlacedSeedsError(f"Needle {number} has two seeds at the same depth.")

    def loaded(self) -> tuple[HandNeedleOfSeeds, ...]:
        """Those with seeds, the deepest seed of each first."""
        return tuple(
            HandNeedleOfSeeds(
                hole=one.hole, needle=one.needle, depths_mm=tuple(sorted(one.depths_mm, reverse=True))
            )
            for one in self.needles
            if one.depths_mm
        )


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
