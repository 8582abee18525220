"""What the reader of a plan must know: what it falls short of, and what no such plan knows."""

from collections.abc import Iterator

from tongtai.core.coverage.choosing import SPARED
from tongtai.core.coverage.devices import Evidence
from tongtai.core.coverage.plans import ZonePlan
from tongtai.core.planning.heating import HeatFound
from tongtai.core.planning.patient import lesions_by_size
from tongtai.core.planning.plan import Warned
from tongtai.core.planning.reach_step import PreparedCase
from tongtai.core.segmentation.masks import Quality, Severity

FULL = 0.9995
LEAST_REMNANT = 0.3
LEAST_REACHED_ML = 0.05
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
    case: PreparedCase, plan: ZonePlan | None, heat: HeatFound | None, told: tuple[Warned, ...]
) -> tuple[Warned, ...]:
    """Every warning, the most serious first."""
    found = [*told]
    if plan is not None:
        found += [*_coverage(plan), *_needles(plan), *_zones(plan)]
    if heat is not None:
        found += _heat(heat)
    return (*found, *_images(case))


def _coverage(plan: ZonePlan) -> Iterator[Warned]:
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
    for name, volume in sorted(result.reached_ml.items(), key=lambda item: (item[0] not in SPARED, item[0])):
        if volume >= LEAST_REACHED_ML:
            code = "organ_reached" if name in SPARED else "structure_reached"
            yield Warned(code=code, text=f"Zones reach {volume:.1f} ml of {name}.")


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
            text="The search for fewer zones was stopped by its time limit; a slower machine may differ.",
        )


def _heat(heat: HeatFound) -> Iterator[Warned]:
    for zone in heat.zones:
        for one in zone.deficits:
            yield Warned(
                code="heat_sink",
                text=f"Beside a vessel, position {zone.position} loses {one.volume_ml:.1f} ml of the "
                f"table's zone in the simulation, up to {one.depth_mm:.0f} mm deep.",
            )


def _images(case: PreparedCase) -> Iterator[Warned]:
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
