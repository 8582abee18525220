"""Seeds that a person placed, in the patient, and the rules that they break."""

from collections.abc import Callable

import numpy as np

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.planning.needles import BrokenRule
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds, HeldTemplate
from tongtai.core.seed_planning.paths import SeedPath, measured_paths, ways
from tongtai.core.seed_planning.region import OUTSIDE, VESSEL
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.core.seed_planning.template import Template, lines_within_mm
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


def held_template(case: SeedCase, held: HeldTemplate) -> tuple[Template, tuple[SeedPath, ...]]:
    """The template of a plan that was edited, with a path for every hole towards the target, in this patient."""
    origin, direction = np.asarray(held.origin_lps_mm, np.float64), _unit(held.direction_lps)
    aim = np.asarray(case.prepared.reached.targets[0].point_lps_mm)
    template = Template(
        # Beside the tumour's middle, from where the places of seeds are counted.
        middle_lps_mm=origin + float((aim - origin) @ direction) * direction,
        direction=direction,
        column_axis=_unit(held.column_axis_lps),
        row_axis=_unit(held.row_axis_lps),
        spacing_mm=held.spacing_mm,
        holes=held.holes,
        rotation_deg=held.rotation_deg,
    )
    rules = case.knowledge.rules
    lines = template.lines(case.samples.target[::2], lines_within_mm(rules))
    found = ways(case.prepared.reached.scene, case.region, rules, lines)
    return template, measured_paths(case.measurer, case.prepared.tumour.name, found)


def _unit(axis: tuple[float, float, float]) -> np.ndarray:
    return np.asarray(axis, np.float64) / np.linalg.norm(axis)


def broken_by_seed(
    rule: Callable[[SeedNumber], float],
    one: HandNeedleOfSeeds,
    number: int,
    *,
    outside: float,
    vessel: float,
) -> tuple[BrokenRule, ...]:
    """Rules that a needle's seed breaks.

    Parameters
    ----------
    rule
        A rule's value.
    one, number
        Needle, and its seed counted from the deepest, 0.
    outside, vessel
        Millimetres of the seed's centre outside the target, and to the nearest vessel.
    """
    broken = []
    allowed = rule(SeedNumber.OUTSIDE_TARGET_MM)
    if outside > allowed + _TOLERANCE_MM:
        broken.append(BrokenRule(constraint=OUTSIDE, value=outside, allowed=allowed))
    clearance = rule(SeedNumber.VESSEL_CLEARANCE_MM)
    if vessel < clearance - _TOLERANCE_MM:
        broken.append(BrokenRule(constraint=VESSEL, value=vessel, allowed=clearance))
    if number:
        step = one.depths_mm[number - 1] - one.depths_mm[number]
        low, high = rule(SeedNumber.SEED_STEP_MM), rule(SeedNumber.LARGEST_SEED_STEP_MM)
        if step < low - _TOLERANCE_MM:
            broken.append(BrokenRule(constraint=SeedNumber.SEED_STEP_MM.value, value=step, allowed=low))
        if step > high + _TOLERANCE_MM:
            broken.append(
                BrokenRule(constraint=SeedNumber.LARGEST_SEED_STEP_MM.value, value=step, allowed=high)
            )
    return tuple(broken)
