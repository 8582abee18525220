"""The potential of an electrode against closed forms, on the patient's own (cubic) voxels."""

import numpy as np
import pytest

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
