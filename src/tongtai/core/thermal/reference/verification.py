"""The reference cases as one statement about an installation, for the command and for a plan book."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from tongtai.core.reference_case import CaseResult, CaseSummary, summarise
from tongtai.core.thermal.bioheat import Precision
from tongtai.core.thermal.damage import DamageModels
from tongtai.core.thermal.errors import HeatCancelledError
from tongtai.core.thermal.reference.run import DAMAGE_CASES, SOLVER_CASES, run_cases
from tongtai.core.thermal.reference.steady_cases import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Every value that was compared with an exact solution.

    Examples
    --------
    >>> near = CaseResult("slab", "x = 3 mm", "K", expected=2.0, got=2.01, tolerance=0.05)
    >>> far = CaseResult("slab", "x = 6 mm", "K", expected=1.0, got=1.20, tolerance=0.05)
    >>> found = Verification(results=(near, far))
    >>> found.passed, found.failed, [one.worst.place for one in found.cases]
    (False, 1, ['x = 6 mm'])
    """

    results: tuple[CaseResult, ...]

    @property
    def passed(self) -> bool:
        """Whether there are values, and all are within their tolerances."""
        return bool(self.results) and self.failed == 0

    @property
    def failed(self) -> int:
        """Number of values outside their tolerances."""
        return sum(not one.passed for one in self.results)

    @property
    def cases(self) -> tuple[CaseSummary, ...]:
        """One line for each case, with the value that comes nearest to its tolerance or is furthest beyond."""
        return tuple(summarise(self.results))


def verify(
    tables: Mapping[str, Table],
    models: DamageModels,
    *,
    names: Collection[str] | None = None,
    precision: Precision = "single",
    progress: Callable[[str, float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Verification:
    """Run the reference cases, one table after the other.

    Parameters
    ----------
    tables, models
        As `run_cases` takes them.
    names
        Only these tables; all by default.
    precision
        Of the solver; ``single`` is what treatments are simulated with.
    progress
        Called before each table with its name and the fraction done.
    cancelled
        Asked before each table.

    Raises
    ------
    HeatCancelledError
        When ``cancelled`` said so.
    ThermalError
        If a name is unknown.
    """
    wanted = list(names) if names is not None else [*SOLVER_CASES, *DAMAGE_CASES]
    results: list[CaseResult] = []
    for done, name in enumerate(wanted):
        if cancelled is not None and cancelled():
            raise HeatCancelledError
        if progress is not None:
            progress(name, done / len(wanted))
        results += run_cases(tables, models, names=[name], precision=precision)
    return Verification(results=tuple(results))
