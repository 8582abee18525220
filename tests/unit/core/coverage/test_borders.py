"""Distances to the border of zones against closed forms and dense sampling."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from tests.support.balls import ball

from tongtai.core.coverage.borders import ellipse_foot, signed_distance_mm
from tongtai.core.coverage.zones import Zone, border_points, inside_any, packed


def random_zones(chance: np.random.Generator, count: int) -> list[Zone]:
    zones = []
    for _ in range(count):
        along = chance.normal(size=3)
        axes = chance.uniform(12, 40, 2)
        centre = tuple(chance.uniform(-9, 9, 3))
        zones.append(Zone(centre, tuple(along / np.linalg.norm(along)), *axes))
    return zones


@settings(max_examples=60, deadline=None)
@given(
    across=st.floats(0, 60),
    along=st.floats(0, 60),
    short=st.floats(2, 40),
    long=st.floats(2, 40),
)
def test_no_sampled_point_of_an_ellipse_is_nearer_than_its_foot(across, along, short, long):
    x, y = ellipse_foot(across, along, short, long)
    assert (x / short) ** 2 + (y / long) ** 2 == pytest.approx(1.0, abs=1e-6)
    turn = np.linspace(0.0, np.pi / 2, 2001)
    sampled = np.hypot(across - short * np.cos(turn), along - long * np.sin(turn)).min()
    assert np.hypot(across - x, along - y) <= sampled + 1e-6
    assert np.hypot(across - x, along - y) == pytest.approx(sampled, abs=0.05)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_distance_to_a_union_is_that_to_its_densely_sampled_border(seed):
    chance = np.random.default_rng(seed)
    zones = random_zones(chance, 3)
    points = chance.uniform(-25, 25, (100, 3))
    expected, _ = cKDTree(border_points(zones, apart_mm=0.25)).query(points)
    inside = inside_any(points, packed(zones))
    found = signed_distance_mm(points, zones)
    assert np.array_equal(found > 0.0, inside)
    assert np.abs(found) == pytest.approx(expected, abs=0.2)
    assert (np.abs(found) <= expected + 0.1).all(), "sampling can only overstate a distance"


def test_the_crease_between_two_balls_is_found_however_near():
    zones = [ball(10.0, (-6.0, 0, 0)), ball(10.0, (6.0, 0, 0))]
    away = np.array([0.05, 0.3, 1.0, 3.0])
    points = np.stack([0.0 * away, 8.0 - away, 0.0 * away], axis=1)
    assert signed_distance_mm(points, zones) == pytest.approx(away, abs=0.05)


def test_a_zone_made_twice_and_a_zone_within_another_change_nothing():
    points = np.random.default_rng(1).uniform(-15, 15, (50, 3))
    alone = signed_distance_mm(points, [ball(12.0)])
    assert alone == pytest.approx(12.0 - np.linalg.norm(points, axis=1), abs=1e-9)
    assert signed_distance_mm(points, [ball(12.0), ball(12.0)]) == pytest.approx(alone)
    assert signed_distance_mm(points, [ball(12.0), ball(5.0, (3.0, 0, 0))]) == pytest.approx(alone)
