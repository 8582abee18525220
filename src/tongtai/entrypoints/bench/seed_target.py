"""A round target of 100 ml with a template through it: what the rows of the optimiser and of edits are measured on."""

import itertools

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.live import TARGET, LiveImplant, StructureSamples
from tongtai.core.brachytherapy.on_grids import dose_of_each_gy
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.seed_planning.problem import Bools, CountGoal, SeedProblem
from tongtai.formats.seed_models import seed_model

VOLUME_ML = 100.0
PRESCRIPTION_GY = 110.0
RADIUS_MM = (VOLUME_ML * 1000.0 * 0.75 / np.pi) ** (1.0 / 3.0)
_HOLES_MM, _SEEDS_MM, _OUTSIDE_MM, _SAMPLES = 10.0, 5.0, 3.0, 1000
_MCI = 0.6


def template_problem() -> tuple[SeedProblem, Implant]:
    """Every permitted place of parallel needles 10 mm apart, and the goals of the packaged rules."""
    places = _places()
    seeds = Implant(tuple(_seed(x, y, z) for _, _, (x, y, z) in places))
    points = points_in_ball(_SAMPLES, np.random.default_rng(1))
    goals = (
        _goal("D90", PRESCRIPTION_GY, 0.9, at_least=True),
        _goal("V100", PRESCRIPTION_GY, 0.95, at_least=True),
        _goal("V150", 1.5 * PRESCRIPTION_GY, 0.75, at_least=False),
        _goal("V200", 2.0 * PRESCRIPTION_GY, 0.5, at_least=False),
    )
    needles = 1 + max(needle for needle, _, _ in places)
    problem = SeedProblem(
        needle=np.array([needle for needle, _, _ in places]),
        order=np.array([order for _, order, _ in places]),
        dose=dose_of_each_gy(seeds, points, DoseRules()),
        target_samples=_SAMPLES,
        prescription_gy=PRESCRIPTION_GY,
        goals=goals,
        crossing=np.zeros((needles, needles), np.bool_),
        largest_gap=2,
    )
    return problem, seeds


def live_implant(seeds: Implant, chosen: Bools) -> LiveImplant:
    """Chosen seeds with the dose at as many samples as a plan of 100 ml is judged by."""
    points = points_in_ball(200_000, np.random.default_rng(2))
    samples = StructureSamples(
        points_lps_mm=points, volume_ml=np.full(len(points), VOLUME_ML / len(points)), parts=1
    )
    kept = Implant(tuple(seeds.seeds[place] for place in np.flatnonzero(chosen)))
    return LiveImplant.of(kept, DoseRules(), {TARGET: samples})


def points_in_ball(count: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """So many places in the target, ``(N, 3)``."""
    points = generator.uniform(-RADIUS_MM, RADIUS_MM, (3 * count, 3))
    inside: NDArray[np.float64] = points[np.linalg.norm(points, axis=1) <= RADIUS_MM]
    return inside[:count]


def _places() -> list[tuple[int, int, tuple[float, float, float]]]:
    """Needle, number on it, and place, needle by needle."""
    found: list[tuple[int, int, tuple[float, float, float]]] = []
    steps = range(-int(RADIUS_MM / _HOLES_MM) - 1, int(RADIUS_MM / _HOLES_MM) + 2)
    deep = range(-int(RADIUS_MM / _SEEDS_MM) - 1, int(RADIUS_MM / _SEEDS_MM) + 2)
    needle = 0
    for u, v in itertools.product(steps, steps):
        lines = [(u * _HOLES_MM, v * _HOLES_MM, order * _SEEDS_MM) for order in deep]
        inside = [
            (order, place)
            for order, place in zip(deep, lines, strict=True)
            if np.linalg.norm(place) <= RADIUS_MM + _OUTSIDE_MM
        ]
        found += [(needle, order, place) for order, place in inside]
        needle += bool(inside)
    return found


def _seed(x: float, y: float, z: float) -> Seed:
    model = seed_model("6711")
    return Seed(
        centre_lps_mm=(x, y, z), axis_lps=(0.0, 0.0, 1.0), strength_u=_MCI * model.u_per_mci, model=model
    )


def _goal(quantity: str, dose_gy: float, share: float, *, at_least: bool) -> CountGoal:
    return CountGoal(
        structure=TARGET, quantity=quantity, start=0, stop=_SAMPLES, dose_gy=dose_gy, at_least=at_least,
        count=share * _SAMPLES,
    )  # fmt: skip
