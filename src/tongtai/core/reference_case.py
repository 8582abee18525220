"""One comparison with a known truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One value of one case: where, what it should be, what it is, and how much it may differ."""

    case: str
    place: str
    unit: str
    expected: float
    got: float
    tolerance: float

    @property
    def deviation(self) -> float:
        """Got minus expected."""
        return self.got - self.expected

    @property
    def passed(self) -> bool:
        """Whether the deviation is within the tolerance (a missing number is not)."""
        return bool(abs(self.deviation) <= self.tolerance)


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case's values together; ``worst`` is the value that comes nearest to, or beyond, its tolerance."""

    case: str
    values: int
    failed: int
    worst: CaseResult

    @property
    def passed(self) -> bool:
        """Whether every value is within its tolerance."""
        return self.failed == 0


def compare(
    case: str,
    places: Sequence[str],
    unit: str,
    expected: Numbers,
    got: Numbers,
    *,
    relative: float,
    least: float,
) -> list[CaseResult]:
    """Results whose tolerance is a part of the expected value, but never below ``least``.

    Expected values that are NaN (blank in the table) are left out.
    """
    return [
        CaseResult(case, place, unit, float(want), float(have), max(relative * abs(float(want)), least))
        for place, want, have in zip(places, expected, got, strict=True)
        if np.isfinite(want)
    ]


def summarise(results: Sequence[CaseResult]) -> list[CaseSummary]:
    """One line for each case, in the order they ran."""
    by_case: dict[str, list[CaseResult]] = {}
    for one in results:
        by_case.setdefault(one.case, []).append(one)
    return [
        CaseSummary(
            case,
            len(values),
            sum(not one.passed for one in values),
            max(values, key=lambda one: abs(one.deviation) / one.tolerance if one.passed else np.inf),
        )
        for case, values in by_case.items()
    ]
