"""Items 9 to 13 and what stands behind the numbers: risk, alternatives, checks, verification, signatures."""

from collections.abc import Sequence

from tongtai.core.coverage.alternative import Alternative
from tongtai.core.planning.plan import Plan
from tongtai.formats.plan_book.blocks import Block, blank, facts, heading, table, text
from tongtai.formats.plan_book.case import PrintPart
from tongtai.formats.plan_book.needle_pages import NEAR_MM, VERY_NEAR_MM
from tongtai.formats.plan_book.opening import verified_line
from tongtai.formats.plan_book.words import AnyPlan, Words, number, optional, percent, plain

_CHECKS = 5
_ROLES = ("planner", "radiologist", "lead", "operator")


def risk_blocks(words: Words, plan: Plan) -> list[Block]:
    """Item 9: what lies near needles and zones, and what was not judged."""
    found = [heading(words("h.risk")), *near_all(words, plan)]
    reached = plan.coverage.reached if plan.coverage else ()
    told = "; ".join(f"{words.structure(one.name)} {number(one.volume_ml, 2)} ml" for one in reached)
    found.append(
        facts(
            [
                (words("risk.reached"), told or words("risk.none_reached")),
                (words("risk.forecast"), words("risk.not_run")),
            ]
        )
    )
    return [*found, text(words("see_warnings"), "muted"), blank(words("risk.actions"), 2)]


def near_all(words: Words, plan: AnyPlan) -> list[Block]:
    """Structures within 10 mm of any needle, the nearest first."""
    near = sorted(
        (one.distance_mm, needle.id, one.name, one.depth_mm)
        for needle in plan.needles
        for one in needle.near
        if one.distance_mm < NEAR_MM
    )
    if not near:
        return [text(words("risk.near")), text(words("risk.none_near"), "muted")]
    header = [words(f"t.{key}") for key in ("needle", "near", "distance", "at_depth")]
    rows = [
        [needle, ("▲ " if distance < VERY_NEAR_MM else "") + words.structure(name), number(distance), number(deep)]
        for distance, needle, name, deep in near
    ]  # fmt: skip
    return [text(words("risk.near")), table(header, rows, (0.6, 2.0, 1.0, 1.0), right=(2, 3))]


def alternative_blocks(words: Words, plan: Plan) -> list[Block]:
    """Item 10: other plans in one table, and lines for what people decide."""
    found = [heading(words("h.alternatives"))]
    keys = (
        *("device", "settings", "margin_asked", "count", "total", "target_share", "min_margin"),
        *("collateral", "remnant", "organs", "chance", "method"),
    )
    rows = [_alternative_row(words, one) for one in plan.alternatives]
    header = [words(f"t.{key}") for key in keys]
    header[5] = f"{words('t.tumour_share')} / {words('t.target_share')}"
    widths = (2.3, 1.1, 0.8, 0.95, 0.65, 1.25, 0.85, 0.85, 0.85, 0.85, 1.45, 1.1)
    bold = () if plan.request.by_hand else (0,)
    if rows:
        found.append(table(header, rows, widths, right=(2, 4, 6, 7, 8, 9), bold=bold))
        key = "alternatives.hand" if plan.request.by_hand else "alternatives.this"
        found.append(text(words(key), "muted"))
    else:
        found.append(text(words("none"), "muted"))
    return [*found, *decided_blocks(words)]


def decided_blocks(words: Words) -> list[Block]:
    """Lines for what people decide."""
    return [blank(words(key), 2) for key in ("abort", "conversion", "called")]


def _alternative_row(words: Words, one: Alternative) -> list[str]:
    chance = "–"
    if one.probability is not None:
        span = f"({optional(_hundred(one.probability_low))}–{optional(_hundred(one.probability_high))})"
        chance = f"{percent(one.probability)} {span}"
    gap = "" if one.gap is None else f", {percent(one.gap, 0)}"
    settings = "; ".join(one.settings)
    return [
        f"{one.device} ({words.term('evidence', one.evidence)})",
        f"{settings} {words('extrapolated')}" if one.extrapolated else settings,
        plain(one.margin_mm),
        f"{one.needles} / {one.positions}",
        plain(one.energy_time_min),
        f"{percent(one.tumour_coverage)} / {percent(one.target_coverage)}",
        optional(one.minimum_margin_mm),
        number(one.collateral_ml),
        percent(one.remnant_share),
        number(one.organs_ml, 2),
        chance,
        words.term("how", one.method.replace(" ", "_")) + gap,
    ]


def _hundred(share: float | None) -> float | None:
    return None if share is None else 100.0 * share


def intraop_blocks(words: Words, which: str = "intraop") -> list[Block]:
    """Item 11: what is checked on the table, and by whom; ``which`` is the words' group of the technique."""
    header = [words(f"t.{key}") for key in ("check", "confirmed", "at")]
    rows = [[f"☐ {words(f'{which}.{check}')}", "", ""] for check in range(1, _CHECKS + 1)]
    return [heading(words("h.intraop")), table(header, rows, (3.0, 1.2, 0.8))]


def print_blocks(words: Words, parts: Sequence[PrintPart]) -> list[Block]:
    """Item 12: the files that a model is printed from."""
    found = [heading(words("h.print"))]
    if not parts:
        return [*found, text(words("print.none"), "muted")]
    header = [words("t.part"), words("t.volume"), words("t.box"), words("t.hash")]
    rows = [
        [
            f"{words.structure(one.name)} ({one.file})",
            number(one.volume_ml),
            " × ".join(number(side) for side in one.box_mm),
            one.sha256,
        ]
        for one in parts
    ]
    return [
        *found,
        text(words("print.note", words("print.closed")), "warn"),
        table(header, rows, (1.6, 0.8, 1.3, 3.4), right=(1,)),
        blank(words("print.received")),
    ]


def verification_blocks(words: Words, plan: AnyPlan) -> list[Block]:
    """The reference cases as they ran on this installation, and where each number comes from."""
    found = [heading(words("h.verification")), verified_line(words, plan)]
    if plan.verification:
        header = [words(f"t.{key}") for key in ("case", "result", "deviation", "tolerance")]
        rows = [
            [
                words.reference_case(one.name),
                words("passed" if one.passed else "failed"),
                f"{one.deviation:.3g} {one.unit}",
                f"{one.tolerance:.3g} {one.unit}",
            ]
            for one in plan.verification
        ]
        failed = [number for number, one in enumerate(plan.verification) if not one.passed]
        found.append(table(header, rows, (3.0, 0.8, 1.1, 1.1), right=(2, 3), bold=failed))
    found += [
        heading(words("h.provenance")),
        text(words("limits")),
        *(text(f"· {words.sentence(one)}") for one in plan.limits),
    ]
    if plan.provenance:
        header = [words("t.what"), words("t.source")]
        found.append(table(header, [[one.what, one.source] for one in plan.provenance], (1.0, 3.0)))
    return found


def signature_blocks(words: Words) -> list[Block]:
    """Item 13: who signs."""
    header = [words(f"t.{key}") for key in ("role", "name", "signature", "date")]
    rows = [[words(f"role.{role}"), "", "", ""] for role in _ROLES]
    return [heading(words("h.signatures")), table(header, rows, (1.3, 1.2, 1.6, 1.0)) | {"tall": True}]
