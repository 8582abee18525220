"""What a plan tells the rules: distances that are known by construction."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.anatomies import ellipsoid, straight_grid
from tests.support.balls import ball
from tests.support.plans import planned, without_needles
from tests.support.seed_plans import seeded

from tongtai.core.complications.evaluating import evaluate
from tongtai.core.complications.facts import sheet_of
from tongtai.core.complications.of_plan import FAR_MM, plan_facts, zones_longest_mm
from tongtai.core.coverage.clearance import Clearance
from tongtai.core.coverage.clearances import WITHIN_MM, clearances
from tongtai.core.coverage.targets import ablation_target
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.formats.complication_rules import packaged_complication_rules
from tongtai.formats.plan_json import plan_bytes, read_plan


def _beside(gap_mm):
    """A tumour ball of 10 mm, and bowel from a plane on whose first voxels are ``gap_mm`` from its last."""
    grid = straight_grid((81, 81, 81), (1.0, 1.0, 1.0))
    liver = ellipsoid(grid, (0, 0, 0), (38.0,) * 3)
    x = grid.lps_of(np.argwhere(np.ones(grid.voxels.shape, bool)))[:, 0].reshape(grid.voxels.shape)
    bowel = x >= 10.0 + gap_mm
    structures = {"body": np.ones_like(liver), "liver": liver & ~bowel, "bowel": bowel}
    anatomy = Anatomy(grid, structures, {"t": ellipsoid(grid, (0, 0, 0), (10.0,) * 3)})
    return ablation_target(anatomy, "t", margin_mm=5.0)


@pytest.mark.parametrize("gap_mm", [4.0, 9.0, 20.0])
def test_distances_of_tumour_and_zones(gap_mm):
    target = _beside(gap_mm)
    (found,) = clearances(target, [ball(15.0)])
    assert found.name == "bowel"
    assert found.tumour_mm == pytest.approx(gap_mm, abs=1e-9)
    assert found.zone_mm == pytest.approx(gap_mm - 5.0, abs=1e-6)
    assert clearances(target, [])[0].zone_mm is None


def test_what_is_far_is_left_out():
    assert clearances(_beside(WITHIN_MM + 1.0), [ball(15.0)]) == ()


def test_a_plan_of_the_phantom_speaks_to_the_rules():
    plan = planned().plan
    assert plan.coverage is not None
    facts = {name: known.value for name, known in plan_facts(plan).items()}
    assert facts["needle_count"] == len(plan.needles)
    assert facts["margin_mm"] == plan.coverage.minimum_margin_mm
    assert facts["tumour_ml"] == plan.target.tumour_ml
    assert plan.clearances
    assert read_plan(plan_bytes(plan)) == read_plan(plan_bytes(read_plan(plan_bytes(plan))))
    # An organ that was segmented and is far is known to be far; one without a mask is not known at all.
    masks = {one.name for one in plan.structures}
    assert ("gallbladder_mm" in facts) == ("gallbladder" in masks)
    assert "zone_longest_mm" not in plan_facts(without_needles().plan)


def test_an_organ_near_the_tumour_fires_and_says_how_near():
    near = (
        Clearance(name="colon", tumour_mm=7.5, zone_mm=-1.0),
        Clearance(name="bile_duct", tumour_mm=4.0, zone_mm=0.5),
    )
    sheet = {**plan_facts(replace(planned().plan, clearances=near)), **sheet_of({"technique": "mwa"})}
    fired = {one.rule.id: one for one in evaluate(packaged_complication_rules(), sheet).fired}
    assert {"gut_mm < 10": 7.5, "zone_reaches_organ = yes": True}.items() <= {
        reason.condition: reason.value for reason in fired["R5"].reasons
    }.items()
    assert fired["R4"].reasons[0].value == 4.0


def test_far_organs_stand_at_the_end_of_what_is_measured():
    assert FAR_MM == WITHIN_MM


def test_longest_diameter_of_zones():
    plan = planned().plan
    one = plan.positions[0]
    alone = replace(plan, positions=(one,))
    assert zones_longest_mm(alone) == pytest.approx(2.0 * max(one.semi_along_mm, one.semi_across_mm))
    moved = tuple(np.add(one.centre_lps_mm, np.multiply(one.axis_lps, 10.0)))
    two = replace(plan, positions=(one, replace(one, number=2, centre_lps_mm=moved)))
    assert zones_longest_mm(two) >= zones_longest_mm(alone)
    assert zones_longest_mm(two) == pytest.approx(
        max(2.0 * one.semi_along_mm + 10.0, 2.0 * one.semi_across_mm), abs=1e-9
    )
    assert zones_longest_mm(replace(plan, positions=())) == 0.0


def test_a_plan_of_seeds_tells_its_tumour_and_needles():
    plan = seeded().plan
    facts = {name: known.value for name, known in plan_facts(plan).items()}
    assert facts == {"tumour_ml": plan.target.tumour_ml, "needle_count": len(plan.needles)}
