"""The search for the fewest needles, then the fewest seeds, that meet every goal.

A greedy start; needles freed and seeds exchanged while that helps; the smallest sets of needles that can cover the target
tried one by one; then rounds that tear down a part at random (seeded) and build it again. Small problems are solved
exactly. Bounds say how far the result may be from the best.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tongtai.core.seed_planning.bounds import NeedleSets, needle_sets, seeds_bound
from tongtai.core.seed_planning.exact import exact_choice, is_small
from tongtai.core.seed_planning.found import StoppedBy
from tongtai.core.seed_planning.moves import add_greedily, fewer_needles, fewer_seeds, shaken, take_away
from tongtai.core.seed_planning.problem import Bools, CountGoal, SeedProblem

METHOD = (
    "greedy start; needles freed, seeds exchanged; smallest covering sets of needles tried; {rounds} seeded rounds of "
    "tearing down a part and building it again. Bounds: needles by trying all sets, seeds by Lagrangian relaxation"
)
METHOD_EXACT = "mixed-integer program with every goal and rule (HiGHS), from a greedy start"
_SHARES = (0.1, 0.2, 0.35)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to search.

    Attributes
    ----------
    rounds
        Of tearing down and building again.
    budget
        Of trying sets of needles, see `needle_sets`.
    exact_nodes
        Of the exact program's search tree.
    time_limit_s
        Of the whole search.
    """

    rounds: int = 80
    budget: int = 400_000_000
    exact_nodes: int = 20_000
    time_limit_s: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """What the search found.

    Attributes
    ----------
    chosen : (S,) array
        Where seeds are.
    start : (S,) array
        The greedy start.
    shortfall
        0 when every goal is met at the samples.
    stopped_by
        ``PROVED`` by the exact program: there is nothing better.
    """

    chosen: Bools
    start: Bools
    shortfall: float
    method: str
    stopped_by: StoppedBy


def rank(problem: SeedProblem, chosen: Bools) -> tuple[float, int, int]:
    """What is compared, the smaller the better: goals missed, needles, seeds."""
    return round(problem.shortfall(chosen), 9), len(np.unique(problem.needle[chosen])), int(chosen.sum())


def search(
    problem: SeedProblem,
    generator: np.random.Generator,
    effort: Effort,
    elapsed_s: Callable[[], float],
    on_progress: Callable[[float], None] | None = None,
) -> Chosen:
    """Choose places for seeds.

    The same problem, state of the generator and effort give the same choice, unless the time runs out.

    Parameters
    ----------
    problem
        The choice.
    generator
        Source of chance.
    effort
        Rounds, budget, time.
    elapsed_s
        Seconds since the search began.
    on_progress
        Called with the share done; may raise to cancel.
    """
    start = add_greedily(problem, np.zeros(problem.places, np.bool_))
    best = better(problem, start, refined(problem, start))
    cut_off = False
    if is_small(problem):
        left = max(1.0, effort.time_limit_s - elapsed_s())
        chosen, proved = exact_choice(problem, nodes=effort.exact_nodes, time_limit_s=left)
        if proved:
            best = best if chosen is None else chosen
            return Chosen(
                chosen=best, start=start, shortfall=problem.shortfall(best), method=METHOD_EXACT,
                stopped_by=StoppedBy.PROVED,
            )  # fmt: skip
        cut_off = True
    missed, needles, _ = rank(problem, best)
    sets = needle_sets(problem, most=needles if missed <= 0.0 else problem.needles, budget=effort.budget)
    late = _late(effort, elapsed_s)
    best = _of_sets(problem, best, sets, late)
    best, stopped = _rounds(problem, best, generator, effort, late, on_progress)
    return Chosen(
        chosen=best, start=start, shortfall=problem.shortfall(best),
        method=METHOD.format(rounds=effort.rounds), stopped_by=StoppedBy.TIME_LIMIT if cut_off else stopped,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """No choice that meets the goals at the samples has fewer needles, or, on as many, fewer seeds."""

    needles: int
    seeds: int


def proved_bounds(problem: SeedProblem, chosen: Bools, effort: Effort) -> Proved:
    """How few needles and seeds any choice needs that meets the goals.

    Parameters
    ----------
    problem
        With the goals themselves, not stricter ones.
    chosen
        A choice whose needles and seeds the bounds never pass.
    effort
        Budget of the sets of needles.
    """
    _, needles, seeds = rank(problem, chosen)
    fewest = needle_sets(problem, most=needles, budget=effort.budget).fewest
    least = seeds_bound(problem, known=seeds, most_needles=needles)
    return Proved(needles=min(fewest, needles), seeds=min(least, seeds))


def compile_search() -> None:
    """Have the loops of the search compiled, so that its time limit is not spent on that."""
    goal = CountGoal(
        structure="target", quantity="V100", start=0, stop=4, dose_gy=1.0, at_least=True, count=4
    )
    tiny = SeedProblem(
        needle=np.repeat(np.arange(8), 3),
        order=np.tile(np.arange(3), 8),
        dose=np.full((24, 4), 0.3, np.float32),
        target_samples=4,
        prescription_gy=1.0,
        goals=(goal,),
        crossing=np.zeros((8, 8), np.bool_),
        largest_gap=2,
    )
    search(tiny, np.random.default_rng(0), Effort(rounds=1), lambda: 0.0)


def better(problem: SeedProblem, one: Bools, other: Bools) -> Bools:
    """Whichever ranks first; the first of two alike."""
    return min((one, other), key=lambda chosen: rank(problem, chosen))


def refined(problem: SeedProblem, chosen: Bools) -> Bools:
    """Without superfluous seeds, with needles freed and seeds exchanged, as far as that helps."""
    lean = take_away(problem, chosen)
    if problem.shortfall(lean) > 0.0:
        return lean
    return fewer_seeds(problem, fewer_needles(problem, lean))


def _late(effort: Effort, elapsed_s: Callable[[], float]) -> Callable[[], bool]:
    return lambda: elapsed_s() > effort.time_limit_s


def _of_sets(problem: SeedProblem, best: Bools, sets: NeedleSets, late: Callable[[], bool]) -> Bools:
    """Plans from the smallest covering sets of needles, if these are fewer than the best plan's."""
    for one in sets.sets:
        if late() or rank(problem, best)[:2] <= (0.0, sets.fewest):
            break
        banned = np.ones(problem.needles, np.bool_)
        banned[one] = False
        tried = add_greedily(problem, np.zeros(problem.places, np.bool_), banned=banned)
        best = better(problem, best, refined(problem, tried))
    return best


def _rounds(
    problem: SeedProblem,
    best: Bools,
    generator: np.random.Generator,
    effort: Effort,
    late: Callable[[], bool],
    on_progress: Callable[[float], None] | None,
) -> tuple[Bools, StoppedBy]:
    for number in range(effort.rounds):
        if late():
            return best, StoppedBy.TIME_LIMIT
        if not best.any():
            break
        tried = refined(problem, shaken(problem, best, generator, _SHARES[number % len(_SHARES)]))
        best = better(problem, best, tried)
        if on_progress is not None:
            on_progress((number + 1) / effort.rounds)
    return best, StoppedBy.COMPLETE
