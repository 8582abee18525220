"""Cell death at constant temperature: what the damage kernel accumulates beside the tables."""

from dataclasses import replace

import numpy as np

from tongtai.core.reference_case import CaseResult, compare
from tongtai.core.thermal.bioheat import Precision
from tongtai.core.thermal.damage import DamageFields, DamageModels
from tongtai.core.thermal.reference.steady_cases import Numbers, Table
from tongtai.core.thermal.warm_region import whole_window

# Columns of viability in the table, by seconds.
VIABILITY_COLUMNS = {10: "1", 30: "2", 60: "3", 120: "4", 300: "5", 600: "6", 900: "7"}
STEP_S = 1.0
LONGEST_S = 2600


def _fields(
    temperatures: Numbers, models: DamageModels, precision: Precision
) -> tuple[DamageFields, Numbers]:
    dtype: np.dtype[np.floating] = np.dtype(np.float32 if precision == "single" else np.float64)
    padded = np.pad(temperatures[None, None].astype(dtype), 1, mode="edge")
    fields = DamageFields((1, 1, temperatures.size), models, initial_c=37.0, dtype=dtype)
    return fields, padded


def three_state(table: Table, models: DamageModels, precision: Precision) -> list[CaseResult]:
    """O'Neill's model at constant temperatures, from 37 °C on (the tables have no lower limit)."""
    temperatures = table["0"]
    open_models = replace(models, three_state=replace(models.three_state, from_c=20.0))
    fields, padded = _fields(temperatures, open_models, precision)
    window = whole_window((1, 1, temperatures.size))
    results: list[CaseResult] = []
    names = [f"{t:g} °C" for t in temperatures]
    dead = [np.zeros(temperatures.size)]
    for second in range(1, LONGEST_S + 1):
        fields.advance(padded, STEP_S, window)
        dead.append(fields.dead[0, 0].astype(np.float64))
        column = VIABILITY_COLUMNS.get(second)
        if column is not None:
            case = f"three-state death, viability after {second} s"
            results += compare(case, names, "1", table[column], 1 - dead[-1], relative=0.0, least=1e-3)
    history = np.array(dead)
    times = np.arange(LONGEST_S + 1.0)
    reached = np.array([np.interp(0.8, history[:, n], times) for n in range(temperatures.size)])
    return results + compare(
        "three-state death, time to 80 %", names, "s", table["8"], reached, relative=2e-3, least=1.0
    )


def arrhenius_and_dose(table: Table, models: DamageModels, precision: Precision) -> list[CaseResult]:
    """Rates and times of the Arrhenius integral and of CEM43."""
    temperatures = table["0"]
    fields, padded = _fields(temperatures, models, precision)
    window = whole_window((1, 1, temperatures.size))
    # Twenty steps at once: the sums must come out as the closed forms, whatever the step.
    for _ in range(20):
        fields.advance(padded, 0.05, window)
    omega, dose = fields.omega[0, 0].astype(np.float64), fields.dose_min[0, 0].astype(np.float64)
    names = [f"{t:g} °C" for t in temperatures]
    results = compare("Arrhenius, rate", names, "1/s", table["1"], omega, relative=1e-3, least=0.0)
    results += compare("Arrhenius, time to 1", names, "s", table["2"], 1 / omega, relative=1e-3, least=0.0)
    results += compare(
        "Arrhenius, time to 99 %", names, "s", table["3"], 4.6 / omega, relative=2e-3, least=0.0
    )
    results += compare("CEM43, rate", names, "min/min", table["4"], 60 * dose, relative=1e-3, least=0.0)
    return results + compare(
        "CEM43, time to 240", names, "s", table["5"], 240 / dose, relative=1e-3, least=0.0
    )
