"""Edits of single seeds: the same as the whole dose computed anew, and as the evaluation of masks."""

import numpy as np
import pytest
from tests.support.implants import ball, scattered, seed

from tongtai.core.brachytherapy.dose_volume import subdivided
from tongtai.core.brachytherapy.errors import DoseVolumeError, ImplantError
from tongtai.core.brachytherapy.evaluation import evaluate_implant
from tongtai.core.brachytherapy.live import TARGET, LiveImplant, StructureSamples, region_grid
from tongtai.core.brachytherapy.on_grids import dose_of_each_gy, total_dose_at_points
from tongtai.core.brachytherapy.rules import DoseRules

RULES = DoseRules()


def _samples(mask, parts=2):
    points, volume_ml = subdivided(mask, parts)
    return StructureSamples(points_lps_mm=points, volume_ml=np.full(len(points), volume_ml), parts=parts)


@pytest.fixture(scope="module")
def live():
    return LiveImplant.of(
        scattered(20, np.random.default_rng(3), half_mm=10.0), RULES, {TARGET: _samples(ball(15, 2.0, 13.0))}
    )


def test_its_evaluation_is_that_of_masks(live):
    mask = ball(15, 2.0, 13.0)
    found, other = (
        live.evaluation(100.0),
        evaluate_implant(live.implant, mask, {}, RULES, prescription_gy=100.0),
    )
    assert found.target.d90_gy == pytest.approx(other.target.d90_gy, rel=1e-5)
    assert found.target.v100 == pytest.approx(other.target.v100, abs=1e-4)
    assert found.isodose_ml == pytest.approx(other.isodose_ml, rel=0.02)
    assert found.indices.conformity_index == pytest.approx(other.indices.conformity_index, rel=0.02)


def test_a_seed_moved_taken_or_added_equals_the_dose_computed_anew(live):
    other = seed(centre=(1.0, 2.0, 3.0), axis=(1.0, 1.0, 0.0))
    for changed in (live.with_seed(4, other), live.without_seed(0), live.with_added(other)):
        anew = LiveImplant.of(changed.implant, RULES, live.samples)
        np.testing.assert_allclose(changed.doses[TARGET], anew.doses[TARGET], rtol=2e-4)
        whole = changed.dose_grid()
        places = whole.lps_of(np.indices(whole.voxels.shape).reshape(3, -1).T)
        summed = total_dose_at_points(changed.implant, places, RULES)
        np.testing.assert_allclose(whole.voxels.reshape(-1), summed, rtol=2e-3, atol=1e-3)
    assert len(live.implant.seeds) == 20


def test_the_doses_of_each_seed_sum_to_the_whole(live):
    points = live.samples[TARGET].points_lps_mm[::50]
    each = dose_of_each_gy(live.implant, points, RULES)
    assert each.shape == (20, len(points))
    np.testing.assert_allclose(each.sum(axis=0), total_dose_at_points(live.implant, points, RULES), rtol=1e-4)


def test_what_cannot_be_edited_is_refused(live):
    with pytest.raises(ImplantError, match="no seed 21"):
        live.without_seed(20)
    with pytest.raises(ImplantError, match="6702"):
        live.with_added(seed(model="6702"))
    with pytest.raises(DoseVolumeError, match="samples"):
        LiveImplant.of(live.implant, RULES, {})
    with pytest.raises(DoseVolumeError, match="prescription"):
        live.evaluation(-1.0)


def test_seeds_far_outside_the_target_are_told():
    strong = LiveImplant.of(
        scattered(20, np.random.default_rng(3)), RULES, {TARGET: _samples(ball(5, 2.0, 3.0))}
    )
    with pytest.raises(DoseVolumeError, match="side of the grid"):
        strong.evaluation(1.0)


@pytest.mark.parametrize(
    ("low", "high", "spacing"), [(0.0, 1.0, 5.0), (0.0, 10.0, 0.0), (0.0, 10.0, -1.0), (0.0, 2000.0, 1.0)]
)
def test_a_dose_grid_of_one_voxel_or_too_many_is_refused(low, high, spacing):
    with pytest.raises(DoseVolumeError):
        region_grid(np.full(3, low), np.full(3, high), spacing)
