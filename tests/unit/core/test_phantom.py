"""The simulated abdomen: as the demonstration shows it, and as planning is tested on it."""

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from tongtai.core.phantom.abdomen import abdomen_phantom, draw_anatomy, imaged
from tongtai.core.phantom.motion import Motion
from tongtai.core.phantom.tissues import TISSUES, Structure, Tissue
from tongtai.core.volumes import Volume

GRID: dict[str, Any] = {"slices": 70, "size": 128, "slice_mm": 4.0}


def _phantom(seed):
    return abdomen_phantom(np.random.default_rng(seed), slices=40, size=128, slice_mm=4.0)


def _taken(*, ablated=False, moved=False, seed=7):
    anatomy = draw_anatomy(np.random.default_rng(seed))
    return imaged(anatomy, np.random.default_rng(3), ablated=ablated, moved=moved, **GRID)


@pytest.fixture(scope="module")
def before():
    return _taken()


@pytest.fixture(scope="module")
def after():
    return _taken(ablated=True)


def _mean(phantom, mask):
    return float(phantom.image.voxels[mask].mean())


def test_the_same_seed_gives_the_same_ct_and_another_seed_another():
    assert np.array_equal(_phantom(1).image.voxels, _phantom(1).image.voxels)
    assert not np.array_equal(_phantom(1).image.voxels, _phantom(2).image.voxels)


def test_the_tumours_are_darker_than_the_liver_around_them(before):
    liver = before.tissues.voxels == Tissue.LIVER
    for structure in (Structure.TUMOUR_1, Structure.TUMOUR_2):
        tumour = before.mask(structure).voxels
        around = ndimage.binary_dilation(tumour, iterations=3) & liver
        assert _mean(before, ndimage.binary_erosion(tumour)) < _mean(before, around) - 25


def test_every_slice_says_simulated():
    marked = (_phantom(1).image.voxels == 1200).sum(axis=(1, 2))
    assert marked.min() == marked.max() > 100


def test_tumours_have_the_volume_and_the_place_that_is_told(before):
    for structure, tumour in zip((Structure.TUMOUR_1, Structure.TUMOUR_2), before.tumours, strict=True):
        mask = before.mask(structure)
        volume_mm3 = mask.voxels.sum() * mask.voxel_volume_ml * 1000
        assert volume_mm3 == pytest.approx(4 / 3 * np.pi * np.prod(tumour.radii_mm), rel=0.12)
        centre = mask.lps_of(np.argwhere(mask.voxels)).mean(axis=0)
        np.testing.assert_allclose(centre, tumour.centre_lps_mm, atol=1.5)


def test_one_tumour_lies_beside_a_vessel_and_one_under_the_dome(before):
    spacing = before.image.spacing_mm
    to_portal = ndimage.distance_transform_edt(~before.mask(Structure.PORTAL_VEIN).voxels, spacing)
    assert to_portal[before.mask(Structure.TUMOUR_1).voxels].min() < 6.0
    to_lung = ndimage.distance_transform_edt(~before.mask(Structure.LUNG).voxels, spacing)
    assert to_lung[before.mask(Structure.TUMOUR_2).voxels].min() < 15.0


@pytest.mark.parametrize(
    ("structure", "least_ml", "most_ml"),
    # Ordinary sizes of adults: Gray's Anatomy; liver 1.2-2.1 l.
    [(Structure.LIVER, 1200, 2100), (Structure.SPLEEN, 100, 300), (Structure.KIDNEY_LEFT, 90, 200),
     (Structure.KIDNEY_RIGHT, 90, 200), (Structure.GALLBLADDER, 10, 50), (Structure.STOMACH, 150, 500)],
)  # fmt: skip
def test_organs_have_ordinary_sizes(before, structure, least_ml, most_ml):
    assert least_ml < before.mask(structure).voxels.sum() * before.image.voxel_volume_ml < most_ml


def test_every_structure_is_there_and_organs_do_not_overlap(before, after):
    assert set(before.structures()) == set(Structure) - {Structure.ABLATION_ZONE}
    assert set(after.structures()) == set(Structure)
    organs = [s for s in Structure if s not in {Structure.BODY, Structure.LIVER, Structure.PORTAL_VEIN,
              Structure.HEPATIC_VEINS, Structure.TUMOUR_1, Structure.TUMOUR_2, Structure.ABLATION_ZONE}]  # fmt: skip
    assert sum(before.mask(s).voxels.astype(int) for s in organs).max() == 1
    assert all(TISSUES[structure] for structure in Structure)


def test_liver_vessels_and_tumours_lie_in_the_liver(before):
    liver = before.mask(Structure.LIVER).voxels
    for structure in (Structure.HEPATIC_VEINS, Structure.TUMOUR_1, Structure.TUMOUR_2):
        assert liver[before.mask(structure).voxels].all()
    parts, count = ndimage.label(ndimage.binary_closing(liver))
    assert np.bincount(parts.ravel())[1:].max() > 0.99 * liver.sum() or count == 1


def test_ablation_leaves_a_dark_zone_that_holds_the_first_tumour_and_not_all_of_the_second(before, after):
    zone = after.mask(Structure.ABLATION_ZONE).voxels
    assert _mean(after, zone) < _mean(before, zone) - 30
    first, second = before.mask(Structure.TUMOUR_1).voxels, before.mask(Structure.TUMOUR_2).voxels
    assert (first & zone).sum() == first.sum()
    assert 0.5 < (second & zone).sum() / second.sum() < 1.0
    # Open vessels are no part of it.
    assert not (zone & after.mask(Structure.PORTAL_VEIN).voxels).any()
    # Anatomy that was not ablated is the same.
    for structure in (Structure.LIVER, Structure.BONE, Structure.TUMOUR_1, Structure.TUMOUR_2):
        np.testing.assert_array_equal(before.mask(structure).voxels, after.mask(structure).voxels)


def test_the_second_ct_shows_each_landmark_where_the_motion_brought_it(before):
    moved = _taken(ablated=True, moved=True)
    assert not np.array_equal(moved.mask(Structure.LIVER).voxels, before.mask(Structure.LIVER).voxels)
    np.testing.assert_array_equal(moved.mask(Structure.BONE).voxels, before.mask(Structure.BONE).voxels)
    shift = moved.landmarks_lps_mm - before.landmarks_lps_mm
    assert np.linalg.norm(shift, axis=1).mean() > 3.0
    liver = ndimage.binary_dilation(moved.mask(Structure.LIVER).voxels, iterations=2)
    index = np.rint(moved.image.index_of(moved.landmarks_lps_mm)).astype(int)
    assert len(index) > 30
    assert liver[tuple(index.T)].mean() > 0.95
    for structure, tumour in zip((Structure.TUMOUR_1, Structure.TUMOUR_2), moved.tumours, strict=True):
        mask = moved.mask(structure)
        np.testing.assert_allclose(
            mask.lps_of(np.argwhere(mask.voxels)).mean(axis=0), tumour.centre_lps_mm, atol=1.5
        )


def test_motion_and_its_inverse_agree_and_fold_nothing():
    motion = Motion((2.0, -3.0, 8.0), 3.0)
    points = np.random.default_rng(1).uniform(-150, 150, size=(200, 3))
    np.testing.assert_allclose(motion.origin_of(motion.moved(points)), points, atol=1e-6)
    step = 1e-3
    columns = [
        (motion.origin_of(points + step * axis) - motion.origin_of(points)) / step for axis in np.eye(3)
    ]
    assert np.linalg.det(np.stack(columns, axis=-1)).min() > 0.9


def test_neighbouring_pixels_share_their_noise_which_has_the_stated_size(before):
    # Two takes of the same anatomy differ by noise only.
    other = imaged(draw_anatomy(np.random.default_rng(7)), np.random.default_rng(4), **GRID)
    inside = ndimage.binary_erosion(before.mask(Structure.SPLEEN).voxels, iterations=2)
    difference = before.image.voxels.astype(float) - other.image.voxels
    assert difference[inside].std() / np.sqrt(2) == pytest.approx(9.0, rel=0.15)
    beside = np.roll(difference, 1, axis=2)
    assert np.corrcoef(difference[inside], beside[inside])[0, 1] > 0.2


def test_image_and_truth_share_one_grid(before):
    assert isinstance(before.image, Volume)
    assert before.image.shares_grid_with(before.tissues)
    middle = before.image.lps_of((np.array(before.image.voxels.shape) - 1) / 2)
    np.testing.assert_allclose(middle, 0.0, atol=1e-4)
