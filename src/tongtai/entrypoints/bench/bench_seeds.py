"""How long the dose of seeds takes: 100 seeds on a million voxels, and the same in numpy."""

import resource
import statistics
import time
from collections.abc import Callable

import numpy as np

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.on_grids import grid_error, kernel_for, total_dose_on_grid
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume
from tongtai.entrypoints.bench.row import Row
from tongtai.formats.seed_models import seed_model

_SEEDS, _CELLS, _REPEATS = 100, 100, 5
_TARGET_S, _TARGET_ERROR = 1.0, 1e-3
_PEER_POINTS = 20_000
_RULES = DoseRules()


async def rows() -> list[Row]:
    """Time whole grids with their kernel, measure their error, and time numpy's way on some voxels."""
    random = np.random.default_rng(1)
    implant, grid = _implant(random), _grid()
    # Compiled on few voxels first: neither its time nor its memory belongs to the dose.
    total_dose_on_grid(implant, _grid(4), _RULES)
    before_mb = _peak_mb()
    first = total_dose_on_grid(implant, grid, _RULES)
    memory_mb = _peak_mb() - before_mb
    times = _times(lambda: total_dose_on_grid(implant, grid, _RULES))
    error = grid_error(implant, first, _RULES, random)
    kernel = kernel_for(implant, grid, _RULES)
    one = Implant(implant.seeds[:1])
    # A seed that moves takes its dose away from where it was.
    both = (one, one.moved(np.array([0.0, 0.0, 5.0])))
    edits = _times(lambda: [total_dose_on_grid(place, grid, _RULES, kernel=kernel) for place in both])
    name = f"seeds {_SEEDS} × {_CELLS}³ voxels"
    return [
        Row(
            name=f"{name}: dose, the kernel made anew",
            unit="s",
            value=round(statistics.median(times), 3),
            p95=round(max(times), 3),
            target=_TARGET_S,
            peer=f"the exact sum in numpy {_exact_s(implant, random):.0f} s (from {_PEER_POINTS} places)",
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


def _exact_s(implant: Implant, random: np.random.Generator) -> float:
    """Seconds that the exact sum in numpy would take for the whole grid."""
    # Beside the seeds: it refuses places inside them, and takes as long everywhere.
    points = random.uniform(40.0, 60.0, (_PEER_POINTS, 3))
    spent = min(_times(lambda: doses_at(implant, points, _RULES), repeats=2))
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


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000.0


def _times(work: Callable[[], object], repeats: int = _REPEATS) -> list[float]:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times
