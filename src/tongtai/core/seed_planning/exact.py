"""The exact choice of a small problem: a mixed-integer program with every goal and every rule in it."""

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from tongtai.core.seed_planning.problem import Bools, CountGoal, SeedProblem

Numbers = NDArray[np.float64]
MOST_PLACES = 14
MOST_CELLS = 3_000
# A dose this near to a threshold is on either side by rounding: the program keeps off it.
_TOLERANCE = 1e-5


def is_small(problem: SeedProblem) -> bool:
    """Whether the exact program is worth trying."""
    return problem.places <= MOST_PLACES and problem.dose.size <= MOST_CELLS


def exact_choice(problem: SeedProblem, *, nodes: int, time_limit_s: float) -> tuple[Bools | None, bool]:
    """The fewest needles that meet every goal, and with these the fewest seeds.

    Parameters
    ----------
    problem
        Small, see `is_small`.
    nodes, time_limit_s
        Of each of the two programs.

    Returns
    -------
    chosen : (S,) array or None
        None if nothing meets the goals, or it was not found.
    proved
        Whether that is certain.
    """
    rows = [*_goals(problem), *_needles(problem), *_spacing(problem)]
    places, needles = problem.places, problem.needles
    extra = sum(goal.stop - goal.start for goal in problem.goals)
    count = np.concatenate([np.zeros(places), np.ones(needles), np.zeros(extra)])
    fewest = _solve(count, rows, nodes, time_limit_s)
    if fewest is None or not len(fewest):
        return None, fewest is not None
    held = LinearConstraint(sparse.csr_matrix(count[None]), 0.0, round(float(count @ fewest)))
    seeds = np.concatenate([np.ones(places), np.zeros(needles + extra)])
    found = _solve(seeds, [*rows, held], nodes, time_limit_s)
    if found is None or not len(found):
        return None, False
    chosen: Bools = found[:places] > 0.5
    return (
        (chosen, True) if problem.shortfall(chosen) <= 0.0 and problem.keeps_rules(chosen) else (None, False)
    )


def _solve(cost: Numbers, rows: list[LinearConstraint], nodes: int, time_limit_s: float) -> Numbers | None:
    """The optimum; an empty array if there is certainly none; None if the search was cut off."""
    width = len(cost)
    found = milp(
        cost,
        constraints=rows,
        bounds=Bounds(np.zeros(width), np.ones(width)),
        integrality=np.ones(width),
        options={"node_limit": nodes, "time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    if found.status == 0:
        optimum: Numbers = np.asarray(found.x, np.float64)
        return optimum
    infeasible = 2
    return np.zeros(0) if found.status == infeasible else None


def _goals(problem: SeedProblem) -> list[LinearConstraint]:
    """Every goal: one yes-or-no for each of its samples, and their count."""
    rows = []
    counted = [goal.stop - goal.start for goal in problem.goals]
    for number, goal in enumerate(problem.goals):
        dose = sparse.csr_matrix(problem.dose[:, goal.start : goal.stop].T.astype(np.float64))
        blank = sparse.csr_matrix((counted[number], problem.needles))
        before = sparse.csr_matrix((counted[number], sum(counted[:number])))
        after = sparse.csr_matrix((counted[number], sum(counted[number + 1 :])))
        switch = sparse.diags(_switch(problem, goal))
        low, high = (-np.inf, goal.dose_gy * (1.0 - _TOLERANCE)) if not goal.at_least else (0.0, np.inf)
        rows.append(LinearConstraint(sparse.hstack([dose, blank, before, switch, after]), low, high))
        line = np.zeros(problem.places + problem.needles + sum(counted))
        start = problem.places + problem.needles + sum(counted[:number])
        line[start : start + counted[number]] = 1.0
        bounds = (goal.count, np.inf) if goal.at_least else (-np.inf, goal.count)
        rows.append(LinearConstraint(sparse.csr_matrix(line[None]), *bounds))
    return rows


def _switch(problem: SeedProblem, goal: CountGoal) -> Numbers:
    """What a sample's yes-or-no weighs: the threshold that must be reached, or all dose that may be passed."""
    samples = goal.stop - goal.start
    if goal.at_least:
        return np.full(samples, -goal.dose_gy * (1.0 + _TOLERANCE))
    most: Numbers = problem.dose[:, goal.start : goal.stop].sum(axis=0, dtype=np.float64)
    return -np.maximum(most - goal.dose_gy, 0.0) - goal.dose_gy * _TOLERANCE


def _needles(problem: SeedProblem) -> list[LinearConstraint]:
    """A seed needs its needle, and needles that cross exclude each other."""
    places, needles = problem.places, problem.needles
    extra = sum(goal.stop - goal.start for goal in problem.goals)
    of = sparse.csr_matrix((np.ones(places), (np.arange(places), problem.needle)), shape=(places, needles))
    rows = [
        LinearConstraint(
            sparse.hstack([sparse.eye(places), -of, sparse.csr_matrix((places, extra))]), -np.inf, 0.0
        )
    ]
    for one, other in np.argwhere(np.triu(problem.crossing, 1)):
        line = np.zeros(places + needles + extra)
        line[[places + one, places + other]] = 1.0
        rows.append(LinearConstraint(sparse.csr_matrix(line[None]), -np.inf, 1.0))
    return rows


def _spacing(problem: SeedProblem) -> list[LinearConstraint]:
    """Between two seeds too far apart stands a third, if any place between is permitted."""
    width = problem.places + problem.needles + sum(goal.stop - goal.start for goal in problem.goals)
    rows = []
    for low, high in problem.ranges:
        for one, other in itertools.combinations(range(low, high), 2):
            if problem.order[other] - problem.order[one] > problem.largest_gap and other > one + 1:
                line = np.zeros(width)
                line[[one, other]] = 1.0
                line[one + 1 : other] = -1.0
                rows.append(LinearConstraint(sparse.csr_matrix(line[None]), -np.inf, 1.0))
    return rows
