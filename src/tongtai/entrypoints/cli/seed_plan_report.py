"""What ``tongtai seeds plan`` prints for people."""

from collections.abc import Iterator

from tongtai.core.seed_planning.goals import GoalJudged
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.formats.seed_plan_folder.writing import why_not
from tongtai.formats.seed_plan_json import seed_plan_sha256


def seed_plan_lines(plan: SeedPlan) -> list[str]:
    """Everything, a subject a line."""
    return [*_head(plan), *_needles(plan), *_goals(plan), *_doses(plan), *_around(plan), *_told(plan)]


def _head(plan: SeedPlan) -> Iterator[str]:
    request, search = plan.request, plan.optimisation
    yield f"{plan.identity.plan_id}  sha256 {seed_plan_sha256(plan)}"
    yield (
        f"{plan.outcome.value}: target {plan.target.tumour}, {plan.target.tumour_ml:.1f} ml, with margin "
        f"{plan.target.target_ml:.1f} ml; {request.prescription_gy:g} Gy; {plan.seed.model} {plan.seed.name}, "
        f"{request.activity_mci:.3f} mCi = {request.strength_u:.4f} U a seed"
    )
    if plan.layout is not None:
        spacing = f", holes {plan.template.spacing_mm:g} mm apart" if plan.template else ""
        yield f"{plan.layout.value}{spacing}: {search.needles} needles, {search.seeds} seeds"
    if search.candidate_places:
        bounds = (
            f"at least {search.needles_bound} needles (gap {search.needles_gap:.0%}) and {search.seeds_bound} seeds "
            f"(gap {search.seeds_gap:.0%})"
            if search.needles_gap is not None and search.seeds_gap is not None
            else "no bound"
        )
        yield (
            f"chosen from {search.candidate_needles} needles and {search.candidate_places} places; greedy start "
            f"{search.start_needles} needles, {search.start_seeds} seeds; {bounds}; {search.stopped_by.value}"
        )
    for one in plan.blocked:
        yield f"closed by {one.constraint}: {one.count} {' '.join(one.holes)}".rstrip()


def _needles(plan: SeedPlan) -> Iterator[str]:
    for one in plan.needles:
        steps = " ".join(f"{step:.0f}" for step in one.steps_mm)
        entry = ", ".join(f"{value:.1f}" for value in one.entry_lps_mm)
        near = ", ".join(f"{item.name} {item.distance_mm:.0f} mm" for item in one.near[:2])
        yield (
            f"{one.id} {one.hole}: entry {entry} (LPS mm), depth {one.depth_mm:.0f} mm, {one.seeds} seeds, "
            f"steps from the tip {one.tip_to_first_mm:.1f} | {steps} mm; nearest {near}"
        )


def _goals(plan: SeedPlan) -> Iterator[str]:
    for goal in plan.goals:
        mark = {True: "✓", False: "✗", None: "?"}[goal.met]
        sign = "≥" if goal.at_least else "≤"
        yield f"{mark} {goal.structure} {goal.quantity.value} {_value(goal)} ({sign} {_number(goal.value, goal.unit)})"


def _value(goal: GoalJudged) -> str:
    return "not measurable" if goal.reached is None else _number(goal.reached, goal.unit)


def _number(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "share" else f"{value:.1f} Gy"


def _doses(plan: SeedPlan) -> Iterator[str]:
    if plan.doses is None:
        return
    target = plan.doses.target
    yield (
        f"D90 {target.d90_gy:.1f} Gy, D100 {target.d100_gy:.1f} Gy, V100 {target.v100:.1%}, V150 {target.v150:.1%}, "
        f"V200 {target.v200:.1%}; "
        + ", ".join(
            f"{one.name} {'–' if one.value is None else f'{one.value:.3f}'}" for one in plan.doses.indices
        )
    )
    yield "isodoses: " + ", ".join(
        f"{one.dose_gy:.0f} Gy {one.volume_ml:.1f} ml" for one in plan.doses.isodoses
    )
    for organ in plan.doses.organs[:6]:
        yield f"{organ.name}: Dmax {organ.largest_gy:.1f} Gy, mean {organ.mean_gy:.2f} Gy of {organ.volume_ml:.0f} ml"
    if plan.band is not None:
        low, middle, high = plan.band.d90_gy
        yield (
            f"seeds {plan.band.error_mm:g} mm off, {plan.band.trials} trials: D90 {middle:.1f} Gy (5 to 95 %: {low:.1f} to "
            f"{high:.1f}), V100 {plan.band.v100[1]:.1%} ({plan.band.v100[0]:.1%} to {plan.band.v100[2]:.1%})"
        )
    for one in plan.biological:
        yield (
            f"{one.structure} {one.quantity} {one.dose_gy:.1f} Gy: BED {one.bed_gy:.1f} Gy, EQD2 {one.eqd2_gy:.1f} Gy "
            f"(α/β {one.alpha_beta_gy:g} Gy, repair {one.repair_half_time_h:g} h; {one.formula})"
        )


def _around(plan: SeedPlan) -> Iterator[str]:
    if plan.order is None or plan.radiation is None:
        return
    order, sheet = plan.order, plan.radiation
    yield (
        f"order {order.total} seeds {order.model} ({order.planned} + {order.spares} spares); in the patient "
        f"{order.total_activity_mci:.1f} mCi = {order.total_activity_mbq:.0f} MBq = {order.total_strength_u:.2f} U; a seed: "
        + ", ".join(f"{one.activity_mci:.3f} mCi {one.days_before} days before" for one in order.ordered)
    )
    yield "dose rate: " + ", ".join(
        f"{one.place} {one.attenuated_ugy_h:.2f} µGy/h (in air {one.in_air_ugy_h:.1f})" for one in sheet.rates
    )
    for rule in sheet.rules:
        mark = "✓" if rule.within else "✗"
        yield f"{mark} {rule.name}: {rule.estimated:.2f} {rule.unit}, {rule.limit:g} allowed ({rule.source})"


def _told(plan: SeedPlan) -> Iterator[str]:
    if not plan.seeds:
        yield from why_not(plan).splitlines()
    for warning in plan.warnings:
        yield f"WARNING {warning.code}: {warning.text}"
    for limit in plan.limits:
        yield f"! {limit.text}"
