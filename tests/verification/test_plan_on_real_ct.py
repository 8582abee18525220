"""From a folder of DICOM of a patient to needles, which code that shares nothing with ours then checks on the masks."""

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial import cKDTree
from tests.support.images import SHARED

from tongtai.core.planning.inputs import ImageFacts
from tongtai.core.planning.patient import anatomy_of
from tongtai.core.planning.pipeline import make_plan
from tongtai.core.planning.plan import Outcome, Request
from tongtai.core.trajectory.rules import LimitName
from tongtai.formats.engine_names import CLASSICAL
from tongtai.formats.image_reading import read_image
from tongtai.formats.model_pack import PackStore
from tongtai.formats.plan_knowledge import plan_knowledge
from tongtai.formats.segmentation_engines import engine_named
from tongtai.formats.trajectory_rules import packaged_rules

FOLDER = SHARED / "ct-liver-lesions"
pytestmark = [
    pytest.mark.long_proof,
    pytest.mark.shared,
    pytest.mark.verification,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="no ../shared/data/ct-liver-lesions"),
]

RULES = packaged_rules("rfa")
STEP_MM, NEAR_MM = 0.25, 30.0


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    image = read_image(FOLDER)
    segmentation = engine_named(CLASSICAL, PackStore(tmp_path_factory.mktemp("packs"))).segment(image.volume)
    request = Request(
        technique="rfa", device_id="", margin_mm=5.0, tumour_number=1, by_hand=False, position="supine"
    )
    knowledge = plan_knowledge("rfa", heat=False)
    return make_plan(segmentation, request, knowledge, seed=1, facts=ImageFacts())


def _samples(needle):
    entry, tip = np.array(needle.entry_lps_mm), np.array(needle.tip_lps_mm)
    count = int(np.linalg.norm(tip - entry) / STEP_MM) + 2
    return entry + np.linspace(0.0, 1.0, count)[:, None] * (tip - entry)


def _held(grid, mask, points):
    to_index = np.linalg.inv(grid.index_to_lps)
    index = np.rint(points @ to_index[:3, :3].T + to_index[:3, 3]).astype(int)
    return mask[tuple(np.clip(index, 0, np.array(mask.shape) - 1).T)]


def _distance_mm(grid, mask, points):
    """To the nearest voxel centre of a mask, of those within reach."""
    centres = np.argwhere(mask) @ grid.index_to_lps[:3, :3].T + grid.index_to_lps[:3, 3]
    low, high = points.min(axis=0) - NEAR_MM, points.max(axis=0) + NEAR_MM
    near = centres[np.all((centres >= low) & (centres <= high), axis=1)]
    return cKDTree(near).query(points)[0].min() if len(near) else np.inf


def test_every_needle_of_a_patients_plan_keeps_every_rule_on_the_masks(result):
    plan, grid, anatomy = result.plan, result.segmentation.grid, anatomy_of(result.segmentation)
    assert plan.outcome is Outcome.PLANNED
    assert plan.needles
    liver = np.logical_or.reduce([anatomy.structures["liver"], *anatomy.tumours.values()])
    body = ndimage.binary_dilation(anatomy.structures["body"], iterations=3)
    checked = 0
    for needle in plan.needles:
        points = _samples(needle)
        assert np.linalg.norm(points[-1] - points[0]) <= RULES.limit(LimitName.NEEDLE_LENGTH_MM)
        assert _held(grid, body, points).all(), "the path leaves the body"
        assert _held(grid, liver, points[-1:]).all(), "the tip lies outside the liver"
        for obstacle in RULES.obstacles:
            for name in set(obstacle.structures) & set(anatomy.structures):
                mask = anatomy.structures[name]
                if obstacle.minimum_diameter_mm > 0.0:  # parts that are certainly thick
                    mask = mask & ndimage.binary_dilation(
                        ndimage.binary_erosion(mask, iterations=3), iterations=3
                    )
                assert not _held(grid, mask, points).any(), (needle.id, name, "is pierced")
                assert _distance_mm(grid, mask, points) >= obstacle.margin_mm - 1e-6, (needle.id, name)
                checked += 1
    assert checked >= len(plan.needles) * 5
