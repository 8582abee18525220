"""Agreement of masks against closed forms, SimpleITK, and the published implementation."""

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813  (its usual name)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from tests.support.masks import box, ellipsoid, volume

from tongtai.core.segmentation.metrics import compare, match_lesions, overlap, surface_distances
from tongtai.core.segmentation.metrics.surfaces import EmptyMaskError
from tongtai.core.volumes import GridError

# Numbers of google-deepmind/surface-distance (PyPI ctg-surface-distance 0.1) for these ellipsoids:
# spacing, true centre and radii, predicted centre and radii, shape, then average distance from truth and
# from prediction, robust Hausdorff 95, Hausdorff, surface Dice at 1 mm, areas of truth and prediction.
PUBLISHED = [
    pytest.param(
        (1.0, 1.0, 1.0),
        ((20.0, 20.0, 20.0), (12.0, 10.0, 8.0)),
        ((21.0, 19.0, 22.0), (10.0, 11.0, 9.0)),
        (40, 40, 40),
        (1.1573532823, 1.2214070845, 3.0, 3.7416573868, 0.5748661579, 1353.8742664, 1352.9007878),
        id="isotropic",
    ),
    pytest.param(
        (3.0, 0.8, 0.7),
        ((22.0, 20.0, 20.0), (15.0, 12.0, 10.0)),
        ((24.0, 18.0, 21.0), (13.0, 12.0, 12.0)),
        (16, 50, 60),
        (1.1534147125, 1.1573754074, 3.1827660926, 4.6043457733, 0.5016953256, 2220.3486276, 2289.9808479),
        id="thick slices",
    ),
]


@pytest.mark.verification
@pytest.mark.parametrize(("spacing", "true", "predicted", "shape", "expected"), PUBLISHED)
def test_surface_distances_are_those_of_the_published_implementation(
    spacing, true, predicted, shape, expected
):
    masks = [ellipsoid(shape, centre, radii, spacing) for centre, radii in (predicted, true)]
    found = surface_distances(masks[0], masks[1], spacing)
    true_mean = found.from_true_mm @ found.true_area_mm2 / found.true_area_mm2.sum()
    predicted_mean = found.from_predicted_mm @ found.predicted_area_mm2 / found.predicted_area_mm2.sum()
    measured = (
        true_mean,
        predicted_mean,
        found.hausdorff_mm(95.0),
        found.hausdorff_mm(),
        found.surface_dice(1.0),
        found.true_area_mm2.sum(),
        found.predicted_area_mm2.sum(),
    )
    assert measured == pytest.approx(expected, rel=1e-6)


@pytest.mark.verification
@pytest.mark.parametrize("seed", range(4))
def test_overlap_is_that_of_simpleitk(seed):
    random = np.random.default_rng(seed)
    predicted, true = random.random((2, 9, 11, 13)) > 0.4
    images = [sitk.GetImageFromArray(mask.astype(np.uint8)) for mask in (predicted, true)]
    filter_ = sitk.LabelOverlapMeasuresImageFilter()
    filter_.Execute(*images)
    found = overlap(predicted, true, voxel_volume_ml=0.002)
    assert found.dice == pytest.approx(filter_.GetDiceCoefficient())
    assert found.jaccard == pytest.approx(filter_.GetJaccardCoefficient())
    assert found.precision == pytest.approx(1.0 - filter_.GetFalseDiscoveryRate())
    assert found.recall == pytest.approx(1.0 - filter_.GetFalseNegativeError())


@pytest.mark.verification
def test_hausdorff_distance_is_that_of_simpleitk_within_a_voxel():
    """SimpleITK measures from voxel to voxel, this from surface to surface."""
    spacing = (2.0, 1.0, 1.0)
    true = ellipsoid((24, 40, 40), (22.0, 18.0, 18.0), (14.0, 10.0, 10.0), spacing)
    predicted = true | ellipsoid((24, 40, 40), (22.0, 18.0, 30.0), (6.0, 5.0, 7.0), spacing)
    images = [sitk.GetImageFromArray(mask.astype(np.uint8)) for mask in (predicted, true)]
    for image in images:
        image.SetSpacing(spacing[::-1])
    filter_ = sitk.HausdorffDistanceImageFilter()
    filter_.Execute(*images)
    found = surface_distances(predicted, true, spacing)
    assert found.hausdorff_mm() == pytest.approx(filter_.GetHausdorffDistance(), abs=1.0)


@pytest.mark.verification
@pytest.mark.parametrize("voxel", [1.0, 0.5])
@pytest.mark.parametrize("gap", [2.0, 5.0])
def test_distance_of_concentric_spheres_is_the_difference_of_their_radii(gap, voxel):
    """To within six tenths of a voxel, too small as the nearest of several cells is taken, and so finer with the grid."""
    size = round(50.0 / voxel)
    centre = ((size - 1) * voxel / 2.0,) * 3
    spheres = [ellipsoid((size,) * 3, centre, (radius,) * 3, (voxel,) * 3) for radius in (15.0 + gap, 15.0)]
    found = surface_distances(spheres[0], spheres[1], (voxel,) * 3)
    assert found.average_symmetric_mm == pytest.approx(gap - 0.3 * voxel, abs=0.3 * voxel)
    assert found.hausdorff_mm(95.0) == pytest.approx(gap, abs=voxel)
    assert found.surface_dice(gap + 1.0) == 1.0
    # Marching cubes on truth values rounds a sphere's steps: its area is some 9 % too large.
    assert found.true_area_mm2.sum() == pytest.approx(1.09 * 4.0 * np.pi * 15.0**2, rel=0.02)


@pytest.mark.verification
def test_shifted_box_in_closed_form():
    """A cube of 20 mm shifted along i by 3 mm.

    The leading faces lie 3 mm off; the trailing ones too, but near their rims the other's sides are
    nearer; of the sides a strip of 3 mm stands out.
    """
    true = box((30, 30, 40), (5, 25), (5, 25), (5, 25))
    found = surface_distances(np.roll(true, 3, axis=2), true, (1.0, 1.0, 1.0))
    assert found.hausdorff_mm() == 3.0
    leading, trailing, strips = 3.0 * 20.0**2, (20.0**3 - 14.0**3) / 6.0, 4 * 20.0 * 3.0**2 / 2.0
    assert found.average_symmetric_mm == pytest.approx((leading + trailing + strips) / 2400.0, rel=0.01)
    assert overlap(np.roll(true, 3, axis=2), true, voxel_volume_ml=0.001).dice == pytest.approx(17.0 / 20.0)


@pytest.mark.verification
def test_distances_are_those_of_scipy():
    """Border cells are those whose eight corners disagree, by scipy's mean; scipy measures between them."""
    spacing = (3.0, 0.8, 0.7)
    random = np.random.default_rng(5)
    masks = [random.random((9, 14, 15)) > 0.5 for _ in range(2)]
    found = surface_distances(masks[0], masks[1], spacing)
    corners = [np.pad(mask, 1).astype(np.float32) for mask in masks]
    means = [ndimage.uniform_filter(one, 2, origin=-1)[:-1, :-1, :-1] for one in corners]
    borders = [(mean > 1e-3) & (mean < 1.0 - 1e-3) for mean in means]
    for distances, own, other in (
        (found.from_predicted_mm, borders[0], borders[1]),
        (found.from_true_mm, borders[1], borders[0]),
    ):
        expected = ndimage.distance_transform_edt(~other, sampling=spacing)[own]
        np.testing.assert_allclose(distances, expected, rtol=1e-5, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), axis=st.integers(0, 2))
def test_a_mirrored_patient_measures_the_same(seed, axis):
    random = np.random.default_rng(seed)
    masks = random.random((2, 7, 8, 9)) > 0.6
    masks[:, 3, 3, 3] = True
    spacing = (2.0, 0.7, 0.9)
    straight = surface_distances(masks[0], masks[1], spacing)
    mirrored = surface_distances(np.flip(masks[0], axis), np.flip(masks[1], axis), spacing)
    assert mirrored.hausdorff_mm() == pytest.approx(straight.hausdorff_mm())
    # Marching cubes decides ambiguous cells by a rule that a mirror may change, so areas differ a little.
    assert mirrored.average_symmetric_mm == pytest.approx(straight.average_symmetric_mm, rel=0.05, abs=0.05)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_distances_are_symmetric_in_their_arguments(seed):
    masks = np.random.default_rng(seed).random((2, 6, 7, 8)) > 0.7
    masks[:, 2, 2, 2] = True
    forth = surface_distances(masks[0], masks[1], (1.5, 1.0, 1.0))
    back = surface_distances(masks[1], masks[0], (1.5, 1.0, 1.0))
    assert forth.average_symmetric_mm == pytest.approx(back.average_symmetric_mm)
    assert forth.hausdorff_mm(95.0) == back.hausdorff_mm(95.0)
    assert forth.surface_dice(1.0) == pytest.approx(back.surface_dice(1.0))


def test_volumes_and_their_error():
    found = overlap(
        box((10, 10, 10), (0, 5), (0, 10), (0, 10)),
        box((10, 10, 10), (0, 4), (0, 10), (0, 10)),
        voxel_volume_ml=0.01,
    )
    assert (found.predicted_ml, found.true_ml) == (5.0, 4.0)
    assert found.relative_volume_error == pytest.approx(0.25)


def test_empty_masks_have_no_numbers_instead_of_wrong_ones():
    empty, full = np.zeros((4, 4, 4), np.bool_), np.ones((4, 4, 4), np.bool_)
    assert overlap(empty, empty, voxel_volume_ml=1.0).dice is None
    assert overlap(empty, full, voxel_volume_ml=1.0).dice == 0.0
    assert overlap(full, empty, voxel_volume_ml=1.0).relative_volume_error is None
    with pytest.raises(EmptyMaskError):
        surface_distances(empty, full, (1.0, 1.0, 1.0))
    found = compare(volume(empty), volume(full))
    assert found.hausdorff_mm is None
    assert found.overlap.recall == 0.0


def test_other_grids_are_refused():
    mask = np.ones((4, 4, 4), np.bool_)
    with pytest.raises(GridError, match="different grids"):
        compare(volume(mask), volume(mask, (2.0, 1.0, 1.0)))
    with pytest.raises(GridError):
        overlap(mask, mask[1:], voxel_volume_ml=1.0)


def test_lesions_one_by_one():
    shape = (20, 20, 60)
    true = (
        box(shape, (2, 8), (2, 8), (2, 8))
        | box(shape, (2, 8), (2, 8), (22, 28))
        | box(shape, (2, 8), (2, 8), (42, 48))
    )
    # One found exactly, one shifted by half, one missed, one invented.
    predicted = (
        box(shape, (2, 8), (2, 8), (2, 8))
        | box(shape, (2, 8), (2, 8), (25, 31))
        | box(shape, (12, 15), (12, 15), (50, 53))
    )
    found = match_lesions(predicted, true, voxel_volume_ml=0.001)
    assert (found.predicted, found.true, found.matched) == (3, 3, 2)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 3)
    assert found.dice_of_matched == pytest.approx((1.0, 0.5))
    strict = match_lesions(predicted, true, voxel_volume_ml=0.001, least_jaccard=0.5)
    assert strict.matched == 1


def test_small_lesions_may_be_left_out_and_a_match_is_one_to_one():
    shape = (10, 10, 40)
    true = box(shape, (2, 6), (2, 6), (2, 30))
    predicted = (
        box(shape, (2, 6), (2, 6), (2, 14))
        | box(shape, (2, 6), (2, 6), (16, 30))
        | box(shape, (8, 9), (8, 9), (36, 37))
    )
    found = match_lesions(predicted, true, voxel_volume_ml=1.0, smallest_ml=5.0)
    assert (found.predicted, found.true, found.matched) == (2, 1, 1)
    # The larger piece is taken: 14 of 28 slices.
    assert found.dice_of_matched == pytest.approx((2 * 14 / (14 + 28),))
