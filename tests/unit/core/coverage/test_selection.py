"""The choice of positions against enumeration of all choices."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongtai.core.coverage.constraints import needed_rows
from tongtai.core.coverage.selection import (
    CoverProblem,
    Effort,
    choose_exactly,
    choose_greedily,
)


def random_problem(seed: int, *, crossing: bool) -> CoverProblem:
    chance = np.random.default_rng(seed)
    candidates, points, needles = 10, 14, 4
    return CoverProblem(
        covers=chance.random((candidates, points)) < 0.3,
        needle_of=chance.integers(0, needles, candidates),
        collateral_ml=np.round(chance.uniform(1, 20, candidates), 3),
        crossing=((0, 1), (2, 3)) if crossing else (),
    )


def best_by_enumeration(problem: CoverProblem) -> tuple[int, float] | None:
    """Least count, then least collateral, among all choices that cover what can be covered."""
    wanted = problem.covers.any(axis=0)
    found = []
    for size in range(1, len(problem.needle_of) + 1):
        for chosen in combinations(range(len(problem.needle_of)), size):
            needles = {int(problem.needle_of[c]) for c in chosen}
            if any({a, b} <= needles for a, b in problem.crossing):
                continue
            if np.array_equal(problem.covers[list(chosen)].any(axis=0), wanted):
                found.append((problem.count(chosen), float(problem.collateral_ml[list(chosen)].sum())))
    return min(found) if found else None


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100_000), crossing=st.booleans())
def test_exact_choice_is_the_best_of_all(seed, crossing):
    problem = random_problem(seed, crossing=crossing)
    best = best_by_enumeration(problem)
    found = choose_exactly(problem, Effort(nodes=10_000))
    needles = {int(problem.needle_of[c]) for c in found.chosen}
    assert not any({a, b} <= needles for a, b in problem.crossing)
    if found.uncovered:
        assert found.method == "greedy"
        return
    assert best is not None
    assert found.count == best[0]
    assert found.collateral_ml == pytest.approx(best[1], abs=1e-4)
    assert found.proven
    assert found.gap == 0.0
    assert not found.stopped_by_time


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_greedy_covers_what_can_be_covered_and_wastes_nothing(seed):
    problem = random_problem(seed, crossing=False)
    found = choose_greedily(problem)
    assert found.uncovered == 0
    assert found.uncoverable == int((~problem.covers.any(axis=0)).sum())
    for place in found.chosen:
        rest = [other for other in found.chosen if other != place]
        assert problem.covers[rest].any(axis=0).sum() < problem.covers[list(found.chosen)].any(axis=0).sum()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_without_nodes_the_greedy_choice_gets_a_bound_that_holds(seed):
    problem = random_problem(seed, crossing=False)
    found, greedy = choose_exactly(problem, Effort(nodes=0)), choose_greedily(problem)
    best = best_by_enumeration(problem)
    assert best is not None
    assert (found.chosen, found.method) == (greedy.chosen, "greedy")
    assert greedy.bound <= found.bound <= best[0] <= found.count
    assert found.gap == pytest.approx((found.count - found.bound) / found.count)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_needed_rows_mean_the_same_problem(seed):
    problem = random_problem(seed, crossing=False)
    rows = needed_rows(problem.covers)
    coverable = problem.covers.any(axis=0)
    chance = np.random.default_rng(seed)
    for _ in range(50):
        chosen = chance.random(10) < 0.4
        whole = (problem.covers[chosen].any(axis=0) | ~coverable).all()
        assert rows[:, chosen].any(axis=1).all() == whole


def test_one_zone_that_holds_all_is_proven_best_and_the_least_harmful_is_taken():
    covers = np.ones((3, 5), bool)
    problem = CoverProblem(
        covers=covers, needle_of=np.array([0, 1, 2]), collateral_ml=np.array([5.0, 2.0, 9.0])
    )
    found = choose_exactly(problem, Effort())
    assert found.chosen == (1,)
    assert (found.count, found.bound, found.proven, found.collateral_proven) == (2, 2, True, True)


def test_pull_back_on_one_needle_beats_two_needles():
    covers = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]], bool)
    problem = CoverProblem(
        covers=covers, needle_of=np.array([0, 1, 0]), collateral_ml=np.array([1.0, 1.0, 8.0])
    )
    assert choose_exactly(problem, Effort()).chosen == (0, 2)


def test_what_nothing_covers_is_counted():
    covers = np.array([[1, 0, 0]], bool)
    found = choose_exactly(
        CoverProblem(covers=covers, needle_of=np.array([0]), collateral_ml=np.ones(1)), Effort()
    )
    assert (found.uncoverable, found.uncovered, found.chosen) == (2, 0, (0,))


@pytest.fixture(scope="module")
def hard():
    chance = np.random.default_rng(3)
    return CoverProblem(
        covers=chance.random((60, 80)) < 0.1,
        needle_of=chance.integers(0, 20, 60),
        collateral_ml=chance.uniform(1, 20, 60),
    )


def test_the_search_stops_after_so_much_work_and_states_the_gap(hard):
    found = [choose_exactly(hard, Effort(nodes=1)) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].gap > 0.0
    assert not found[0].proven
    assert not found[0].stopped_by_time
    assert found[0].bound < found[0].count


def test_who_meets_the_guard_of_time_gets_the_greedy_choice(hard):
    found = choose_exactly(hard, Effort(nodes=1, guard_s=1e-6))
    assert found.stopped_by_time
    assert found.chosen == choose_greedily(hard).chosen
    assert found.method == "greedy"
    assert found.gap > 0.0
