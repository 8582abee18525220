"""Electrical conductivity by temperature, and the heat of a current in it.

A solution of the potential serves while the conductivities change a little: the heat of its current follows them.
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
# Of the conductivity at the solution; what has fallen below it has made the solution stale long before.
LEAST_SHARE = 1e-6


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
    solved_ohm: Floats,
    solved_per_sigma: Floats,
    heat_ohm: Floats,
    sums: NDArray[np.float64],
) -> None:
    """Heat of the current of an earlier solution; per slice: its sum, and that of the heat of the earlier potential."""
    one, least = heat_ohm.dtype.type(1), heat_ohm.dtype.type(LEAST_SHARE)
    for k in numba.prange(heat_ohm.shape[0]):
        of_current, of_potential = 0.0, 0.0
        share = np.zeros(heat_ohm.shape[2], heat_ohm.dtype)
        for j in range(heat_ohm.shape[1]):
            out, before, factor = heat_ohm[k, j], solved_ohm[k, j], solved_per_sigma[k, j]
            warm, label = temperature[k, j], labels[k, j]
            for i in range(out.size):
                share[i] = max(factor[i] * _sigma(warm[i], label[i], table), least)
            for i in range(out.size):
                out[i] = before[i] * (one / share[i])
            for i in range(out.size):
                of_current += out[i]
                of_potential += before[i] * share[i]
        sums[0, k], sums[1, k] = of_current, of_potential


class CurrentField:
    """One solution, and its heat for conductivities that have changed since.

    Until it is stale the current keeps its shape: the tissue warms in layers around the metal, through which it flows in
    series, and what warms and conducts better then takes less of the power. The current that is kept bounds the
    resistance from above (Thomson's principle), the potential that is kept bounds it from below (Dirichlet's), and the
    square of the current's error in the energy norm is at most the gap between the two.
    Prager W, Synge JL. Approximations in elasticity based on the concept of function space.
    Q Appl Math 1947;5:241-269.

    Attributes
    ----------
    heat_ohm : (K, J, I) array
        Power of each cell for one ampere squared.
    resistance_ohm
        Of the tissue, without the sleeve.
    contact_s_m
        Mean conductivity at the metal, weighted with the current.
    gap
        Of the two bounds, relative to the lower one: zero at the solution.
    """

    def __init__(self, problem: PotentialBox, temperature_c: Floats, labels: Labels, table: Floats) -> None:
        sigma = np.zeros(temperature_c.shape, np.float32)
        with threads_for(sigma.size):
            _conductivity(temperature_c, labels, table, sigma)
        unit = problem.solve(sigma, tolerance=POTENTIAL_TOLERANCE)
        # By the energy, which an error of the potential changes to second order only, not by the current at the metal.
        per_ampere = 1 / (float(unit.heat_w.sum(dtype=np.float64)) + unit.outside_w) ** 2
        self._solved_ohm: Floats = unit.heat_w * np.float32(per_ampere)
        self._outside_ohm = unit.outside_w * per_ampere
        self._per_sigma: Floats = 1 / np.maximum(sigma, LEAST_S_M)
        self._share = problem.contact_share(sigma, unit.potential)
        self._contact = self._share > 0
        self._contact_share = self._share[self._contact]
        self._table, self._labels = table, labels
        self._sums = np.zeros((2, temperature_c.shape[0]))
        self.heat_ohm: Floats = np.zeros_like(sigma)
        self.resistance_ohm, self.gap, self.contact_s_m = 0.0, 0.0, 0.0
        self.renew(temperature_c)

    def renew(self, temperature_c: Floats) -> None:
        """Heat, resistance and gap for the present temperatures."""
        with threads_for(temperature_c.size):
            _renew(
                temperature_c,
                self._labels,
                self._table,
                self._solved_ohm,
                self._per_sigma,
                self.heat_ohm,
                self._sums,
            )
        of_current, of_potential = self._sums.sum(axis=1).tolist()
        solved_ohm = float(self._solved_ohm.sum(dtype=np.float64)) + self._outside_ohm
        self.resistance_ohm = of_current + self._outside_ohm
        lower_ohm = solved_ohm**2 / (of_potential + self._outside_ohm)
        self.gap = self.resistance_ohm / lower_ohm - 1
        warm, label = temperature_c[self._contact], self._labels[self._contact]
        at_metal = np.zeros((1, 1, warm.size), np.float32)
        _conductivity(warm.reshape(1, 1, -1), label.reshape(1, 1, -1), self._table, at_metal)
        self.contact_s_m = float(np.dot(at_metal[0, 0], self._contact_share))

    def with_sleeve(self, sleeve_ohm: float) -> Floats:
        """Heat with that of a resistance at the metal's surface in series, for the same current."""
        if sleeve_ohm <= 0.0:
            return self.heat_ohm
        heat_ohm = self.heat_ohm.copy()
        heat_ohm[self._contact] += np.float32(sleeve_ohm) * self._contact_share
        return heat_ohm
