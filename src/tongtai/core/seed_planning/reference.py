"""Small choices beside complete enumeration, and edits beside the whole dose: for the tests and ``tongtai verify``."""

import itertools

import numpy as np

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.live import TARGET, LiveImplant, StructureSamples
from tongtai.core.brachytherapy.on_grids import dose_of_each_gy
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.brachytherapy.seed_models import SeedModel
from tongtai.core.reference_case import CaseResult
from tongtai.core.seed_planning.problem import Bools, CountGoal, SeedProblem
from tongtai.core.seed_planning.search import Effort, proved_bounds, rank, search

_PRESCRIPTION_GY = 110.0
_STRENGTH_U = 0.762
_STEP_MM = 5.0
_EDIT_RELATIVE = 1e-4
# Whole numbers: anything below one is equality.
_COUNTED = 0.5


def small_problem(model: SeedModel, number: int, *, needles: int = 3, places: int = 4) -> SeedProblem:
    """A target around a few needles; its size, place and upper limits change with the number."""
    generator = np.random.default_rng([number, needles, places])
    apart = float(generator.uniform(7.0, 11.0))
    centres = [
        (apart * np.cos(turn), apart * np.sin(turn), _STEP_MM * (place - (places - 1) / 2.0))
        for turn in 2.0 * np.pi * np.arange(needles) / needles
        for place in range(places)
    ]
    seeds = Implant(tuple(_seed_at(centre, model) for centre in centres))
    radius = float(generator.uniform(6.0, 9.0))
    points = generator.uniform(-radius, radius, (400, 3))
    points = points[np.linalg.norm(points, axis=1) <= radius][:120]
    organ = points[:20] + np.array([0.0, radius + 12.0, 0.0])
    goals = _small_goals(len(points), len(organ), generator)
    crossing = np.zeros((needles, needles), np.bool_)
    crossing[0, -1] = crossing[-1, 0] = bool(number % 3 == 0 and needles > 2)
    return SeedProblem(
        needle=np.repeat(np.arange(needles), places),
        order=np.tile(np.arange(places), needles),
        dose=dose_of_each_gy(seeds, np.concatenate([points, organ]), DoseRules()),
        target_samples=len(points),
        prescription_gy=_PRESCRIPTION_GY,
        goals=goals,
        crossing=crossing,
        largest_gap=2,
    )


def _seed_at(centre: tuple[float, float, float], model: SeedModel) -> Seed:
    x, y, z = (float(value) for value in centre)
    return Seed(centre_lps_mm=(x, y, z), axis_lps=(0.0, 0.0, 1.0), strength_u=_STRENGTH_U, model=model)


def _small_goals(target: int, organ: int, generator: np.random.Generator) -> tuple[CountGoal, ...]:
    return (
        CountGoal(
            structure="target", quantity="V100", start=0, stop=target, dose_gy=_PRESCRIPTION_GY,
            at_least=True, count=0.95 * target,
        ),
        CountGoal(
            structure="target", quantity="V200", start=0, stop=target, dose_gy=2.0 * _PRESCRIPTION_GY,
            at_least=False, count=float(generator.choice([0.4, 0.7])) * target,
        ),
        CountGoal(
            structure="organ", quantity="Dmax", start=target, stop=target + organ,
            dose_gy=float(generator.uniform(60.0, 160.0)), at_least=False, count=0.0,
        ),
    )  # fmt: skip


def best_by_enumeration(problem: SeedProblem) -> tuple[int, int] | None:
    """Fewest needles and then seeds over every choice there is; None if no choice meets the goals."""
    best: tuple[int, int] | None = None
    for picked in itertools.product((False, True), repeat=problem.places):
        chosen: Bools = np.array(picked)
        if not chosen.any() or not problem.keeps_rules(chosen) or problem.shortfall(chosen) > 0.0:
            continue
        _, needles, seeds = rank(problem, chosen)
        best = (needles, seeds) if best is None else min(best, (needles, seeds))
    return best


def run_seed_planning_cases(model: SeedModel, *, problems: int = 6) -> list[CaseResult]:
    """Search, bounds and edits of this installation beside what they must equal."""
    found = []
    for number in range(problems):
        problem = small_problem(model, number, places=3)
        best = best_by_enumeration(problem)
        effort = Effort(time_limit_s=60.0)
        chosen = search(problem, np.random.default_rng(number), effort, lambda: 0.0).chosen
        missed, needles, seeds = rank(problem, chosen)
        expected = -1.0 if best is None else 100.0 * best[0] + best[1]
        got = -1.0 if missed > 0.0 else 100.0 * needles + seeds
        place = f"problem {number + 1}: 100 needles + seeds"
        found.append(CaseResult("seed search beside enumeration", place, "1", expected, got, _COUNTED))
        if best is not None:
            bound = proved_bounds(problem, chosen, effort)
            over = float(max(bound.needles - best[0], bound.seeds - best[1], 0))
            place = f"problem {number + 1}: bound beyond the optimum"
            found.append(CaseResult("bounds of the seed search", place, "1", 0.0, over, _COUNTED))
    return [*found, _edits(model)]


def _edits(model: SeedModel) -> CaseResult:
    """Dose after fifty moves of single seeds beside the dose computed anew."""
    generator = np.random.default_rng(5)
    points = generator.uniform(-12.0, 12.0, (2000, 3))
    samples = {TARGET: StructureSamples(points_lps_mm=points, volume_ml=np.full(2000, 0.01), parts=1)}
    seeds = tuple(_anywhere(generator, model) for _ in range(12))
    live = LiveImplant.of(Implant(seeds), DoseRules(), samples)
    for _ in range(50):
        live = live.with_seed(int(generator.integers(len(seeds))), _anywhere(generator, model))
    anew = LiveImplant.of(live.implant, DoseRules(), samples)
    deviation = np.abs(live.doses[TARGET] / anew.doses[TARGET] - 1.0).max()
    place = "largest relative deviation after 50 moves"
    return CaseResult("live seeds beside the whole dose", place, "1", 0.0, float(deviation), _EDIT_RELATIVE)


def _anywhere(generator: np.random.Generator, model: SeedModel) -> Seed:
    x, y, z = (float(value) for value in generator.uniform(-8.0, 8.0, 3))
    a, b, c = (float(value) for value in generator.normal(size=3))
    return Seed(centre_lps_mm=(x, y, z), axis_lps=(a, b, c), strength_u=_STRENGTH_U, model=model)
