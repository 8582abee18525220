"""Needles and applications that a person placed, before they are judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongtai.core.coverage.devices import DeviceTable, ZoneSize
from tongtai.core.needle import Needle
from tongtai.core.planning.errors import HandPlacedError


@dataclass(frozen=True, slots=True, kw_only=True)
class HandApplication:
    """One application of energy.

    Attributes
    ----------
    pull_back_mm
        How far the tip is drawn back from the needle's deepest place; 0 or more.
    power_w
        None for a device whose table lists no power.
    """

    pull_back_mm: float
    power_w: float | None
    time_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HandNeedle:
    """A needle with its tip at the deepest place, and what is done with it."""

    needle: Needle
    applications: tuple[HandApplication, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPlaced:
    """All needles of a plan; one device."""

    device_id: str
    needles: tuple[HandNeedle, ...]

    def __post_init__(self) -> None:
        if not self.needles or not any(needle.applications for needle in self.needles):
            raise HandPlacedError("Place at least one needle with at least one application of energy.")
        for number, placed in enumerate(self.needles, 1):
            for one in placed.applications:
                if not 0.0 <= one.pull_back_mm < placed.needle.length_mm:
                    raise HandPlacedError(
                        f"Needle {number} is {placed.needle.length_mm:.1f} mm deep and cannot be "
                        f"drawn back by {one.pull_back_mm:g} mm."
                    )


def applications_of(
    placed: HandPlaced, table: DeviceTable, *, extrapolate: bool = False
) -> Sequence[tuple[int, float, ZoneSize]]:
    """Number of the needle, depth of the tip and zone of each application.

    Raises
    ------
    OutsideTableError
        If a setting lies outside the device's table and ``extrapolate`` is off.
    HandPlacedError
        If no power is given and the table has no such time without a power either.
    """
    found = []
    for number, one in enumerate(placed.needles):
        for application in one.applications:
            depth = one.needle.length_mm - application.pull_back_mm
            found.append((number, depth, _size(table, application, extrapolate=extrapolate)))
    return found


def _size(table: DeviceTable, application: HandApplication, *, extrapolate: bool) -> ZoneSize:
    if application.power_w is not None:
        return table.zone(power_w=application.power_w, time_min=application.time_min, extrapolate=extrapolate)
    for size in table.settings:
        if size.power_w is None and size.time_min == application.time_min:
            return size
    listed = ", ".join(size.setting for size in table.settings)
    raise HandPlacedError(f"The table of {table.name} lists {listed}; give one of these settings.")
