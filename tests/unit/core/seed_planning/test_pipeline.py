"""A seed plan from masks: its rules kept, its numbers those of the exact dose, refusals with the reason."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.phantoms import phantom_patient, without
from tests.support.seed_plans import PRESCRIPTION_GY, knowledge, made, request, seeded

from tongtai.core.brachytherapy.at_points import doses_at
from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram, subdivided
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.needle import Needle
from tongtai.core.planning.errors import NoLesionFoundError, PlanningCancelledError, UnknownTumourError
from tongtai.core.seed_planning.errors import (
    HandPlacedSeedsError,
    OrganMissingError,
    SeedActivityError,
    SeedPlanningError,
    TemplateError,
)
from tongtai.core.seed_planning.found import Hindrance, StoppedBy
from tongtai.core.seed_planning.goals import TARGET, Goal, Quantity
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds
from tongtai.core.seed_planning.placed import Layout
from tongtai.core.seed_planning.plan import SeedOutcome
from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.formats.seed_models import seed_model
from tongtai.formats.seed_plan_json import read_seed_plan, seed_plan_bytes

DMAX = Goal(structure="liver", quantity=Quantity.DMAX, value=100.0, unit="Gy", source="test", asked=True)


def test_every_goal_of_the_phantom_is_met():
    plan = seeded().plan
    assert plan.outcome is SeedOutcome.PLANNED
    assert all(goal.met for goal in plan.goals)
    assert plan.doses.target.d90_gy >= PRESCRIPTION_GY
    assert plan.doses.target.v100 >= 0.95
    assert not plan.unreached


def test_the_plans_doses_are_those_of_the_exact_sum():
    """D90 and V100 once more: seeds read from the plan, samples cut anew, the formalism itself without a kernel."""
    result = seeded()
    plan, model = result.plan, seed_model("6711")
    implant = Implant(
        tuple(
            Seed(
                centre_lps_mm=seed.centre_lps_mm,
                axis_lps=seed.axis_lps,
                strength_u=seed.strength_u,
                model=model,
            )
            for seed in plan.seeds
        )
    )
    points, volume_ml = subdivided(result.case.region.mask, 3)
    centres = implant.centres_lps_mm
    outside = np.linalg.norm(points[:, None] - centres, axis=2).min(axis=1) > 2.5
    exact = np.full(len(points), 1e6)
    exact[outside] = doses_at(implant, points[outside], DoseRules()).total_gy
    found = DoseVolumeHistogram.of(exact, volume_ml)
    assert plan.doses.target.d90_gy == pytest.approx(found.dose_to_share_gy(0.9), rel=0.02)
    assert plan.doses.target.v100 == pytest.approx(found.volume_share(PRESCRIPTION_GY), abs=0.01)
    assert plan.doses.grid_error < 1e-3


def test_needles_and_seeds_keep_the_rules():
    result = seeded()
    plan, rules = result.plan, knowledge().rules
    assert not any(needle.broken_rules for needle in plan.needles)
    for needle in plan.needles:
        own = [seed for seed in plan.seeds if seed.needle == needle.id]
        assert len(own) == needle.seeds == len(needle.steps_mm) + 1
        axis = np.subtract(needle.tip_lps_mm, needle.entry_lps_mm) / needle.depth_mm
        for seed in own:
            place = np.asarray(needle.entry_lps_mm) + seed.depth_mm * axis
            assert place == pytest.approx(np.asarray(seed.centre_lps_mm), abs=1e-6)
        assert all(step >= rules.number(SeedNumber.SEED_STEP_MM) - 1e-6 for step in needle.steps_mm)
    places = np.array([seed.centre_lps_mm for seed in plan.seeds])
    assert np.all(result.case.region.vessel_at(places) >= rules.number(SeedNumber.VESSEL_CLEARANCE_MM) - 1e-6)
    outside = [seed.outside_target_mm for seed in plan.seeds]
    assert max(outside) <= rules.number(SeedNumber.OUTSIDE_TARGET_MM) + 1e-6


def test_the_template_shows_every_hole_and_why_it_is_closed():
    plan = seeded().plan
    template = plan.template
    assert plan.layout is Layout.TEMPLATE
    assert len(template.holes) == template.rows * template.columns
    axes = np.array([template.column_axis_lps, template.row_axis_lps, template.direction_lps])
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-9)
    used = {hole.needle: hole for hole in template.holes if hole.needle}
    assert sorted(used) == sorted(needle.id for needle in plan.needles)
    for needle in plan.needles:
        hole = used[needle.id]
        assert hole.name == needle.hole
        assert needle.depth_mm <= hole.open_to_mm + 1e-6
        way = np.subtract(needle.tip_lps_mm, hole.centre_lps_mm)
        assert np.linalg.norm(np.cross(way, template.direction_lps)) < 1e-6
        assert needle.template_to_tip_mm == pytest.approx(way @ np.asarray(template.direction_lps))
    closed = [hole for hole in template.holes if hole.meets_target and hole.open_to_mm is None]
    assert all(hole.blocked_by for hole in closed)
    assert all(hole.blocked_depth_mm is not None for hole in closed if hole.entry_lps_mm is not None)
    assert sum(one.count for one in template.blocked) == len(closed)


def test_the_search_says_how_far_it_may_be_from_the_best():
    found = seeded().plan.optimisation
    assert 0 < found.needles_bound <= found.needles
    assert 0 < found.seeds_bound <= found.seeds
    assert found.needles_gap == pytest.approx(1.0 - found.needles_bound / found.needles)
    assert (found.needles, found.seeds) <= (found.start_needles, found.start_seeds) or not found.start_needles
    assert found.stopped_by in {StoppedBy.COMPLETE, StoppedBy.PROVED}


def test_the_same_input_gives_the_same_bytes():
    one, other = seed_plan_bytes(made().plan), seed_plan_bytes(made().plan)
    assert one == other
    assert seed_plan_bytes(read_seed_plan(one)) == one


def test_order_and_radiation_sheet_count_the_seeds():
    plan = seeded().plan
    assert plan.order.planned == len(plan.seeds)
    assert plan.order.total == plan.order.planned + plan.order.spares
    assert plan.order.total_activity_mci == pytest.approx(0.6 * len(plan.seeds))
    assert plan.order.total_activity_mbq == pytest.approx(22.2 * len(plan.seeds))
    half = [one.activity_mci for one in plan.order.ordered]
    assert half == sorted(half)
    one_metre = plan.radiation.rates[-1]
    assert one_metre.in_air_ugy_h == pytest.approx(
        plan.order.total_strength_u / (one_metre.distance_mm / 1000.0) ** 2, rel=0.01
    )
    assert one_metre.attenuated_ugy_h < one_metre.in_air_ugy_h
    assert plan.radiation.days_to_tenth == pytest.approx(59.40 * np.log2(10.0))


def test_discharge_values_follow_from_the_regulators_formula():
    """5 mSv to somebody 1 m away for a quarter of the time: 34.6 Γ Q T½ 0.25 / d² (NRC Regulatory Guide 8.39, equation 1)."""
    roentgen_cm2_mci_h, half_life_d, share, cm, rem = 1.11, 60.14, 0.25, 100.0, 0.5
    mci = rem * cm**2 / (34.6 * roentgen_cm2_mci_h * half_life_d * share)
    mr_h = roentgen_cm2_mci_h * mci / cm**2 * 1000.0
    limits = {one.quantity: one.limit for one in knowledge().rules.discharge}
    assert limits["total_activity_mci"] == round(mci)
    # 2.58e-4 C/kg and 33.97 J/C make 8.76 mGy of air kerma.
    assert limits["rate_1m_ugy_h"] == pytest.approx(round(mr_h) * 2.58e-4 * 33.97 * 1000.0, abs=0.01)


def test_a_limit_that_costs_the_target_is_named():
    """Liver outside the target may hardly get a dose: then the target cannot, and the plan says because of what."""
    goals = (*request().goals, DMAX)
    plan = made(request(goals=goals, layout="template", template_spacing_mm=10.0)).plan
    assert plan.outcome is SeedOutcome.GOALS_NOT_MET
    assert plan.unreached
    assert {one.hindrance for one in plan.unreached} & {Hindrance.ORGAN_LIMIT, Hindrance.TARGET_LIMIT}
    assert any(one.named == "liver" or one.structure == "liver" for one in plan.unreached)
    assert any(warning.code == "goal_missed" for warning in plan.warnings)


def test_seeds_that_are_too_weak_for_the_spacing_are_named():
    weak = request(
        activity_mci=0.3, strength_u=0.381, prescription_gy=900.0, layout="template", template_spacing_mm=10.0,
        goals=knowledge().rules.goals_for(900.0, ()),
    )  # fmt: skip
    plan = made(weak).plan
    assert plan.outcome is SeedOutcome.GOALS_NOT_MET
    assert Hindrance.ACTIVITY in {one.hindrance for one in plan.unreached}


@pytest.mark.parametrize(
    ("direction", "constraint"), [((0.0, 0.0, -1.0), "no_skin"), ((0.0, -1.0, 0.0), "bone")]
)
def test_a_direction_without_an_open_hole_is_no_plan_and_says_what_closes_it(direction, constraint):
    """From the head no skin is in the picture; from the back spine and ribs are in the way."""
    plan = made(request(layout="template", template_direction_lps=direction)).plan
    assert plan.outcome is SeedOutcome.NO_SAFE_PATH
    assert not plan.seeds
    assert constraint in {one.constraint for one in plan.blocked}
    assert plan.warnings[0].code == "no_safe_path"
    assert seed_plan_bytes(read_seed_plan(seed_plan_bytes(plan))) == seed_plan_bytes(plan)


def test_free_needles_do_not_cross():
    result = made(request(layout="free"))
    plan = result.plan
    assert plan.layout is Layout.FREE
    assert plan.template is None
    assert all(gap.distance_mm >= 5.0 - 1e-6 for gap in plan.gaps)
    assert not any(needle.broken_rules for needle in plan.needles)


def _by_hand(plan, **changes):
    needles = tuple(
        HandNeedleOfSeeds(
            hole=needle.hole,
            needle=Needle(needle.entry_lps_mm, needle.tip_lps_mm),
            depths_mm=tuple(seed.depth_mm for seed in plan.seeds if seed.needle == needle.id),
        )
        for needle in plan.needles
    )
    return HandPlacedSeeds(needles=(replace(needles[0], **changes), *needles[1:]))


def test_a_plans_own_seeds_are_judged_alike_and_broken_rules_are_named():
    plan = seeded().plan
    again = made(request(layout="by_hand"), by_hand=_by_hand(plan)).plan
    assert again.doses.target.d90_gy == pytest.approx(plan.doses.target.d90_gy, rel=1e-5)
    assert again.doses.target.v100 == pytest.approx(plan.doses.target.v100, abs=1e-4)
    assert again.optimisation.stopped_by is StoppedBy.BY_HAND
    deep = plan.seeds[0].depth_mm
    near = made(request(layout="by_hand"), by_hand=_by_hand(plan, depths_mm=(deep, deep - 2.0, 6.0))).plan
    broken = {rule.constraint for seed in near.seeds for rule in seed.broken_rules}
    assert {"seed_step_mm", "largest_seed_step_mm", "outside_target"} <= broken
    assert any(warning.code == "rule_broken" for warning in near.warnings)
    with pytest.raises(HandPlacedSeedsError, match="same depth"):
        _by_hand(plan, depths_mm=(deep, deep))
    with pytest.raises(HandPlacedSeedsError, match="deep and cannot carry"):
        _by_hand(plan, depths_mm=(deep + 50.0,))
    with pytest.raises(HandPlacedSeedsError, match="at least one"):
        HandPlacedSeeds(needles=())


def test_limits_of_the_dose_are_said_on_every_plan():
    text = " ".join(limit.text for limit in seeded().plan.limits)
    assert "water" in text
    assert "attenuate" in text
    assert "not a registered medical device" in text


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"activity_mci": -0.5, "strength_u": -0.635}, SeedActivityError, "above zero"),
        ({"activity_mci": 0.9, "strength_u": 1.143}, SeedActivityError, "between 0.3 and 0.8"),
        ({"strength_u": 0.6}, SeedActivityError, "are given"),
        ({"prescription_gy": 0.0}, SeedPlanningError, "prescription"),
        ({"prescription_gy": float("nan")}, SeedPlanningError, "prescription"),
        ({"tumour_number": 9}, UnknownTumourError, "no tumour 9"),
        ({"template_spacing_mm": 3.0}, TemplateError, "5 to 10 mm"),
        ({"template_direction_lps": (0.0, 0.0, 0.0)}, TemplateError, "not zero"),
    ],
)
def test_bad_requests_are_refused_with_the_reason(changes, error, sentence):
    with pytest.raises(error, match=sentence):
        made(request(**changes))


def test_a_missing_target_or_organ_is_refused():
    with pytest.raises(NoLesionFoundError):
        made(segmentation=without(phantom_patient(), "liver_tumour"))
    asked = replace(DMAX, structure="spinal_cord")
    with pytest.raises(OrganMissingError, match="spinal_cord"):
        made(request(goals=(*request().goals, asked)))
    # The rules' own limits of organs without a mask are told instead.
    plan = seeded().plan
    assert any(w.code == "limit_unchecked" and "duodenum" in w.text for w in plan.warnings)


def test_a_target_of_a_few_voxels_is_refused():
    patient = phantom_patient()
    masks = []
    for mask in patient.masks:
        voxels = mask.voxels
        if mask.structure.key == "liver_tumour":
            voxels = np.zeros_like(voxels)
            voxels[tuple(np.argwhere(mask.voxels)[: 3 - mask.number].T)] = True
        masks.append(replace(mask, voxels=voxels))
    with pytest.raises(SeedPlanningError, match="fewer than 8 voxels"):
        made(segmentation=replace(patient, masks=tuple(masks)))


def test_planning_can_be_stopped():
    with pytest.raises(PlanningCancelledError):
        made(progress=lambda fraction, _step: fraction < 0.3)


def test_goals_asked_for_take_the_place_of_the_rules_own():
    own = Goal(structure=TARGET, quantity=Quantity.V150, value=0.4, unit="share", source="asked", asked=True)
    goals = knowledge().rules.goals_for(120.0, (own,))
    values = {(goal.structure, goal.quantity): goal.value for goal in goals}
    assert values[TARGET, Quantity.V150] == 0.4
    assert values[TARGET, Quantity.D90] == 120.0
    assert values["stomach", Quantity.D2CC] == 145.0
