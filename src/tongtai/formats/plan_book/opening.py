"""The first pages: standing, case, images, segmentation."""

from datetime import datetime

from tongtai.core.planning.plan import GRAVE, Outcome, Plan, Warned
from tongtai.core.seed_planning.plan import GRAVE_SEEDS
from tongtai.formats.plan_book.blocks import Block, banner, facts, heading, table, text, tiles
from tongtai.formats.plan_book.case import Approval, CaseFacts, Standing
from tongtai.formats.plan_book.words import AnyPlan, Words, number, optional, percent, place, plain

_STRUCTURE_WIDTHS = (1.3, 0.7, 0.7, 0.8, 1.5, 0.7, 2.0)


def standing_blocks(words: Words, standing: Standing, approval: Approval | None) -> list[Block]:
    """The banner and the notice."""
    values = (approval.name, approval.at) if approval else ()
    tone = {Standing.APPROVED: "good", Standing.SUPERSEDED: "bad"}.get(standing, "draft")
    return [banner(words(f"state.{standing}", *values), tone), text(words("notice"), "warn")]


def glance_blocks(words: Words, plan: Plan) -> list[Block]:
    """The plan in six numbers, whether this installation was verified, and the warnings."""
    found: list[Block] = []
    coverage = plan.coverage
    if plan.outcome is Outcome.NO_SAFE_PATH or coverage is None:
        found.append(banner(words("no_path"), "bad"))
    else:
        chance = coverage.chance
        items = [
            (str(len(plan.needles)), words("key.needles")),
            (str(len(plan.positions)), words("key.positions")),
            (number(plan.energy_time_min), words("key.time")),
            (optional(coverage.minimum_margin_mm), words("key.margin")),
            (percent(coverage.target), words("key.target")),
        ]
        if chance is not None:
            items.append((percent(chance.probability), words("key.chance", plain(chance.margin_mm))))
        found.append(tiles(items))
    return [*found, verified_line(words, plan)]


def verified_line(words: Words, plan: AnyPlan) -> Block:
    """Whether the reference cases passed here."""
    count = len(plan.verification)
    failed = sum(not one.passed for one in plan.verification)
    if count == 0:
        return text(words("verification.none"), "warn")
    if failed:
        return banner(words("verification.failed", count, failed), "bad")
    return text(words("verification.all", count))


def warning_blocks(words: Words, plan: AnyPlan) -> list[Block]:
    """Every warning of the plan."""
    found = [heading(words("warnings"), 2)]
    if not plan.warnings:
        return [*found, text(words("no_warnings"), "muted")]
    said = {_said(words, plan, one): one.code in GRAVE | GRAVE_SEEDS for one in plan.warnings}
    return [*found, *(text(f"▲ {sentence}", "bad" if grave else "plain") for sentence, grave in said.items())]


def _offset(at: datetime) -> str:
    # The names of zones are not one zone's: CST is that of Shanghai and of Chicago.
    return f"UTC{at.isoformat(timespec='minutes')[16:]}" if at.utcoffset() else "UTC"


def _said(words: Words, plan: AnyPlan, warned: Warned) -> str:
    """A warning; masks that are doubtful for the same reason share a line."""
    if warned.code != "mask_doubtful":
        return words.sentence(warned)
    reason = warned.text.partition(": ")[2]
    told = [one.text.partition(": ") for one in plan.warnings if one.code == warned.code]
    alike = [name for name, _, why in told if why == reason]
    return f"{words.structures(alike)}: {words.reason(reason)}"


def case_blocks(
    words: Words, plan: AnyPlan, case: CaseFacts, plan_sha256: str, written_at: datetime
) -> list[Block]:
    """Items 1 and 2: the case, and the clinical summary."""
    missing = words("not_given")
    people = [
        (words("f.case_number"), case.case_number or missing),
        (words("f.patient"), case.patient or missing),
        *case.identifiers,
        (words("f.inviting"), case.inviting_hospital or missing),
        (words("f.expert"), case.expert_centre or missing),
        (words("f.service"), case.service_type or missing),
        (words("f.liable"), case.liable_party or missing),
    ]
    identity = plan.identity
    bound = [
        (words("f.plan_id"), identity.plan_id),
        (words("f.version"), str(identity.version)),
        (words("f.technique"), words(f"technique.{plan.request.technique}")),
        (words("f.margin"), f"{plain(plan.request.margin_mm)} mm"),
        (words("f.position"), words(plan.request.position)),
        (words("f.chosen_by"), words("by_hand" if plan.request.by_hand else "by_program")),
        (words("f.software"), f"{identity.software}, {identity.seed}"),
        (words("f.written"), f"{written_at:%Y-%m-%d %H:%M} ({_offset(written_at)})"),
        (words("f.plan_hash"), plan_sha256),
        (words("f.input_hash"), identity.input_sha256),
    ]
    clinical = (
        facts(list(case.clinical))
        if case.clinical
        else text(words("not_held", words("clinical.items")), "muted")
    )
    return [
        heading(words("h.case"), new_page=True),
        facts([*people, *bound]),
        heading(words("h.clinical")),
        clinical,
    ]


def image_blocks(words: Words, plan: AnyPlan) -> list[Block]:
    """Item 3: the images."""
    image, missing = plan.image, words("not_given")
    slice_mm, row_mm, column_mm = image.spacing_mm
    phase = words.term("phase", image.phase)
    rows = [
        (words("f.study"), image.study_uid or missing),
        (words("f.series"), image.series_uid or missing),
        (words("f.frame"), image.frame_of_reference_uid or missing),
        (words("f.phase"), f"{phase} ({words.note(image.phase_reason)})" if image.phase_reason else phase),
        (words("f.voxels"), f"{image.slices} × {image.rows} × {image.columns}"),
        (words("f.spacing"), f"{number(slice_mm, 2)} × {number(row_mm, 3)} × {number(column_mm, 3)} mm"),
        (words("f.registration"), words("registration.single")),
        *((words("f.notes"), words.note(note)) for note in image.notes),
    ]
    return [heading(words("h.images")), facts(rows)]


def structure_blocks(words: Words, plan: AnyPlan) -> list[Block]:
    """Item 4: what was segmented, how well, and what was not."""
    header = [
        words(key)
        for key in ("t.structure", "t.volume", "t.longest", "t.quality", "t.engine", "t.editor", "t.reason")
    ]
    rows = [
        [
            words.structure(one.name),
            number(one.volume_ml),
            number(one.longest_mm),
            words.term("quality", one.quality)
            + (f" (Dice {number(one.dice, 2)})" if one.dice is not None else ""),
            one.engine,
            one.editor or words("nobody"),
            words.reason(one.reason),
        ]
        for one in plan.structures
    ]
    found = [heading(words("h.structures")), table(header, rows, _STRUCTURE_WIDTHS, right=(1, 2))]
    if plan.reach.unchecked:
        found.append(text(words("missing_structures", words.structures(plan.reach.unchecked)), "warn"))
    return found


def target_blocks(words: Words, plan: Plan) -> list[Block]:
    """Item 5: what must be destroyed, and what the zones do."""
    found = [heading(words("h.target")), facts(target_rows(words, plan))]
    if plan.coverage is None:
        return [*found, text(words("no_zones"), "warn")]
    return [*found, facts(_coverage_rows(words, plan))]


def target_rows(words: Words, plan: AnyPlan) -> list[tuple[str, str]]:
    """Tumour, margin and liver in numbers."""
    target = plan.target
    return [
        (words("f.tumour"), words.structure(target.tumour)),
        (words("f.tumour_size"), f"{number(target.tumour_ml)} ml / {number(target.longest_mm)} mm"),
        (words("f.centre"), place(target.centre_lps_mm)),
        (words("f.margin"), f"{plain(target.margin_mm)} mm"),
        (words("f.target_volume"), f"{number(target.target_ml)} ml"),
        (words("f.liver"), f"{number(target.liver_ml)} ml / {number(target.healthy_liver_ml)} ml"),
        (words("f.at_capsule"), percent(target.at_capsule)),
        (words("f.subcapsular"), words("yes" if target.subcapsular else "no")),
    ]


def _coverage_rows(words: Words, plan: Plan) -> list[tuple[str, str]]:
    coverage = plan.coverage
    assert coverage is not None  # noqa: S101  (asked for plans with zones only)
    surface = (
        coverage.surface_below_zero,
        coverage.surface_below_asked,
        coverage.surface_at_least_asked,
    )
    rows = [
        (words("f.tumour_coverage"), percent(coverage.tumour)),
        (words("f.target_coverage"), percent(coverage.target)),
        (words("f.minimum_margin"), _with_place(words, plan)),
        (words("f.minimum_capsule"), f"{optional(coverage.minimum_at_capsule_mm)} mm"),
        (words("f.surface"), " / ".join(percent(share) for share in surface)),
    ]
    chance = coverage.chance
    if chance is not None:
        numbers = (chance.probability, chance.standard_error, chance.low, chance.high)
        errors = (plain(chance.needle_error_mm), plain(chance.registration_error_mm))
        told = words("chance.text", *(percent(one) for one in numbers), chance.trials, *errors)
        rows.append((words("f.chance", plain(chance.margin_mm)), told))
    return [
        *rows,
        (words("f.zone_ml"), f"{number(coverage.zone_ml)} ml"),
        (words("f.collateral"), f"{number(coverage.collateral_ml)} ml"),
        (words("f.remnant"), f"{number(coverage.remnant_ml)} ml / {percent(coverage.remnant_share)}"),
        (words("f.method"), words.term("method", coverage.method)),
        (words("f.gap"), "–" if coverage.gap is None else percent(coverage.gap)),
    ]


def _with_place(words: Words, plan: Plan) -> str:
    coverage = plan.coverage
    if coverage is None or coverage.minimum_margin_mm is None or coverage.minimum_margin_lps_mm is None:
        return "–"
    where = place(coverage.minimum_margin_lps_mm)
    return f"{number(coverage.minimum_margin_mm)} mm / {words('f.at_place')} {where}"
