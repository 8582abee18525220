"""A plan of the digital abdomen: checked against its masks, repeatable, judged anew by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage
from tests.support.phantoms import TRUE, phantom_patient, without

from tongtai.core.needle import Needle
from tongtai.core.planning.achieved import CoverageAchieved, MarginChance
from tongtai.core.planning.by_hand import HandApplication, HandNeedle, HandPlaced
from tongtai.core.planning.errors import (
    NoLesionFoundError,
    PlanningCancelledError,
    UnfitSegmentationError,
    UnknownTumourError,
)
from tongtai.core.planning.patient import lesions_by_size
from tongtai.core.planning.pipeline import make_plan
from tongtai.core.planning.plan import Outcome, Request
from tongtai.core.segmentation.masks import Finding, Severity, StructureMask
from tongtai.core.segmentation.structures import structure
from tongtai.core.trajectory.reach import as_point
from tongtai.formats.plan_json import plan_bytes, read_hand_placed
from tongtai.formats.plan_knowledge import plan_knowledge

DEVICE = "mwa-2450-cooled-he2010"
REQUEST = Request(
    technique="mwa", device_id=DEVICE, margin_mm=5.0, tumour_number=1, by_hand=False, position="supine"
)
FORBIDDEN = ("bone", "lung", "heart", "bowel", "stomach", "gallbladder", "kidney_right", "aorta")


@pytest.fixture(scope="module")
def knowledge():
    return plan_knowledge("mwa", heat=False)


@pytest.fixture(scope="module")
def patient():
    return phantom_patient()


@pytest.fixture(scope="module")
def made(patient, knowledge):
    return make_plan(patient, REQUEST, knowledge, seed=1)


def _achieved(plan) -> tuple[CoverageAchieved, MarginChance]:
    assert plan.coverage is not None
    assert plan.coverage.chance is not None
    return plan.coverage, plan.coverage.chance


def _samples(needle, step_mm=0.25):
    entry, tip = np.array(needle.entry_lps_mm), np.array(needle.tip_lps_mm)
    count = int(np.linalg.norm(tip - entry) / step_mm)
    return entry + np.linspace(0.0, 1.0, count)[:, None] * (tip - entry)


def _values(grid, mask, points):
    index = np.rint(grid.index_of(points)).astype(int)
    return mask[tuple(index.T)]


def test_no_needle_passes_through_what_it_must_not(made, patient):
    assert made.plan.outcome is Outcome.PLANNED
    for needle in made.plan.needles:
        points = _samples(needle)
        for name in FORBIDDEN:
            assert not _values(patient.grid, patient.mask_of(name).voxels, points).any(), name
        assert _values(patient.grid, patient.mask_of("body").voxels, points[4:]).all()
        assert needle.depth_mm == pytest.approx(np.linalg.norm(points[-1] - points[0]))
        assert not needle.broken_rules
        assert not needle.pleura_crossed


def test_coverage_follows_from_the_positions_that_are_written_down(made, patient):
    tumour = patient.mask_of("liver_tumour").voxels
    points = patient.grid.lps_of(np.argwhere(tumour))
    held = np.zeros(len(points), bool)
    for one in made.plan.positions:
        away = points - one.centre_lps_mm
        along = away @ np.array(one.axis_lps)
        across = (away**2).sum(axis=1) - along**2
        held |= (along / one.semi_along_mm) ** 2 + across / one.semi_across_mm**2 <= 1.0
    assert made.plan.coverage.tumour == pytest.approx(held.mean())
    assert made.plan.coverage.tumour > 0.99
    assert made.zone_mask[tumour].mean() == pytest.approx(held.mean())


def test_positions_lie_on_their_needles(made):
    needles = {needle.id: needle for needle in made.plan.needles}
    for one in made.plan.positions:
        needle = needles[one.needle]
        assert np.linalg.norm(np.subtract(one.tip_lps_mm, needle.entry_lps_mm)) == pytest.approx(
            one.tip_depth_mm
        )
        assert one.tip_depth_mm <= needle.depth_mm + 1e-9
        beyond = np.subtract(one.tip_lps_mm, one.centre_lps_mm) @ np.array(one.axis_lps)
        assert beyond == pytest.approx(one.semi_along_mm - made.plan.device.zone_beyond_tip_mm)


def test_the_first_alternative_is_the_plan(made):
    first = made.plan.alternatives[0]
    assert (first.needles, first.positions) == (len(made.plan.needles), len(made.plan.positions))
    assert {row.margin_mm for row in made.plan.alternatives} == {5.0, 10.0}


def test_the_same_input_and_seed_give_the_same_bytes(made, patient, knowledge):
    assert plan_bytes(make_plan(patient, REQUEST, knowledge, seed=1).plan) == plan_bytes(made.plan)


def test_another_seed_changes_the_probability_and_the_name_only(made, patient, knowledge):
    other = make_plan(patient, REQUEST, knowledge, seed=2).plan
    assert other.identity.plan_id != made.plan.identity.plan_id
    assert other.identity.input_sha256 == made.plan.identity.input_sha256
    assert (other.needles, other.positions) == (made.plan.needles, made.plan.positions)
    chances = (_achieved(other)[1], _achieved(made.plan)[1])
    error = np.hypot(chances[0].standard_error, chances[1].standard_error)
    assert abs(chances[0].probability - chances[1].probability) <= 5.0 * error + 1e-3


def test_another_mask_is_another_input(made, patient, knowledge):
    changed = without(patient, "spleen")
    assert make_plan(changed, REQUEST, knowledge, seed=1).plan.identity.input_sha256 != (
        made.plan.identity.input_sha256
    )


def test_a_plans_own_needles_are_judged_like_the_plan(made, patient, knowledge):
    placed = read_hand_placed(plan_bytes(made.plan))
    request = replace(REQUEST, by_hand=True)
    again = make_plan(patient, request, knowledge, seed=1, by_hand=placed).plan
    (first, chance), (second, same) = _achieved(made.plan), _achieved(again)
    assert second.method == "by_hand"
    assert second.tumour == first.tumour
    assert second.target == pytest.approx(first.target, abs=1e-4)
    assert second.collateral_ml == pytest.approx(first.collateral_ml, abs=0.2)
    assert same.probability == pytest.approx(chance.probability, abs=0.002)


def test_a_needle_placed_through_bone_says_so(patient, knowledge, made):
    """From the back, through the spine."""
    spine = patient.grid.lps_of(np.argwhere(patient.mask_of("bone").voxels))
    middle = np.array(made.plan.target.centre_lps_mm)
    bone = spine[np.linalg.norm(spine - middle, axis=1).argmin()]
    entry = middle + (bone - middle) * 1.5
    placed = HandPlaced(
        device_id=DEVICE,
        needles=(
            HandNeedle(
                needle=Needle(as_point(entry), as_point(middle)),
                applications=(HandApplication(pull_back_mm=0.0, power_w=60.0, time_min=10.0),),
            ),
        ),
    )
    plan = make_plan(patient, replace(REQUEST, by_hand=True), knowledge, seed=1, by_hand=placed).plan
    assert "bone" in {one.constraint for one in plan.needles[0].broken_rules}
    assert "rule_broken" in {one.code for one in plan.warnings}


def test_a_wall_of_bone_leaves_no_path_and_says_what_closes_it(patient, knowledge):
    body = patient.mask_of("body").voxels
    wall = body & ~ndimage.binary_erosion(body, iterations=3)
    masks = tuple(
        replace(mask, voxels=mask.voxels | wall) if mask.structure.key == "bone" else mask
        for mask in patient.masks
    )
    result = make_plan(replace(patient, masks=masks), REQUEST, knowledge, seed=1)
    assert result.plan.outcome is Outcome.NO_SAFE_PATH
    assert not result.plan.needles
    assert result.plan.coverage is None
    assert result.plan.reach.open_share == 0.0
    assert result.plan.reach.reliefs_tried
    assert "bone" in {one.constraint for one in result.plan.reach.blocked}
    assert not result.zone_mask.any()
    assert plan_bytes(result.plan)


def test_what_cannot_be_planned_on_is_refused(patient, knowledge):
    with pytest.raises(NoLesionFoundError):
        make_plan(without(patient, "liver_tumour"), REQUEST, knowledge, seed=1)
    with pytest.raises(UnknownTumourError, match="2 found"):
        make_plan(patient, replace(REQUEST, tumour_number=3), knowledge, seed=1)
    refused = replace(patient, findings=(Finding("no_liver", Severity.REFUSAL, "There is no liver."),))
    with pytest.raises(UnfitSegmentationError, match="There is no liver"):
        make_plan(refused, REQUEST, knowledge, seed=1)


def test_planning_stops_when_asked(patient, knowledge):
    with pytest.raises(PlanningCancelledError):
        make_plan(patient, REQUEST, knowledge, seed=1, progress=lambda share, _step: share < 0.1)


def test_progress_only_grows(patient, knowledge):
    heard = []
    make_plan(patient, REQUEST, knowledge, seed=1, progress=lambda share, _step: heard.append(share))
    assert heard == sorted(heard)
    assert 0.0 <= heard[0] < heard[-1] <= 1.0


def test_a_corrected_mask_is_planned_on_and_its_editor_is_named(patient, knowledge, made):
    tumour = patient.mask_of("liver_tumour")
    grown = ndimage.binary_dilation(tumour.voxels) & patient.mask_of("liver").voxels
    edited = patient.corrected(tumour, grown, editor="reader-1")
    plan = make_plan(edited, REQUEST, knowledge, seed=1).plan
    assert {one.editor for one in plan.structures if one.name == "liver_tumour"} == {"reader-1"}
    assert plan.target.tumour_ml > made.plan.target.tumour_ml


def test_the_largest_lesion_is_number_one(patient, knowledge):
    """Whatever number the masks carry."""
    lesion = patient.mask_of("liver_tumour", 2)
    grown = ndimage.binary_dilation(lesion.voxels, iterations=3) & patient.mask_of("liver").voxels
    swapped = replace(
        patient,
        masks=tuple(replace(mask, voxels=grown) if mask is lesion else mask for mask in patient.masks),
    )
    assert make_plan(swapped, REQUEST, knowledge, seed=1).plan.target.tumour == "liver_tumour_2"


def test_a_doubtful_mask_is_a_warning(patient, knowledge):
    masks = tuple(mask for mask in patient.masks if mask.structure.key != "spleen")
    pancreas = np.zeros_like(masks[0].voxels)
    pancreas[2:4, 40:44, 60:64] = True
    extra = StructureMask(structure=structure("pancreas"), voxels=pancreas, engine="test/1", grade=TRUE)
    plan = make_plan(replace(patient, masks=(*masks, extra)), REQUEST, knowledge, seed=1).plan
    assert set(plan.reach.unchecked) == {"bile_duct", "spleen"}
    assert "unchecked" in {one.code for one in plan.warnings}


def test_a_lesion_of_which_cleaning_left_nothing_does_not_stop_the_others():
    patient = phantom_patient()
    nothing = StructureMask(
        structure=structure("liver_lesion"), voxels=np.zeros(patient.grid.voxels.shape, np.bool_), engine="test",
        grade=TRUE, number=9,
    )  # fmt: skip
    with_nothing = replace(patient, masks=(*patient.masks, nothing))
    assert lesions_by_size(with_nothing) == lesions_by_size(patient)
