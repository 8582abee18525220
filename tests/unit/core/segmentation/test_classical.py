"""The classical engine against the truth of a simulated abdomen, and what it refuses or does not find."""

from functools import cache

import numpy as np
import pytest
from scipy import ndimage
from tests.support.masks import dice, slices_of, small_phantom, stored_otherwise, volume

from tongtai.core.phantom.tissues import Structure, Tissue
from tongtai.core.segmentation.classical.organs import find_liver_slices
from tongtai.core.segmentation.combination import CombinedSegmenter
from tongtai.core.segmentation.errors import SegmentationCancelledError, UnsuitableImageError
from tongtai.core.segmentation.masks import Quality, Severity
from tongtai.core.segmentation.progress import silent
from tongtai.core.segmentation.structures import STRUCTURES, Role
from tongtai.core.volumes import canonical

ENGINE = CombinedSegmenter(first=None)
# In voxels of 5 × 3 × 3 mm: what the engine reached when this was written, less three hundredths.
LEAST_DICE = {
    "body": 0.97,
    "bone": 0.78,
    "lung": 0.97,
    "aorta": 0.78,
    "liver": 0.90,
    "kidney_right": 0.92,
    "kidney_left": 0.92,
    "spleen": 0.89,
    "heart": 0.92,
    "inferior_vena_cava": 0.65,
}


@cache
def _segmented():
    return ENGINE.segment(small_phantom().image)


def _true(*structures):
    return np.logical_or.reduce([small_phantom().mask(one).voxels for one in structures])


def _repainted(region, hounsfield):
    """The phantom's CT with other tissue, as noisy as the rest, in a region."""
    image = small_phantom().image
    voxels = image.voxels.copy()
    noise = np.random.default_rng(1).normal(0.0, 9.0, int(region.sum()))
    voxels[region] = np.rint(hounsfield + noise)
    return image.with_voxels(voxels)


@pytest.mark.verification
@pytest.mark.parametrize(("key", "least"), sorted(LEAST_DICE.items()))
def test_organs_agree_with_the_phantoms_truth(key, least):
    mask = _segmented().mask_of(key)
    assert mask is not None
    assert dice(mask.voxels, _true(Structure(key))) >= least


@pytest.mark.verification
def test_what_needles_must_avoid_is_covered():
    """Guarded regions may be too large, but must hold the organ."""
    found = _segmented()
    avoided = found.union_of(
        key for key, row in STRUCTURES.items() if row.role in (Role.ORGAN_AT_RISK, Role.OBSTACLE)
    )
    for structure, least in {
        Structure.STOMACH: 0.93,
        Structure.BOWEL: 0.93,
        Structure.GALLBLADDER: 0.85,
        Structure.HEART: 0.93,
        Structure.LUNG: 0.97,
        Structure.KIDNEY_RIGHT: 0.9,
    }.items():
        true = _true(structure)
        assert np.count_nonzero(avoided & true) / np.count_nonzero(true) > least, structure


@pytest.mark.verification
def test_the_tumour_is_found_where_it_is_and_nothing_else_is_marked():
    (lesion,) = _segmented().lesions()
    assert lesion.structure.key == "liver_lesion"
    assert dice(lesion.voxels, _true(Structure.TUMOUR_1)) > 0.9
    assert not np.any(lesion.voxels & ~_segmented().union_of(["liver"]))


def test_each_mask_says_how_sure_it_is_and_what_was_not_found_says_why():
    found = _segmented()
    for mask in found.masks:
        assert mask.grade.reason
        assert mask.engine == "classical/1"
        # Its numbers are of two CTs and no quality of a population.
        assert mask.grade.dice is None
    assert {mask.structure.key for mask in found.masks if mask.grade.quality is Quality.GUARDED} == {
        "heart",
        "bowel",
    }
    assert all(found.not_found.values())
    assert not set(found.not_found) & {mask.structure.key for mask in found.masks}


def test_skin_is_the_outer_shell_of_the_body():
    found = _segmented()
    body, skin = found.union_of(["body"]), found.union_of(["skin"])
    assert np.all(body[skin])
    depth = ndimage.distance_transform_edt(body, sampling=small_phantom().image.spacing_mm)
    assert depth[skin].max() < 6.0
    # In every slice it is closed: from outside nothing is reached but the outside.
    for picture, inside in zip(skin, body, strict=True):
        outside, _ = ndimage.label(~picture)
        assert not np.any(inside & ~picture & (outside == outside[0, 0]))


def test_a_ct_without_tumour_gives_no_lesion():
    tumours = ndimage.binary_dilation(_true(Structure.TUMOUR_1, Structure.TUMOUR_2)) & _true(Structure.LIVER)
    found = ENGINE.segment(_repainted(tumours, 108.0))
    assert not found.lesions()
    codes = {finding.code: finding.severity for finding in found.findings}
    assert codes["no_lesion_found"] is Severity.NOTE
    assert "no_liver" not in codes


def test_a_picture_without_liver_is_said():
    found = ENGINE.segment(_repainted(_true(Structure.LIVER), -95.0))
    assert found.mask_of("liver") is None
    (refusal,) = [one for one in found.findings if one.severity is Severity.REFUSAL]
    assert refusal.code == "no_liver"
    assert "no liver in this picture" in refusal.text


@pytest.mark.parametrize("span", [(0, 13), (47, 60)], ids=["pelvis", "chest"])
def test_parts_of_the_trunk_without_liver_are_said(span):
    found = ENGINE.segment(slices_of(small_phantom().image, *span))
    assert any(one.code == "no_liver" for one in found.findings)


def _stored_anyhow(image, change):
    return image.with_voxels(change(image.voxels))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        pytest.param(np.abs, "not Hounsfield", id="MR"),
        pytest.param(lambda v: np.full_like(v, -1000), "not Hounsfield", id="air"),
        pytest.param(
            lambda v: np.random.default_rng(0).normal(0, 400, v.shape).astype(np.int16),
            "spinal canal",
            id="noise",
        ),
        pytest.param(lambda v: np.where(v == v.max(), np.nan, v), "not finite", id="NaN"),
    ],
)
def test_what_is_no_ct_of_a_trunk_is_refused(change, match):
    with pytest.raises(UnsuitableImageError, match=match):
        ENGINE.segment(_stored_anyhow(slices_of(small_phantom().image, 20, 35), change))


def test_three_slices_are_refused_with_their_number():
    with pytest.raises(UnsuitableImageError, match="3 slices over 15 mm"):
        ENGINE.segment(slices_of(small_phantom().image, 20, 23))


def test_however_the_voxels_are_stored_the_masks_are_the_same():
    part = slices_of(small_phantom().image, 24, 38)
    straight = ENGINE.segment(part)
    turned = ENGINE.segment(stored_otherwise(part, (2, 0, 1), (1, 0, 1)))
    assert [mask.name for mask in turned.masks] == [mask.name for mask in straight.masks]
    for one, other in zip(straight.masks, turned.masks, strict=True):
        back = canonical(turned.grid.with_voxels(other.voxels)).voxels
        np.testing.assert_array_equal(back, one.voxels, err_msg=one.name)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.8])
def test_it_stops_when_asked_and_tells_growing_shares(share):
    told = []

    def listener(fraction, step):
        told.append((fraction, step))
        return fraction <= share

    with pytest.raises(SegmentationCancelledError):
        ENGINE.segment(slices_of(small_phantom().image, 24, 38), listener)
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] > share
    assert all(step for _, step in told)


def test_the_slices_of_the_liver_are_found_for_a_network():
    image = small_phantom().image
    true = np.flatnonzero(_true(Structure.LIVER).any(axis=(1, 2)))
    found = find_liver_slices(image, silent)
    assert found is not None
    assert found[0] <= true[0]
    assert found[1] > true[-1]
    assert found[1] - found[0] < true[-1] - true[0] + 12


def test_a_given_liver_is_taken_as_it_is_and_its_tumours_are_not_searched():
    """As behind a network: the liver is neither searched nor returned, and vessels lie within it."""
    image = slices_of(small_phantom().image, 22, 38)
    liver = _true(Structure.LIVER)[22:38]
    around = ENGINE.classical.segment_around(
        image, {"liver": liver, "liver_tumour": np.zeros_like(liver)}, silent
    )
    assert around.mask_of("liver") is None
    assert not around.lesions()
    assert not {"liver", "liver_tumour", "liver_lesion"} & set(around.not_found)
    vessels = around.mask_of("liver_vessel")
    assert vessels is not None
    assert np.count_nonzero(vessels.voxels & liver) > 0.9 * np.count_nonzero(vessels.voxels)


def test_a_table_and_arms_beside_the_body_are_not_body():
    """The largest part in the middle is the trunk: what lies apart from it is not."""
    image = slices_of(small_phantom().image, 24, 38)
    voxels = image.voxels.copy()
    voxels[:, 122:125, 10:118] = 200
    tissues = small_phantom().tissues.voxels[24:38]
    voxels[:, 40:60, 0:3] = 40
    found = ENGINE.segment(image.with_voxels(voxels)).mask_of("body")
    assert found is not None
    assert not np.any(found.voxels[:, 122:125] & (tissues[:, 122:125] == Tissue.AIR))
    assert not np.any(found.voxels[:, 40:60, 0:2])


def test_a_small_volume_of_one_tissue_is_no_trunk():
    with pytest.raises(UnsuitableImageError):
        ENGINE.segment(volume(np.full((20, 30, 30), 40, np.int16), (3.0, 2.0, 2.0)))
