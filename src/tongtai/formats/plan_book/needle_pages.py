"""Item 6: the skin, and a page of facts and pictures for each needle."""

from collections.abc import Mapping

from tongtai.core.planning.needles import PlannedNeedle
from tongtai.core.planning.plan import Plan
from tongtai.core.planning.reaching import ReliefTried
from tongtai.formats.plan_book.blocks import Block, facts, heading, table, text
from tongtai.formats.plan_book.energy_pages import position_table
from tongtai.formats.plan_book.palette import OPEN_SKIN
from tongtai.formats.plan_book.words import AnyPlan, Words, number, optional, percent, place

NEAR_MM, VERY_NEAR_MM = 10.0, 5.0
_SHOWN = 8
_LEAST_CM2 = 0.05


def needle_table(words: Words, plan: Plan) -> list[Block]:
    """All needles at a glance, and the distances between them."""
    found = [heading(words("h.needles"))]
    if not plan.needles:
        return [*found, text(words("no_path"), "warn")]
    header = [words(key) for key in ("t.id", "t.entry", "t.target_point", "t.tip", "t.depth")]
    rows = [
        [
            one.id,
            place(one.entry_lps_mm),
            place(one.target_lps_mm),
            place(one.tip_lps_mm),
            number(one.depth_mm),
        ]
        for one in plan.needles
    ]
    found.append(table(header, rows, (0.4, 1.4, 1.4, 1.4, 0.7), right=(4,)))
    if plan.gaps:
        told = "; ".join(f"{one.first}–{one.second} {number(one.distance_mm)} mm" for one in plan.gaps)
        found.append(facts([(words("f.gaps"), told)]))
    return found


def skin_blocks(words: Words, plan: AnyPlan, colours: Mapping[str, str]) -> list[Block]:
    """From where the tumour can be reached, what closes the rest, and what would open it."""
    reach = plan.reach
    share = (number(reach.open_cm2), number(reach.skin_cm2), percent(reach.open_share))
    # What only stands behind something else fills a line, not a row each.
    met = [one for one in reach.blocked if max(one.first_cm2, one.alone_cm2) >= _LEAST_CM2]
    behind = [one for one in reach.blocked if one not in met]
    header = [words(key) for key in ("t.constraint", "t.first", "t.any", "t.alone")]
    rows = [[words("open_skin"), number(reach.open_cm2), "", ""]] + [
        [
            words.structure(one.constraint),
            number(one.first_cm2),
            number(one.any_cm2),
            number(one.alone_cm2),
        ]
        for one in met
    ]
    swatches = [OPEN_SKIN, *(colours.get(one.constraint, "") for one in met)]
    found = [
        text(words("reach.open", *share)),
        table(header, rows, (2.0, 1.0, 1.0, 1.0), right=(1, 2, 3), swatches=swatches),
    ]
    if behind:
        told = [f"{words.structure(one.constraint)} {number(one.any_cm2)} cm²" for one in behind]
        found.append(text(words("reach.behind", ", ".join(told)), "muted"))
    if not reach.reliefs_tried:
        found.append(text(words("reliefs.untried"), "muted"))
    elif not reach.reliefs:
        found.append(text(words("reliefs.none"), "muted"))
    else:
        titles = [words(key) for key in ("t.relief", "t.before", "t.after", "t.source")]
        tried = [
            [_relief(words, one), number(one.before_cm2), number(one.after_cm2), one.source]
            for one in reach.reliefs
        ]
        found.append(table(titles, tried, (1.6, 0.8, 0.8, 2.4), right=(1, 2)))
    if reach.unchecked:
        found.append(text(words("unchecked", words.structures(reach.unchecked)), "warn"))
    return found


def _relief(words: Words, one: ReliefTried) -> str:
    return words(f"relief.{one.kind}", words.structure(one.obstacle), number(one.amount))


def needle_blocks(words: Words, plan: Plan, needle: PlannedNeedle) -> list[Block]:
    """Everything that is known of one needle."""
    device = plan.device
    way = (
        optional(needle.liver_depth_mm),
        number(needle.liver_pass_mm),
        optional(needle.tumour_depth_mm),
    )
    kind = "–"
    if device is not None:
        frequency = "" if device.frequency_mhz is None else f" / {number(device.frequency_mhz, 0)} MHz"
        kind = words.term("kind", device.kind) + frequency
    broken = "; ".join(
        f"{words.structure(one.constraint)} {number(one.value)} ({number(one.allowed)})"
        for one in needle.broken_rules
    )
    rows = [
        (words("f.device"), device.name if device else needle.device_id),
        (words("f.device_kind"), kind),
        (words("f.gauge"), words("gauge.missing")),
        (words("t.entry"), place(needle.entry_lps_mm)),
        (words("f.landmark"), words("landmark.missing")),
        (words("t.target_point"), place(needle.target_lps_mm)),
        (words("t.tip"), place(needle.tip_lps_mm)),
        (words("t.depth"), number(needle.depth_mm)),
        (words("f.axial_angle"), f"{number(needle.axial_angle_deg)}°"),
        (words("f.craniocaudal"), _towards(words, needle.craniocaudal_deg, "head", "feet")),
        (words("f.mediolateral"), _towards(words, needle.mediolateral_deg, "left", "right")),
        (words("f.liver_way"), " / ".join(f"{part} mm" for part in way)),
        (words("f.capsule_angle"), f"{number(needle.capsule_angle_deg)}°"),
        (words("f.pleura"), words("yes" if needle.pleura_crossed else "no")),
        (words("f.track"), f"{number(needle.track_ablation_mm)} mm"),
        (words("f.broken"), broken or words("none")),
    ]
    return [
        heading(words("h.needle", needle.id), 2),
        facts(rows),
        *near_blocks(words, needle),
        *needle_energy(words, plan, needle),
    ]


def _towards(words: Words, angle_deg: float, above_zero: str, below_zero: str) -> str:
    """A signed angle as people say it."""
    if number(angle_deg) == "0.0":
        return words("towards.none")
    side = above_zero if angle_deg > 0.0 else below_zero
    return words(f"towards.{side}", number(abs(angle_deg)))


def needle_energy(words: Words, plan: Plan, needle: PlannedNeedle) -> list[Block]:
    """What is done on one needle, again on its own page."""
    own = [one for one in plan.positions if one.needle == needle.id]
    return [heading(words("h.needle_energy"), 2), position_table(words, own)] if own else []


def near_blocks(words: Words, needle: PlannedNeedle) -> list[Block]:
    """Structures beside a needle, the nearest first: all within 10 mm, at least eight."""
    near = sum(one.distance_mm < NEAR_MM for one in needle.near)
    shown = needle.near[: max(near, _SHOWN)]
    header = [words(key) for key in ("t.near", "t.distance", "t.at_depth")]
    rows = [
        [
            ("▲ " if one.distance_mm < VERY_NEAR_MM else "") + words.structure(one.name),
            number(one.distance_mm),
            number(one.depth_mm),
        ]
        for one in shown
    ]
    return [
        table(header, rows, (2.0, 1.0, 1.0), right=(1, 2), bold=range(near)),
        text(words("near.caption"), "muted"),
    ]
