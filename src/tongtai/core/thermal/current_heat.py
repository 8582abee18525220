"""Electrical conductivity by temperature, and the heat of a current in it.

A solution of the potential serves while the conductivities change a little: its heat follows them.
"""

import numba
import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.compiled import Floats, Labels, Real, parallel, serial, threads_for
from tongtai.core.thermal.potential import PotentialBox
from tongtai.core.thermal.scene import HeatScene

# The heat of the last volt counts less than its potential: this is far below a voxel's error.
POTENTIAL_TOLERANCE = 1e-3
# Temperature of the tables' conductivity.
REFERENCE_C = 37.0
# Below any tissue's: only keeps a division from zero.
LEAST_S_M = np.float32(1e-12)


@serial
def _sigma(warm: Real, label: int, table: Floats) -> Real:
    """Straight to where boiling begins, falling from there to the share of a dry cell; never below zero."""
    boils, zero = table[2, label], warm - warm
    wet = max(table[0, label] + table[1, label] * min(warm, boils), zero)
    gone = min(max(warm - boils, zero) * table[3, label], table[4, label])
    left: Real = wet - wet * gone
    return left


@parallel
def _conductivity(temperature: Floats, labels: Labels, table: Floats, out: Floats) -> None:
    for k in numba.prange(out.shape[0]):
        for j in range(out.shape[1]):
            for i in range(out.shape[2]):
                out[k, j, i] = _sigma(temperature[k, j, i], labels[k, j, i], table)


def sigma_table(scene: HeatScene) -> NDArray[np.float32]:
    """By label: conductivity (S/m) at 0 °C, its slope (S/(m K)), where boiling begins (°C), and how much of it goes.

    The fourth row is the share that goes for each kelvin of the boiling band, the fifth the share that has gone when dry.
    """
    base, slope, low, high, dry = (
        np.array(scene.by_label(name))
        for name in (
            "electrical_conductivity",
            "electrical_conductivity_slope",
            "boiling_band_low",
            "boiling_band_high",
            "electrical_conductivity_dry",
        )
    )
    # Media without a row (surroundings, coolant) have no band either: any width does.
    band = np.maximum(high - low, 1e-6)
    rows = (base * (1 - slope * REFERENCE_C), base * slope, low, (1 - dry) / band, 1 - dry)
    return np.array(rows, np.float32)


def conductivity_s_m(temperature_c: Floats, labels: Labels, scene: HeatScene) -> NDArray[np.float32]:
    """Electrical conductivity of cells by temperature and label (`HeatScene.media`).

    Rises by the tissue's slope up to the boiling band and falls, as the water goes, to the share of a
    dry cell (1 % in the MITA and Trujillo models).
    """
    out = np.zeros(temperature_c.shape, np.float32)
    _conductivity(temperature_c, labels, sigma_table(scene), out)
    return out


@parallel
def _renew(
    temperature: Floats,
    labels: Labels,
    table: Floats,
    solved_w: Floats,
    per_sigma: Floats,
    heat_w: Floats,
    sums: NDArray[np.float64],
) -> None:
    """Heat in the potential of an earlier solution; per slice: its sum, and how much of it has changed."""
    for k in numba.prange(heat_w.shape[0]):
        total, change = 0.0, 0.0
        for j in range(heat_w.shape[1]):
            out, factor, before = heat_w[k, j], per_sigma[k, j], solved_w[k, j]
            warm, label = temperature[k, j], labels[k, j]
            for i in range(out.size):
                out[i] = factor[i] * _sigma(warm[i], label[i], table)
            for i in range(out.size):
                total += out[i]
                change += abs(out[i] - before[i])
        sums[0, k], sums[1, k] = total, change


class CurrentField:
    """One solution, and its heat for conductivities that have changed since.

    Until it is stale the potential keeps its shape: one that is a little off gives the conductance
    to second order (Dirichlet's principle).

    Attributes
    ----------
    heat_w : (K, J, I) array
        Power of each cell for one volt.
    conductance_s
        Current per volt.
    contact_s_m
        Mean conductivity at the metal, weighted with the current.
    change
        Mean relative change of the conductivities since the solution, weighted with the power.
    """

    def __init__(self, problem: PotentialBox, temperature_c: Floats, labels: Labels, table: Floats) -> None:
        sigma = np.zeros(temperature_c.shape, np.float32)
        with threads_for(sigma.size):
            _conductivity(temperature_c, labels, table, sigma)
        unit = problem.solve(sigma, tolerance=POTENTIAL_TOLERANCE)
        self._solved_w, self._outside_w = unit.heat_w, unit.outside_w
        self._per_sigma: Floats = np.where(sigma > 0, unit.heat_w / np.maximum(sigma, LEAST_S_M), 0)
        self._solved_sum_w = float(unit.heat_w.sum(dtype=np.float64))
        self._share = problem.contact_share(sigma, unit.potential)
        self._contact = self._share > 0
        self._contact_share = self._share[self._contact]
        self._table, self._labels = table, labels
        self._sums = np.zeros((2, temperature_c.shape[0]))
        self.heat_w: Floats = np.zeros_like(sigma)
        self.conductance_s, self.change, self.contact_s_m = 0.0, 0.0, 0.0
        self.renew(temperature_c)

    def renew(self, temperature_c: Floats) -> None:
        """Heat per volt squared, conductance and change for the present temperatures."""
        with threads_for(temperature_c.size):
            _renew(
                temperature_c,
                self._labels,
                self._table,
                self._solved_w,
                self._per_sigma,
                self.heat_w,
                self._sums,
            )
        heat_w, change_w = self._sums.sum(axis=1).tolist()
        self.conductance_s = heat_w + self._outside_w
        self.change = change_w / self._solved_sum_w
        warm, label = temperature_c[self._contact], self._labels[self._contact]
        at_metal = np.zeros((1, 1, warm.size), np.float32)
        _conductivity(warm.reshape(1, 1, -1), label.reshape(1, 1, -1), self._table, at_metal)
        self.contact_s_m = float(np.dot(at_metal[0, 0], self._contact_share))

    def with_sleeve(self, sleeve_ohm: float) -> Floats:
        """Heat with that of a resistance at the metal's surface in series, for the same current."""
        if sleeve_ohm <= 0.0:
            return self.heat_w
        heat_w = self.heat_w.copy()
        heat_w[self._contact] += np.float32(sleeve_ohm * self.conductance_s**2) * self._contact_share
        return heat_w
