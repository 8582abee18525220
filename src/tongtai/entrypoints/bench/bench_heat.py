"""How long a simulated ablation takes: ten minutes on 128 x 128 x 128 voxels of 1 mm."""

import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.ndimage import correlate

from tongtai.core.needle import Needle
from tongtai.core.thermal.bioheat import Bioheat
from tongtai.core.thermal.media import Medium
from tongtai.core.thermal.microwave import MicrowaveGenerator
from tongtai.core.thermal.result import HeatResult
from tongtai.core.thermal.scene import HeatScene
from tongtai.core.thermal.treatment import simulate_mwa, simulate_rfa
from tongtai.core.volumes import Volume
from tongtai.entrypoints.bench.row import Row
from tongtai.formats.heat_tables.reading import antennas, damage_rules, electrodes, generators, tissues

_CELLS = 128
_DURATION_S = 600.0
_TARGET_S = 5.0
_REPEATS = 5
_STAGES = 20
_NEEDLE = Needle((-60.0, -30.0, 5.0), (8.0, 6.0, -4.0))


async def rows() -> list[Row]:
    """Time whole treatments, then one stage of conduction beside what numpy and scipy need for it."""
    scene = _scene()
    return [
        _treatment("RFA, single cooled tip, impedance control", lambda: _rfa(scene)),
        _treatment("MWA, 60 W at 2450 MHz", lambda: _mwa(scene)),
        _stage(),
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
    times = _times(simulate, _REPEATS)
    updates = len(result.power)
    return Row(
        name=f"heat {_CELLS}³, 10 min of {name} ({result.steps} steps, {updates} fields)",
        unit="s",
        value=round(statistics.median(times), 2),
        p95=round(max(times), 2),
        target=_TARGET_S,
        peer="26 min of RFA in under 3 min on a GPU (Sci Rep 2018, s41598-017-18899-2)",
    )


def _stage() -> Row:
    """One evaluation of the bioheat equation on every cell, in single precision."""
    medium = Medium(name="liver", conductivity_w_mk=0.512, capacity_j_m3k=3.7e6, capacity_above_j_m3k=3.7e6)
    scene = _scene()
    heat = Bioheat(scene.grid, scene.labels.voxels, [medium], whole_grid=True)
    heat.step(1.0)
    ours = [spent / heat_stages for spent, heat_stages in (_steps(heat) for _ in range(_REPEATS))]
    field = np.random.default_rng(1).random((_CELLS,) * 3, np.float32)
    numpy_ms = statistics.median(_times(lambda: _numpy_laplacian(field), _REPEATS)) * 1000
    scipy_ms = (
        statistics.median(_times(lambda: correlate(field, _seven_points(), mode="nearest"), _REPEATS)) * 1000
    )
    matrix, vector = _sparse_laplacian(), field.ravel()
    sparse_ms = statistics.median(_times(lambda: matrix @ vector, _REPEATS)) * 1000
    return Row(
        name=f"heat {_CELLS}³: one stage (conduction, perfusion, boiling, update)",
        unit="ms",
        value=round(statistics.median(ours) * 1000, 2),
        p95=round(max(ours) * 1000, 2),
        peer=(
            f"the Laplacian alone: numpy {numpy_ms:.1f} ms, scipy.ndimage {scipy_ms:.1f} ms, "
            f"scipy.sparse {sparse_ms:.1f} ms (same run)"
        ),
    )


def _steps(heat: Bioheat) -> tuple[float, int]:
    """Seconds and stages of some steps."""
    before, began = heat.stages, time.perf_counter()
    while heat.stages - before < _STAGES:
        heat.step(4.0)
    return time.perf_counter() - began, heat.stages - before


def _times(work: Callable[[], object], repeats: int) -> Sequence[float]:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def _numpy_laplacian(field: NDArray[np.float32]) -> NDArray[np.float32]:
    out = -6 * field[1:-1, 1:-1, 1:-1]
    for axis in range(3):
        for part in (slice(None, -2), slice(2, None)):
            where = [slice(1, -1)] * 3
            where[axis] = part
            out += field[tuple(where)]
    return out


def _seven_points() -> NDArray[np.float32]:
    kernel = np.zeros((3, 3, 3), np.float32)
    kernel[1, 1, :] = kernel[1, :, 1] = kernel[:, 1, 1] = 1
    kernel[1, 1, 1] = -6
    return kernel


def _sparse_laplacian() -> sparse.csr_array:
    line = sparse.diags_array([1.0, -2.0, 1.0], offsets=[-1, 0, 1], shape=(_CELLS, _CELLS))
    one = sparse.eye_array(_CELLS)
    whole = (
        sparse.kron(sparse.kron(line, one), one)
        + sparse.kron(sparse.kron(one, line), one)
        + sparse.kron(sparse.kron(one, one), line)
    )
    return sparse.csr_array(whole, dtype=np.float32)
