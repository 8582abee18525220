"""What the reader of a plan must know: what it falls short of, and what no such plan knows."""

from collections.abc import Iterator, Sequence
from math import ceil

from tongtai.core.coverage.alternatives import FULL, organs_ml
from tongtai.core.coverage.devices import Evidence
from tongtai.core.coverage.organs import LEAST_REACHED_ML, organs_within
from tongtai.core.coverage.plans import ZonePlan
from tongtai.core.planning.heating import HeatFound
from tongtai.core.planning.patient import lesions_by_size
from tongtai.core.planning.plan import Warned
from tongtai.core.planning.reach_step import PreparedCase
from tongtai.core.segmentation.masks import Quality, Severity
from tongtai.core.trajectory.rules import ReliefKind, TrajectoryRules
from tongtai.core.volumes import Volume

LEAST_REMNANT = 0.3
LIMITS = (
    Warned(
        code="not_a_device",
        text="This program is not a registered medical device; a physician decides on every needle.",
    ),
    Warned(
        code="straight_rigid",
        text="Needles are straight, the patient lies as in the picture: breathing, the table and the "
        "needle's own bending are only in the error that the probability draws.",
    ),
    Warned(
        code="zones_of_tables",
        text="Zones are those that the device's source measured in its tissue; a tumour's zone differs.",
    ),
    Warned(
        code="skin_for_middle",
        text="Open and closed skin is that for a needle through the middle of the tumour.",
    ),
    Warned(
        code="unseen",
        text="What no mask shows (bile ducts, small vessels, bowel wall, pleura) no needle keeps away from.",
    ),
)


def warnings_of(
    case: PreparedCase, plans: Sequence[ZonePlan], heat: HeatFound | None, told: tuple[Warned, ...]
) -> tuple[Warned, ...]:
    """Every warning of the first of the plans that were compared, the most serious first."""
    if not plans:
        found = [*told]
    else:
        plan, rules = plans[0], case.reached.scene.rules
        spared = {name for one in rules.spared for name in one.structures}
        found = [
            *organ_warnings(plans, rules),
            *told,
            *_coverage(plan, spared),
            *_needles(plan),
            *_zones(plan),
        ]
    if heat is not None:
        found += _heat(heat)
    return (*found, *image_warnings(case))


def organ_warnings(plans: Sequence[ZonePlan], rules: TrajectoryRules) -> Iterator[Warned]:
    """Organs that zones reach, or that keep zones off the target, and what would help."""
    plan = plans[0]
    yield from _reached(plan)
    for organ in plan.organs:
        yield _way_out(organ.organ, organ.depth_mm, rules)
    if plan.organs or not plan.kept_off or plan.assessment.target_coverage >= FULL:
        return
    missed = (1.0 - plan.assessment.target_coverage) * 100.0
    yield Warned(
        code="kept_off",
        text=f"Zones keep off {', '.join(plan.kept_off)}: "
        f"{missed:.1f} % of tumour and margin stays uncovered, for its sake or for want of a path.",
    )
    for number, other in enumerate(plans[1:], 2):
        more = other.assessment.target_coverage > plan.assessment.target_coverage
        if other.margin_mm == plan.margin_mm and other.organs and more:
            yield Warned(
                code="kept_off_costs",
                text=f"Row {number} of the alternatives covers {other.assessment.target_coverage * 100.0:.1f} % "
                f"but reaches {organs_ml(other):.1f} ml of organs.",
            )
            yield from (_way_out(organ.organ, organ.depth_mm, rules) for organ in other.organs)
            return


def _reached(plan: ZonePlan) -> Iterator[Warned]:
    for organ in plan.organs:
        yield Warned(
            code="organ_reached",
            text=f"Zones reach {organ.volume_ml:.1f} ml of {organ.organ}, up to {_whole_mm(organ.depth_mm)} mm deep.",
        )


def _way_out(organ: str, depth_mm: float, rules: TrajectoryRules) -> Warned:
    """What would keep heat off an organ."""
    asked = f"To lie outside the zones {organ} would have to move by {_whole_mm(depth_mm)} mm"
    for relief in rules.reliefs:
        if relief.kind is ReliefKind.HYDRODISSECTION and relief.obstacle == organ:
            clears = relief.amount > depth_mm
            would = "would be enough" if clears else "would not be enough alone"
            return Warned(
                code="organ_relief" if clears else "organ_relief_not_enough",
                text=f"{asked}: hydrodissection, which gains about {relief.amount:.0f} mm, {would}.",
            )
    return Warned(
        code="organ_no_relief",
        text=f"{asked}: choose smaller zones, another device or another position of the patient.",
    )


def _whole_mm(depth_mm: float) -> int:
    """Rounded up: an organ that zones only touch is not said to reach them by nothing."""
    return max(1, ceil(depth_mm))


def _coverage(plan: ZonePlan, spared: set[str]) -> Iterator[Warned]:
    result, margin = plan.assessment, plan.assessment.margin
    if result.tumour_coverage < FULL:
        missed = (1.0 - result.tumour_coverage) * 100.0
        yield Warned(code="tumour_not_covered", text=f"{missed:.1f} % of the tumour lies outside every zone.")
    if result.target_coverage < FULL:
        missed = (1.0 - result.target_coverage) * 100.0
        yield Warned(
            code="margin_not_covered",
            text=f"{missed:.1f} % of tumour and {plan.margin_mm:g} mm margin lies outside every zone.",
        )
    if margin.minimum_mm is not None and margin.minimum_mm < plan.margin_mm - 0.05:
        yield Warned(
            code="margin_thin",
            text=f"The margin is {margin.minimum_mm:.1f} mm where it is thinnest; {plan.margin_mm:g} asked.",
        )
    if result.remnant_share < LEAST_REMNANT:
        yield Warned(
            code="remnant_small", text=f"{result.remnant_share:.0%} of the healthy liver would stay."
        )
    for name, volume in sorted(result.reached_ml.items()):
        if volume >= LEAST_REACHED_ML and name not in spared:
            yield Warned(code="structure_reached", text=f"Zones reach {volume:.1f} ml of {name}.")


def _needles(plan: ZonePlan) -> Iterator[Warned]:
    for number, needle in enumerate(plan.needles, 1):
        for one in needle.violations:
            yield Warned(
                code="rule_broken",
                text=f"N{number} breaks the rule {one.constraint}: {one.value:.1f}, allowed {one.allowed:.1f}.",
            )


def _zones(plan: ZonePlan) -> Iterator[Warned]:
    if plan.extrapolated:
        yield Warned(code="extrapolated", text="A zone was taken from outside the device's table.")
    if plan.table.evidence is Evidence.EX_VIVO:
        yield Warned(
            code="ex_vivo",
            text="Zones were measured in tissue without blood flow: a patient's are smaller.",
        )
    chosen = plan.selection
    if chosen is not None and chosen.stopped_by_time:
        yield Warned(
            code="search_stopped",
            text="The search for fewer zones took too long and was given up: zones were chosen greedily.",
        )


def _heat(heat: HeatFound) -> Iterator[Warned]:
    for zone in heat.zones:
        for one in zone.deficits:
            yield Warned(
                code="heat_sink",
                text=f"Beside a vessel, position {zone.position} loses {one.volume_ml:.1f} ml of the "
                f"table's zone in the simulation, up to {one.depth_mm:.0f} mm deep.",
            )


def simulated_organs(case: PreparedCase, contour: Volume) -> tuple[Warned, ...]:
    """Spared organs in the contour by which zones are compared, on the simulation's grid."""
    reached = organs_within(case.target, contour, case.reached.scene.rules)
    return tuple(
        Warned(
            code="heat_reaches_organ",
            text=f"In the simulation {volume:.1f} ml of {organ} would be destroyed; tables and simulation differ.",
        )
        for organ, volume in reached.items()
    )


def image_warnings(case: PreparedCase) -> Iterator[Warned]:
    """What the image, its masks and the obstacles without a mask leave open."""
    segmentation = case.segmentation
    for finding in segmentation.findings:
        if finding.severity is Severity.WARNING:
            yield Warned(code=finding.code, text=finding.text)
    for mask in segmentation.masks:
        if mask.grade.quality is Quality.DOUBTFUL:
            yield Warned(code="mask_doubtful", text=f"{mask.name}: {mask.grade.reason}")
    unchecked = case.reached.scene.unchecked
    if unchecked:
        yield Warned(code="unchecked", text=f"No mask was given of: {', '.join(unchecked)}.")
    others = [one.name for one in lesions_by_size(segmentation) if one.name != case.tumour.name]
    if others:
        yield Warned(
            code="other_lesions",
            text=f"{len(others)} more lesions are not planned here: {', '.join(others)}.",
        )
