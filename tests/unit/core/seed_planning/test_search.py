"""The choice of needles and seeds: beside enumeration, never behind its start, the same each time, within its bounds."""

from dataclasses import replace

import numpy as np
import pytest

from tongtai.core.seed_planning.bounds import needle_sets, seeds_bound
from tongtai.core.seed_planning.exact import exact_choice
from tongtai.core.seed_planning.found import StoppedBy
from tongtai.core.seed_planning.moves import add_greedily
from tongtai.core.seed_planning.problem import CountGoal, SeedProblem
from tongtai.core.seed_planning.reference import best_by_enumeration, small_problem
from tongtai.core.seed_planning.search import Effort, proved_bounds, rank, search
from tongtai.formats.seed_models import seed_model

EFFORT = Effort(rounds=20, time_limit_s=60.0)


def _search(problem, seed=1, effort=EFFORT):
    return search(problem, np.random.default_rng(seed), effort, lambda: 0.0)


@pytest.mark.parametrize("number", range(8))
def test_small_choices_equal_complete_enumeration(number):
    problem = small_problem(seed_model("6711"), number, places=3)
    best, found = best_by_enumeration(problem), _search(problem)
    missed, needles, seeds = rank(problem, found.chosen)
    assert (None if missed > 0.0 else (needles, seeds)) == best
    assert found.stopped_by is StoppedBy.PROVED


def test_some_small_choices_can_be_met_and_some_cannot():
    """Or the comparison above would say little."""
    found = [best_by_enumeration(small_problem(seed_model("6711"), number, places=3)) for number in range(8)]
    assert None in found
    assert len({one for one in found if one}) >= 2


@pytest.mark.parametrize("number", [0, 1, 2, 4])
def test_without_the_exact_program_bounds_hold_and_the_start_is_never_better(number, monkeypatch):
    monkeypatch.setattr("tongtai.core.seed_planning.search.is_small", lambda _: False)
    problem = small_problem(seed_model("6711"), number, places=4)
    found = _search(problem)
    assert rank(problem, found.chosen) <= rank(problem, found.start)
    assert problem.keeps_rules(found.chosen)
    exact, proved = exact_choice(problem, nodes=20_000, time_limit_s=60.0)
    assert proved
    if exact is None:
        assert found.shortfall > 0.0
        return
    _, needles, seeds = rank(problem, exact)
    bound = proved_bounds(problem, exact, EFFORT)
    assert bound.needles <= needles
    assert bound.seeds <= seeds
    assert rank(problem, found.chosen) >= rank(problem, exact)


@pytest.mark.parametrize("places", [4, 7])
def test_the_same_seed_gives_the_same_choice(places):
    problem = small_problem(seed_model("6711"), 1, needles=6, places=places)
    one, other = _search(problem, seed=3), _search(problem, seed=3)
    assert np.array_equal(one.chosen, other.chosen)
    assert one.stopped_by is other.stopped_by


def test_a_search_without_time_ends_at_once_and_says_so():
    problem = small_problem(seed_model("6711"), 1, needles=6, places=7)
    found = search(problem, np.random.default_rng(1), Effort(time_limit_s=5.0), lambda: 6.0)
    assert found.stopped_by is StoppedBy.TIME_LIMIT
    assert rank(problem, found.chosen) <= rank(problem, found.start)


def _counted(dose, goals, needle, order=None):
    places = len(needle)
    needles = max(needle) + 1
    return SeedProblem(
        needle=np.array(needle),
        order=np.arange(places) if order is None else np.array(order),
        dose=np.array(dose, np.float32),
        target_samples=2,
        prescription_gy=100.0,
        goals=goals,
        crossing=np.zeros((needles, needles), bool),
        largest_gap=2,
    )


BOTH = CountGoal(structure="target", quantity="V100", start=0, stop=2, dose_gy=100.0, at_least=True, count=2)


def test_seeds_of_a_needle_keep_their_largest_distance():
    problem = _counted(np.full((5, 2), 20.0), (BOTH,), [0] * 5)
    assert problem.keeps_rules(np.array([1, 0, 1, 0, 1], bool))
    assert not problem.keeps_rules(np.array([1, 0, 0, 1, 0], bool))
    # Closed places between two neighbours of the list are no gap that a seed could fill.
    gap = _counted(np.full((3, 2), 20.0), (BOTH,), [0] * 3, order=[0, 1, 6])
    assert gap.keeps_rules(np.array([0, 1, 1], bool))
    assert not gap.keeps_rules(np.array([1, 0, 1], bool))


def test_needles_that_cross_are_not_used_together():
    problem = _counted([[100.0, 0.0], [0.0, 100.0]], (BOTH,), [0, 1], order=[0, 0])
    assert rank(problem, _search(problem).chosen) == (0.0, 2, 2)
    crossed = replace(problem, crossing=np.array([[False, True], [True, False]]))
    found = _search(crossed)
    assert found.shortfall > 0.0
    assert crossed.keeps_rules(found.chosen)


def test_an_upper_limit_is_kept_and_what_it_costs_is_seen():
    limit = CountGoal(
        structure="organ", quantity="Dmax", start=2, stop=3, dose_gy=50.0, at_least=False, count=0
    )
    problem = _counted(
        [[200.0, 200.0, 80.0], [120.0, 0.0, 10.0], [0.0, 120.0, 10.0]], (BOTH, limit), [0, 1, 2]
    )
    found = _search(problem)
    assert found.chosen.tolist() == [False, True, True]
    free = replace(problem, goals=(BOTH,))
    assert _search(free).chosen.tolist() == [True, False, False]


def test_bounds_of_hand_made_choices():
    problem = _counted([[100.0, 0.0], [0.0, 100.0], [60.0, 60.0]], (BOTH,), [0, 1, 2], order=[0, 0, 0])
    assert needle_sets(problem, most=3, budget=10**6).fewest == 2
    assert seeds_bound(problem, known=2, most_needles=2) == 2
    one = _counted([[100.0, 100.0], [60.0, 60.0]], (BOTH,), [0, 1], order=[0, 0])
    assert needle_sets(one, most=2, budget=10**6).fewest == 1
    assert seeds_bound(one, known=1, most_needles=1) == 1


def test_greed_stops_where_nothing_helps():
    problem = _counted([[10.0, 10.0]], (BOTH,), [0])
    chosen = add_greedily(problem, np.zeros(1, bool))
    assert chosen.tolist() == [True]
    assert problem.missed(chosen) == (BOTH,)
