"""Run every case: the same for the tests and for ``tongtai verify`` on an installation."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from types import MappingProxyType

from tongtai.core.reference_case import CaseResult
from tongtai.core.thermal.bioheat import Precision
from tongtai.core.thermal.damage import DamageModels
from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.reference.damage_cases import arrhenius_and_dose, three_state
from tongtai.core.thermal.reference.steady_cases import (
    Table,
    heated_sphere,
    line_source,
    manufactured_cylinder,
    point_source,
    round_electrode,
    slab,
)
from tongtai.core.thermal.reference.transient_cases import freezing_front, laser_pulse, point_source_in_time

Case = Callable[[Table, Precision], list[CaseResult]]
# By the table that holds the exact solution.
SOLVER_CASES: Mapping[str, Case] = MappingProxyType(
    {
        "pennes_point_source_steady": point_source,
        "pennes_point_source_transient": point_source_in_time,
        "pennes_heated_sphere_steady": heated_sphere,
        "pennes_line_source_steady": line_source,
        "pennes_slab_steady": slab,
        "rf_spherical_electrode_steady": round_electrode,
        "mms_cylinder": manufactured_cylinder,
        "vyas_rustgi_laser": laser_pulse,
        "stefan_line_sink": freezing_front,
    }
)
DAMAGE_CASES = MappingProxyType(
    {"cell_death_oneill_constant_T": three_state, "arrhenius_cem43": arrhenius_and_dose}
)


def run_cases(
    tables: Mapping[str, Table],
    models: DamageModels,
    *,
    names: Collection[str] | None = None,
    precision: Precision = "single",
) -> list[CaseResult]:
    """Compare the solvers with exact solutions.

    Parameters
    ----------
    tables
        `tongtai.formats.heat_tables.reading.reference_tables`.
    models
        Damage models; the tables were made with the published liver constants.
    names
        Only these tables.
    precision
        Of the solver; ``single`` is what treatments are simulated with.

    Returns
    -------
    list of CaseResult
        Failed comparisons are in it too; see `CaseResult.passed` and `summarise`.

    Raises
    ------
    ThermalError
        If a name is unknown.
    """
    cases: dict[str, Callable[[Table, Precision], list[CaseResult]]] = dict(SOLVER_CASES)
    for name, case in DAMAGE_CASES.items():
        cases[name] = partial(_with_models, case, models)
    wanted = list(cases) if names is None else list(names)
    unknown = [name for name in wanted if name not in cases]
    if unknown:
        raise ThermalError(f"There is no reference case {unknown[0]!r}; there are: {', '.join(cases)}.")
    return [result for name in wanted for result in cases[name](tables[name], precision)]


def _with_models(
    case: Callable[[Table, DamageModels, Precision], list[CaseResult]],
    models: DamageModels,
    table: Table,
    precision: Precision,
) -> list[CaseResult]:
    return case(table, models, precision)
