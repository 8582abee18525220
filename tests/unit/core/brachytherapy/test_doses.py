"""Doses of seeds: what must hold for any seeds, and the grids beside the exact sum."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from tests.support.implants import cube, scattered, seed, single

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.errors import (
    BrachytherapyError,
    FormalismMissingError,
    ImplantError,
    InsideSeedError,
)
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.on_grids import (
    dose_rate_on_grid,
    grid_error,
    kernel_for,
    total_dose_at_points,
    total_dose_on_grid,
    voxels_in_seeds,
)
from tongtai.core.brachytherapy.rules import DoseRules, Formalism, RadialRule

LINE, POINT = DoseRules(), DoseRules(formalism=Formalism.POINT)
few = settings(max_examples=30, deadline=None)
chance = st.integers(0, 10_000).map(np.random.default_rng)
formalism = st.sampled_from([LINE, POINT])


def around(random, count=12, near_mm=30.0, far_mm=80.0):
    """Places outside every seed of ``scattered``."""
    directions = random.normal(size=(count, 3))
    lengths = random.uniform(near_mm + 10.0, far_mm, (count, 1))
    return directions / np.linalg.norm(directions, axis=1, keepdims=True) * lengths


@few
@given(chance, formalism)
def test_turning_seeds_and_points_together_changes_nothing(random, rules):
    implant, points = scattered(4, random), around(random)
    turn = Rotation.random(random_state=int(random.integers(1 << 30))).as_matrix()
    turned = Implant(
        tuple(
            seed(
                centre=tuple(turn @ one.centre_lps_mm),
                axis=tuple(turn @ one.axis_lps),
                strength_u=one.strength_u,
            )
            for one in implant.seeds
        )
    )
    before, after = doses_at(implant, points, rules), doses_at(turned, points @ turn.T, rules)
    assert after.total_gy == pytest.approx(before.total_gy, rel=1e-9)


@few
@given(chance, formalism)
def test_doses_of_seeds_add(random, rules):
    implant, points = scattered(5, random), around(random)
    whole = doses_at(implant, points, rules)
    parts = [doses_at(Implant((one,)), points, rules) for one in implant.seeds]
    assert whole.rate_gy_h == pytest.approx(sum(one.rate_gy_h for one in parts), rel=1e-12)
    assert whole.total_gy == pytest.approx(sum(one.total_gy for one in parts), rel=1e-12)


@few
@given(st.floats(0.5, 90.0), st.floats(1.0, 60.0), st.floats(0.0, 2 * math.pi))
def test_a_seed_is_alike_at_both_ends_and_all_around(theta_deg, distance_mm, turn):
    theta, far = math.radians(theta_deg), distance_mm + 3.0
    away, along = far * math.sin(theta), far * math.cos(theta)
    points = np.array(
        [[away, 0, along], [away * math.cos(turn), away * math.sin(turn), along], [away, 0, -along]]
    )
    found = doses_at(single(), points, LINE).total_gy
    assert found == pytest.approx(np.full(3, found[0]), rel=1e-9)
    assert doses_at(single(axis=(0, 0, -1)), points, LINE).total_gy == pytest.approx(found, rel=1e-12)


@few
@given(st.floats(0.0, 400.0), st.floats(0.0, 400.0))
def test_strength_and_dose_decay_alike(first_d, second_d):
    points, implant = np.array([[12.0, 3.0, 4.0]]), single()
    once, twice = implant.decayed(first_d + second_d), implant.decayed(first_d).decayed(second_d)
    assert once.total_strength_u == pytest.approx(twice.total_strength_u, rel=1e-12)
    given_first = doses_at(implant, points, LINE, after_d=first_d).total_gy
    left = doses_at(implant.decayed(first_d), points, LINE).total_gy
    assert given_first + left == pytest.approx(doses_at(implant, points, LINE).total_gy, rel=1e-9)


def test_an_axis_matters_to_the_line_source_only():
    points = np.array([[0.0, 0.0, 15.0]])
    along, across = single(), single(axis=(1.0, 0.0, 0.0))
    assert doses_at(along, points, LINE).total_gy[0] < 0.6 * doses_at(across, points, LINE).total_gy[0]
    assert doses_at(along, points, POINT).total_gy == doses_at(across, points, POINT).total_gy


def test_the_rule_between_points_is_the_one_that_was_chosen():
    between = np.array([[45.0, 0.0, 0.0]])
    linear = doses_at(single(), between, DoseRules()).total_gy[0]
    logarithmic = doses_at(single(), between, DoseRules(radial=RadialRule.LOG_LINEAR)).total_gy[0]
    assert linear / logarithmic == pytest.approx((0.496 + 0.364) / 2 / math.sqrt(0.496 * 0.364), rel=1e-9)


@pytest.mark.parametrize("radial", RadialRule)
def test_beyond_the_table_the_dose_falls_on(radial):
    found = doses_at(single(), np.array([[100.0, 0, 0], [110.0, 0, 0]]), DoseRules(radial=radial)).total_gy
    # The geometry of the line is that of a point so far away.
    assert found[1] / found[0] == pytest.approx((100 / 110) ** 2 * 0.0803 / 0.109, rel=1e-3)


@pytest.mark.parametrize("rules", [LINE, POINT, DoseRules(radial=RadialRule.LOG_LINEAR)])
def test_grids_are_the_exact_sum(rules):
    random = np.random.default_rng(5)
    implant, grid = scattered(30, random), cube(40, 2.3, origin_mm=(4.0, -3.0, 2.0))
    dose = total_dose_on_grid(implant, grid, rules)
    error = grid_error(implant, dose, rules, random, places=4000)
    assert error.places > 3000
    assert error.largest < 1e-3
    rate = dose_rate_on_grid(implant, grid, rules, kernel=kernel_for(implant, grid, rules))
    assert rate.voxels * 2056.7061 == pytest.approx(dose.voxels, rel=1e-6)


def test_models_of_different_kinds_on_one_grid():
    random = np.random.default_rng(6)
    implant = Implant((*scattered(3, random).seeds, *scattered(3, random, model="2301").seeds))
    points = around(random, 400)
    exact = doses_at(implant, points, POINT).total_gy
    assert total_dose_at_points(implant, points, POINT) == pytest.approx(exact, rel=1e-4)


def test_far_from_the_origin_nothing_is_lost():
    random = np.random.default_rng(7)
    shift = np.array([900.0, -1200.0, 1500.0])
    implant, points = scattered(10, random), around(random, 200)
    moved = total_dose_at_points(implant.moved(np.tile(shift, (10, 1))), points + shift, LINE)
    assert moved == pytest.approx(total_dose_at_points(implant, points, LINE), rel=1e-5)


def test_voxels_inside_seeds_are_counted_and_finite():
    grid = cube(41, 0.25)
    dose = total_dose_on_grid(single(), grid, LINE)
    # A cylinder of 4.5 mm × 0.8 mm, sampled every 0.25 mm.
    assert voxels_in_seeds(single(), grid) == 17 * 9
    assert np.isfinite(dose.voxels).all()
    assert dose.voxels.max() < 20_000.0


@pytest.mark.parametrize(
    "change",
    [
        {"strength_u": -0.1},
        {"strength_u": 0.0},
        {"strength_u": math.nan},
        {"axis": (0.0, 0.0, 0.0)},
        {"axis": (0.0, math.inf, 1.0)},
        {"centre": (math.nan, 0.0, 0.0)},
    ],
)
def test_seeds_that_cannot_be_are_refused(change):
    with pytest.raises(ImplantError):
        seed(**change)


def test_no_seeds_are_refused():
    with pytest.raises(ImplantError):
        Implant(())


@pytest.mark.parametrize("place", [(0.0, 0.0, 0.0), (0.39, 0.0, 2.24)])
def test_a_point_inside_a_seed_is_refused(place):
    with pytest.raises(InsideSeedError, match="Point 2 lies inside seed 1"):
        doses_at(single(), np.array([(9.0, 9.0, 9.0), place]), LINE)


def test_a_point_on_the_side_of_a_seed_is_not():
    assert np.isfinite(doses_at(single(), np.array([(0.4, 0.0, 0.0), (0.0, 0.0, 2.25)]), LINE).total_gy).all()


def test_a_model_without_anisotropy_offers_the_point_source_only():
    with pytest.raises(FormalismMissingError, match="it offers only the point source"):
        doses_at(single(model="6702"), np.array([[9.0, 0, 0]]), LINE)
    assert doses_at(single(model="6702"), np.array([[9.0, 0, 0]]), POINT).total_gy[0] > 0.0
    with pytest.raises(FormalismMissingError, match="no dose can be computed"):
        doses_at(single(model="IAI-125A"), np.array([[9.0, 0, 0]]), POINT)


def test_a_grid_of_one_voxel_is_refused():
    with pytest.raises(BrachytherapyError, match="two voxels"):
        total_dose_on_grid(single(), cube(1, 1.0), LINE)


def test_a_kernel_that_is_too_short_is_refused():
    kernel = kernel_for(single(), cube(5, 1.0), LINE)
    with pytest.raises(BrachytherapyError, match="reaches"):
        total_dose_on_grid(single(), cube(50, 5.0), LINE, kernel=kernel)
