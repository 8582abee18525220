"""Radiofrequency ablation: the generator, the current, and its heat.

The potential is solved in a box around the electrode whose sides see the ground far away (1/r). It
is solved again when the conductivities have changed by a twentieth where the power is; its heat is renewed
when any cell of the box has warmed by ``refresh_k`` or ``refresh_s`` has passed.
"""

from dataclasses import dataclass
from typing import Literal

import numba
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
from tongtai.core.thermal.compiled import Floats, Labels, parallel
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.grid import MM_PER_M
from tongtai.core.thermal.potential import PotentialBox, open_ground
from tongtai.core.thermal.scene import HeatScene

Numbers = NDArray[np.float64]
Control = Literal["voltage", "power", "load"]
ELECTRIC_MARGIN_MM = 25.0
# The heat of the last volt counts less than its potential: this is far below a voxel's error.
POTENTIAL_TOLERANCE = 1e-4
POTENTIAL_STALE = 0.05
LEAST_CONDUCTIVITY = 1e-12


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


@parallel
def _conductivity(temperature: Floats, labels: Labels, table: Numbers, out: Numbers) -> None:
    """Sigma = sigma_37 (1 + slope (T - 37)), falling across the boiling band to its share when dry."""
    for k in numba.prange(out.shape[0]):
        for j in range(out.shape[1]):
            for i in range(out.shape[2]):
                n, warm = labels[k, j, i], temperature[k, j, i]
                liquid = min(warm, table[2, n])
                dried = min(max((warm - table[2, n]) / (table[3, n] - table[2, n]), 0.0), 1.0)
                wet = table[0, n] * max(1 + table[1, n] * (liquid - 37.0), 0.0)
                out[k, j, i] = wet * (1 - dried * (1 - table[4, n]))


def conductivity_s_m(temperature_c: Floats, labels: Labels, scene: HeatScene) -> Numbers:
    """Electrical conductivity of cells by temperature and label (`HeatScene.media`).

    Rises by the tissue's slope up to the boiling band and falls, as the water goes, to the share of a
    dry cell (1 % in the MITA and Trujillo models).
    """
    names = (
        "electrical_conductivity",
        "electrical_conductivity_slope",
        "boiling_band_low",
        "boiling_band_high",
    )
    table = np.array([scene.by_label(name) for name in (*names, "electrical_conductivity_dry")])
    table[3] = np.maximum(table[3], table[2] + 1e-6)
    out = np.zeros(temperature_c.shape)
    _conductivity(temperature_c, labels, table, out)
    return out


@dataclass(frozen=True, slots=True)
class _Field:
    """Heat per volt squared of one solution, and the conductivities it was solved for."""

    sigma: Numbers
    heat_w: Numbers
    outside_w: float
    share: Numbers

    @classmethod
    def solve(cls, problem: PotentialBox, sigma: Numbers) -> "_Field":
        """Solve the potential for these conductivities."""
        unit = problem.solve(sigma, tolerance=POTENTIAL_TOLERANCE)
        known = np.maximum(sigma, LEAST_CONDUCTIVITY)
        return cls(known, unit.heat_w, unit.outside_w, problem.contact_share(sigma, unit.potential))

    def change(self, sigma: Numbers) -> float:
        """Mean relative change of the conductivities, weighted with the power."""
        return float(np.sum(np.abs(sigma / self.sigma - 1) * self.heat_w) / np.sum(self.heat_w))

    def with_conductivity(self, sigma: Numbers) -> tuple[Numbers, float]:
        """Heat of each cell (W per volt squared) and conductance (S) in the same potential."""
        heat_w: Numbers = self.heat_w * (sigma / self.sigma)
        return heat_w, float(heat_w.sum()) + self.outside_w


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

    def __init__(
        self, scene: HeatScene, placed: PlacedElectrode, generator: RfGenerator, *, refresh_s: float
    ) -> None:
        self._scene, self._placed, self._generator = scene, placed, generator
        self._refresh_s = refresh_s
        volume = scene.labels
        self.box: Box = box_around(volume, placed.bare.reshape(-1, 3), ELECTRIC_MARGIN_MM)
        self._drawn_mm = drawn_radius_mm(volume, placed.radius_mm)
        depth = surface_depth_m(volume, self.box, placed.bare, self._drawn_mm)
        shaft = surface_depth_m(volume, self.box, placed.insulated, self._drawn_mm) <= 0.0
        shut = shaft if scene.outside is None else shaft | scene.outside[self.box.cells]
        grid = box_grid(volume, self.box)
        middle = (
            (volume.index_of(placed.centre_lps_mm) - self.box.corner + 0.5) * volume.spacing_mm / MM_PER_M
        )
        self._problem = PotentialBox(grid, depth, shut, open_ground(grid, tuple(middle.tolist())))
        self._volumes = grid.cell_volumes_m3()
        self.metal = self._problem.metal
        self.records: list[PowerRecord] = []
        self._first_ohm, self._low_until_s = 0.0, -1.0
        self._field: _Field | None = None
        self.solutions = 0

    @property
    def wall_share(self) -> float:
        """Area of the real bare metal over that of its drawn staircase."""
        real_mm2 = 2 * np.pi * self._placed.radius_mm * self._placed.bare_length_mm
        return float(real_mm2 / MM_PER_M**2 / self._problem.contact_area_m2())

    def update(self, heat: Bioheat) -> float:
        """Set the power density for the present temperatures; returns when to call again (s).

        The potential is solved anew when the conductivities have changed by ``POTENTIAL_STALE`` in the mean,
        weighted with the power of each cell. Until then the field keeps its shape: a potential that is a
        little off gives the conductance to second order (Dirichlet's principle).
        """
        labels = heat.labels[self.box.cells]
        sigma = conductivity_s_m(heat.temperature_c[self.box.cells], labels, self._scene)
        field = self._field
        if field is None or field.change(sigma) > POTENTIAL_STALE:
            field = _Field.solve(self._problem, sigma)
            self._field = field
            self.solutions += 1
        heat_w, conductance_s = field.with_conductivity(sigma)
        sleeve_ohm = self._sleeve_ohm(float(np.sum(field.share * sigma)))
        resistance = 1 / conductance_s + sleeve_ohm
        power, next_s, reduced = self._drive(heat.time_s, resistance)
        density = power / resistance * (heat_w / conductance_s**2 + sleeve_ohm * field.share) / self._volumes
        heat.set_source(density, corner=self.box.corner)
        self.records.append(PowerRecord(heat.time_s, power, heat.source_power_w, resistance, reduced))
        return next_s

    def _sleeve_ohm(self, sigma_s_m: float) -> float:
        """Resistance of the tissue between the real needle and the thicker one that is drawn."""
        if self._drawn_mm <= self._placed.radius_mm:
            return 0.0
        length_m = self._placed.bare_length_mm / MM_PER_M
        return float(np.log(self._drawn_mm / self._placed.radius_mm) / (2 * np.pi * sigma_s_m * length_m))

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
        heat.set_source(np.zeros(self.box.shape), corner=self.box.corner)
        self.records.append(PowerRecord(heat.time_s, 0.0, 0.0, self.records[-1].resistance_ohm, False))
