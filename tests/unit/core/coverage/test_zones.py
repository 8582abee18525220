"""Ellipsoids, targets and assessments against closed forms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.anatomies import ellipsoid, straight_grid
from tests.support.balls import ball, ball_in_liver, lens_ml, sphere_ml

from tongtai.core.coverage.assessment import assess
from tongtai.core.coverage.devices import ZoneSize
from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.targets import ablation_target, thinned
from tongtai.core.coverage.zones import Zone, border_points, inside_any, inside_each, packed, zone_at
from tongtai.core.needle import Needle
from tongtai.core.trajectory.anatomy import Anatomy

SIZE = ZoneSize(
    power_w=60.0,
    current_ma=None,
    time_min=10.0,
    short_mm=30.0,
    long_mm=45.0,
    zone_beyond_tip_mm=5.0,
    statement="test",
    sources=("test",),
)


def unit(vector):
    return tuple(np.asarray(vector) / np.linalg.norm(vector))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_inside_is_what_the_ellipsoids_equation_says(seed):
    chance = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(chance.normal(size=(3, 3)))
    zone = Zone(tuple(chance.uniform(-5, 5, 3)), tuple(turn[:, 0]), *chance.uniform(10, 60, 2))
    points = chance.uniform(-40, 40, (300, 3))
    local = (points - zone.centre_lps_mm) @ turn
    halves = np.array([zone.long_mm, zone.short_mm, zone.short_mm]) / 2
    expected = ((local / halves) ** 2).sum(axis=1) <= 1.0
    assert np.array_equal(inside_each(points, packed([zone]))[0], expected)


def test_volume_is_that_of_counted_voxels():
    zone = Zone((1.0, -2.0, 3.0), unit((1, 2, 3)), 30.0, 45.0)
    grid = straight_grid((60, 60, 60), (1.0, 1.0, 1.0))
    points = grid.lps_of(np.argwhere(np.ones(grid.voxels.shape, bool)))
    assert inside_any(points, packed([zone])).sum() / 1000 == pytest.approx(zone.volume_ml, rel=0.005)


def test_the_zone_reaches_beyond_the_tip_and_lies_along_the_needle():
    needle = Needle((0.0, -100.0, 0.0), (0.0, 0.0, 0.0))
    zone = zone_at(needle, 100.0, SIZE)
    assert zone.centre_lps_mm == pytest.approx((0.0, 5.0 - 22.5, 0.0))
    ends = np.array([[0.0, 4.99, 0.0], [0.0, 5.01, 0.0], [0.0, -39.99, 0.0], [0.0, -40.01, 0.0]])
    assert inside_any(ends, packed([zone])).tolist() == [True, False, True, False]


def test_border_points_lie_on_one_zone_and_in_no_other():
    zones = [Zone((0, 0, 0), unit((1, 1, 0)), 20.0, 34.0), Zone((9, 0, 0), unit((0, 0, 1)), 24.0, 30.0)]
    points = border_points(zones, apart_mm=1.0)
    larger = packed(
        [Zone(z.centre_lps_mm, z.direction, z.short_mm * 1.001, z.long_mm * 1.001) for z in zones]
    )
    smaller = packed(
        [Zone(z.centre_lps_mm, z.direction, z.short_mm * 0.999, z.long_mm * 0.999) for z in zones]
    )
    assert inside_any(points, larger).all()
    assert not inside_any(points, smaller).any()


@pytest.mark.parametrize(("spacing", "within"), [((1.0, 1.0, 1.0), 0.05), ((2.5, 0.8, 0.8), 0.08)])
def test_target_is_the_ball_with_its_margin(spacing, within):
    target = ball_in_liver(14.0, spacing_mm=spacing)
    assert target.tumour_ml == pytest.approx(sphere_ml(14), rel=0.01)
    # Distances run from the outermost voxels' centres, which lie inside the ball.
    assert (1 - within) * sphere_ml(19) < target.target_ml < 1.005 * sphere_ml(19)
    assert not target.at_capsule.any()
    assert ball_in_liver(14.0, margin_mm=0.0).target_ml == pytest.approx(sphere_ml(14), rel=0.01)


def test_the_target_converges_with_the_voxels():
    def short(step):
        target = ball_in_liver(8.0, spacing_mm=(step,) * 3, half_mm=24.0, liver_mm=23.0)
        return 1.0 - target.target_ml / sphere_ml(13)

    assert 0.0 < short(0.6) < 0.6 * short(1.2)


def test_the_margin_ends_at_the_liver():
    grid = straight_grid((61, 61, 61), (1.0, 1.0, 1.0))
    half = np.zeros(grid.voxels.shape, bool)
    half[:, :, 30:] = True
    tumour = ellipsoid(grid, (0.0, 0, 0), (12, 12, 12)) & half
    target = ablation_target(
        Anatomy(grid, {"body": np.ones_like(half), "liver": half}, {"t": tumour}), "t", margin_mm=6.0
    )
    assert target.target_ml == pytest.approx(sphere_ml(18) / 2, rel=0.06)
    flagged = target.surface_points[target.at_capsule]
    free = target.surface_points[~target.at_capsule]
    assert flagged[:, 0].max() < 6.0 <= free[:, 0].min() + 0.51
    assert 0.0 < target.at_capsule.mean() < 1.0


def test_targets_that_make_no_sense_are_refused():
    grid = straight_grid((20, 20, 20), (2.0, 2.0, 2.0))
    liver = ellipsoid(grid, (-10, 0, 0), (6, 6, 6))
    outside = ellipsoid(grid, (12, 0, 0), (4, 4, 4))
    anatomy = Anatomy(grid, {"body": np.ones_like(liver), "liver": liver}, {"t": outside})
    with pytest.raises(CoverageError, match="outside the liver"):
        ablation_target(anatomy, "t")
    with pytest.raises(CoverageError, match="no tumour"):
        ablation_target(anatomy, "u")
    with pytest.raises(CoverageError, match="below zero"):
        ablation_target(anatomy, "t", margin_mm=-1.0)


def test_thinning_keeps_the_outermost_of_each_cell():
    points = np.array([[0.0, 0, 0], [0.4, 0, 0], [5.0, 0, 0], [5.4, 0, 0]])
    assert thinned(points, 1.0).tolist() == [0, 3]
    assert thinned(np.zeros((0, 3)), 1.0).tolist() == []


@pytest.mark.parametrize("zone_mm", [16.0, 20.0, 26.0])
def test_concentric_balls_have_the_difference_of_radii_as_margin(zone_mm):
    target = ball_in_liver(12.0)
    result = assess(target, [ball(zone_mm)])
    margin = result.margin
    assert margin.minimum_mm == pytest.approx(zone_mm - 12.0, abs=0.15)
    assert margin.by_point_mm.max() < zone_mm - 12.0 + 1.0, "a voxel's centre lies up to a step inside"
    assert result.tumour_coverage == 1.0
    expected = min(1.0, sphere_ml(zone_mm) / target.target_ml)
    assert result.target_coverage == pytest.approx(expected, abs=0.01)
    assert result.zone_ml == pytest.approx(sphere_ml(zone_mm), rel=0.01)
    assert result.collateral_ml == pytest.approx(max(0, sphere_ml(zone_mm) - target.target_ml), abs=0.3)
    healthy = sphere_ml(45) - sphere_ml(12)
    burnt = sphere_ml(zone_mm) - sphere_ml(12)
    assert result.remnant_ml == pytest.approx(healthy - burnt, rel=0.01)
    assert result.remnant_share == pytest.approx((healthy - burnt) / healthy, abs=0.003)


def test_a_shifted_zone_is_thinnest_on_the_far_side():
    target = ball_in_liver(10.0)
    margin = assess(target, [ball(18.0, (6.0, 0.0, 0.0))]).margin
    assert margin.minimum_mm == pytest.approx(18.0 - 10.0 - 6.0, abs=0.1)
    assert margin.place_lps_mm == pytest.approx((-10.0, 0.0, 0.0), abs=1.5)
    assert margin.below_zero == 0.0
    assert margin.below_asked + margin.at_least_asked == pytest.approx(1.0)
    # Of a sphere, the part nearer to the border than 5 mm is a cap: |s - c| > 13 there.
    cap = 0.5 * (1 + (10.0**2 + 6.0**2 - 13.0**2) / (2 * 10 * 6))
    assert margin.below_asked == pytest.approx(cap, abs=0.05)


def test_partial_coverage_is_the_volume_of_two_caps():
    target = ball_in_liver(14.0)
    result = assess(target, [ball(12.0, (0.0, 15.0, 0.0))])
    assert result.tumour_coverage == pytest.approx(lens_ml(14, 12, 15) / sphere_ml(14), abs=0.004)
    assert result.target_coverage == pytest.approx(lens_ml(19, 12, 15) / sphere_ml(19), abs=0.006)
    assert result.margin.minimum_mm == pytest.approx(-(14 + 15 - 12.0), abs=0.2)
    assert result.margin.place_lps_mm == pytest.approx((0, -14.0, 0), abs=1.5)


def test_overlap_is_counted_once_and_joined_zones_have_no_inner_border():
    target = ball_in_liver(8.0)
    both = assess(target, [ball(16.0, (-7.0, 0, 0)), ball(16.0, (7.0, 0, 0))])
    assert both.zone_ml == pytest.approx(2 * sphere_ml(16) - lens_ml(16, 16, 14), rel=0.01)
    # Across the line of centres the waist of the union is nearest: a circle of √(16² − 7²) mm.
    assert both.margin.minimum_mm == pytest.approx(np.sqrt(16.0**2 - 49) - 8.0, abs=0.15)


def test_an_ellipsoids_margin_is_thinnest_across_it():
    target = ball_in_liver(10.0)
    zone = Zone((0.0, 0.0, 0.0), unit((1, 1, 1)), 30.0, 50.0)
    margin = assess(target, [zone]).margin
    assert margin.minimum_mm == pytest.approx(5.0, abs=0.1)
    assert margin.place_lps_mm is not None
    assert abs(np.dot(margin.place_lps_mm, zone.direction)) < 2.0


def test_without_zones_nothing_is_covered():
    result = assess(ball_in_liver(10.0), [])
    assert (result.tumour_coverage, result.target_coverage, result.zone_ml) == (0.0, 0.0, 0.0)
    assert result.remnant_share == 1.0
    assert result.margin.minimum_mm == -np.inf


def test_the_capsule_is_left_out_of_the_margin_and_said_so():
    target = ball_in_liver(12.0, centre=(32.0, 0.0, 0.0))
    margin = assess(target, [ball(17.0, (30.0, 0.0, 0.0))]).margin
    assert 0.0 < margin.excluded < 0.5
    assert margin.minimum_mm is not None
    assert margin.minimum_at_capsule_mm is not None
    assert margin.minimum_at_capsule_mm == pytest.approx(17.0 - 12.0 - 2.0, abs=0.2)
    assert margin.minimum_mm > margin.minimum_at_capsule_mm


def test_other_structures_that_the_heat_reaches_are_named():
    grid = straight_grid((41, 61, 61), (2.0, 1.5, 1.5))
    liver = ellipsoid(grid, (0, 0, 0), (36, 36, 36))
    tumour, bowel = ellipsoid(grid, (0, 0, 0), (8, 8, 8)), ellipsoid(grid, (20, 0, 0), (9, 9, 9))
    far = ellipsoid(grid, (-38, 0, 0), (5, 5, 5))
    anatomy = Anatomy(
        grid, {"body": np.ones_like(liver), "liver": liver, "bowel": bowel, "heart": far}, {"t": tumour}
    )
    reached = assess(ablation_target(anatomy, "t"), [ball(15.0)]).reached_ml
    assert reached == {"bowel": pytest.approx(lens_ml(15, 9, 20), rel=0.1)}


def test_turning_the_patient_changes_only_coordinates():
    from tests.support.anatomies import rotated  # noqa: PLC0415

    grid = straight_grid((41, 41, 41), (2.0, 2.0, 2.0))
    liver, tumour = ellipsoid(grid, (0, 0, 0), (36, 36, 36)), ellipsoid(grid, (4, 2, 0), (9, 7, 8))
    here = Anatomy(grid, {"body": np.ones_like(liver), "liver": liver}, {"t": tumour})
    move, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))
    there = rotated(here, move, (10.0, 20.0, -5.0))
    zone = Zone((1.0, 2.0, 3.0), unit((1, 0, 2)), 24.0, 34.0)
    moved = Zone(
        tuple(move @ zone.centre_lps_mm + [10.0, 20.0, -5.0]), tuple(move @ zone.direction), 24.0, 34.0
    )
    one, other = assess(ablation_target(here, "t"), [zone]), assess(ablation_target(there, "t"), [moved])
    assert other.target_coverage == pytest.approx(one.target_coverage, abs=1e-9)
    assert other.collateral_ml == pytest.approx(one.collateral_ml, abs=0.05)
    assert other.margin.minimum_mm == pytest.approx(one.margin.minimum_mm, abs=1e-6)
