"""Items 7 and 8: energy by position, and the simulated heat beside it."""

from collections.abc import Sequence

from tongtai.core.planning.heating import HeatFound
from tongtai.core.planning.needles import PlannedPosition
from tongtai.core.planning.plan import Plan
from tongtai.formats.plan_book.blocks import Block, heading, table, text
from tongtai.formats.plan_book.words import Words, number, percent, place, plain

_POSITION_WIDTHS = (0.6, 0.55, 0.8, 0.8, 0.75, 0.7, 1.2, 0.65, 1.7, 1.6)


def energy_blocks(words: Words, plan: Plan) -> list[Block]:
    """What is set at each position, in which order, and where the sizes come from."""
    found = [heading(words("h.energy"))]
    device = plan.device
    if not plan.positions or device is None or plan.coverage is None:
        return [*found, text(words("no_zones"), "warn"), *seed_blocks(words, plan)]
    total_ml = sum(one.volume_ml for one in plan.positions)
    sources = "; ".join(dict.fromkeys(source for one in plan.positions for source in one.sources))
    evidence = words.term("evidence", device.evidence)
    told = (device.name, device.tissue, evidence, plain(device.zone_beyond_tip_mm))
    found += [
        position_table(words, plan.positions),
        text(words("energy.order", number(plan.energy_time_min))),
        text(words("energy.overlap", number(total_ml), number(plan.coverage.zone_ml))),
        text(words("energy.table", *told, f"{sources}. {device.table_id}: {device.source}"), "muted"),
    ]
    if plan.request.technique == "rfa":
        found.append(text(words("energy.rfa_open"), "muted"))
    return [*found, *heat_blocks(words, plan.heat), *seed_blocks(words, plan)]


def position_table(words: Words, positions: Sequence[PlannedPosition]) -> Block:
    """Setting, place and zone of each application of energy."""
    keys = (
        "order",
        "needle",
        "tip_depth",
        "pull_back",
        "drive",
        "time",
        "zone",
        "zone_ml",
        "centre",
        "table_source",
    )
    rows = [
        [
            str(one.number),
            one.needle,
            number(one.tip_depth_mm),
            number(one.pull_back_mm),
            _drive(one.power_w, one.current_ma),
            plain(one.time_min),
            f"{number(2.0 * one.semi_across_mm)} × {number(2.0 * one.semi_along_mm)}",
            number(one.volume_ml),
            place(one.centre_lps_mm),
            _statement(words, one.statement, extrapolated=one.extrapolated),
        ]
        for one in positions
    ]
    header = [words(f"t.{key}") for key in keys]
    return table(header, rows, _POSITION_WIDTHS, right=(2, 3, 4, 5, 6, 7))


def _drive(power_w: float | None, current_ma: float | None) -> str:
    parts = []
    if power_w is not None:
        parts.append(f"{plain(power_w)} W")
    if current_ma is not None:
        parts.append(f"{plain(current_ma)} mA")
    return " ".join(parts) or "–"


def _statement(words: Words, statement: str, *, extrapolated: bool) -> str:
    told = words("statement.row") if statement == "a row of the table" else statement
    return f"{words('extrapolated')}: {told}" if extrapolated else told


def heat_blocks(words: Words, heat: HeatFound | None) -> list[Block]:
    """Simulated zones beside the table's, by criterion and by position, with their heat sinks."""
    found = [heading(words("h.heat"), 2)]
    if heat is None:
        return [*found, text(words("heat.none"), "warn")]
    spacing = " × ".join(plain(one) for one in heat.spacing_mm)
    label = next((one.label for one in heat.contours if one.criterion == heat.criterion), heat.criterion)
    found.append(text(words("heat.model", heat.applicator, heat.generator, spacing, label)))
    header = [words(f"t.{key}") for key in ("criterion", "zone_ml", "tumour_share", "target_share", "source")]
    rows = [
        [one.label, number(one.volume_ml), percent(one.tumour), percent(one.target), one.source]
        for one in heat.contours
    ]
    found.append(table(header, rows, (1.3, 0.7, 0.8, 1.1, 2.8), right=(1, 2, 3)))
    keys = ("order", "simulated", "difference", "simulated_ml", "dice")
    zones = [
        [
            str(one.position),
            f"{number(one.short_mm)} × {number(one.long_mm)}",
            f"{_signed(one.short_difference_mm)} / {_signed(one.long_difference_mm)}",
            f"{number(one.volume_ml)} ({_signed(one.volume_difference_ml)})",
            number(one.overlap_dice, 2),
        ]
        for one in heat.zones
    ]
    found.append(
        table([words(f"t.{key}") for key in keys], zones, (0.5, 1.4, 1.6, 1.2, 0.8), right=(1, 2, 3, 4))
    )
    band = heat.band
    if band is None:
        found.append(text(words("heat.no_band"), "muted"))
    else:
        volumes = (number(one) for one in (band.volume_ml, band.smallest_ml, band.largest_ml))
        found.append(text(words("heat.band", ", ".join(band.quantities), band.position, *volumes)))
    return [*found, *_sinks(words, heat), *(text(f"· {words.note(note)}", "muted") for note in heat.notes)]


def _signed(value: float) -> str:
    return ("+" if round(value, 1) > 0.0 else "") + number(value)


def _sinks(words: Words, heat: HeatFound) -> list[Block]:
    rows = [
        [
            str(zone.position),
            number(one.volume_ml, 2),
            number(one.depth_mm),
            place(one.centre_lps_mm),
        ]
        for zone in heat.zones
        for one in zone.deficits
    ]
    if not rows:
        return [text(words("no_sinks"), "muted")]
    header = [words(f"t.{key}") for key in ("order", "zone_ml", "deep", "where")]
    return [text(words("heat.sinks")), table(header, rows, (0.6, 0.8, 0.8, 2.0), right=(1, 2))]


def seed_blocks(words: Words, plan: Plan) -> list[Block]:
    """Item 8 does not apply to heat."""
    technique = words(f"technique.{plan.request.technique}")
    return [heading(words("h.seeds")), text(words("seeds.none", technique), "muted")]
