"""Cold spots named, and doses compared: against places and shifts that are known."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.implants import ball, cube, seed, single

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.cold_spots import cold_spots
from tongtai.core.brachytherapy.dose_comparison import compare_doses
from tongtai.core.brachytherapy.errors import DoseVolumeError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.on_grids import total_dose_on_grid
from tongtai.core.brachytherapy.rules import DoseRules

RULES = DoseRules()


def two_rows(kept=(-1, 1)):
    """Seeds on both sides of a target, or on one."""
    return Implant(
        tuple(seed(centre=(8.0 * x, y, z)) for x in kept for y in (-6.0, 0.0, 6.0) for z in (-5.0, 5.0))
    )


def test_the_side_without_seeds_is_named():
    target = ball(30, 1.0, 12.0)
    spots = cold_spots(two_rows(kept=(1,)), target, RULES, prescription_gy=60.0)
    assert spots[0].sides == ("right",)
    assert spots[0].centre_lps_mm[0] < -3.0
    points = target.lps_of(np.argwhere(target.voxels))
    dose = doses_at(two_rows(kept=(1,)), points + 1e-3, RULES).total_gy
    assert spots[0].least_gy == pytest.approx(dose.min(), rel=1e-2)
    assert sum(one.volume_ml for one in spots) == pytest.approx((dose < 60.0).sum() / 1000.0, rel=0.02)
    coldest = doses_at(two_rows(kept=(1,)), np.array([spots[0].coldest_lps_mm]), RULES).total_gy
    assert coldest[0] == pytest.approx(dose.min(), rel=1e-2)


def test_spots_that_do_not_touch_are_two_and_small_ones_are_left_out():
    target = ball(30, 1.0, 12.0)
    implant = two_rows(kept=(0,))
    spots = cold_spots(implant, target, RULES, prescription_gy=56.0)
    assert {one.sides for one in spots[:2]} == {("left",), ("right",)}
    assert cold_spots(implant, target, RULES, prescription_gy=56.0, least_ml=50.0) == ()
    assert cold_spots(implant, target, RULES, prescription_gy=1e-3) == ()


def test_no_target_and_no_prescription_are_refused():
    with pytest.raises(DoseVolumeError, match="empty"):
        cold_spots(single(), cube(4, 1.0), RULES, prescription_gy=1.0)
    with pytest.raises(DoseVolumeError, match="above zero"):
        cold_spots(single(), ball(8, 1.0, 3.0), RULES, prescription_gy=0.0)


def compared(given, implant, **changes):
    return compare_doses(implant, given, RULES, np.random.default_rng(1), from_gy=5.0, places=400, **changes)


def test_the_same_dose_agrees_and_a_scaled_one_by_its_factor():
    implant = two_rows()
    dose = total_dose_on_grid(implant, cube(40, 1.0, origin_mm=(0.5, 0.2, 0.1)), RULES)
    same = compared(dose, implant)
    assert same.largest_percent < 1e-3
    assert (same.gamma_passed, same.places) == (1.0, 400)
    scaled = compared(dose.with_voxels(dose.voxels * np.float32(1.035)), implant)
    assert scaled.difference_percent == pytest.approx((3.5, 3.5, 3.5), abs=1e-3)
    stronger = Implant(tuple(replace(one, strength_u=one.strength_u * 1.035) for one in implant.seeds))
    assert compared(dose, stronger).difference_percent[1] == pytest.approx(100 * (1 / 1.035 - 1), abs=1e-3)


def test_gamma_forgives_a_shift_within_the_distance_and_no_more():
    implant = two_rows()
    grid = cube(40, 1.0, origin_mm=(0.5, 0.2, 0.1))
    near, far = (
        compared(total_dose_on_grid(implant.moved(np.array([shift, 0.0, 0.0])), grid, RULES), implant)
        for shift in (0.8, 3.0)
    )
    assert near.largest_percent > 5.0
    assert near.gamma_passed == 1.0
    assert near.gamma_95 == pytest.approx(0.8, abs=0.1)
    assert far.gamma_passed < 0.6


def test_a_dose_of_nothing_cannot_be_compared():
    with pytest.raises(DoseVolumeError, match="No voxel"):
        compared(cube(10, 1.0), single())
