"""The files that a page shows a plan from: on one grid, and the target is what the plan says it is."""

import gzip
import json

import numpy as np
import pytest
from tests.support.plans import planned

from tongtai.formats.plan_folder.page_views import ZONE_BIT, page_views


@pytest.fixture(scope="module")
def files():
    return {file.name: file.content for file in page_views(planned())}


def _voxels(files, name, kind):
    shape = json.loads(files[f"{name.partition('.')[0]}.json"])["shape"]
    return np.frombuffer(gzip.decompress(files[name]), kind).reshape(shape)


def test_the_target_is_the_tumour_with_its_margin(files):
    labels = _voxels(files, "labels.bin.gz", np.uint8)
    target = np.frombuffer(gzip.decompress(files["target.bin.gz"]), np.uint8).reshape(labels.shape)
    plan, grid = planned().plan, planned().image
    (tumour,) = (
        one["value"]
        for one in json.loads(files["labels.json"])["labels"]
        if one["name"] == plan.target.tumour
    )
    inside = (labels & ~np.uint8(ZONE_BIT)) == tumour
    assert target[inside].all()
    voxel_ml = float(abs(np.linalg.det(grid.index_to_lps[:3, :3]))) / 1000.0
    assert target.sum() * voxel_ml == pytest.approx(plan.target.target_ml, rel=0.15)
    assert set(np.unique(target)) == {0, 1}


def test_the_image_is_the_ct_in_hounsfield_units(files):
    image = _voxels(files, "image.bin.gz", np.dtype("<i2"))
    np.testing.assert_array_equal(image, np.rint(planned().image.voxels).astype(np.int16))
