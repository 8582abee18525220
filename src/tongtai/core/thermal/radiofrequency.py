"""Radiofrequency ablation: the generator, the current, and its heat.

The potential is solved in a box around the electrode whose sides see the ground far away (1/r). It
is solved again when the bounds of its error have come 2 or 5 % of the resistance apart; between
solutions the heat of its current follows the conductivities at every step. Steps end where the resistance will
have changed by 1.5 %, or where a generator that watches it will let go.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.applicator_box import (
    Box,
    box_around,
    box_grid,
    drawn_radius_mm,
    surface_depth_m,
)
from tongtai.core.thermal.applicators import PlacedElectrode
from tongtai.core.thermal.bioheat import Bioheat
from tongtai.core.thermal.current_heat import CurrentField, sigma_table
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.grid import MM_PER_M
from tongtai.core.thermal.potential import PotentialBox, open_ground
from tongtai.core.thermal.scene import HeatScene

Numbers = NDArray[np.float64]
Control = Literal["voltage", "power", "load"]
ELECTRIC_MARGIN_MM = 20.0
# Gap of the resistance's bounds (`CurrentField`) after which the potential is solved anew. A generator that watches the
# impedance gives its heat in short bursts, in which an error matters less; while it rests there is little heat at all.
STALE, STALE_WATCHED, STALE_REDUCED = 0.02, 0.05, 0.3
# With power on, a generator that watches the impedance looks this often, and more often as the roll-off nears.
ROLL_OFF_STEP_S = 1.5
NEAREST_S = 0.1
# Another's power follows the resistance, and the heat its place: a step ends after such a share of change.
RESISTANCE_CHANGE = 0.015


@dataclass(frozen=True, slots=True, kw_only=True)
class RfGenerator:
    """How the generator is driven.

    ``voltage`` keeps ``voltage_v``; ``power`` keeps ``power_w``; ``load`` delivers
    4 P R R_I / (R + R_I)² of a set power P into the resistance R (Altrogge 2007). With
    ``roll_off_ohm`` the power falls to ``low_power_w`` for ``low_time_s`` whenever the impedance has
    risen by so much above its first value, then returns (Ji 2011).
    """

    id: str
    control: Control
    voltage_v: float = 0.0
    power_w: float = 0.0
    load_ohm: float = 80.0
    roll_off_ohm: float | None = None
    low_power_w: float = 10.0
    low_time_s: float = 15.0
    source: str = ""

    def __post_init__(self) -> None:
        wanted = self.voltage_v if self.control == "voltage" else self.power_w
        if wanted <= 0.0:
            raise ThermalError(f"Generator {self.id}: set the voltage or the power above zero.")

    def power_into_w(self, resistance_ohm: float) -> float:
        """Power delivered into a resistance.

        Examples
        --------
        >>> RfGenerator(id="g", control="load", power_w=200.0).power_into_w(80.0)
        200.0
        """
        if self.control == "voltage":
            return self.voltage_v**2 / resistance_ohm
        if self.control == "power":
            return self.power_w
        return 4 * self.power_w * resistance_ohm * self.load_ohm / (resistance_ohm + self.load_ohm) ** 2


@dataclass(frozen=True, slots=True)
class PowerRecord:
    """What the applicator did from ``time_s`` on; ``resistance_ohm`` is zero for microwaves."""

    time_s: float
    power_w: float
    in_grid_w: float
    resistance_ohm: float
    reduced: bool


class RadiofrequencySource:
    """Heat source of one electrode; `update` after the tissue has warmed.

    Attributes
    ----------
    box : Box
        Cells of the electric problem.
    records : list of PowerRecord
        One for every update.
    solutions : int
        How often the potential was solved.
    """

    every_step = True

    def __init__(
        self, scene: HeatScene, placed: PlacedElectrode, generator: RfGenerator, *, refresh_s: float
    ) -> None:
        self._scene, self._placed, self._generator = scene, placed, generator
        self._refresh_s = refresh_s
        volume = scene.labels
        self.box: Box = box_around(volume, placed.bare.reshape(-1, 3), ELECTRIC_MARGIN_MM)
        self._drawn_mm = drawn_radius_mm(volume, placed.radius_mm)
        depth = surface_depth_m(volume, self.box, placed.bare, self._drawn_mm)
        if not np.any(depth <= 0.0):
            raise ThermalError(
                "The bare metal lies outside the simulated box; check the needle and the volume."
            )
        shaft = surface_depth_m(volume, self.box, placed.insulated, self._drawn_mm) <= 0.0
        shut = shaft if scene.outside is None else shaft | scene.outside[self.box.cells]
        grid = box_grid(volume, self.box)
        middle = (
            (volume.index_of(placed.centre_lps_mm) - self.box.corner + 0.5) * volume.spacing_mm / MM_PER_M
        )
        self._problem = PotentialBox(
            grid, depth, shut, open_ground(grid, tuple(middle.tolist())), single=True
        )
        self._volume_m3 = float(np.prod(grid.spacing_m))
        self._table = sigma_table(scene)
        self.metal = self._problem.metal
        self.records: list[PowerRecord] = []
        self._first_ohm, self._low_until_s = 0.0, -1.0
        self._seen = (np.inf, 0.0)
        self._field: CurrentField | None = None
        self.solutions = 0
        self.longest_step_s = np.inf

    @property
    def wall_share(self) -> float:
        """Area of the real bare metal over that of its drawn staircase."""
        real_mm2 = 2 * np.pi * self._placed.radius_mm * self._placed.bare_length_mm
        return float(real_mm2 / MM_PER_M**2 / self._problem.contact_area_m2())

    def update(self, heat: Bioheat) -> float:
        """Set the power density for the present temperatures; returns when to call again (s).

        The potential is solved anew when the bounds of its error lie too far apart (`CurrentField.gap`): by ``STALE``,
        by ``STALE_WATCHED`` if the generator watches the impedance, by ``STALE_REDUCED`` while that rests.
        """
        temperature = heat.temperature_c[self.box.cells]
        if self._field is not None:
            self._field.renew(temperature)
        limit = STALE if self._generator.roll_off_ohm is None else STALE_WATCHED
        if heat.time_s < self._low_until_s - 1e-6:
            limit = STALE_REDUCED
        if self._field is None or self._field.gap > limit:
            self._field = CurrentField(self._problem, temperature, heat.labels[self.box.cells], self._table)
            self.solutions += 1
        field = self._field
        sleeve_ohm = self._sleeve_ohm(field.contact_s_m)
        resistance = field.resistance_ohm + sleeve_ohm
        power, next_s, reduced = self._drive(heat.time_s, resistance)
        self.longest_step_s = self._look_ahead_s(heat.time_s, resistance, reduced=reduced)
        squared_a2 = power / resistance
        heat.set_source(
            field.with_sleeve(sleeve_ohm), corner=self.box.corner, scale=squared_a2 / self._volume_m3
        )
        self.records.append(PowerRecord(heat.time_s, power, heat.source_power_w, resistance, reduced))
        return next_s

    def _sleeve_ohm(self, sigma_s_m: float) -> float:
        """Resistance of the tissue between the real needle and the thicker one that is drawn."""
        if self._drawn_mm <= self._placed.radius_mm:
            return 0.0
        length_m = self._placed.bare_length_mm / MM_PER_M
        return float(np.log(self._drawn_mm / self._placed.radius_mm) / (2 * np.pi * sigma_s_m * length_m))

    def _look_ahead_s(self, time_s: float, resistance_ohm: float, *, reduced: bool) -> float:
        """How long power and its place may be taken to stay what they are, at the present rise of the resistance."""
        before_s, before_ohm = self._seen
        self._seen = (time_s, resistance_ohm)
        rise_ohm_s = (resistance_ohm - before_ohm) / (time_s - before_s) if time_s > before_s else 0.0
        if reduced:
            return np.inf
        if self._generator.roll_off_ohm is None:
            longest_s = np.inf if rise_ohm_s == 0.0 else RESISTANCE_CHANGE * resistance_ohm / abs(rise_ohm_s)
        else:
            left_ohm = self._first_ohm + self._generator.roll_off_ohm - resistance_ohm
            until_s = left_ohm / rise_ohm_s if rise_ohm_s > 0.0 else np.inf
            longest_s = min(until_s, ROLL_OFF_STEP_S)
        return float(max(longest_s, NEAREST_S))

    def _drive(self, time_s: float, resistance_ohm: float) -> tuple[float, float, bool]:
        """Power, time of the next update, and whether the generator has reduced its power."""
        generator = self._generator
        self._first_ohm = self._first_ohm or resistance_ohm
        limit = generator.roll_off_ohm
        if limit is not None and time_s >= self._low_until_s and resistance_ohm > self._first_ohm + limit:
            self._low_until_s = time_s + generator.low_time_s
        if time_s < self._low_until_s - 1e-6:
            return generator.low_power_w, min(self._low_until_s, time_s + self._refresh_s), True
        return generator.power_into_w(resistance_ohm), time_s + self._refresh_s, False

    def stop(self, heat: Bioheat) -> None:
        """Switch the power off."""
        self.longest_step_s = np.inf
        heat.set_source(np.zeros(self.box.shape), corner=self.box.corner)
        self.records.append(PowerRecord(heat.time_s, 0.0, 0.0, self.records[-1].resistance_ohm, False))
