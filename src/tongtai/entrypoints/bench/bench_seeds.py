"""How long the dose of seeds takes: 100 seeds on a million voxels, and the same in numpy."""

import statistics
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import numpy as np

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.live import TARGET, LiveImplant
from tongtai.core.brachytherapy.on_grids import GridError, grid_error, kernel_for, total_dose_on_grid
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.seed_planning.search import Effort, proved_bounds, rank, search
from tongtai.core.volumes import Volume
from tongtai.entrypoints.bench.row import Row
from tongtai.entrypoints.bench.seed_edit_world import SeedEdits, seed_edits
from tongtai.entrypoints.bench.seed_target import (
    PRESCRIPTION_GY,
    VOLUME_ML,
    live_implant,
    template_problem,
)
from tongtai.entrypoints.bench.spent import times_s, with_peak_mb
from tongtai.formats.seed_models import seed_model

_SEEDS, _CELLS, _REPEATS = 100, 100, 5
_TARGET_S, _TARGET_ERROR = 1.0, 1e-3
_PEER_POINTS = 20_000
_SEARCH_TARGET_S, _BESIDE_MM = 20.0, 2.5
_RULES = DoseRules()
DOSE, SEARCH, EDIT_HTTP = "dose", "search", "http"
PARTS = (DOSE, SEARCH, EDIT_HTTP)


async def rows(parts: Sequence[str] = PARTS) -> AsyncIterator[Row]:
    """Time doses on grids, the search for a plan, and a change of one seed: alone, and over HTTP."""
    if DOSE in parts:
        for row in _grid_rows():
            yield row
    if SEARCH in parts:
        for row in _planning_rows():
            yield row
    if EDIT_HTTP in parts:
        yield _http_row(await seed_edits())


def _grid_rows() -> list[Row]:
    """Time whole grids with their kernel, measure their error, and time numpy's way on some voxels."""
    random = np.random.default_rng(1)
    implant, grid = _implant(random), _grid()
    # Compiled on few voxels first: neither its time nor its memory belongs to the dose.
    total_dose_on_grid(implant, _grid(4), _RULES)
    first, memory_mb = with_peak_mb(lambda: total_dose_on_grid(implant, grid, _RULES))
    times = times_s(lambda: total_dose_on_grid(implant, grid, _RULES), _REPEATS)
    error = grid_error(implant, first, _RULES, random)
    kernel = kernel_for(implant, grid, _RULES)
    one = Implant(implant.seeds[:1])
    # A seed that moves takes its dose away from where it was.
    both = (one, one.moved(np.array([0.0, 0.0, 5.0])))
    edits = times_s(
        lambda: [total_dose_on_grid(place, grid, _RULES, kernel=kernel) for place in both], _REPEATS
    )
    return _dose_rows(times, memory_mb, error, edits, _exact_s(implant, random))


def _dose_rows(
    times: list[float], memory_mb: float, error: GridError, edits: list[float], numpy_s: float
) -> list[Row]:
    name = f"seeds {_SEEDS} × {_CELLS}³ voxels"
    return [
        Row(
            name=f"{name}: dose, the kernel made anew",
            unit="s",
            value=round(statistics.median(times), 3),
            p95=round(max(times), 3),
            target=_TARGET_S,
            peer=f"the exact sum in numpy {numpy_s:.0f} s (from {_PEER_POINTS} places)",
        ),
        Row(name=f"{name}: memory beyond the program", unit="MB", value=round(memory_mb, 1)),
        Row(
            name=f"{name}: largest error, 2 mm and more from a seed ({error.places} voxels)",
            unit="1",
            value=error.largest,
            target=_TARGET_ERROR,
        ),
        Row(
            name=f"seeds one seed moved, {_CELLS}³ voxels, kernel kept",
            unit="ms",
            value=round(statistics.median(edits) * 1000, 1),
            p95=round(max(edits) * 1000, 1),
            target=100.0,
        ),
    ]


def _planning_rows() -> list[Row]:
    """The choice of needles and seeds for 100 ml, and one of its seeds moved with doses and indices anew."""
    problem, seeds = template_problem()
    effort = Effort(time_limit_s=_SEARCH_TARGET_S)
    # Compiled on few rounds first, as above.
    search(problem, np.random.default_rng(1), replace(effort, rounds=1), time.perf_counter)
    began = time.perf_counter()
    found, search_mb = with_peak_mb(
        lambda: search(problem, np.random.default_rng(1), effort, lambda: time.perf_counter() - began)
    )
    bound, bound_mb = with_peak_mb(lambda: proved_bounds(problem, found.chosen, effort))
    spent, memory_mb = time.perf_counter() - began, max(search_mb, bound_mb)
    missed, needles, count = rank(problem, found.chosen)
    _, start_needles, start_count = rank(problem, found.start)
    name = f"seeds {VOLUME_ML:g} ml, {problem.needles} needles, {problem.places} places"
    goals = "all goals met" if missed <= 0.0 else "GOALS MISSED"
    return [
        Row(
            name=f"{name}: search with bounds, {goals}",
            unit="s",
            value=round(spent, 2),
            target=_SEARCH_TARGET_S,
            peer=f"greedy: {start_needles} needles, {start_count} seeds; found {needles}, {count}; bound {bound.needles}, {bound.seeds}",
        ),
        Row(name=f"{name}: memory beyond the program", unit="MB", value=round(memory_mb, 1)),
        *_edit_rows(live_implant(seeds, found.chosen)),
    ]


def _edit_rows(live: LiveImplant) -> list[Row]:
    """One seed moved back and forth, with every dose, histogram and index anew."""
    one = live.implant.seeds[0]
    x, y, z = one.centre_lps_mm
    moved = replace(one, centre_lps_mm=(x, y, z + 2.0))
    _, memory_mb = with_peak_mb(lambda: live.with_seed(0, moved).evaluation(PRESCRIPTION_GY))
    edits = times_s(lambda: live.with_seed(0, moved).evaluation(PRESCRIPTION_GY), _REPEATS)
    points = live.samples[TARGET].points_lps_mm[:_PEER_POINTS]
    away = np.linalg.norm(points[:, None] - live.implant.centres_lps_mm, axis=2).min(axis=1)
    outside, samples = points[away > _BESIDE_MM], len(live.samples[TARGET].volume_ml)
    numpy_s = min(times_s(lambda: doses_at(live.implant, outside, _RULES), 2)) / len(outside) * samples
    name = f"seeds one of {len(live.implant.seeds)} moved"
    return [
        Row(
            name=f"{name}: dose at {samples} samples, grid, DVH, indices",
            unit="ms",
            value=round(statistics.median(edits) * 1000, 1),
            p95=round(max(edits) * 1000, 1),
            target=100.0,
            peer=f"all seeds anew in numpy {numpy_s:.1f} s (from {len(outside)} samples)",
        ),
        Row(name=f"{name}: memory beyond the program", unit="MB", value=round(memory_mb, 1)),
    ]


def _http_row(found: SeedEdits) -> Row:
    """The same as a page waits for it: asked, computed, packed, sent and unpacked."""
    return Row(
        name=f"seeds one of {found.seeds} moved over HTTP: doses, {found.structures} DVH, goals, grid; "
        f"{found.answer_kb:.0f} kB, {statistics.median(found.computed_ms):.0f} ms of it computing",
        unit="ms",
        value=round(statistics.median(found.requests_ms), 1),
        p95=round(statistics.quantiles(found.requests_ms, n=20)[-1], 1),
        target=100.0,
    )


def _exact_s(implant: Implant, random: np.random.Generator) -> float:
    """Seconds that the exact sum in numpy would take for the whole grid."""
    # Beside the seeds: it refuses places inside them, and takes as long everywhere.
    points = random.uniform(40.0, 60.0, (_PEER_POINTS, 3))
    spent = min(times_s(lambda: doses_at(implant, points, _RULES), 2))
    return spent / _PEER_POINTS * float(_CELLS**3)


def _implant(random: np.random.Generator) -> Implant:
    """Seeds anywhere in 50 mm, in any direction, none at a voxel's centre."""
    model = seed_model("6711")
    places, axes = random.uniform(-25.0, 25.0, (_SEEDS, 3)), random.normal(size=(_SEEDS, 3))
    return Implant(
        tuple(
            Seed(
                centre_lps_mm=(float(x), float(y), float(z)),
                axis_lps=(float(a), float(b), float(c)),
                strength_u=0.635,
                model=model,
            )
            for (x, y, z), (a, b, c) in zip(places, axes, strict=True)
        )
    )


def _grid(cells: int = _CELLS) -> Volume:
    """Voxels of 1 mm around the seeds."""
    half = (cells - 1) / 2
    index_to_lps = np.array([[0, 0, 1, -half], [0, 1, 0, -half], [1, 0, 0, -half], [0, 0, 0, 1.0]])
    return Volume(np.zeros((cells,) * 3, np.bool_), index_to_lps)
