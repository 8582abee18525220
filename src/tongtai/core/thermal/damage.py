"""From temperature to dead tissue: Arrhenius, thermal dose and three-state cell death, side by side.

The edge of an ablation is not one number (Mertyna 2009 measured 33-95 °C), so every model is carried
along and none is preferred.
"""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.compiled import Floats, Real, Window, parallel, real, serial

GAS_CONSTANT_J_MOL_K = 8.31446261815324
ZERO_CELSIUS_K = 273.15
SECONDS_PER_MINUTE = 60.0
# The rates are looked up; linear interpolation at this spacing errs by less than 1e-5 of the rate.
TABLE_STEP_K = 0.01
# Beyond this the rates stay what they are here; tissue is dead in microseconds by then.
TABLE_END_C = 150.0
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrhenius:
    """First-order damage: dΩ/dt = A exp(-Ea / R T); Ω = 1 means 63 % and 4.6 means 99 % dead.

    Below ``from_c`` nothing is counted: the published liver constants would kill at 37 °C within an
    hour.
    """

    frequency_factor_1_s: float
    activation_energy_j_mol: float
    from_c: float

    def rate_1_s(self, temperature_c: Numbers) -> Numbers:
        """Rate of Ω at a temperature.

        Examples
        --------
        >>> liver = Arrhenius(frequency_factor_1_s=7.39e39, activation_energy_j_mol=2.577e5, from_c=43.0)
        >>> liver.rate_1_s(np.array([30.0, 54.0])).round(4).tolist()
        [0.0, 0.0529]
        """
        exponent = -self.activation_energy_j_mol / (GAS_CONSTANT_J_MOL_K * (temperature_c + ZERO_CELSIUS_K))
        rate: Numbers = np.where(
            temperature_c >= self.from_c, self.frequency_factor_1_s * np.exp(exponent), 0.0
        )
        return rate


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalDose:
    """Cumulative equivalent minutes at 43 °C. Sapareto SA, Dewey WC. Int J Radiat Oncol 1984;10:787-800."""

    reference_c: float
    above: float
    below: float
    from_c: float

    def rate_min_s(self, temperature_c: Numbers) -> Numbers:
        """Minutes of dose per second at a temperature.

        Examples
        --------
        >>> dose = ThermalDose(reference_c=43.0, above=0.5, below=0.25, from_c=39.0)
        >>> (60 * dose.rate_min_s(np.array([38.0, 42.0, 43.0, 45.0]))).tolist()
        [0.0, 0.25, 1.0, 4.0]
        """
        base = np.where(temperature_c >= self.reference_c, self.above, self.below)
        rate = base ** (self.reference_c - temperature_c) / SECONDS_PER_MINUTE
        counted: Numbers = np.where(temperature_c >= self.from_c, rate, 0.0)
        return counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeState:
    """Alive, vulnerable, dead. O'Neill DP et al. Ann Biomed Eng 2011;39:570-579.

    dA/dt = -kf e^(T/Tk) (1 - A) A + kb (1 - A - D), dD/dt = kf e^(T/Tk) (1 - A) (1 - A - D).
    Below ``from_c`` nothing changes: the model kills slowly at body temperature.
    """

    forward_1_s: float
    backward_1_s: float
    scale_c: float
    alive_at_start: float
    from_c: float

    def forward_rate_1_s(self, temperature_c: Numbers) -> Numbers:
        """The forward rate kf e^(T/Tk) at a temperature."""
        rate: Numbers = self.forward_1_s * np.exp(temperature_c / self.scale_c)
        return rate


@dataclass(frozen=True, slots=True, kw_only=True)
class DamageModels:
    """The three models and what stops perfusion: more than this fraction dead (three-state)."""

    arrhenius: Arrhenius
    thermal_dose: ThermalDose
    three_state: ThreeState
    perfusion_stops_dead: float


@serial
def _rates_of_row(
    warm: Floats,
    step_s: Real,
    rates: Floats,
    origin: Real,
    per_k: Real,
    omega: Floats,
    dose: Floats,
    forward: Floats,
) -> None:
    """Add a step to Arrhenius integral and dose of one row of cells; its forward rates into ``forward``."""
    last, whole = rates.shape[0] - 2, per_k / per_k
    for i in range(warm.size):
        place = (warm[i] - origin) * per_k
        n = min(max(int(place), 0), last)
        part = max(min(place - np.float32(n), whole), whole - whole)
        omega[i] += step_s * (rates[n, 0] + part * (rates[n + 1, 0] - rates[n, 0]))
        dose[i] += step_s * (rates[n, 1] + part * (rates[n + 1, 1] - rates[n, 1]))
        forward[i] = rates[n, 2] + part * (rates[n + 1, 2] - rates[n, 2])


@serial
def _slope(alive: Real, dead: Real, forward: Real, backward: Real, whole: Real) -> tuple[Real, Real]:
    """Rates of change of the fractions alive and dead."""
    vulnerable = whole - alive - dead
    hit = forward * (vulnerable + dead)
    return backward * vulnerable - hit * alive, hit * vulnerable


@serial
def _three_states(
    warm: Floats, step_s: Real, from_c: Real, forward: Floats, backward: Real, alive: Floats, dead: Floats
) -> None:
    """One step of a row of cells by the classical Runge-Kutta method, without branches; none below ``from_c``."""
    zero = backward - backward
    whole = np.exp(zero)
    two = whole + whole
    sixth = whole / (two + two + two)
    for i in range(warm.size):
        step = step_s if warm[i] >= from_c else zero
        half = step / two
        a, d, hit = alive[i], dead[i], forward[i]
        a1, d1 = _slope(a, d, hit, backward, whole)
        a2, d2 = _slope(a + half * a1, d + half * d1, hit, backward, whole)
        a3, d3 = _slope(a + half * a2, d + half * d2, hit, backward, whole)
        a4, d4 = _slope(a + step * a3, d + step * d3, hit, backward, whole)
        alive[i] = a + step * sixth * (a1 + two * (a2 + a3) + a4)
        dead[i] = d + step * sixth * (d1 + two * (d2 + d3) + d4)


@parallel
def _accumulate(
    temperature: Floats,
    step_s: Real,
    window: Window,
    rates: Floats,
    origin: Real,
    per_k: Real,
    from_c: Real,
    floor_c: Real,
    backward: Real,
    peak: Floats,
    omega: Floats,
    dose: Floats,
    alive: Floats,
    dead: Floats,
    limit: Real,
    perfusion: Floats,
) -> None:
    """Add one step at constant temperature. Perfusion ends where more than ``limit`` is dead."""
    slices, starts, ends = window.slices, window.first, window.last
    for k in numba.prange(slices[0], slices[1]):
        work = np.zeros(temperature.shape[2], temperature.dtype)
        for j in range(starts.shape[1]):
            first, last = starts[k, j], ends[k, j]
            warm, most = temperature[k + 1, j + 1, first + 1 : last + 1], peak[k, j, first:last]
            hot = 0
            for i in range(warm.size):
                most[i] = max(most[i], warm[i])
                hot += warm[i] >= floor_c
            if hot == 0:
                continue
            while temperature[k + 1, j + 1, first + 1] < floor_c:
                first += 1
            while temperature[k + 1, j + 1, last] < floor_c:
                last -= 1
            warm, forward = temperature[k + 1, j + 1, first + 1 : last + 1], work[: last - first]
            _rates_of_row(
                warm, step_s, rates, origin, per_k, omega[k, j, first:last], dose[k, j, first:last], forward
            )
            gone = dead[k, j, first:last]
            _three_states(warm, step_s, from_c, forward, backward, alive[k, j, first:last], gone)
            flow = perfusion[k, j, first:last]
            for i in range(gone.size):
                flow[i] = flow[i] if gone[i] <= limit else limit - limit


class DamageFields:
    """Peak temperature and the three models' states of every cell.

    Attributes
    ----------
    peak_c, omega, dose_min, alive, dead : (K, J, I) arrays
        Peak temperature (°C), Arrhenius integral, CEM43 (minutes), fractions alive and dead.
    perfusion : (K, J, I) array
        Set to zero where more than the models' limit is dead; the solver's own array, or one of zeros.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        models: DamageModels,
        *,
        initial_c: float,
        dtype: np.dtype[np.floating],
        perfusion: Floats | None = None,
    ) -> None:
        kind = dtype
        self.models = models
        self.peak_c: Floats = np.full(shape, initial_c, kind)
        self.omega: Floats = np.zeros(shape, kind)
        self.dose_min: Floats = np.zeros(shape, kind)
        self.alive: Floats = np.full(shape, models.three_state.alive_at_start, kind)
        self.dead: Floats = np.zeros(shape, kind)
        self.perfusion: Floats = np.zeros(shape, kind) if perfusion is None else perfusion
        self._from_c = real(models.three_state.from_c, kind)
        self._backward = real(models.three_state.backward_1_s, kind)
        self._limit = real(models.perfusion_stops_dead, kind)
        lowest = min(models.arrhenius.from_c, models.thermal_dose.from_c, models.three_state.from_c)
        self._floor_c, origin = real(lowest, kind), lowest - 1.0
        # Rounded, so that a limit of a model is a knot of the table.
        grid_c = np.round(np.arange(origin, TABLE_END_C, TABLE_STEP_K), 6)
        self._origin, self._per_k = real(origin, kind), real(1 / TABLE_STEP_K, kind)
        self._rates: Floats = np.array(
            [
                models.arrhenius.rate_1_s(grid_c),
                models.thermal_dose.rate_min_s(grid_c),
                models.three_state.forward_rate_1_s(grid_c),
            ],
            kind,
        ).T.copy()
        self._kind = kind

    def resume(self, peak_c: Floats, omega: Floats, dose_min: Floats, alive: Floats, dead: Floats) -> None:
        """Go on from the states of an earlier heating of the same cells, its stopped perfusion included."""
        own = (self.peak_c, self.omega, self.dose_min, self.alive, self.dead)
        for mine, earlier in zip(own, (peak_c, omega, dose_min, alive, dead), strict=True):
            mine[...] = earlier
        self.perfusion[self.dead > self._limit] = 0.0

    def advance(self, padded_c: Floats, step_s: float, window: Window) -> None:
        """Add ``step_s`` seconds at the temperatures of a padded array (one ghost layer) in the window."""
        _accumulate(
            padded_c,
            real(step_s, self._kind),
            window,
            self._rates,
            self._origin,
            self._per_k,
            self._from_c,
            self._floor_c,
            self._backward,
            self.peak_c,
            self.omega,
            self.dose_min,
            self.alive,
            self.dead,
            self._limit,
            self.perfusion,
        )
