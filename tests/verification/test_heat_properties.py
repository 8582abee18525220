"""What must hold for any heat problem: order, balance, symmetry, the same bits for any number of threads."""

import itertools

import numba
import numpy as np
import pytest

from tongtai.core.thermal.bioheat import Bioheat
from tongtai.core.thermal.boundaries import Boundaries, Dirichlet, Robin
from tongtai.core.thermal.grid import Axis, HeatGrid
from tongtai.core.thermal.media import Medium
from tongtai.core.thermal.steady import steady_temperature_c
from tongtai.core.thermal.warm_region import STILL_K

pytestmark = pytest.mark.verification

LIVER = Medium(
    name="liver",
    conductivity_w_mk=0.512,
    capacity_j_m3k=3.7314e6,
    capacity_above_j_m3k=3.7314e6,
    perfusion_w_m3k=31246.0,
)
BOILING = Medium(
    name="boiling liver",
    conductivity_w_mk=0.512,
    conductivity_slope_w_mk2=0.00114,
    capacity_j_m3k=3.7314e6,
    capacity_above_j_m3k=0.8e6,
    latent_j_m3=1.95e9,
    change_low_c=90.0,
    change_high_c=100.0,
    perfusion_w_m3k=31246.0,
)


def straight(shape: tuple[int, ...], spacing_mm: tuple[float, ...]) -> HeatGrid:
    k, j, i = (Axis.straight(n, h / 1000) for n, h in zip(shape, spacing_mm, strict=True))
    return HeatGrid((k, j, i))


def slab_error(cells: int) -> float:
    """Largest error of the perfused slab between 37 and 50 °C."""
    grid = HeatGrid((Axis.single(), Axis.single(), Axis.straight(cells, 0.03 / cells)))
    sides = Boundaries(i_low=Dirichlet(37.0), i_high=Dirichlet(50.0))
    heat = Bioheat(grid, np.zeros(grid.shape, np.uint8), [LIVER], boundaries=sides)
    x = (np.arange(cells) + 0.5) * 0.03 / cells
    length = np.sqrt(0.512 / 31246.0)
    exact = 37.0 + 13.0 * np.sinh(x / length) / np.sinh(0.03 / length)
    return float(np.abs(steady_temperature_c(heat)[0, 0] - exact).max())


def test_halving_the_cells_divides_the_error_by_four():
    errors = [slab_error(cells) for cells in (15, 30, 60)]
    # The largest error sits in the last half cell, which moves as the cells shrink.
    ratios = [a / b for a, b in itertools.pairwise(errors)]
    assert all(3.0 < ratio < 5.0 for ratio in ratios), ratios


def decay_error(cells: int, step_s: float) -> float:
    """Error of cos(pi x / a) cos(pi y / a) cos(pi z / a) decaying between insulated sides, after 60 s."""
    width = 0.02
    grid = straight((cells, cells, cells), (20.0 / cells,) * 3)
    x = np.cos(np.pi * (np.arange(cells) + 0.5) / cells)
    shape = x[:, None, None] * x[:, None] * x
    heat = Bioheat(grid, np.zeros(grid.shape, np.uint8), [LIVER], initial_c=37.0 + 20.0 * shape)
    heat.advance(60.0, max_step_s=step_s, max_rise_k=np.inf)
    rate = (0.512 * 3 * (np.pi / width) ** 2 + 31246.0) / 3.7314e6
    return float(np.abs(heat.temperature_c - 37.0 - 20.0 * np.exp(-rate * 60.0) * shape).max())


def test_three_dimensions_converge_with_second_order():
    errors = [decay_error(cells, 1.0) for cells in (8, 16, 32)]
    ratios = [a / b for a, b in itertools.pairwise(errors)]
    assert all(3.4 < ratio < 4.6 for ratio in ratios), (errors, ratios)


def test_time_steps_converge_with_second_order():
    # The same cells: what the steps change, beside steps so short that they no longer matter.
    errors = [decay_error(8, step) for step in (20.0, 10.0, 0.5)]
    exact = errors[-1]
    assert 3.0 < (errors[0] - exact) / (errors[1] - exact) < 5.5, errors


def heated(grid: HeatGrid, labels: np.ndarray, media: list[Medium], source: np.ndarray, **options) -> Bioheat:
    heat = Bioheat(grid, labels, media, **options)
    heat.set_source(source)
    heat.advance(60.0, max_step_s=2.0)
    return heat


def blob(shape: tuple[int, ...], centre: tuple[float, ...], watts_m3: float) -> np.ndarray:
    away = sum((axis - c) ** 2 for axis, c in zip(np.indices(shape), centre, strict=True))
    return watts_m3 * np.exp(-away / 8.0)


def test_energy_is_delivered_stored_or_carried_away():
    shape = (24, 20, 28)
    grid = straight(shape, (1.5, 1.0, 1.0))
    labels = np.zeros(shape, np.uint8)
    labels[:, 4:7, :] = 1
    vessel = Medium(name="vessel", held_c=37.0, wall_h_w_m2k=800.0)
    sides = Boundaries(i_high=Robin(50.0, 25.0), k_low=Dirichlet(37.0))
    heat = heated(grid, labels, [BOILING, vessel], blob(shape, (12, 10, 14), 2.5e7), boundaries=sides)
    balance = heat.balance()
    assert heat.peak_c > BOILING.change_low_c + 3.0, "the case must boil"
    assert balance.held_j["vessel"] > 0.01 * balance.delivered_j
    assert abs(balance.residual_j) < 0.005 * balance.delivered_j, balance


def test_the_window_of_computed_cells_changes_nothing():
    shape = (44, 44, 44)
    grid = straight(shape, (1.0, 1.0, 1.0))
    labels = np.zeros(shape, np.uint8)
    source = blob(shape, (22, 22, 22), 1e7)
    small = Bioheat(grid, labels, [BOILING])
    small.set_source(source[16:29, 16:29, 16:29], corner=(16, 16, 16))
    small.advance(20.0, max_step_s=2.0)
    whole = Bioheat(grid, labels, [BOILING], whole_grid=True)
    whole.set_source(source[16:29, 16:29, 16:29], corner=(16, 16, 16))
    whole.advance(20.0, max_step_s=2.0)
    assert small.region.cells < 0.6 * source.size
    assert np.abs(small.temperature_c - whole.temperature_c).max() < 2 * STILL_K


@pytest.mark.parametrize("turn", [(0, 1, 2), (1, 2, 0), (2, 1, 0)])
@pytest.mark.parametrize("flip", [(), (0,), (1, 2)])
def test_turning_and_mirroring_the_patient_changes_only_coordinates(turn, flip):
    shape, spacing = (12, 14, 16), (1.5, 1.2, 1.0)
    labels = np.zeros(shape, np.uint8)
    labels[3:5, :, 9:12] = 1
    source = blob(shape, (6, 7, 8), 2e7)
    media = [BOILING, Medium(name="vessel", held_c=37.0)]
    sides = Boundaries.everywhere(Dirichlet(37.0))
    plain = heated(straight(shape, spacing), labels, media, source, boundaries=sides, precision="single")

    def turned(array: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.flip(np.transpose(array, turn), flip))

    other_grid = straight(tuple(shape[n] for n in turn), tuple(spacing[n] for n in turn))
    other = heated(other_grid, turned(labels), media, turned(source), boundaries=sides, precision="single")
    assert np.abs(other.temperature_c - turned(plain.temperature_c)).max() < 5e-3


def test_any_number_of_threads_gives_the_same_bits(monkeypatch):
    monkeypatch.setattr("tongtai.core.thermal.compiled.CELLS_PER_THREAD", 1)
    shape = (16, 16, 16)
    labels = np.zeros(shape, np.uint8)
    before = numba.get_num_threads()
    found = []
    try:
        for threads in {1, before}:
            numba.set_num_threads(threads)
            heat = heated(straight(shape, (1.0,) * 3), labels, [BOILING], blob(shape, (8, 8, 8), 2e7))
            found.append((heat.temperature_c.tobytes(), heat.balance()))
    finally:
        numba.set_num_threads(before)
    assert all(one == found[0] for one in found)
