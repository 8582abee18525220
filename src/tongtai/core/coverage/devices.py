"""Devices and the zones that they were measured to make.

A zone is an ellipsoid of revolution about the needle: the short axis across it, the long axis along
it. Inside a device's table values are interpolated; outside, they are refused unless asked for, and
then the result says so.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tongtai.core.coverage.errors import OutsideTableError, UnknownDeviceError


class DeviceKind(StrEnum):
    """How the applicator is built."""

    SINGLE = "single"
    CLUSTER = "cluster"
    UMBRELLA = "umbrella"
    BIPOLAR = "bipolar"


class Evidence(StrEnum):
    """Where a table's zones were measured; the order is that of trust for planning."""

    CLINICAL = "clinical"
    IN_VIVO = "in_vivo"
    PERFUSED = "perfused_organ"
    EX_VIVO = "ex_vivo"
    STATED_BY_MAKER = "maker"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRow:
    """One row of a published table or of a chart, as it was found; None where it says nothing."""

    source: str
    power_w: float | None = None
    current_ma: float | None = None
    time_min: float | None = None
    short_mm: float | None = None
    long_mm: float | None = None
    volume_ml: float | None = None
    spread: str = ""
    note: str = ""

    @property
    def unusable(self) -> str:
        """Why zones cannot be planned with this row; empty if they can."""
        if self.short_mm is None or self.long_mm is None:
            return "no single pair of axes is given"
        return "no time is given" if self.time_min is None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSize:
    """A zone that a setting makes.

    Attributes
    ----------
    short_mm, long_mm
        Full axes, across and along the needle.
    zone_beyond_tip_mm
        How far the zone reaches beyond the needle's tip.
    statement
        How the numbers came about: a row of the table, interpolated, extrapolated, corrected.
    extrapolated
        Whether anything was taken from outside a table.
    """

    power_w: float | None
    current_ma: float | None
    time_min: float
    short_mm: float
    long_mm: float
    zone_beyond_tip_mm: float
    statement: str
    sources: tuple[str, ...]
    extrapolated: bool = False

    @property
    def setting(self) -> str:
        """The setting in words, such as ``60 W 10 min``."""
        drive = f"{self.power_w:g} W " if self.power_w is not None else ""
        if not drive and self.current_ma is not None:
            drive = f"{self.current_ma:g} mA "
        return f"{drive}{self.time_min:g} min"


@dataclass(frozen=True, kw_only=True)
class DeviceTable:
    """One device in one kind of tissue.

    Attributes
    ----------
    frequency_mhz
        None where the source does not say.
    tissue
        In the source's words, such as ``in vivo canine liver``.
    """

    device_id: str
    name: str
    technique: str
    frequency_mhz: float | None
    kind: DeviceKind
    tissue: str
    evidence: Evidence
    zone_beyond_tip_mm: float
    rows: tuple[ZoneRow, ...]
    source: str

    @property
    def table_id(self) -> str:
        """Device and evidence, such as ``mwa-2450-cooled-he2010@in_vivo``."""
        return f"{self.device_id}@{self.evidence}"

    @cached_property
    def usable(self) -> tuple[ZoneRow, ...]:
        """Rows that zones can be planned with."""
        return tuple(row for row in self.rows if not row.unusable)

    @property
    def settings(self) -> tuple[ZoneSize, ...]:
        """The table's own settings, as published."""
        return tuple(_as_published(row, self.zone_beyond_tip_mm) for row in self.usable)

    def zone(self, *, power_w: float, time_min: float, extrapolate: bool = False) -> ZoneSize:
        """Size of the zone at a setting.

        Between the times listed for a power, and between the powers that list the time's
        neighbourhood, sizes are interpolated linearly.

        Parameters
        ----------
        power_w, time_min
            The setting.
        extrapolate
            Continue the last two rows linearly outside the table; the result says so.

        Raises
        ------
        OutsideTableError
            If the setting lies outside the table and ``extrapolate`` is off, or if the table has too
            few rows to say anything about it.

        Examples
        --------
        >>> rows = tuple(
        ...     ZoneRow(power_w=50.0, time_min=t, short_mm=s, long_mm=40.0, source="example")
        ...     for t, s in ((5.0, 20.0), (10.0, 30.0))
        ... )
        >>> table = DeviceTable(
        ...     device_id="a",
        ...     name="A",
        ...     technique="mwa",
        ...     frequency_mhz=2450.0,
        ...     kind=DeviceKind.SINGLE,
        ...     tissue="ex vivo",
        ...     evidence=Evidence.EX_VIVO,
        ...     zone_beyond_tip_mm=5.0,
        ...     rows=rows,
        ...     source="example",
        ... )
        >>> table.zone(power_w=50.0, time_min=7.5).short_mm
        25.0
        """
        exact = [row for row in self.usable if row.power_w == power_w and row.time_min == time_min]
        if exact:
            return _as_published(exact[0], self.zone_beyond_tip_mm)
        lines = self._lines()
        low, high, outside = _neighbours(sorted(lines), power_w)
        parts = [
            _on_line(lines[power], time_min) for power in dict.fromkeys((low, high)) if power is not None
        ]
        outside = outside or not parts or any(part is None or part[2] for part in parts)
        solid = [part for part in parts if part is not None]
        if outside and (not extrapolate or len(solid) < len(parts) or not parts):
            raise OutsideTableError(
                f"The table of {self.name} ({self.tissue}) holds {self._range()}; "
                f"{power_w:g} W for {time_min:g} min lies outside. Choose a setting inside, "
                "or import the maker's chart."
            )
        if len(solid) == 1:
            short, long = solid[0][:2]
        else:
            share = (power_w - (low or 0.0)) / ((high or 0.0) - (low or 0.0))
            short, long = (solid[0][n] + share * (solid[1][n] - solid[0][n]) for n in range(2))
        return self._computed(power_w, time_min, short, long, extrapolated=outside)

    def _computed(
        self, power_w: float, time_min: float, short: float, long: float, *, extrapolated: bool
    ) -> ZoneSize:
        if short <= 0.0 or long <= 0.0:
            raise OutsideTableError("The table, continued to this setting, gives no zone at all.")
        how = "extrapolated beyond the table, which holds" if extrapolated else "interpolated within"
        return ZoneSize(
            power_w=power_w,
            current_ma=None,
            time_min=time_min,
            short_mm=short,
            long_mm=long,
            zone_beyond_tip_mm=self.zone_beyond_tip_mm,
            statement=f"{how} {self._range()} ({self.tissue})",
            sources=tuple(dict.fromkeys(row.source for row in self.usable)),
            extrapolated=extrapolated,
        )

    def _lines(self) -> dict[float, list[tuple[float, float, float]]]:
        """For each power, its (time, short, long), by time."""
        lines: dict[float, list[tuple[float, float, float]]] = {}
        for row in self.usable:
            if row.power_w is not None:
                numbers = (row.time_min or 0.0, row.short_mm or 0.0, row.long_mm or 0.0)
                lines.setdefault(row.power_w, []).append(numbers)
        return {power: sorted(line) for power, line in lines.items()}

    def _range(self) -> str:
        lines = self._lines()
        if not lines:
            return "settings without a power"
        times = [row[0] for line in lines.values() for row in line]
        return f"{min(lines):g} to {max(lines):g} W, {min(times):g} to {max(times):g} min"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Device tables."""

    tables: tuple[DeviceTable, ...]

    def table(self, device_id: str, evidence: Evidence | None = None) -> DeviceTable:
        """The table of a device; of several, the most trusted evidence unless one is named.

        Raises
        ------
        UnknownDeviceError
            If there is none.
        """
        found = [
            table
            for table in self.tables
            if table.device_id == device_id and evidence in {None, table.evidence}
        ]
        if not found:
            raise UnknownDeviceError(f"No table describes the device {device_id!r}.", device=device_id)
        order = list(Evidence)
        return min(found, key=lambda table: (not table.usable, order.index(table.evidence)))

    def usable(
        self, technique: str, *, kind: DeviceKind | None = None, frequency_mhz: float | None = None
    ) -> tuple[DeviceTable, ...]:
        """One table for each device of a technique that zones can be planned with, by identifier."""
        devices = sorted({table.device_id for table in self.tables if table.technique == technique})
        found = [self.table(device) for device in devices]
        return tuple(
            table
            for table in found
            if table.usable and kind in {None, table.kind} and frequency_mhz in {None, table.frequency_mhz}
        )

    def with_chart(self, chart: "Catalogue") -> "Catalogue":
        """Both catalogues together."""
        return Catalogue(self.tables + chart.tables)


def _as_published(row: ZoneRow, beyond_mm: float) -> ZoneSize:
    return ZoneSize(
        power_w=row.power_w,
        current_ma=row.current_ma,
        time_min=row.time_min or 0.0,
        short_mm=row.short_mm or 0.0,
        long_mm=row.long_mm or 0.0,
        zone_beyond_tip_mm=beyond_mm,
        statement="a row of the table",
        sources=(row.source,),
    )


def _neighbours(values: list[float], wanted: float) -> tuple[float | None, float | None, bool]:
    """The listed values around one; and whether it lies outside them."""
    if wanted in values:
        return wanted, wanted, False
    if len(values) < 2:
        return None, None, True
    inside = values[0] < wanted < values[-1]
    above = next((n for n, value in enumerate(values) if value > wanted), len(values) - 1)
    place = max(above, 1)
    return values[place - 1], values[place], not inside


def _on_line(line: list[tuple[float, float, float]], time_min: float) -> tuple[float, float, bool] | None:
    """Axes at a time on one power's line, and whether that lies outside it; None with too few rows."""
    times = [row[0] for row in line]
    low, high, outside = _neighbours(times, time_min)
    if low is None or high is None:
        return None
    first, second = line[times.index(low)], line[times.index(high)]
    share = 0.0 if low == high else (time_min - low) / (high - low)
    short = first[1] + share * (second[1] - first[1])
    return short, first[2] + share * (second[2] - first[2]), outside
