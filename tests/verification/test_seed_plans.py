"""Seed plans of real lesions: all goals met, by another sum at other places; a lesion behind bowel is explained."""

import time

import numpy as np
import pytest
from tests.support.images import SHARED

from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.core.brachytherapy.on_grids import total_dose_at_points
from tongtai.core.seed_planning.found import Hindrance
from tongtai.core.seed_planning.pipeline import make_seed_plan
from tongtai.core.seed_planning.plan import SeedOutcome
from tongtai.core.seed_planning.requesting import seed_request
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.core.segmentation.masks import Segmentation
from tongtai.formats.engine_names import CLASSICAL
from tongtai.formats.image_reading import read_image
from tongtai.formats.model_pack import PackStore
from tongtai.formats.seed_knowledge import seed_knowledge
from tongtai.formats.segmentation_engines import engine_named

FOLDER = SHARED / "ct-liver-lesions"
PRESCRIPTION_GY, ACTIVITY_MCI, MARGIN_MM = 110.0, 0.6, 3.0
# A rare seed of chance lies on the border of the prescription.
V100_WITHIN = 0.02
pytestmark = [
    pytest.mark.long_proof,
    pytest.mark.shared,
    pytest.mark.verification,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="no ../shared/data/ct-liver-lesions"),
]


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Segmentation:
    image = read_image(FOLDER)
    return engine_named(CLASSICAL, PackStore(tmp_path_factory.mktemp("packs"))).segment(image.volume)


def _planned(patient: Segmentation, tumour: int) -> SeedPlanResult:
    knowledge = seed_knowledge("6711", trials=0)
    request = seed_request(
        knowledge,
        prescription_gy=PRESCRIPTION_GY,
        activity_mci=ACTIVITY_MCI,
        margin_mm=MARGIN_MM,
        tumour_number=tumour,
        position="supine",
        time_limit_s=600.0,
    )
    return make_seed_plan(patient, request, knowledge, seed=1, elapsed_s=time.monotonic)


@pytest.mark.parametrize("tumour", [2, 3, 4, 6])
def test_every_goal_of_a_real_lesion_is_met_also_by_the_exact_sum(patient: Segmentation, tumour: int):
    result = _planned(patient, tumour)
    plan = result.plan
    assert plan.outcome is SeedOutcome.PLANNED, plan.unreached
    assert all(goal.met is not False for goal in plan.goals)
    assert not any(needle.broken_rules for needle in plan.needles)
    model = result.case.knowledge.model
    implant = Implant(
        tuple(
            Seed(
                centre_lps_mm=one.centre_lps_mm,
                axis_lps=one.axis_lps,
                strength_u=one.strength_u,
                model=model,
            )
            for one in plan.seeds
        )
    )
    # Anywhere in the target's voxels, not where the planning looked.
    random = np.random.default_rng(5)
    index = np.argwhere(result.target_mask)[random.integers(0, int(result.target_mask.sum()), 4000)]
    points = result.image.lps_of(index + random.uniform(-0.5, 0.5, index.shape))
    dose = total_dose_at_points(implant, points, result.case.knowledge.dose_rules)
    assert plan.doses is not None
    assert float(np.mean(dose >= PRESCRIPTION_GY)) == pytest.approx(plan.doses.target.v100, abs=V100_WITHIN)
    assert float(np.quantile(dose, 0.1)) == pytest.approx(plan.doses.target.d90_gy, rel=0.03)


def test_the_lesion_behind_bowel_gets_nearly_its_dose_and_bowel_is_named(patient: Segmentation):
    """A few windows of skin lead there: V100 falls short by little, and what closes the other holes is said."""
    plan = _planned(patient, 1).plan
    assert plan.outcome is SeedOutcome.GOALS_NOT_MET
    assert plan.doses is not None
    assert plan.doses.target.d90_gy >= PRESCRIPTION_GY
    assert plan.doses.target.v100 > 0.9
    reasons = {(one.hindrance, one.named) for one in plan.unreached}
    assert reasons == {(Hindrance.BLOCKED_NEEDLES, "bowel")}
