"""A needle's measures against closed forms, and every hard rule broken once."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.anatomies import ellipsoid, straight_grid, upper_abdomen

from tongtai.core.needle import Needle
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.measuring import Measurer, nearest_to_segments
from tongtai.core.trajectory.reach import reach, tumour_targets
from tongtai.core.trajectory.rules import LimitName
from tongtai.core.trajectory.scene import prepare
from tongtai.formats.trajectory_rules import packaged_rules

RULES = packaged_rules("rfa")


def patient(**structures) -> Anatomy:
    """A body of 200 × 160 mm, a liver ball of 60 mm, a tumour ball of 8 mm at the origin."""
    grid = straight_grid((41, 81, 101), (2.0, 2.0, 2.0))
    masks = {
        "body": ellipsoid(grid, (0, 0, 0), (98, 78, 1e6)),
        "liver": ellipsoid(grid, (0, 0, 0), (60, 60, 60)),
        **{name: ellipsoid(grid, *shape) for name, shape in structures.items()},
    }
    return Anatomy(grid, masks, {"t": ellipsoid(grid, (0, 0, 0), (8, 8, 8))})


def measured(anatomy, entry, tip, rules=RULES):
    return Measurer(prepare(anatomy, rules)).measure([Needle(entry, tip)], "t")[0]


def names(measure):
    return {violation.constraint for violation in measure.violations}


def test_depths_and_angles_of_a_straight_needle():
    needle = measured(patient(), (-1.0, -76.0, 1.0), (-1.0, 6.0, 1.0))
    assert needle.length_mm == pytest.approx(82.0)
    assert needle.liver_depth_mm == pytest.approx(16.0, abs=2.0)
    assert needle.tumour_depth_mm == pytest.approx(68.0, abs=2.0)
    assert needle.liver_pass_mm == pytest.approx(52.0, abs=2.0)
    assert needle.capsule_angle_deg == pytest.approx(90.0, abs=4.0)
    assert (needle.axial_angle_deg, needle.craniocaudal_deg, needle.mediolateral_deg) == pytest.approx(
        (0, 0, 0)
    )
    assert not needle.violations


def test_angles_carry_their_signs():
    up_and_left = measured(patient(), (-30.0, -50.0, -20.0), (0.0, 0.0, 0.0))
    assert up_and_left.mediolateral_deg == pytest.approx(np.degrees(np.arctan2(30, 50)))
    assert up_and_left.craniocaudal_deg == pytest.approx(np.degrees(np.arcsin(20 / np.sqrt(3800))))
    assert up_and_left.axial_angle_deg == up_and_left.craniocaudal_deg


def test_distance_to_a_ball_is_that_of_geometry():
    anatomy = patient(stomach=((40.0, -30.0, 0.0), (14.0, 14.0, 14.0)))
    needle = measured(anatomy, (0.0, -77.0, 0.0), (0.0, 4.0, 0.0))
    assert needle.distance_mm["stomach"] == pytest.approx(40.0 - 14.0, abs=1.0)
    assert needle.nearest_depth_mm["stomach"] == pytest.approx(47.0, abs=2.5)
    assert "stomach" not in names(needle)
    near = measured(anatomy, (40.0, -65.0, 0.0), (3.0, 4.0, 0.0))
    assert names(near) == {"stomach"}
    assert near.violations[0].value == near.distance_mm["stomach"] < near.violations[0].allowed == 5.0


def test_an_axis_through_a_voxel_is_at_distance_zero():
    grid = straight_grid((11, 81, 101), (8.0, 2.0, 2.0))
    masks = {
        "body": ellipsoid(grid, (0, 0, 0), (98, 78, 1e6)),
        "liver": ellipsoid(grid, (0, 0, 0), (60, 60, 40)),
        "bowel": ellipsoid(grid, (0, -40, 0), (9, 9, 3)),
    }
    thick = Anatomy(grid, masks, {"t": ellipsoid(grid, (0, 0, 0), (8, 8, 8))})
    # 3 mm off the slice's centre, but inside its 8 mm.
    needle = measured(thick, (0.0, -70.0, 3.0), (0.0, 0.0, 3.0))
    assert needle.distance_mm["bowel"] == 0.0


def test_nearest_to_segments_is_that_of_dense_sampling():
    chance = np.random.default_rng(4)
    points, entries, tips = (chance.uniform(-30, 30, (n, 3)) for n in (200, 9, 9))
    distance, depth = nearest_to_segments(points, entries, tips)
    along = entries[:, None] + np.linspace(0, 1, 4001)[:, None] * (tips - entries)[:, None]
    dense = np.linalg.norm(along[:, :, None] - points[None, None], axis=3).min(axis=2)
    assert distance == pytest.approx(dense.min(axis=1), abs=1e-3)
    lengths = np.linalg.norm(tips - entries, axis=1)
    assert depth == pytest.approx(dense.argmin(axis=1) / 4000 * lengths, abs=0.1)


@pytest.mark.parametrize(
    ("entry", "tip", "broken"),
    [
        ((-97.0, 0.0, 0.0), (60.0, 0.0, 0.0), "needle_length"),
        ((0.0, -50.0, -38.0), (0.0, 0.0, 0.0), "axial_angle"),
        ((0.0, 77.0, 0.0), (0.0, 0.0, 0.0), "table"),
        ((0.0, -120.0, 0.0), (0.0, 0.0, 0.0), "air"),
        ((30.0, -70.0, 0.0), (30.0, 0.0, 0.0), "off_target"),
    ],
)
def test_each_limit_is_judged(entry, tip, broken):
    assert broken in names(measured(patient(), entry, tip))


def test_a_subcapsular_tumour_wants_liver_before_it():
    grid = straight_grid((41, 81, 101), (2.0, 2.0, 2.0))
    masks = {
        "body": ellipsoid(grid, (0, 0, 0), (98, 78, 1e6)),
        "liver": ellipsoid(grid, (0, 0, 0), (60, 60, 60)),
    }
    anatomy = Anatomy(grid, masks, {"t": ellipsoid(grid, (0, -48, 0), (10, 10, 10))})
    direct = measured(anatomy, (0.0, -77.0, 0.0), (0.0, -48.0, 0.0))
    assert names(direct) == {"subcapsular"}
    assert direct.liver_pass_mm < 10.0
    through = measured(anatomy, (-50.0, -60.0, 0.0), (2.0, -46.0, 0.0))
    assert through.liver_pass_mm >= 10.0
    assert not through.violations


def test_the_outer_end_stays_in_the_bore():
    tight = RULES.with_limit(LimitName.BORE_RADIUS_MM, 120.0, "test")
    needle = measured(patient(), (0.0, -77.0, 0.0), (0.0, 0.0, 0.0), tight)
    assert names(needle) == {"gantry_bore"}


def test_map_and_measurement_agree_on_limits_and_nearly_on_obstacles():
    anatomy = upper_abdomen((24, 48, 56), (8.0, 6.0, 6.0))
    reached = reach(prepare(anatomy, RULES), tumour_targets(anatomy))
    points = np.arange(0, reached.blocked.shape[1], 17)
    needles = [reached.needle(0, int(point)) for point in points]
    measures = Measurer(reached.scene).measure(needles, "tumour")
    for point, measure in zip(points, measures, strict=True):
        for limit in ("needle_length", "axial_angle", "table", "gantry_bore", "subcapsular"):
            bit = reached.constraints.index(limit)
            assert bool(reached.blocked[0, point] >> np.uint32(bit) & 1) == (limit in names(measure))
        if reached.open[0, point]:
            # A voxel that is passed at its corner may be nearer than its centre.
            slack = np.linalg.norm(anatomy.grid.spacing_mm) / 2
            assert all(v.value > v.allowed - slack for v in measure.violations)


def test_structures_without_a_rule_are_measured_too():
    anatomy = patient(adrenal=((0.0, 40.0, 20.0), (6.0, 6.0, 6.0)))
    assert "adrenal" in measured(anatomy, (0.0, -77.0, 0.0), (0.0, 0.0, 0.0)).structure_distance_mm


def test_thin_vessels_are_reported_but_forbid_nothing():
    grid = straight_grid((41, 161, 201), (2.0, 1.0, 1.0))
    thin = ellipsoid(grid, (0, -30, 0), (0.8, 0.8, 1e6))
    masks = {
        "body": ellipsoid(grid, (0, 0, 0), (98, 78, 1e6)),
        "liver": ellipsoid(grid, (0, 0, 0), (60, 60, 60)),
        "portal_vein": thin,
    }
    anatomy = Anatomy(grid, masks, {"t": ellipsoid(grid, (0, 0, 0), (8, 8, 8))})
    needle = measured(anatomy, (0.0, -77.0, 0.0), (0.0, 0.0, 0.0))
    assert needle.structure_distance_mm["portal_vein"] == 0.0
    assert not needle.violations
    every = replace(RULES, obstacles=tuple(replace(o, minimum_diameter_mm=0.0) for o in RULES.obstacles))
    assert names(measured(anatomy, (0.0, -77.0, 0.0), (0.0, 0.0, 0.0), every)) == {"vessel"}
