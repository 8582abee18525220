"""The order of the seeds, and the radiation-protection sheet that goes with the patient."""

from tongtai.core.seed_planning.handling import RadiationSheet, SeedOrder
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.formats.plan_book.blocks import Block, blank, facts, heading, table, text
from tongtai.formats.plan_book.words import Language, Words, number, plain


def order_blocks(words: Words, order: SeedOrder) -> list[Block]:
    """How many seeds are ordered, and how strong on the day of calibration."""
    rows = [
        (words("sd.f.seed"), f"I-125, {order.name} ({order.model})"),
        (words("sd.f.order"), words("sd.order", order.total, order.planned, order.spares)),
        (words("sd.f.spares"), words.reason(order.spares_rule)),
        (words("sd.f.strength"), f"{number(order.activity_mci, 3)} mCi = {number(order.strength_u, 4)} U"),
        (words("sd.f.total"), _total(order.total_activity_mci, order.total_activity_mbq, order.total_strength_u)),
    ]  # fmt: skip
    header = [words(key) for key in ("sd.t.days_before", "sd.t.activity", "sd.t.strength")]
    ordered = [
        [str(one.days_before), number(one.activity_mci, 3), number(one.strength_u, 4)]
        for one in order.ordered
    ]
    return [
        heading(words("sd.h.order"), 2),
        facts(rows),
        text(words("sd.ordered")),
        table(header, ordered, (1, 1, 1), right=(0, 1, 2)),
    ]


def _total(activity_mci: float, activity_mbq: float, strength_u: float) -> str:
    return f"{number(activity_mci)} mCi = {number(activity_mbq, 0)} MBq = {number(strength_u, 2)} U"


def radiation_blocks(words: Words, plan: SeedPlan) -> list[Block]:
    """A page of its own: activity, dose rates with their formula, values of the discharge, what patients are told."""
    sheet = plan.radiation
    if sheet is None:
        return []
    activity = [
        (
            words("sd.f.total"),
            _total(sheet.total_activity_mci, sheet.total_activity_mbq, sheet.total_strength_u),
        ),
        (words("sd.f.half_life"), f"{number(sheet.half_life_d, 2)} d"),
        (words("sd.f.tenth"), words("sd.days", number(sheet.days_to_tenth, 0))),
    ]
    return [
        heading(words("sd.h.radiation"), 1, new_page=True),
        text(words("sd.radiation.estimate"), "warn"),
        facts(activity),
        *_rates(words, sheet),
        *_rules(words, sheet),
        heading(words("sd.h.advice"), 2),
        *_advice(words, sheet),
        blank(words("sd.measured"), 2),
        blank(words("sd.officer")),
    ]


def _rates(words: Words, sheet: RadiationSheet) -> list[Block]:
    header = [words(key) for key in ("sd.t.place", "sd.t.distance", "sd.t.attenuated", "sd.t.in_air")]
    rows = [
        [
            words.term("sd.place", one.place.replace(" ", "")),
            number(one.distance_mm, 0),
            number(one.attenuated_ugy_h, 2),
            number(one.in_air_ugy_h, 1),
        ]
        for one in sheet.rates
    ]
    return [
        heading(words("sd.h.rates"), 2),
        table(header, rows, (1.4, 1, 1, 1), right=(1, 2, 3)),
        text(f"{sheet.formula}. {sheet.attenuation}", "muted"),
    ]


def _rules(words: Words, sheet: RadiationSheet) -> list[Block]:
    header = [words(key) for key in ("sd.t.value", "sd.t.estimated", "sd.t.limit", "t.result", "t.source")]
    rows = [
        [
            words.term("sd.discharge", one.name.replace(" ", "_")),
            f"{number(one.estimated, 2)} {one.unit}",
            f"{plain(one.limit)} {one.unit}",
            words("sd.within" if one.within else "sd.above"),
            words.reason(one.source),
        ]
        for one in sheet.rules
    ]
    above = [row for row, one in enumerate(sheet.rules) if not one.within]
    return [
        heading(words("sd.h.discharge"), 2),
        table(header, rows, (1.2, 0.9, 0.9, 0.8, 2.6), right=(1, 2), bold=above),
        text(words("sd.discharge.note"), "muted"),
    ]


def _advice(words: Words, sheet: RadiationSheet) -> list[Block]:
    chinese = words.language is Language.ZH
    rows = [
        [f"☐ {one.text_zh if chinese else one.text_en}", words.reason(one.source)] for one in sheet.advice
    ]
    return [table([words("sd.t.advice"), words("t.source")], rows, (3.0, 1.2))]
