"""Steps of the search: add the seed that helps most, take away what is not needed, exchange two for one."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tongtai.core.seed_planning.problem import (
    Bools,
    Ints,
    Numbers,
    SeedProblem,
    Singles,
    may_add,
    may_remove,
    shortfall,
)

_NEW_NEEDLE_COSTS = 0.35
_HARM = 3.0
_LEAST_GAIN = 1e-7


def add_greedily(
    problem: SeedProblem, chosen: Bools, *, new_needles: bool = True, banned: Bools | None = None
) -> Bools:
    """Add seeds, each time the one that brings most dose where it lacks, until all goals are met or nothing helps.

    Parameters
    ----------
    problem
        The choice.
    chosen : (S,) array
        Where seeds are; not changed.
    new_needles
        Whether a needle without seeds may be used.
    banned : (N,) array, optional
        Needles that may not be used.
    """
    chosen = chosen.copy()
    closed = np.zeros(problem.needles, np.bool_) if banned is None else banned.copy()
    total = problem.total(chosen)
    while shortfall(total, *problem.table) > 0.0:
        used = _used(problem, chosen)
        open_needles = ~closed & (used | (new_needles & ~problem.crossing[used].any(axis=0)))
        gain = _gains(
            total, problem.dose, chosen, used, open_needles, problem.needle, problem.order, problem.ranges,
            problem.largest_gap, problem.target_samples, problem.prescription_gy, *problem.table,
        )  # fmt: skip
        best = int(gain.argmax())
        if gain[best] <= _LEAST_GAIN:
            break
        chosen[best] = True
        total += problem.dose[best]
    return chosen


def _used(problem: SeedProblem, chosen: Bools) -> Bools:
    used = np.zeros(problem.needles, np.bool_)
    used[problem.needle[chosen]] = True
    return used


@njit(cache=True)
def _gains(
    total: Singles, dose: Singles, chosen: Bools, used: Bools, open_needles: Bools, needle: Ints, order: Ints,
    ranges: Ints, largest: int, target: int, prescription: float, whole: Ints, parts: Numbers,
) -> Numbers:  # fmt: skip
    """What a seed in each place would bring: dose below the prescription, less harm to upper limits; 0 where it may not be."""
    gain = np.zeros(len(needle))
    limit = np.float32(prescription)
    now = _over(total, whole, parts)
    for place in range(len(needle)):
        if chosen[place] or not open_needles[needle[place]]:
            continue
        if not may_add(place, chosen, needle, order, ranges, largest):
            continue
        with_it = total + dose[place]
        brought = 0.0
        for sample in range(target):
            brought += min(with_it[sample], limit) - min(total[sample], limit)
        brought /= prescription * max(target, 1)
        brought -= _HARM * (_over(with_it, whole, parts) - now)
        gain[place] = brought if used[needle[place]] else brought * (1.0 - _NEW_NEEDLE_COSTS)
    return gain


@njit(cache=True)
def _over(total: Singles, whole: Ints, parts: Numbers) -> float:
    """Surplus samples of the upper limits, as shares of those allowed."""
    surplus = 0.0
    for goal in range(whole.shape[0]):
        if whole[goal, 2]:
            continue
        count = 0
        for sample in range(whole[goal, 0], whole[goal, 1]):
            if total[sample] > parts[goal, 0]:
                count += 1
        surplus += max(count - parts[goal, 1], 0.0) / max(parts[goal, 1], 1.0)
    return surplus


def take_away(problem: SeedProblem, chosen: Bools) -> Bools:
    """Remove every seed that the goals do not need, the least useful first; the goals met stay met."""
    chosen = chosen.copy()
    total = problem.total(chosen)
    before = shortfall(total, *problem.table)
    counts = np.bincount(problem.needle[chosen], minlength=problem.needles)
    # Needles with few seeds first: what is left over is a needle.
    places = np.flatnonzero(chosen)
    places = places[np.lexsort((places, problem.use[places], counts[problem.needle[places]]))]
    changed = True
    while changed:
        changed = bool(
            _taken(
                places, total, problem.dose, chosen, problem.needle, problem.order, problem.ranges,
                problem.largest_gap, before, *problem.table,
            )
        )  # fmt: skip
    return chosen


@njit(cache=True)
def _taken(
    places: Ints, total: Singles, dose: Singles, chosen: Bools, needle: Ints, order: Ints, ranges: Ints,
    largest: int, before: float, whole: Ints, parts: Numbers,
) -> int:  # fmt: skip
    """Take seeds away in turn; how many went. ``total`` and ``chosen`` are changed."""
    gone = 0
    for place in places:
        if not chosen[place] or not may_remove(place, chosen, needle, order, ranges, largest):
            continue
        without = total - dose[place]
        if shortfall(without, whole, parts) <= before:
            total[:] = without
            chosen[place] = False
            gone += 1
    return gone


def fewer_needles(problem: SeedProblem, chosen: Bools) -> Bools:
    """Free needles one by one where the others can take over, the least loaded first."""
    best = chosen
    while True:
        counts = np.bincount(problem.needle[best], minlength=problem.needles)
        for needle in sorted(np.flatnonzero(counts), key=lambda one: (counts[one], one)):
            banned = np.zeros(problem.needles, np.bool_)
            banned[needle] = True
            tried = add_greedily(problem, best & (problem.needle != needle), new_needles=False, banned=banned)
            if problem.shortfall(tried) <= 0.0:
                best = take_away(problem, tried)
                break
        else:
            return best


def fewer_seeds(problem: SeedProblem, chosen: Bools) -> Bools:
    """Exchange seeds while one more in a used needle lets two others go."""
    best = chosen
    improved = True
    while improved:
        improved = False
        used = _used(problem, best)
        for place in np.flatnonzero(~best & used[problem.needle]):
            if not may_add(
                int(place), best, problem.needle, problem.order, problem.ranges, problem.largest_gap
            ):
                continue
            tried = best.copy()
            tried[place] = True
            if problem.shortfall(tried) > 0.0:
                continue
            tried = take_away(problem, tried)
            if tried.sum() < best.sum():
                best, improved = tried, True
                break
    return best


def shaken(
    problem: SeedProblem, chosen: Bools, generator: np.random.Generator, share: float
) -> NDArray[np.bool_]:
    """Take away a part at random, close one of its needles, and add greedily again.

    Parameters
    ----------
    problem, chosen
        The choice and the best found so far.
    generator
        Source of chance.
    share
        Of the used needles, which lose their seeds; at least one.
    """
    used = np.unique(problem.needle[chosen])
    count = max(1, round(share * len(used)))
    lost = generator.choice(used, size=min(count, len(used)), replace=False)
    banned = np.zeros(problem.needles, np.bool_)
    banned[lost[0]] = True
    return add_greedily(problem, chosen & ~np.isin(problem.needle, lost), banned=banned)
