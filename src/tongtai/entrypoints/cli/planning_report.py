"""What the planning commands print for people."""

from tongtai.core.planning.inputs import TargetVolume
from tongtai.core.planning.plan import Plan
from tongtai.core.planning.reaching import ReachFound
from tongtai.formats.plan_folder.why_not import why_not_text


def reach_lines(target: TargetVolume, reach: ReachFound) -> list[str]:
    """Open skin, what closes the rest, what would open it."""
    return why_not_text(target, reach).splitlines()


def coverage_lines(plan: Plan) -> list[str]:
    """Needles, positions, coverage and alternatives."""
    if plan.coverage is None or plan.device is None:
        return [*reach_lines(plan.target, plan.reach), *_warnings(plan)]
    result = plan.coverage
    lines = [
        f"{plan.identity.plan_id}  {plan.device.name} ({plan.device.tissue})",
        f"target {plan.target.tumour}: {plan.target.tumour_ml:.1f} ml, with margin {plan.target.target_ml:.1f} ml",
        *_needles(plan),
        *_positions(plan),
        (
            f"covered: tumour {result.tumour:.1%}, with margin {result.target:.1%}; "
            f"thinnest margin {_mm(result.minimum_margin_mm)}; collateral {result.collateral_ml:.1f} ml; "
            f"liver that stays {result.remnant_share:.0%}"
        ),
    ]
    if (chance := result.chance) is not None:
        lines.append(
            f"probability of a margin of {chance.margin_mm:g} mm everywhere: {chance.probability:.1%} "
            f"± {chance.standard_error:.1%} ({chance.trials} trials)"
        )
    return [*lines, *_alternatives(plan), *_warnings(plan)]


def heat_lines(plan: Plan) -> list[str]:
    """Simulated zones beside the table's."""
    if plan.heat is None:
        return [*coverage_lines(plan)]
    heat = plan.heat
    lines = [f"{heat.applicator}; {heat.generator}; contour {heat.criterion}"]
    lines += [
        f"position {one.position}: {one.short_mm:.1f} × {one.long_mm:.1f} mm, {one.volume_ml:.1f} ml; minus table "
        f"{one.short_difference_mm:+.1f} × {one.long_difference_mm:+.1f} mm, {one.volume_difference_ml:+.1f} ml; "
        f"overlap {one.overlap_dice:.2f}; {len(one.deficits)} heat sinks"
        for one in heat.zones
    ]
    lines += [
        f"{one.label:<28}{one.volume_ml:7.1f} ml  tumour {one.tumour:6.1%}  with margin {one.target:6.1%}"
        for one in heat.contours
    ]
    if (band := heat.band) is not None:
        lines.append(
            f"position {band.position} over the ranges of {', '.join(band.quantities)}: "
            f"{band.smallest_ml:.1f} to {band.largest_ml:.1f} ml"
        )
    return lines


def plan_lines(plan: Plan) -> list[str]:
    """Everything."""
    lines = coverage_lines(plan)
    return [*lines, *heat_lines(plan)] if plan.heat is not None else lines


def _needles(plan: Plan) -> list[str]:
    return [
        f"{one.id}: entry {_place(one.entry_lps_mm)}, tip {_place(one.tip_lps_mm)} (LPS mm), depth {one.depth_mm:.0f} mm, "
        f"axial {one.axial_angle_deg:.0f}°, liver before tumour {one.liver_pass_mm:.0f} mm, nearest "
        + ", ".join(f"{near.name} {near.distance_mm:.0f} mm" for near in one.near[:3])
        for one in plan.needles
    ]


def _positions(plan: Plan) -> list[str]:
    return [
        f"{one.number}. {one.needle} at {one.tip_depth_mm:.0f} mm: "
        f"{'' if one.power_w is None else f'{one.power_w:g} W '}{one.time_min:g} min, "
        f"{2 * one.semi_across_mm:.0f} × {2 * one.semi_along_mm:.0f} mm ({one.statement}; {'; '.join(one.sources)})"
        for one in plan.positions
    ]


def _alternatives(plan: Plan) -> list[str]:
    return [
        "alternatives (margin, needles/positions, minutes, tumour, with margin, healthy liver, spared organs):",
        *(
            f"  {row.table_id:<44}{row.margin_mm:4.0f} mm {row.needles}/{row.positions:<3}{row.energy_time_min:6.1f} "
            f"{row.tumour_coverage:7.1%} {row.target_coverage:7.1%} {row.collateral_ml:7.1f} ml {row.organs_ml:6.2f} ml"
            for row in plan.alternatives
        ),
    ]


def _warnings(plan: Plan) -> list[str]:
    return [f"WARNING {one.code}: {one.text}" for one in plan.warnings]


def _place(place: tuple[float, float, float]) -> str:
    return ", ".join(f"{value:.1f}" for value in place)


def _mm(value: float | None) -> str:
    return "not measurable" if value is None else f"{value:.1f} mm"
