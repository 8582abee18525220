"""Bounds that no choice can pass: how many needles and seeds are needed at least.

Both keep only what every plan must do: dose enough at enough samples of the target. Upper limits, spacing and crossing
are left out, so that a bound holds for the whole problem.
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from tongtai.core.seed_planning.problem import Bools, CountGoal, Ints, Numbers, SeedProblem, Singles

_KEPT = 24
_STEPS = 400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NeedleSets:
    """Sets of needles whose places, all filled, give enough samples their dose.

    Attributes
    ----------
    fewest
        No smaller set does. Exact when ``sets`` are given, else a bound: the search of larger ones was too long.
    sets : (K, fewest) int array
        Those with the most covered samples, the best first; empty when none was looked for.
    """

    fewest: int
    sets: Ints


def needle_sets(problem: SeedProblem, *, most: int, budget: int) -> NeedleSets:
    """Try all sets of one needle, of two, of three, … until some cover the target.

    Parameters
    ----------
    problem
        The choice.
    most
        Sets of so many needles are known to do.
    budget
        Most additions of one sample's dose; the answer does not depend on the machine.
    """
    goal = binding_goal(problem)
    nothing = np.zeros((0, 0), np.int64)
    if goal is None:
        return NeedleSets(fewest=0, sets=nothing)
    dose = np.array(
        [problem.dose[a:b, goal.start : goal.stop].sum(axis=0, dtype=np.float32) for a, b in problem.ranges]
    ).reshape(problem.needles, goal.stop - goal.start)
    limit = np.float32(goal.dose_gy)
    for size in range(1, most + 1):
        if math.comb(problem.needles, size) * dose.shape[1] > budget:
            return NeedleSets(fewest=size, sets=nothing)
        found, counts = _covering_sets(dose, size, limit, math.ceil(goal.count - 1e-9), _KEPT)
        if len(found):
            order = np.lexsort((*found.T[::-1], -counts))
            return NeedleSets(fewest=size, sets=found[order])
    return NeedleSets(fewest=most, sets=nothing)


def binding_goal(problem: SeedProblem) -> CountGoal | None:
    """The lower goal that asks for most: the largest count, then the largest dose."""
    lower = [goal for goal in problem.goals if goal.at_least]
    return max(lower, key=lambda goal: (goal.count, goal.dose_gy), default=None)


@njit(cache=True)
def _covering_sets(dose: Singles, size: int, limit: np.float32, needed: int, kept: int) -> tuple[Ints, Ints]:
    """All sets of rows of a size whose sum reaches a limit at enough columns; the best ``kept`` of them."""
    rows, columns = dose.shape
    sums = np.zeros((size + 1, columns), np.float32)
    place = np.zeros(size + 1, np.int64)
    sets = np.zeros((kept, size), np.int64)
    counts = np.full(kept, -1, np.int64)
    level = 0
    place[0] = 0
    while level >= 0:
        if place[level] > rows - (size - level):
            level -= 1
            if level >= 0:
                place[level] += 1
            continue
        for column in range(columns):
            sums[level + 1, column] = sums[level, column] + dose[place[level], column]
        if level + 1 < size:
            place[level + 1] = place[level] + 1
            level += 1
            continue
        count = 0
        for column in range(columns):
            if sums[size, column] >= limit:
                count += 1
        worst = int(counts.argmin())
        if count >= needed and count > counts[worst]:
            counts[worst] = count
            sets[worst] = place[:size]
        place[level] += 1
    good = counts >= 0
    return sets[good], counts[good]


def seeds_bound(problem: SeedProblem, *, known: int, most_needles: int) -> int:
    """Fewest seeds, on at most so many needles, by which the target can get its dose.

    Lagrangian relaxation of min Σx, Σ_s min(D_sp, D) x_s ≥ D y_p, Σ y ≥ count, x on at most N needles, by subgradient
    steps (Held, Wolfe, Crowder, Math Program 1974;6:62). Any multipliers give a bound; the best one is rounded up.

    Parameters
    ----------
    problem
        The choice.
    known, most_needles
        Seeds and needles of a plan that meets the goals.

    Examples
    --------
    >>> dose = np.array([[100.0, 0.0], [0.0, 100.0], [60.0, 60.0]], np.float32)
    >>> goal = CountGoal(
    ...     structure="target", quantity="V100", start=0, stop=2, dose_gy=100.0, at_least=True, count=2
    ... )
    >>> seeds_bound(
    ...     SeedProblem(
    ...         needle=np.arange(3),
    ...         order=np.zeros(3, np.int64),
    ...         dose=dose,
    ...         target_samples=2,
    ...         prescription_gy=100.0,
    ...         goals=(goal,),
    ...         crossing=np.zeros((3, 3), bool),
    ...         largest_gap=2,
    ...     ),
    ...     known=2,
    ...     most_needles=2,
    ... )
    2
    """
    goal = binding_goal(problem)
    if goal is None:
        return 0
    capped = (
        np.minimum(problem.dose[:, goal.start : goal.stop], goal.dose_gy).astype(np.float64) / goal.dose_gy
    )
    needed = math.ceil(goal.count - 1e-9)
    samples = capped.shape[1]
    weights = np.full(samples, 1.0 / max(float(capped.sum(axis=1).max()), 1e-9))
    best, length, waited = 0.0, 1.0, 0
    for _ in range(_STEPS):
        value, slope = _relaxed(problem, capped, weights, needed, most_needles)
        waited = waited + 1 if value <= best + 1e-6 else 0
        best = max(best, value)
        if waited > 10:
            length, waited = length / 2.0, 0
        size = float(slope @ slope)
        if size < 1e-12 or length < 1e-4:
            break
        weights = np.maximum(weights + length * max(known - value, 1e-3) / size * slope, 0.0)
    return max(0, math.ceil(best - 1e-6))


def _relaxed(
    problem: SeedProblem, capped: Numbers, weights: Numbers, needed: int, most_needles: int
) -> tuple[float, Numbers]:
    """Value of the relaxation for multipliers, and the slope in them."""
    cost = 1.0 - capped @ weights
    gain = np.bincount(problem.needle, weights=np.minimum(cost, 0.0), minlength=problem.needles)
    kept = np.zeros(problem.needles, np.bool_)
    kept[np.argsort(gain, kind="stable")[:most_needles]] = True
    taken: Bools = (cost < 0.0) & kept[problem.needle]
    # Whoever may leave some samples out leaves out the dearest.
    covered = np.zeros(len(weights))
    covered[np.argsort(weights, kind="stable")[:needed]] = 1.0
    value = float(cost[taken].sum() + weights @ covered)
    slope: Numbers = covered - capped[taken].sum(axis=0)
    return value, slope
