"""The potential of an electrode against closed forms, on the patient's own (cubic) voxels."""

import numpy as np
import pytest

from tongtai.core.thermal.current_heat import CurrentField
from tongtai.core.thermal.grid import Axis, HeatGrid
from tongtai.core.thermal.multigrid import NotConvergedError
from tongtai.core.thermal.potential import PotentialBox, open_ground


def ball(cells: int, radius_m: float, width_m: float = 0.04) -> PotentialBox:
    step = width_m / cells
    grid = HeatGrid((Axis.straight(cells, step),) * 3)
    away = (np.arange(cells) + 0.5) * step - width_m / 2
    distance = np.sqrt(away[:, None, None] ** 2 + away[:, None] ** 2 + away**2)
    ground = open_ground(grid, (width_m / 2,) * 3)
    return PotentialBox(grid, distance - radius_m, np.zeros(grid.shape, bool), ground)


@pytest.mark.parametrize(("cells", "tolerance"), [(20, 0.04), (40, 0.015)])
def test_a_ball_has_the_conductance_of_its_radius(cells, tolerance):
    box = ball(cells, 4e-3)
    unit = box.solve(np.full(box.grid.shape, 0.2))
    assert unit.conductance_s == pytest.approx(4 * np.pi * 0.2 * 4e-3, rel=tolerance)


def test_all_power_becomes_heat_or_leaves():
    box = ball(24, 4e-3)
    sigma = np.random.default_rng(1).uniform(0.001, 0.3, box.grid.shape)
    unit = box.solve(sigma, tolerance=1e-10)
    assert unit.heat_w.sum() + unit.outside_w == pytest.approx(unit.conductance_s, rel=1e-8)
    assert unit.heat_w[box.metal].sum() == 0.0


def test_a_second_solution_starts_from_the_first():
    box = ball(24, 4e-3)
    sigma = np.full(box.grid.shape, 0.2)
    first = box.solve(sigma)
    again = box.solve(sigma)
    assert again.iterations < first.iterations
    assert again.conductance_s == pytest.approx(first.conductance_s, rel=1e-6)


def test_nothing_that_is_no_number_gets_through():
    box = ball(12, 4e-3)
    with pytest.raises(NotConvergedError, match="finite"):
        box.solve(np.full(box.grid.shape, np.nan))


def test_between_solutions_the_kept_current_bounds_the_resistance_and_is_nearer_than_the_kept_potential():
    """Layers around a ball that warm: the current flows through them in series, so its shape stays."""
    box, table = (
        ball(40, 4e-3),
        np.array([[0.2 * (1 - 0.02 * 37)], [0.2 * 0.02], [1e3], [0.0], [0.0]], np.float32),
    )
    step = 0.04 / 40
    away = np.linalg.norm((np.indices(box.grid.shape) + 0.5) * step - 0.02, axis=0)
    labels, cold = np.zeros(box.grid.shape, np.uint8), np.full(box.grid.shape, 37.0, np.float32)
    warm = (37 + 40 * np.exp(-(away - 4e-3) / 3e-3)).astype(np.float32)
    kept = CurrentField(box, cold, labels, table)
    before_ohm = kept.resistance_ohm
    assert kept.gap == pytest.approx(0.0, abs=1e-6)
    kept.renew(warm)
    anew = CurrentField(box, warm, labels, table)
    lower_ohm = kept.resistance_ohm / (1 + kept.gap)
    assert lower_ohm < anew.resistance_ohm < kept.resistance_ohm < before_ohm
    assert kept.resistance_ohm == pytest.approx(anew.resistance_ohm, rel=2e-3)
    assert lower_ohm < 0.98 * anew.resistance_ohm
    assert kept.heat_ohm.sum() == pytest.approx(anew.heat_ohm.sum(), rel=5e-3)


def test_a_dry_shell_opens_the_gap():
    """Where the current would have to find another way, the solution is stale at once."""
    box, table = ball(24, 4e-3), np.array([[0.2], [0.0], [100.0], [0.1], [0.99]], np.float32)
    labels, cold = np.zeros(box.grid.shape, np.uint8), np.full(box.grid.shape, 37.0, np.float32)
    field = CurrentField(box, cold, labels, table)
    dry = cold.copy()
    dry[:, :, 15:18] = 120.0
    field.renew(dry)
    assert field.gap > 1.0
