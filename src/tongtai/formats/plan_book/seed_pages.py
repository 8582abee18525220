"""Items 5, 6 and 8 for seeds: goals, needles with their loading, the seed and its doses."""

from collections.abc import Iterator

from tongtai.core.seed_planning.plan import SeedOutcome, SeedPlan
from tongtai.formats.plan_book.blocks import Block, banner, facts, heading, table, text, tiles
from tongtai.formats.plan_book.opening import target_rows, verified_line
from tongtai.formats.plan_book.words import Words, number, optional, percent, place, plain

_ORGANS = 8


def seed_glance_blocks(words: Words, plan: SeedPlan) -> list[Block]:
    """The plan in six numbers, whether its goals are met, whether this installation was verified."""
    if plan.doses is None:
        return [banner(words("no_path"), "bad"), verified_line(words, plan)]
    target, missed = plan.doses.target, sum(goal.met is False for goal in plan.goals)
    judged = sum(goal.met is not None for goal in plan.goals)
    found: list[Block] = [
        tiles(
            [
                (str(len(plan.needles)), words("key.needles")),
                (str(len(plan.seeds)), words("sd.key.seeds")),
                (number(target.d90_gy), words("sd.key.d90", plain(plan.request.prescription_gy))),
                (percent(target.v100), words("sd.key.v100")),
                (f"{judged - missed} / {judged}", words("sd.key.goals")),
                (number(len(plan.seeds) * plan.request.activity_mci), words("sd.key.activity")),
            ]
        )
    ]
    if plan.outcome is SeedOutcome.GOALS_NOT_MET:
        found.append(banner(words("sd.missed", missed), "bad"))
    return [*found, verified_line(words, plan)]


def seed_target_blocks(words: Words, plan: SeedPlan) -> list[Block]:
    """Item 5: what gets the prescription, and every goal with what is reached."""
    found = [heading(words("h.target")), facts(target_rows(words, plan))]
    if plan.doses is None:
        return [*found, text(words("sd.no_seeds"), "warn")]
    header = [words(key) for key in ("t.structure", "sd.t.quantity", "sd.t.goal", "sd.t.reached", "t.result", "t.source")]  # fmt: skip
    rows = [
        [
            _structure(words, goal.structure),
            goal.quantity.value,
            f"{'≥' if goal.at_least else '≤'} {_in_unit(goal.value, goal.unit)}",
            "–" if goal.reached is None else _in_unit(goal.reached, goal.unit),
            words(_RESULT[goal.met]),
            words.reason(goal.source),
        ]
        for goal in plan.goals
    ]
    missed = [row for row, goal in enumerate(plan.goals) if goal.met is False]
    return [*found, text(words("sd.goals")), table(header, rows, (1.3, 0.7, 0.9, 0.9, 0.8, 3.0), right=(2, 3), bold=missed)]  # fmt: skip


_RESULT = {True: "sd.met", False: "sd.not_met", None: "sd.not_judged"}


def _in_unit(value: float, unit: str) -> str:
    return percent(value) if unit == "share" else f"{number(value)} Gy"


def _structure(words: Words, name: str) -> str:
    return words("sd.target") if name == "target" else words.structure(name)


def seed_needle_blocks(words: Words, plan: SeedPlan) -> list[Block]:
    """Item 6: where each needle goes, and the pattern that it is loaded by."""
    found = [heading(words("h.needles"))]
    if not plan.needles:
        return [*found, text(words("no_path"), "warn")]
    header = [words(key) for key in ("t.id", "sd.t.hole", "t.entry", "sd.t.tip", "t.depth", "sd.t.from_template", "sd.t.angle")]  # fmt: skip
    rows = [
        [
            one.id,
            one.hole or "–",
            place(one.entry_lps_mm),
            place(one.tip_lps_mm),
            number(one.depth_mm),
            optional(one.template_to_tip_mm),
            number(one.axial_angle_deg),
        ]
        for one in plan.needles
    ]
    found += [
        table(header, rows, (0.5, 0.5, 1.5, 1.5, 0.7, 0.9, 0.7), right=(4, 5, 6)),
        heading(words("sd.h.loading"), 2),
        text(words("sd.loading")),
        _loading(words, plan),
    ]
    if plan.gaps:
        told = "; ".join(f"{one.first}–{one.second} {number(one.distance_mm)} mm" for one in plan.gaps)
        found.append(facts([(words("f.gaps"), told)]))
    return found


def _loading(words: Words, plan: SeedPlan) -> Block:
    keys = ("t.id", "sd.t.hole", "sd.t.count", "sd.t.tip_to_first", "sd.t.steps", "sd.t.depths")
    rows = [
        [
            one.id,
            one.hole or "–",
            str(one.seeds),
            number(one.tip_to_first_mm),
            " – ".join(plain(round(step, 1)) for step in one.steps_mm) or "–",
            ", ".join(number(seed.depth_mm) for seed in plan.seeds if seed.needle == one.id),
        ]
        for one in plan.needles
    ]
    return table([words(key) for key in keys], rows, (0.5, 0.5, 0.5, 0.9, 1.6, 2.6), right=(2, 3))


def seed_source_blocks(words: Words, plan: SeedPlan) -> list[Block]:
    """Item 8, its head: prescription, seed, how dose is computed and how the plan was chosen."""
    request, seed, search = plan.request, plan.seed, plan.optimisation
    strength = f"{number(request.activity_mci, 3)} mCi = {number(request.strength_u, 4)} U"
    rows = [
        (words("sd.f.prescription"), words("sd.to_infinity", plain(request.prescription_gy))),
        (words("sd.f.seed"), f"I-125, {seed.name} ({seed.model})"),
        (words("sd.f.strength"), strength),
        (words("sd.f.count"), f"{len(plan.seeds)} / {len(plan.needles)}"),
        (words("sd.f.grid"), _grid(words, plan)),
        (words("sd.f.data"), words("sd.consensus" if seed.consensus else "sd.no_consensus")),
        (words("sd.f.constant"), f"{number(seed.dose_rate_constant_cgy_h_u, 3)} cGy/(h U), {seed.source}"),
        (words("sd.f.half_life"), f"{number(seed.half_life_d, 2)} d, L {number(seed.active_length_mm)} mm"),
        *((words.term("sd.rule", one.name), words.reason(one.text)) for one in seed.rules),
        (
            words("sd.f.search"),
            f"{words.reason(search.method)}: {search.candidate_needles} / {search.candidate_places}",
        ),
        (words("sd.f.bounds"), _bounds(words, plan)),
    ]
    return [heading(words("h.seeds")), facts(rows)]


def _grid(words: Words, plan: SeedPlan) -> str:
    if plan.template is None:
        return words("sd.free")
    used = plan.template
    return words("sd.template", plain(used.spacing_mm), used.columns, used.rows, number(used.rotation_deg))


def _bounds(words: Words, plan: SeedPlan) -> str:
    search = plan.optimisation
    stopped = words.term("sd.stopped", search.stopped_by.value)
    if search.needles_bound is None or search.seeds_bound is None:
        return stopped
    gaps = (percent(search.needles_gap or 0.0, 0), percent(search.seeds_gap or 0.0, 0))
    return words("sd.bounds", search.needles_bound, gaps[0], search.seeds_bound, gaps[1]) + " " + stopped


def seed_dose_blocks(words: Words, plan: SeedPlan) -> list[Block]:
    """Doses of target and organs, isodoses, indices, band and biological doses."""
    doses = plan.doses
    if doses is None:
        return []
    target = doses.target
    rows = [
        ("D90 / D100", f"{number(target.d90_gy)} / {number(target.d100_gy)} Gy"),
        (words("sd.f.mean"), f"{number(target.mean_gy)} Gy"),
        ("V100 / V150 / V200", " / ".join(percent(one) for one in (target.v100, target.v150, target.v200))),
        *((words.term("sd.index", one.name), f"{optional(one.value, 3)}  {one.definition}") for one in doses.indices),
        (words("sd.f.grid_error"), percent(doses.grid_error, 3)),
        *_band(words, plan),
    ]  # fmt: skip
    isodoses = [[percent(one.share, 0), number(one.dose_gy), number(one.volume_ml)] for one in doses.isodoses]
    organs = [
        [
            words.structure(one.name),
            number(one.volume_ml),
            optional(one.d2cc_gy),
            optional(one.d0_1cc_gy),
            number(one.largest_gy),
            number(one.mean_gy, 2),
        ]
        for one in doses.organs[:_ORGANS]
    ]
    found = [
        heading(words("sd.h.doses"), 2),
        facts(rows),
        table([words(key) for key in ("sd.t.isodose", "sd.t.dose", "t.volume")], isodoses, (1, 1, 1), right=(0, 1, 2)),
        heading(words("sd.h.organs"), 2),
        table(
            [words("t.structure"), words("t.volume"), "D2cc / Gy", "D0.1cc / Gy", "Dmax / Gy", words("sd.t.mean")],
            organs, (2.0, 1.0, 1.0, 1.0, 1.0, 1.0), right=(1, 2, 3, 4, 5),
        ),
    ]  # fmt: skip
    return [*found, *_biological(words, plan)]


def _band(words: Words, plan: SeedPlan) -> Iterator[tuple[str, str]]:
    band = plan.band
    if band is None:
        return
    low, middle, high = band.d90_gy
    shares = [percent(one) for one in band.v100]
    told = words("sd.band", number(middle), number(low), number(high), shares[1], shares[0], shares[2])
    yield words("sd.f.band", plain(band.error_mm), band.trials), f"{told} {words.reason(band.error_source)}"


def _biological(words: Words, plan: SeedPlan) -> list[Block]:
    if not plan.biological:
        return []
    header = [
        words("t.structure"),
        words("sd.t.quantity"),
        words("sd.t.dose"),
        "BED / Gy",
        "EQD2 / Gy",
        "α/β / Gy",
    ]
    rows = [
        [
            _structure(words, one.structure), one.quantity, number(one.dose_gy), number(one.bed_gy), number(one.eqd2_gy),
            plain(one.alpha_beta_gy),
        ]
        for one in plan.biological
    ]  # fmt: skip
    one = plan.biological[0]
    note = words("sd.biological", one.formula, plain(one.repair_half_time_h), words.reason(one.source))
    return [
        heading(words("sd.h.biological"), 2),
        table(header, rows, (2, 1, 1, 1, 1, 1), right=(2, 3, 4, 5)),
        text(note, "muted"),
    ]


def seed_list_blocks(words: Words, plan: SeedPlan) -> list[Block]:
    """Every seed: needle, depth, place."""
    if not plan.seeds:
        return []
    header = [
        words(key)
        for key in ("t.id", "t.needle", "sd.t.depth", "sd.t.centre", "sd.t.outside", "sd.t.strength")
    ]
    rows = [
        [
            str(one.number),
            one.needle,
            number(one.depth_mm),
            place(one.centre_lps_mm),
            number(one.outside_target_mm),
            number(one.strength_u, 4),
        ]
        for one in plan.seeds
    ]
    return [
        heading(words("sd.h.list"), 2),
        table(header, rows, (0.5, 0.6, 0.8, 1.8, 1.0, 0.9), right=(2, 4, 5)),
    ]
