"""Choosing the fewest positions that cover a target: greedy first, then exact, with the gap stated.

Covering points by zones is a set cover with a fixed cost for each needle. The exact step is two
mixed-integer programs solved by HiGHS: first the smallest number of positions and needles, then the
least collateral with that number. The search is limited by its own work, so that it is repeatable;
what it did not prove is the gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from tongtai.core.coverage.constraints import apart, covering, linking, needed_rows

Mask = NDArray[np.bool_]
Volumes = NDArray[np.float64]

_SOLVED, _OUT_OF_TIME = 0, 1
"""Of ``scipy.optimize.milp``: solved to the end, stopped by time; other numbers: by the number of nodes."""
_FEWEST = 2
"""One position and one needle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How far the exact search may go.

    Attributes
    ----------
    nodes
        Most nodes of the search tree of one program; none proves a bound of the greedy choice and leaves
        it at that. Work, not time: every machine gets as far.
    guard_s
        Longest time of one program. Whoever meets it gets the greedy choice, which is the same
        everywhere.
    """

    nodes: int = 100
    guard_s: float = 30.0


class Wanted(Enum):
    """What the solver looks for: the least count, also in fractions, or the least collateral."""

    FRACTIONS = auto()
    COUNT = auto()
    COLLATERAL = auto()


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
    collateral_ml: Volumes
    crossing: tuple[tuple[int, int], ...] = ()

    def count(self, chosen: Iterable[int]) -> int:
        """Number of positions plus number of needles."""
        places = list(chosen)
        return len(places) + len({int(self.needle_of[place]) for place in places})

    @cached_property
    def weights(self) -> NDArray[np.float32]:
        """The covers as numbers, to count new points with a product of matrices."""
        return self.covers.astype(np.float32)

    @cached_property
    def crossing_table(self) -> Mask:
        """The crossing pairs as a symmetric table over needles."""
        needles = int(self.needle_of.max(initial=-1)) + 1
        table = np.zeros((needles, needles), np.bool_)
        for one, other in self.crossing:
            if max(one, other) < needles:
                table[one, other] = table[other, one] = True
        return table

    @cached_property
    def greedy(self) -> tuple[int, ...]:
        """The greedy choice: where the search starts, and the most that it may take."""
        return greedy_places(self)


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
    count, bound, gap
        Positions plus needles, the proven lower bound of that, and their relative distance.
    collateral_ml
        Sum over the chosen zones (overlaps counted in each).
    method
        ``greedy`` or ``milp``.
    proven, collateral_proven
        Whether no choice has a smaller count, and none of that count less collateral.
    stopped_by_time
        Whether the solver met the guard of time; the choice is then the greedy one.
    """

    chosen: tuple[int, ...]
    uncoverable: int
    uncovered: int
    count: int
    bound: int
    gap: float
    collateral_ml: float
    method: str
    proven: bool
    collateral_proven: bool
    stopped_by_time: bool


def greedy_places(problem: CoverProblem) -> tuple[int, ...]:
    """Candidates taken one by one for the most new points; then needles are spared where possible.

    After the first choice, each of its needles in turn is forbidden and the choice repeated; what
    covers as much with fewer positions and needles is kept, until no needle can be spared.
    """
    best = _greedy(problem, np.ones(len(problem.needle_of), np.bool_))
    held = int(problem.covers[list(best)].any(axis=0).sum())
    forbidden: set[int] = set()
    better = True
    while better and len(best) > 1:
        better = False
        for needle in sorted({int(problem.needle_of[place]) for place in best}):
            tried = _greedy(problem, ~np.isin(problem.needle_of, [*forbidden, needle]))
            covered = int(problem.covers[list(tried)].any(axis=0).sum())
            if (covered, -problem.count(tried)) > (held, -problem.count(best)):
                best, held, better = tried, covered, True
                forbidden.add(needle)
                break
    return best


def _greedy(problem: CoverProblem, allowed: Mask) -> tuple[int, ...]:
    return _pruned(problem, _extended(problem, [], allowed))


def _extended(problem: CoverProblem, start: list[int], allowed: Mask) -> list[int]:
    """Each step takes the most new points for one position, two if it needs a new needle."""
    chosen = list(start)
    needle_of, crossing = problem.needle_of, problem.crossing_table
    used = np.zeros(len(crossing), np.bool_)
    used[needle_of[chosen]] = True
    waiting = problem.covers.any(axis=0) & ~problem.covers[chosen].any(axis=0)
    most = max(float(problem.collateral_ml.max(initial=0.0)), 1e-9)
    while waiting.any():
        gain = problem.weights @ waiting.astype(np.float32)
        price = 1.0 + ~used[needle_of] + 0.1 * problem.collateral_ml / most
        barred: Mask = np.logical_or.reduce(crossing[used], axis=0)
        worth = np.where(allowed & ~barred[needle_of], gain / price, 0.0)
        best = int(worth.argmax())
        if worth[best] <= 0.0:
            break
        chosen.append(best)
        used[needle_of[best]] = True
        waiting &= ~problem.covers[best]
    return chosen


def _pruned(problem: CoverProblem, chosen: list[int]) -> tuple[int, ...]:
    kept = list(chosen)
    for place in chosen:
        rest = [other for other in kept if other != place]
        if rest and np.array_equal(problem.covers[rest].any(axis=0), problem.covers[kept].any(axis=0)):
            kept = rest
    return tuple(sorted(kept))


def choose_greedily(problem: CoverProblem) -> Selection:
    """The greedy choice, with the bound that one position and one needle are needed."""
    return _selection(problem, problem.greedy, bound=_FEWEST, method="greedy")


def completed(problem: CoverProblem, selection: Selection, bound: int) -> Selection:
    """A choice made for fewer points, extended greedily to the problem's.

    Parameters
    ----------
    problem
        All points.
    selection
        The choice for some of them.
    bound
        A bound on the count proven for some of the points; it holds for all.
    """
    every = np.ones(len(problem.needle_of), np.bool_)
    chosen = tuple(sorted(_extended(problem, list(selection.chosen), every)))
    return _changed(problem, selection, chosen, bound)


def spared(problem: CoverProblem, selection: Selection, covers: Mask) -> Selection:
    """The choice without zones that the others make needless, the most harmful first.

    Parameters
    ----------
    problem
        The problem that the choice was made for.
    selection
        The choice.
    covers : (N, Q) array
        Which of any number of points each of the N chosen candidates holds; all that are held now
        stay held.
    """
    times = covers.sum(axis=0, dtype=np.int64)
    kept = list(selection.chosen)
    for place in np.argsort(-problem.collateral_ml[kept], kind="stable"):
        if (times[covers[place]] > 1).all():
            times -= covers[place]
            kept.remove(selection.chosen[place])
    return _changed(problem, selection, tuple(kept), selection.bound)


def _changed(problem: CoverProblem, selection: Selection, chosen: tuple[int, ...], bound: int) -> Selection:
    return _selection(
        problem,
        chosen,
        bound=bound,
        method=selection.method,
        collateral_proven=selection.collateral_proven and chosen == selection.chosen,
        stopped_by_time=selection.stopped_by_time,
    )


def choose_exactly(problem: CoverProblem, effort: Effort) -> Selection:
    """The best choice, or the best found with the effort and the gap to what is proven.

    The same problem and effort give the same choice, unless the guard of time is met.

    Parameters
    ----------
    problem
        Candidates and points.
    effort
        Of the solver.

    Returns
    -------
    Selection
        The greedy choice (``method`` says so) if the solver found none better.
    """
    start = choose_greedily(problem)
    if not start.chosen:
        return start
    rows = needed_rows(problem.covers)
    if start.uncovered:
        return _without_crossing(problem, rows, start, effort)
    best, bound = start.chosen, _FEWEST
    if start.count > _FEWEST:
        # Fractions first: soon solved, and a bound without any branching.
        relaxed = _solve(problem, rows, start.count, effort, Wanted.FRACTIONS)
        bound = max(_FEWEST, _rounded_up(relaxed.fun))
        if not effort.nodes:
            return _selection(problem, best, bound=bound, method="greedy")
        if bound < start.count:
            fewest = _solve(problem, rows, start.count, effort, Wanted.COUNT)
            if _OUT_OF_TIME in (relaxed.status, fewest.status):
                return replace(start, stopped_by_time=True)
            best = _places(problem, fewest.x) or best
            bound = max(bound, _rounded_up(fewest.mip_dual_bound))
    least = _solve(problem, rows, problem.count(best), effort, Wanted.COLLATERAL)
    if least.status == _OUT_OF_TIME:
        return replace(start, stopped_by_time=True)
    best = _places(problem, least.x) or best
    return _selection(
        problem,
        best,
        bound=bound,
        method="greedy" if best == start.chosen else "milp",
        collateral_proven=least.status == _SOLVED,
    )


def _without_crossing(problem: CoverProblem, rows: Mask, start: Selection, effort: Effort) -> Selection:
    """Where greedy needed needles that cross: a choice that covers all without, if there is one."""
    found = _solve(problem, rows, 2 * len(problem.needle_of), effort, Wanted.COUNT)
    places = _places(problem, found.x)
    if found.status == _OUT_OF_TIME or not places:
        return replace(start, stopped_by_time=found.status == _OUT_OF_TIME)
    bound = max(_FEWEST, _rounded_up(found.mip_dual_bound))
    return _selection(problem, places, bound=bound, method="milp")


def _rounded_up(bound: float | None) -> int:
    return 0 if bound is None or not np.isfinite(bound) else int(np.ceil(bound - 1e-6))


def _places(problem: CoverProblem, solution: NDArray[np.float64] | None) -> tuple[int, ...]:
    if solution is None:
        return ()
    return tuple(int(c) for c in np.flatnonzero(solution[: len(problem.needle_of)] > 0.5))


def _selection(
    problem: CoverProblem,
    chosen: tuple[int, ...],
    *,
    bound: int,
    method: str,
    collateral_proven: bool = False,
    stopped_by_time: bool = False,
) -> Selection:
    coverable = problem.covers.any(axis=0)
    covered = problem.covers[list(chosen)].any(axis=0)
    count = problem.count(chosen)
    proven = count <= bound
    return Selection(
        chosen=chosen,
        uncoverable=int((~coverable).sum()),
        uncovered=int((coverable & ~covered).sum()),
        count=count,
        bound=min(bound, count),
        gap=(count - bound) / count if count > bound else 0.0,
        collateral_ml=float(problem.collateral_ml[list(chosen)].sum()),
        method=method,
        proven=proven,
        collateral_proven=proven and collateral_proven,
        stopped_by_time=stopped_by_time,
    )


def _solve(problem: CoverProblem, rows: Mask, most: int, effort: Effort, wanted: Wanted) -> Any:
    """Least count, or least collateral, among the covers of at most ``most`` positions and needles."""
    needles = int(problem.needle_of.max()) + 1
    count = len(problem.needle_of)
    counted = np.ones(count + needles)
    collateral = np.concatenate([problem.collateral_ml, np.full(needles, 1e-6)])
    parts = [covering(rows, needles), linking(problem.needle_of, needles), csr_array(counted[None, :])]
    lower = [np.ones(len(rows)), np.zeros(count), np.array([-np.inf])]
    upper = [np.full(len(rows), np.inf), np.full(count, np.inf), np.array([most + 0.5])]
    pairs = np.argwhere(np.triu(problem.crossing_table))
    if len(pairs):
        parts.append(apart(pairs, count, needles))
        lower.append(np.full(len(pairs), -np.inf))
        upper.append(np.ones(len(pairs)))
    return milp(
        collateral if wanted is Wanted.COLLATERAL else counted,
        constraints=LinearConstraint(vstack(parts), np.concatenate(lower), np.concatenate(upper)),
        integrality=0.0 * counted if wanted is Wanted.FRACTIONS else counted,
        bounds=Bounds(0.0, 1.0),
        options={"time_limit": effort.guard_s, "node_limit": effort.nodes, "mip_rel_gap": 1e-6},
    )
