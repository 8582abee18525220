"""The facts that a plan knows: distances of the tumour and of the zones."""

import numpy as np

from tongtai.core.complications.facts import Known, Value, sheet_of
from tongtai.core.planning.plan import Plan
from tongtai.core.seed_planning.plan import SeedPlan

# Masks that stand for an organ that a rule speaks of.
_STANDS_FOR = {
    "duct_mm": ("bile_duct",),
    "gut_mm": ("bowel", "bowel_gas", "colon", "small_bowel", "duodenum"),
    "stomach_mm": ("stomach",),
    "gallbladder_mm": ("gallbladder",),
    "dome_mm": ("lung", "pleura"),
}
_HOLLOW = (*_STANDS_FOR["gut_mm"], *_STANDS_FOR["stomach_mm"], *_STANDS_FOR["gallbladder_mm"])
_SUBCAPSULAR_SHARE = 0.0


def plan_facts(plan: Plan | SeedPlan) -> dict[str, Known]:
    """What a plan says to the rules.

    A distance is known only where there is a mask of the organ: no mask is no distance, never a safe one.

    Parameters
    ----------
    plan
        With or without needles. A plan of seeds knows its tumour and needles, and has no zones of heat.
    """
    if isinstance(plan, SeedPlan):
        return sheet_of({"tumour_ml": plan.target.tumour_ml, "needle_count": float(len(plan.needles))})
    near = {one.name: one for one in plan.clearances}
    known: dict[str, Value] = {"tumour_ml": plan.target.tumour_ml}
    masks = {one.name for one in plan.structures}
    for fact, names in _STANDS_FOR.items():
        distances = [near[name].tumour_mm for name in names if name in near]
        if distances:
            known[fact] = min(distances)
        elif plan.clearances and masks.intersection(names):
            known[fact] = FAR_MM
    if plan.coverage is not None:
        known |= _of_zones(plan)
        depths = [near[name].zone_mm for name in _HOLLOW if name in near]
        known["zone_reaches_organ"] = any(depth is not None and depth <= 0.0 for depth in depths)
    return sheet_of(known)


FAR_MM = 30.0
"""Stands for "there is such an organ, and it is farther than this" (`clearances.WITHIN_MM`)."""


def _of_zones(plan: Plan) -> dict[str, Value]:
    coverage = plan.coverage
    assert coverage is not None  # noqa: S101  (asked by the caller)
    margins = [m for m in (coverage.minimum_margin_mm,) if m is not None]
    known: dict[str, Value] = {
        "zone_longest_mm": zones_longest_mm(plan),
        "zone_ml": coverage.zone_ml,
        "subcapsular": coverage.surface_excluded > _SUBCAPSULAR_SHARE,
        "remnant_share": coverage.remnant_share,
        "needle_count": float(len(plan.needles)),
        "pleura_crossed": any(needle.pleura_crossed for needle in plan.needles),
        "energy_time_min": plan.energy_time_min,
    }
    return known | ({"margin_mm": min(margins)} if margins else {})


def zones_longest_mm(plan: Plan) -> float:
    """Longest extent of all zones together, along the line through any two of their middles or an axis.

    Exact for one zone and for zones in a row; of several it is the longest of the extents along those lines.
    """
    centres = np.array([one.centre_lps_mm for one in plan.positions])
    axes = np.array([one.axis_lps for one in plan.positions])
    if len(centres) == 0:
        return 0.0
    across = np.array([one.semi_across_mm for one in plan.positions])
    along = np.array([one.semi_along_mm for one in plan.positions])
    between = (centres[:, None] - centres[None]).reshape(-1, 3)
    lengths = np.linalg.norm(between, axis=1)
    lines = np.concatenate([axes, between[lengths > 0.0] / lengths[lengths > 0.0, None]])
    longest = 0.0
    for line in lines:
        cosine = axes @ line
        # Support of an ellipsoid of revolution in this direction.
        half = np.sqrt((along * cosine) ** 2 + across**2 * (1.0 - cosine**2))
        place = centres @ line
        longest = max(longest, float((place + half).max() - (place - half).min()))
    return max(longest, 2.0 * float(across.max()))
