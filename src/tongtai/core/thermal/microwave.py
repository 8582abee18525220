"""Microwave ablation: the antenna's power density on the patient's grid.

The field is that of the antenna in a homogeneous medium whose permittivity is the mean over the
tissue, weighted with the power it absorbs; each cell absorbs in proportion to its own conductivity;
the sum is scaled to the radiated power. Field and conductivities are renewed when any cell has warmed
by ``refresh_k`` or ``refresh_s`` has passed.
"""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from tongtai.core.needle import Needle
from tongtai.core.thermal.antenna_field import FieldTable, complex_permittivity, field_table
from tongtai.core.thermal.applicator_box import Box, box_around
from tongtai.core.thermal.applicators import MicrowaveAntenna
from tongtai.core.thermal.bioheat import Bioheat
from tongtai.core.thermal.compiled import Floats, Labels, parallel, serial, threads_for
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.grid import MM_PER_M
from tongtai.core.thermal.radiofrequency import PowerRecord
from tongtai.core.thermal.scene import HeatScene

Numbers = NDArray[np.float64]
FIELD_MARGIN_MM = 32.0
NEAR_MM = 6.0
NEAR_SAMPLES = 4
# A new field is worth its computation when the mean permittivity has moved by so much.
FIELD_TOLERANCE = 0.03
DIELECTRIC = ("permittivity", "conductivity")


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrowaveGenerator:
    """Constant power at the generator's socket."""

    power_w: float

    def __post_init__(self) -> None:
        if self.power_w <= 0.0:
            raise ThermalError("Set the generator's power above zero.")


def dielectric(temperature_c: Numbers, span: Numbers, offset: Numbers, slope: Numbers) -> Numbers:
    """Sigmoid of temperature: span (1 - 1 / (1 + exp(offset - slope T))). Ji Z, Brace CL.

    Phys Med Biol 2011;56:5249-5264. The permittivity is one more than this.

    Examples
    --------
    >>> one = np.ones(1)
    >>> round(float(dielectric(37.0 * one, 48.391 * one, 6.286 * one, 0.0764 * one)[0]) + 1, 2)
    47.92
    """
    value: Numbers = span * (1 - 1 / (1 + np.exp(offset - slope * temperature_c)))
    return value


class MicrowaveSource:
    """Heat source of one antenna; the slot's place follows from the needle's tip.

    Attributes
    ----------
    box : Box
        Cells that absorb.
    records : list of PowerRecord
        One for every update.
    """

    every_step = False
    longest_step_s = np.inf

    def __init__(
        self,
        scene: HeatScene,
        antenna: MicrowaveAntenna,
        needle: Needle,
        generator: MicrowaveGenerator,
        *,
        refresh_s: float,
    ) -> None:
        self._scene, self._antenna, self._needle, self._generator = scene, antenna, needle, generator
        self._refresh_s = refresh_s
        along = needle.direction
        self._slot = np.asarray(needle.tip_lps_mm) - antenna.slot_from_tip_mm * along
        ends = np.array([self._slot + antenna.distal_mm * along, self._slot - antenna.proximal_mm * along])
        self.box: Box = box_around(scene.labels, ends, FIELD_MARGIN_MM)
        self._sigmoids = self._dielectric_tables()
        self._warm = complex_permittivity(*self._body_values(), antenna.frequency_mhz)
        self._mean = self._warm
        self._table = field_table(antenna, self._warm, self._warm)
        self._sample()
        volume_m3 = scene.labels.voxel_volume_ml * 1e-6
        self._share_in_box = min(float(self._density.sum()) * volume_m3, 1.0)
        self._volume_m3 = volume_m3
        self.records: list[PowerRecord] = []

    def _dielectric_tables(self) -> dict[str, Numbers]:
        """Span, offset and slope by label, for permittivity and conductivity."""
        suffix = f"{self._antenna.frequency_mhz:.0f}"
        return {
            name: np.array(
                [self._scene.by_label(f"{name}_{suffix}_{part}") for part in ("span", "offset", "slope")]
            )
            for name in DIELECTRIC
        }

    def _body_values(self) -> tuple[float, float]:
        """Permittivity and conductivity of the first tissue at body temperature."""
        warm = np.array([self._scene.blood_c])
        values = [float(dielectric(warm, *(self._sigmoids[name][:, :1]))[0]) for name in DIELECTRIC]
        return values[0] + 1, values[1]

    def _sample(self) -> None:
        density = np.zeros(self.box.shape)
        table: FieldTable = self._table
        _densities(
            np.ascontiguousarray(self._scene.labels.index_to_lps),
            np.array(self.box.corner, np.int64),
            self._slot,
            self._needle.direction,
            table.log_density,
            np.array([table.first_height_m, table.inner_m, table.log_ratio]),
            density,
        )
        self._density = density

    def update(self, heat: Bioheat) -> float:
        """Set the power density for the present temperatures; returns when to call again (s)."""
        weights, total, permittivity, conductivity = self._absorbed(heat)
        mean = complex_permittivity(permittivity / total, conductivity / total, self._antenna.frequency_mhz)
        if abs(mean - self._mean) > FIELD_TOLERANCE * abs(self._mean):
            self._mean = mean
            self._table = field_table(self._antenna, mean, self._warm)
            self._sample()
            weights, total, _, _ = self._absorbed(heat)
        radiated = self._generator.power_w * self._antenna.efficiency
        per_unit = radiated * self._share_in_box / (total * self._volume_m3)
        heat.set_source(weights, corner=self.box.corner, scale=per_unit)
        self.records.append(PowerRecord(heat.time_s, radiated, heat.source_power_w, 0.0, False))
        return heat.time_s + self._refresh_s

    def _absorbed(self, heat: Bioheat) -> tuple[Numbers, float, float, float]:
        """Field times conductivity of each cell; its sum, and those weighted by the two dielectric values."""
        weights, sums = np.zeros(self.box.shape), np.zeros((3, self.box.shape[0]))
        labels, warm = heat.labels[self.box.cells], heat.temperature_c[self.box.cells]
        with threads_for(weights.size):
            _absorb(
                warm,
                labels,
                self._sigmoids["permittivity"],
                self._sigmoids["conductivity"],
                self._density,
                weights,
                sums,
            )
        total, permittivity, conductivity = sums.sum(axis=1).tolist()
        return weights, total, permittivity, conductivity

    def stop(self, heat: Bioheat) -> None:
        """Switch the power off."""
        heat.set_source(np.zeros(self.box.shape), corner=self.box.corner)
        self.records.append(PowerRecord(heat.time_s, 0.0, 0.0, 0.0, False))


@serial
def _sigmoid(warm: float, table: Numbers, label: int) -> float:
    """One cell of `dielectric`."""
    return float(table[0, label] * (1 - 1 / (1 + np.exp(table[1, label] - table[2, label] * warm))))


@parallel
def _absorb(
    temperature: Floats,
    labels: Labels,
    permittivity: Numbers,
    conductivity: Numbers,
    density: Numbers,
    weights: Numbers,
    sums: Numbers,
) -> None:
    """Weights of `MicrowaveSource.update`, and their sums per slice: plain, by permittivity, by conductivity."""
    for k in numba.prange(weights.shape[0]):
        total, by_permittivity, by_conductivity = 0.0, 0.0, 0.0
        for j in range(weights.shape[1]):
            for i in range(weights.shape[2]):
                if density[k, j, i] == 0.0:
                    weights[k, j, i] = 0.0
                    continue
                warm, label = float(temperature[k, j, i]), labels[k, j, i]
                sigma = _sigmoid(warm, conductivity, label)
                weight = density[k, j, i] * sigma
                weights[k, j, i] = weight
                total += weight
                by_permittivity += weight * (_sigmoid(warm, permittivity, label) + 1)
                by_conductivity += weight * sigma
        sums[0, k], sums[1, k], sums[2, k] = total, by_permittivity, by_conductivity


@serial
def _density_at(log_density: Numbers, shape: Numbers, up_m: float, radius_m: float) -> float:
    """The table between its entries; nothing beyond it."""
    heights, rings = log_density.shape
    ring = np.log(max(radius_m, 1e-9) / shape[1]) / shape[2]
    height = (up_m - shape[0]) / 1e-3
    if ring < 0.0 or ring >= rings - 1 or height < 0.0 or height >= heights - 1:
        return 0.0
    m, r = int(height), int(ring)
    p, q = height - m, ring - r
    return float(
        np.exp(
            (1 - p) * ((1 - q) * log_density[m, r] + q * log_density[m, r + 1])
            + p * ((1 - q) * log_density[m + 1, r] + q * log_density[m + 1, r + 1])
        )
    )


@parallel
def _densities(
    index_to_lps: Numbers,
    corner: NDArray[np.int64],
    slot: Numbers,
    along: Numbers,
    log_density: Numbers,
    shape: Numbers,
    out: Numbers,
) -> None:
    """Mean of the table over each voxel: one sample far away, many near the antenna, none inside it."""
    for k in numba.prange(out.shape[0]):
        for j in range(out.shape[1]):
            for i in range(out.shape[2]):
                samples, total, n = 1, 0.0, 0
                while n < samples * samples * samples:
                    a = k + corner[0] + ((n // (samples * samples)) + 0.5) / samples - 0.5
                    b = j + corner[1] + ((n // samples) % samples + 0.5) / samples - 0.5
                    c = i + corner[2] + (n % samples + 0.5) / samples - 0.5
                    up, squared = 0.0, 0.0
                    for axis in range(3):
                        away = (
                            index_to_lps[axis, 0] * a
                            + index_to_lps[axis, 1] * b
                            + index_to_lps[axis, 2] * c
                            + index_to_lps[axis, 3]
                            - slot[axis]
                        )
                        up += away * along[axis]
                        squared += away * away
                    radius = np.sqrt(max(squared - up * up, 0.0))
                    if samples == 1 and radius < NEAR_MM:
                        samples = NEAR_SAMPLES
                        continue
                    n += 1
                    total += _density_at(log_density, shape, up / MM_PER_M, radius / MM_PER_M)
                out[k, j, i] = total / (samples * samples * samples)
