"""Seeds matched one to one."""

import numpy as np
import pytest

from tongtai.core.seed_detection.matching import matched_seeds


def test_the_sum_of_distances_is_least_and_each_seed_is_used_once():
    """The nearest first would take 0 → 1 and leave 5 mm for the other."""
    found, wanted = np.array([[0.0, 0, 0], [2.0, 0, 0]]), np.array([[1.2, 0, 0], [-2.0, 0, 0]])
    made = matched_seeds(found, wanted, within_mm=10.0)
    pairs = dict(zip(made.found.tolist(), made.wanted.tolist(), strict=True))
    assert pairs == {0: 1, 1: 0}
    assert made.distance_mm.sum() == pytest.approx(2.8)


def test_a_seed_beyond_the_limit_takes_no_partner_away():
    found, wanted = np.array([[0.0, 0, 0]]), np.array([[50.0, 0, 0], [1.0, 0, 0]])
    made = matched_seeds(found, wanted, within_mm=3.0)
    assert made.wanted.tolist() == [1]
    assert made.missed.tolist() == [0]
    assert (made.recall, made.precision) == (0.5, 1.0)


def test_ends_of_an_axis_are_alike():
    up, down = np.array([[0.0, 0, 1]]), np.array([[0.0, 0, -1]])
    made = matched_seeds(np.zeros((1, 3)), np.zeros((1, 3)), within_mm=1.0, found_axes=up, wanted_axes=down)
    assert made.angle_deg.tolist() == [0.0]


def test_nothing_found_and_nothing_wanted():
    empty = np.zeros((0, 3))
    assert matched_seeds(empty, np.zeros((2, 3)), within_mm=1.0).recall == 0.0
    assert matched_seeds(empty, empty, within_mm=1.0).precision == 1.0
