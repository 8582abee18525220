"""Device tables from CSV: the published ones that come with the program, and a maker's own chart.

``devices.csv`` keeps the published rows as they were found, each with its source; ``device_names.csv``
gives each device its identifier, kind and frequency. Rows without both axes, or without a time,
cannot be planned with; the catalogue lists them with the reason.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from importlib.resources import files

from tongtai.core.coverage.devices import (
    Catalogue,
    DeviceKind,
    DeviceTable,
    Evidence,
    ZoneRow,
)
from tongtai.core.coverage.errors import ChartError
from tongtai.core.coverage.perfusion import PerfusionRegression

CHART_COLUMNS = (
    "device",
    "technique",
    "frequency_mhz",
    "kind",
    "tissue",
    "power_w",
    "time_min",
    "short_axis_mm",
    "long_axis_mm",
    "zone_beyond_tip_mm",
    "source",
)
_EVIDENCE = (
    ("patients", Evidence.CLINICAL),
    ("in vivo", Evidence.IN_VIVO),
    ("perfused", Evidence.PERFUSED),
    ("ex vivo", Evidence.EX_VIVO),
)
_PLAUSIBLE = {
    "power_w": (1.0, 300.0),
    "time_min": (0.1, 60.0),
    "short_axis_mm": (3.0, 120.0),
    "long_axis_mm": (3.0, 150.0),
    "zone_beyond_tip_mm": (-30.0, 60.0),
}


def packaged_catalogue() -> Catalogue:
    """The published device tables that come with the program.

    Examples
    --------
    >>> table = packaged_catalogue().table("mwa-2450-cooled-he2010", Evidence.IN_VIVO)
    >>> zone = table.zone(power_w=60.0, time_min=10.0)
    >>> zone.short_mm, zone.long_mm
    (31.0, 45.0)
    """
    names = {row["device"]: row for row in _packaged("device_names.csv")}
    tables: dict[tuple[str, str], list[ZoneRow]] = {}
    for row in _packaged("devices.csv"):
        tables.setdefault((row["device"], row["model"]), []).append(_published(row))
    found = []
    for (device, tissue), rows in tables.items():
        name = names[device]
        technique = "rfa" if name["device_id"].startswith("rfa") else "mwa"
        found.append(
            DeviceTable(
                device_id=name["device_id"],
                name=device,
                technique=technique,
                frequency_mhz=_number(name["frequency_mhz"]),
                kind=DeviceKind(name["kind"]),
                tissue=tissue,
                evidence=_evidence(tissue),
                zone_beyond_tip_mm=float(name["zone_beyond_tip_mm"]),
                rows=tuple(rows),
                source=name["source"],
            )
        )
    return Catalogue(tuple(found))


def packaged_perfusion() -> PerfusionRegression:
    """The regression of zone size on perfusion that comes with the program (Huang 2012)."""
    rows = list(_packaged("rfa_perfusion_regression.csv"))
    perfusion, short, volume = rows[0].keys()
    return PerfusionRegression(
        perfusion_ml_min_100g=tuple(float(row[perfusion]) for row in rows),
        short_mm=tuple(float(row[short]) for row in rows),
        volume_ml=tuple(float(row[volume]) for row in rows),
        technique="rfa",
        source="Huang 2012 Acad Radiol 19(8): 3 cm internally cooled electrode, perfused bovine liver",
    )


def read_chart(text: str) -> Catalogue:
    """A maker's chart from CSV with the columns ``CHART_COLUMNS``, one row a setting.

    Parameters
    ----------
    text
        The file's text; ``frequency_mhz`` may be empty, everything else is needed in every row.

    Raises
    ------
    ChartError
        With the line, if a column is missing, a number is unreadable or not plausible, the short
        axis exceeds the long one, a setting comes twice, or rows of a device contradict each other.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [column for column in CHART_COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise ChartError(f"The chart lacks the columns {', '.join(missing)}.")
    rows: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {}
    for row in reader:
        rows.setdefault((row["device"], row["tissue"]), []).append((reader.line_num, row))
    if not rows:
        raise ChartError("The chart has no rows.")
    return Catalogue(tuple(_chart_table(found) for found in rows.values()))


def _chart_table(found: list[tuple[int, dict[str, str]]]) -> DeviceTable:
    line, head = found[0]
    shared = ("technique", "frequency_mhz", "kind", "zone_beyond_tip_mm")
    for other_line, other in found:
        if any(other[column] != head[column] for column in shared):
            raise ChartError(f"Lines {line} and {other_line} describe {head['device']} differently.")
    if head["technique"] not in {"rfa", "mwa"} or head["kind"] not in set(DeviceKind):
        raise ChartError(f"Line {line}: the technique is rfa or mwa, the kind {', '.join(DeviceKind)}.")
    seen: set[tuple[float, float]] = set()
    rows = []
    for number, row in found:
        zone = _chart_row(number, row)
        setting = (zone.power_w or 0.0, zone.time_min or 0.0)
        if setting in seen:
            raise ChartError(f"Line {number}: the setting {setting[0]:g} W, {setting[1]:g} min comes twice.")
        seen.add(setting)
        rows.append(zone)
    return DeviceTable(
        device_id=_identifier(head["device"]),
        name=head["device"],
        technique=head["technique"],
        frequency_mhz=_number(head["frequency_mhz"]),
        kind=DeviceKind(head["kind"]),
        tissue=head["tissue"],
        evidence=_evidence(head["tissue"]),
        zone_beyond_tip_mm=_plausible(line, head, "zone_beyond_tip_mm"),
        rows=tuple(rows),
        source=head["source"],
    )


def _chart_row(line: int, row: Mapping[str, str]) -> ZoneRow:
    if not (row["source"] or "").strip() or not (row["device"] or "").strip():
        raise ChartError(f"Line {line}: name the device and the source (the chart's title and edition).")
    short, long = _plausible(line, row, "short_axis_mm"), _plausible(line, row, "long_axis_mm")
    if short > long:
        raise ChartError(f"Line {line}: the short axis of {short:g} mm exceeds the long axis of {long:g} mm.")
    return ZoneRow(
        power_w=_plausible(line, row, "power_w"),
        time_min=_plausible(line, row, "time_min"),
        short_mm=short,
        long_mm=long,
        source=row["source"],
    )


def _plausible(line: int, row: Mapping[str, str], column: str) -> float:
    low, high = _PLAUSIBLE[column]
    value = _number(row[column])
    if value is None or not low <= value <= high:
        raise ChartError(
            f"Line {line}: {column} must be a number from {low:g} to {high:g}, got {row[column]!r}."
        )
    return value


def _published(row: Mapping[str, str]) -> ZoneRow:
    note = row["note"] or ""
    current = note.split("current ")[1].split(" mA")[0] if "current " in note else ""
    return ZoneRow(
        power_w=_number(row["power_W"]),
        current_ma=_number(current),
        time_min=_number(row["time_min"]),
        short_mm=_number(row["short_axis_mm"]),
        long_mm=_number(row["long_axis_mm"]),
        volume_ml=_number(row["volume_cm3"]),
        spread=row["spread"] or "",
        source=row["source"],
        note=note,
    )


def _number(text: str | None) -> float | None:
    """A number, or None for an empty cell or a range such as ``60-90``."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _evidence(tissue: str) -> Evidence:
    return next((kind for word, kind in _EVIDENCE if word in tissue), Evidence.STATED_BY_MAKER)


def _identifier(name: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in kept.split("-") if part)


def _packaged(name: str) -> Iterable[dict[str, str]]:
    return csv.DictReader(io.StringIO((files(__name__) / name).read_text(encoding="utf-8")))
