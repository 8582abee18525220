"""Choosing the fewest positions that cover a target: greedy first, then exact, with the gap stated.

Covering points by zones is a set cover with a fixed cost for each needle. The exact step is a
mixed-integer program solved by HiGHS; what it could not prove within its time is the gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

Mask = NDArray[np.bool_]
Costs = NDArray[np.float64]

_COLLATERAL_SHARE = 0.9
"""All collateral together weighs less than one position or one needle."""


@dataclass(frozen=True, kw_only=True)
class CoverProblem:
    """What can be chosen.

    Attributes
    ----------
    covers : (C, P) array
        Whether candidate ``c`` holds point ``p``.
    needle_of : (C,) array
        Number of each candidate's needle.
    collateral_ml : (C,) array
        Healthy tissue in each candidate's zone.
    crossing
        Pairs of needles that cannot stand in the patient together.
    """

    covers: Mask
    needle_of: NDArray[np.int64]
    collateral_ml: Costs
    crossing: tuple[tuple[int, int], ...] = ()

    def objective(self, chosen: Iterable[int]) -> float:
        """Number of positions, plus number of needles, plus less than one for the collateral."""
        places = list(chosen)
        needles = {int(self.needle_of[place]) for place in places}
        return len(places) + len(needles) + float(self.collateral_costs[places].sum())

    @cached_property
    def greedy(self) -> tuple[int, ...]:
        """The greedy choice: where the search starts, and the most positions that it may take."""
        return greedy_places(self)

    @cached_property
    def collateral_costs(self) -> Costs:
        """Collateral on the objective's scale: as many positions as greedy takes add up below 1."""
        most = float(self.collateral_ml.max(initial=0.0))
        count = max(len(self.greedy), 1)
        if most <= 0.0:
            return np.zeros(len(self.collateral_ml))
        return _COLLATERAL_SHARE * self.collateral_ml / (most * count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was chosen.

    Attributes
    ----------
    chosen
        Candidates, in rising order.
    uncoverable
        Points that no candidate holds.
    uncovered
        Points that the choice leaves out although some candidate holds them (needles that cross).
    objective, bound, gap
        Value of the choice, proven lower bound, and their relative distance.
    method
        ``greedy`` or ``milp``.
    proven
        Whether the choice is proven to be the best.
    """

    chosen: tuple[int, ...]
    uncoverable: int
    uncovered: int
    objective: float
    bound: float
    gap: float
    method: str
    proven: bool


def greedy_places(problem: CoverProblem) -> tuple[int, ...]:
    """Candidates taken one by one for the most new points per position and new needle; then pruned."""
    waiting = problem.covers.any(axis=0)
    crossing = _crossing_with(problem)
    chosen: list[int] = []
    needles: set[int] = set()
    allowed = np.ones(len(problem.needle_of), np.bool_)
    most = max(float(problem.collateral_ml.max(initial=0.0)), 1e-9)
    while waiting.any():
        gain = (problem.covers & waiting).sum(axis=1).astype(np.float64)
        fresh = ~np.isin(problem.needle_of, list(needles))
        worth = np.where(allowed, gain / (1.0 + fresh + 0.1 * problem.collateral_ml / most), 0.0)
        best = int(worth.argmax())
        if worth[best] <= 0.0:
            break
        chosen.append(best)
        needle = int(problem.needle_of[best])
        needles.add(needle)
        waiting &= ~problem.covers[best]
        allowed &= ~np.isin(problem.needle_of, list(crossing.get(needle, ())))
    return _pruned(problem, chosen)


def _pruned(problem: CoverProblem, chosen: list[int]) -> tuple[int, ...]:
    kept = list(chosen)
    for place in chosen:
        rest = [other for other in kept if other != place]
        if rest and np.array_equal(problem.covers[rest].any(axis=0), problem.covers[kept].any(axis=0)):
            kept = rest
    return tuple(sorted(kept))


def _crossing_with(problem: CoverProblem) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for one, other in problem.crossing:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def choose_greedily(problem: CoverProblem) -> Selection:
    """The greedy choice, with the bound that one position and one needle are needed."""
    return _selection(problem, problem.greedy, bound=2.0, method="greedy", proven=False)


def choose_exactly(problem: CoverProblem, *, time_limit_s: float = 4.0) -> Selection:
    """The best choice, or the best found in time with the gap to what is proven.

    Parameters
    ----------
    problem
        Candidates and points.
    time_limit_s
        Time for the solver.

    Returns
    -------
    Selection
        The greedy choice (``method`` says so) if the solver found none better in time.
    """
    start = choose_greedily(problem)
    rows = needed_rows(problem.covers)
    if not start.chosen or start.uncovered or len(rows) == 0:
        return start
    result = _solve(problem, rows, start.objective, time_limit_s)
    bound = float(result.mip_dual_bound) if result.mip_dual_bound is not None else 2.0
    if result.x is None:
        return _selection(problem, start.chosen, bound=bound, method="greedy", proven=result.status == 2)
    chosen = tuple(int(c) for c in np.flatnonzero(result.x[: len(problem.needle_of)] > 0.5))
    found = _selection(problem, chosen, bound=bound, method="milp", proven=result.status == 0)
    return found if found.objective <= start.objective + 1e-9 else start


def _selection(
    problem: CoverProblem, chosen: tuple[int, ...], *, bound: float, method: str, proven: bool
) -> Selection:
    coverable = problem.covers.any(axis=0)
    covered = problem.covers[list(chosen)].any(axis=0)
    objective = problem.objective(chosen)
    bound = objective if proven else min(bound, objective)
    return Selection(
        chosen=chosen,
        uncoverable=int((~coverable).sum()),
        uncovered=int((coverable & ~covered).sum()),
        objective=objective,
        bound=bound,
        gap=(objective - bound) / objective if objective else 0.0,
        method=method,
        proven=proven,
    )


def needed_rows(covers: Mask) -> Mask:
    """Distinct, coverable points ``(R, C)`` without those that any cover of another point covers.

    A point whose candidates include all candidates of another is covered whenever that other is.
    """
    bits = np.unique(np.packbits(covers.T[covers.any(axis=0)], axis=1), axis=0)
    points = np.unpackbits(bits, axis=1, count=covers.shape[0])
    points = points[np.argsort(points.sum(axis=1, dtype=np.int64), kind="stable")]
    kept = np.zeros(points.shape, np.float32)
    sizes = np.zeros(len(points), np.float32)
    count = 0
    for point in points.astype(np.float32):
        # A kept row all of whose candidates are this point's makes it needless.
        if not np.any(kept[:count] @ point >= sizes[:count] - 0.5):
            kept[count], sizes[count] = point, point.sum()
            count += 1
    needed: Mask = kept[:count] > 0.5
    return needed


def _solve(problem: CoverProblem, rows: Mask, cutoff: float, time_limit_s: float) -> Any:
    count, needles = len(problem.needle_of), int(problem.needle_of.max()) + 1
    cover = csr_array(np.hstack([rows, np.zeros((len(rows), needles), np.bool_)]).astype(np.float64))
    each = np.arange(count)
    link = coo_array(
        (
            np.repeat([1.0, -1.0], count),
            (np.tile(each, 2), np.concatenate([count + problem.needle_of, each])),
        ),
        shape=(count, count + needles),
    )
    cost = np.concatenate([1.0 + problem.collateral_costs, np.ones(needles)])
    parts = [cover, link, csr_array(cost[None, :])]
    lower = [np.ones(len(rows)), np.zeros(count), np.array([-np.inf])]
    upper = [np.full(len(rows), np.inf), np.full(count, np.inf), np.array([cutoff + 1e-6])]
    if problem.crossing:
        pairs = np.array(problem.crossing)
        apart = np.zeros((len(pairs), count + needles))
        apart[np.arange(len(pairs))[:, None], count + pairs] = 1.0
        parts.append(csr_array(apart))
        lower.append(np.full(len(pairs), -np.inf))
        upper.append(np.ones(len(pairs)))
    return milp(
        cost,
        constraints=LinearConstraint(vstack(parts), np.concatenate(lower), np.concatenate(upper)),
        integrality=np.ones(count + needles),
        bounds=Bounds(0.0, 1.0),
        options={"time_limit": time_limit_s, "mip_rel_gap": 1e-6},
    )
