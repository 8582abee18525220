"""How long a simulated ablation takes: ten minutes on 128 x 128 x 128 voxels of 1 mm."""

import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy.ndimage import correlate

from tongtai.core.needle import Needle
from tongtai.core.thermal.bioheat import Bioheat
from tongtai.core.thermal.media import Medium
from tongtai.core.thermal.microwave import MicrowaveGenerator
from tongtai.core.thermal.result import HeatResult
from tongtai.core.thermal.scene import HeatScene
from tongtai.core.thermal.treatment import simulate_mwa, simulate_rfa
from tongtai.core.volumes import Volume
from tongtai.entrypoints.bench.heat_peers import SEVEN_POINTS, NumpyStage, sparse_laplacian, triad
from tongtai.entrypoints.bench.row import Row
from tongtai.entrypoints.bench.spent import times_s
from tongtai.formats.heat_tables.reading import antennas, damage_rules, electrodes, generators, tissues

_CELLS = 128
_DURATION_S = 600.0
_TARGET_S = 5.0
_REPEATS = 5
_STAGES = 20
# Single precision: temperature, three faces, perfusion, source, four contents or rates are read, a content
# and a temperature written (the latter also read into the cache); one byte of label.
_STAGE_BYTES = 4 * 13 + 1
_NEEDLE = Needle((-60.0, -30.0, 5.0), (8.0, 6.0, -4.0))


async def rows() -> list[Row]:
    """Time whole treatments, then one stage of conduction beside what numpy and scipy need for it."""
    scene = _scene()
    return [
        _treatment("RFA, single cooled tip, impedance control", lambda: _rfa(scene)),
        _treatment("MWA, 60 W at 2450 MHz", lambda: _mwa(scene)),
        *_stage(),
    ]


def _scene() -> HeatScene:
    """Liver with one vessel of 6 mm beside the needle's tip."""
    half = (_CELLS - 1) / 2
    index_to_lps = np.array([[0, 0, 1, -half], [0, 1, 0, -half], [1, 0, 0, -half], [0, 0, 0, 1.0]])
    _, y, x = np.indices((_CELLS,) * 3) - half
    labels = Volume(np.zeros((_CELLS,) * 3, np.uint8), index_to_lps)
    vessels = (x - 22.0) ** 2 + (y - 6.0) ** 2 <= 3.0**2
    return HeatScene(labels=labels, tissues=[tissues()["liver"]], blood=tissues()["blood"], vessels=vessels)


def _rfa(scene: HeatScene) -> HeatResult:
    return simulate_rfa(
        scene,
        electrodes()["cooled_single_30"],
        _NEEDLE,
        generators()["impedance_200"],
        damage_rules(),
        duration_s=_DURATION_S,
    )


def _mwa(scene: HeatScene) -> HeatResult:
    return simulate_mwa(
        scene,
        antennas()["cooled_2450"],
        _NEEDLE,
        MicrowaveGenerator(power_w=60.0),
        damage_rules(),
        duration_s=_DURATION_S,
    )


def _treatment(name: str, simulate: Callable[[], HeatResult]) -> Row:
    # The first run compiles the kernels, or loads them from numba's cache.
    result = simulate()
    times = times_s(simulate, _REPEATS)
    updates = len(result.power)
    return Row(
        name=f"heat {_CELLS}³, 10 min of {name} ({result.steps} steps, {updates} fields)",
        unit="s",
        value=round(statistics.median(times), 2),
        p95=round(max(times), 2),
        target=_TARGET_S,
        peer="26 min of RFA in under 3 min on a GPU (Sci Rep 2018, s41598-017-18899-2)",
    )


def _stage() -> list[Row]:
    """One stage of a step on every cell, in single precision, beside the same and less in numpy and scipy."""
    medium = Medium(name="liver", conductivity_w_mk=0.512, capacity_j_m3k=3.7e6, capacity_above_j_m3k=3.7e6)
    scene = _scene()
    heat = Bioheat(scene.grid, scene.labels.voxels, [medium], whole_grid=True)
    heat.step(1.0)
    ours = [spent / heat_stages for spent, heat_stages in (_steps(heat) for _ in range(_REPEATS))]
    stage_ms, arrays = statistics.median(ours) * 1000, NumpyStage.of(_CELLS)
    field, matrix = arrays.temperature[1:-1, 1:-1, 1:-1].copy(), sparse_laplacian(_CELLS)
    peers = {
        "numpy": arrays.advance,
        "the Laplacian alone in scipy.ndimage": lambda: correlate(field, SEVEN_POINTS, mode="nearest"),
        "in scipy.sparse": lambda: matrix @ field.ravel(),
    }
    measured = {name: _median_ms(work) for name, work in peers.items()}
    gigabytes = _STAGE_BYTES * _CELLS**3 / 1e9
    return [
        Row(
            name=f"heat {_CELLS}³: one stage (conduction, perfusion, source, boiling, update)",
            unit="ms",
            value=round(stage_ms, 2),
            p95=round(max(ours) * 1000, 2),
            peer=", ".join(f"{name} {spent_ms:.1f} ms" for name, spent_ms in measured.items()),
        ),
        Row(
            name=f"heat {_CELLS}³: memory traffic of a stage ({_STAGE_BYTES} bytes a cell)",
            unit="GB/s",
            value=round(gigabytes / stage_ms * 1000, 1),
            better="higher",
            peer=f"a = b + 3 c on arrays of that size, all threads: {_triad_gb_s():.1f} GB/s",
        ),
    ]


def _median_ms(work: Callable[[], object]) -> float:
    return statistics.median(times_s(work, _REPEATS)) * 1000


def _triad_gb_s() -> float:
    """What the memory gives to the simplest kernel; best of many."""
    a, b, c = (np.ones(_CELLS**3, np.float32) for _ in range(3))
    triad(a, b, c)
    return 3 * a.nbytes / min(times_s(lambda: triad(a, b, c), 4 * _REPEATS)) / 1e9


def _steps(heat: Bioheat) -> tuple[float, int]:
    """Seconds and stages of some steps."""
    before, began = heat.stages, time.perf_counter()
    while heat.stages - before < _STAGES:
        heat.step(4.0)
    return time.perf_counter() - began, heat.stages - before
