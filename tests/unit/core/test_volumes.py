"""Volumes keep every voxel at its place, whatever is done to their order, size or grid."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates

from tongtai.core.volumes import (
    GridError,
    IndexBox,
    Interpolation,
    Volume,
    box_around,
    canonical,
    cropped,
    inside_polygons,
    pasted,
    reordered_like,
    resampled,
    resampled_onto,
    straightened,
)

_ANGLES = st.floats(-0.5, 0.5)
_STEPS = st.floats(0.3, 5.0)
_SIGNS = st.sampled_from([-1.0, 1.0])


def _rotation(a, b, c):
    turn_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    turn_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    turn_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return turn_x @ turn_y @ turn_z


@st.composite
def volumes(draw, *, oblique=True):
    """Any order of axes, any signs, any spacing, a little oblique; voxels number themselves."""
    shape = tuple(draw(st.integers(2, 5)) for _ in range(3))
    directions = np.eye(3)[:, list(draw(st.permutations(range(3))))]
    directions = directions * [draw(_SIGNS) for _ in range(3)] * [draw(_STEPS) for _ in range(3)]
    if oblique:
        directions = _rotation(draw(_ANGLES), draw(_ANGLES), draw(_ANGLES)) @ directions
    index_to_lps = np.eye(4)
    index_to_lps[:3, :3] = directions
    index_to_lps[:3, 3] = [draw(st.floats(-300, 300)) for _ in range(3)]
    return Volume(np.arange(np.prod(shape)).reshape(shape), index_to_lps, "1.2.3")


def _places(volume):
    """Value -> place, for voxels that number themselves."""
    index = np.moveaxis(np.indices(volume.voxels.shape), 0, -1).reshape(-1, 3)
    places = volume.lps_of(index)
    return places[np.argsort(volume.voxels.reshape(-1))]


@settings(max_examples=40, deadline=None)
@given(volumes())
def test_index_to_lps_and_back_is_identity(volume):
    index = np.moveaxis(np.indices(volume.voxels.shape), 0, -1)
    np.testing.assert_allclose(volume.index_of(volume.lps_of(index)), index, atol=1e-8)


@settings(max_examples=40, deadline=None)
@given(volumes())
def test_canonical_moves_no_voxel_and_is_canonical(volume):
    turned = canonical(volume)
    np.testing.assert_allclose(_places(turned), _places(volume), atol=1e-8)
    for axis, patient_axis in enumerate((2, 1, 0)):
        assert turned.index_to_lps[patient_axis, axis] > 0
    assert turned.frame_of_reference_uid == "1.2.3"
    assert np.shares_memory(turned.voxels, volume.voxels)
    np.testing.assert_array_equal(canonical(turned).index_to_lps, turned.index_to_lps)


@settings(max_examples=40, deadline=None)
@given(volumes())
def test_what_was_made_on_the_canonical_volume_goes_back(volume):
    back = reordered_like(canonical(volume), volume)
    assert back.shares_grid_with(volume)
    np.testing.assert_array_equal(back.voxels, volume.voxels)


def test_every_order_and_every_mirror_has_the_same_canonical_volume():
    base = Volume(np.arange(24).reshape(2, 3, 4), np.diag([3.0, 2.0, 1.0, 1.0])[[2, 1, 0, 3]])
    for order, mirrored in product(permutations(range(3)), product([False, True], repeat=3)):
        voxels, matrix = base.voxels.transpose(order), base.index_to_lps[:, [*order, 3]].copy()
        for axis in np.flatnonzero(mirrored).tolist():
            voxels = np.flip(voxels, axis)
            matrix[:3, 3] += (voxels.shape[axis] - 1) * matrix[:3, axis]
            matrix[:3, axis] *= -1
        turned = canonical(Volume(voxels, matrix))
        np.testing.assert_array_equal(turned.voxels, base.voxels)
        np.testing.assert_allclose(turned.index_to_lps, base.index_to_lps)


def test_another_grid_is_not_merely_another_order():
    volume = Volume(np.zeros((2, 3, 4)), np.eye(4))
    for matrix in (np.diag([2.0, 1, 1, 1]), np.eye(4) + np.eye(4, k=3)):
        with pytest.raises(GridError):
            reordered_like(Volume(np.zeros((2, 3, 4)), matrix), volume)


@settings(max_examples=40, deadline=None)
@given(volumes(), st.data())
def test_crop_and_paste_are_inverse(volume, data):
    start = [data.draw(st.integers(0, size - 1)) for size in volume.voxels.shape]
    stop = [data.draw(st.integers(a + 1, size)) for a, size in zip(start, volume.voxels.shape, strict=True)]
    box = IndexBox((start[0], start[1], start[2]), (stop[0], stop[1], stop[2]))
    part = cropped(volume, box)
    np.testing.assert_allclose(part.lps_of(np.zeros(3)), volume.lps_of(np.array(start)), atol=1e-9)
    whole = pasted(part.voxels, box, volume)
    np.testing.assert_array_equal(whole.voxels[box.slices], volume.voxels[box.slices])
    assert np.count_nonzero(whole.voxels) <= part.voxels.size


@settings(max_examples=40, deadline=None)
@given(volumes(), st.floats(0.0, 8.0))
def test_a_box_holds_its_mask_and_the_margin(volume, margin_mm):
    mask = volume.with_voxels(volume.voxels == volume.voxels.size // 2)
    box = box_around(mask, margin_mm=margin_mm)
    inside = np.zeros(mask.voxels.shape, bool)
    inside[box.slices] = True
    assert inside[mask.voxels].all()
    (at,) = np.argwhere(mask.voxels)
    for axis, spacing in enumerate(mask.spacing_mm):
        before, after = at[axis] - box.start[axis], box.stop[axis] - 1 - at[axis]
        assert box.start[axis] == 0 or before * spacing >= margin_mm - 1e-6
        assert box.stop[axis] == mask.voxels.shape[axis] or after * spacing >= margin_mm - 1e-6


def test_an_empty_mask_has_no_box():
    with pytest.raises(GridError):
        box_around(Volume(np.zeros((2, 2, 2), bool), np.eye(4)))


@pytest.mark.parametrize(
    ("start", "stop"), [((0, 0, 0), (0, 1, 1)), ((-1, 0, 0), (1, 1, 1)), ((2, 0, 0), (1, 1, 1))]
)
def test_impossible_boxes_are_refused(start, stop):
    with pytest.raises(GridError):
        IndexBox(start, stop)


@settings(max_examples=40, deadline=None)
@given(volumes(), st.tuples(_STEPS, _STEPS, _STEPS))
def test_linear_resampling_keeps_a_linear_field(volume, spacing_mm):
    slope = np.array([0.7, -0.3, 0.2])
    field = volume.lps_of(np.moveaxis(np.indices(volume.voxels.shape), 0, -1)) @ slope
    new = resampled(volume.with_voxels(field), spacing_mm=spacing_mm, interpolation=Interpolation.LINEAR)
    np.testing.assert_allclose(new.spacing_mm, spacing_mm, rtol=1e-9)
    index = np.moveaxis(np.indices(new.voxels.shape), 0, -1)
    places = new.lps_of(index)
    within = volume.index_of(places)
    inside = np.all((within >= 0) & (within <= np.array(volume.voxels.shape) - 1), axis=-1)
    np.testing.assert_allclose(new.voxels[inside], (places @ slope)[inside], rtol=1e-4, atol=1e-3)


@settings(max_examples=40, deadline=None)
@given(volumes())
def test_resampling_to_the_same_shape_changes_nothing(volume):
    shape = volume.voxels.shape
    same = resampled(volume, shape=shape, interpolation=Interpolation.NEAREST)
    np.testing.assert_array_equal(same.voxels, volume.voxels)
    assert same.shares_grid_with(volume)


@settings(max_examples=40, deadline=None)
@given(volumes(), volumes())
def test_resampling_onto_any_grid_agrees_with_scipy(volume, target):
    linear = resampled_onto(
        volume.with_voxels(volume.voxels.astype(np.float64)),
        target.voxels.shape,
        target.index_to_lps,
        interpolation=Interpolation.LINEAR,
        fill=-1.0,
    )
    index = volume.index_of(target.lps_of(np.moveaxis(np.indices(target.voxels.shape), 0, -1)))
    expected = map_coordinates(
        volume.voxels.astype(float), np.moveaxis(index, -1, 0), order=1, mode="nearest"
    )
    size = np.array(volume.voxels.shape)
    margin = np.minimum(index + 0.5, size - 0.5 - index).min(axis=-1)
    certain = np.abs(margin) > 1e-4
    np.testing.assert_allclose(
        linear.voxels[certain], np.where(margin < 0, -1.0, expected)[certain], atol=1e-3, rtol=1e-4
    )


def test_nearest_keeps_labels_and_truth_values():
    for dtype in (bool, np.uint8, np.int32):
        volume = Volume(np.eye(4, dtype=dtype)[None], np.eye(4))
        finer = resampled(volume, shape=(1, 8, 8), interpolation=Interpolation.NEAREST)
        assert finer.voxels.dtype == dtype
        np.testing.assert_array_equal(finer.voxels[0], np.kron(np.eye(4), np.ones((2, 2))).astype(dtype))


@pytest.mark.parametrize(
    "wish",
    [{}, {"shape": (1, 1, 1), "spacing_mm": (1.0, 1.0, 1.0)}, {"shape": (0, 1, 1)}, {"spacing_mm": (0.0, 1.0, 1.0)},
     {"spacing_mm": (np.nan, 1.0, 1.0)}],
)  # fmt: skip
def test_impossible_grids_are_refused(wish):
    with pytest.raises(GridError):
        resampled(Volume(np.zeros((2, 2, 2)), np.eye(4)), interpolation=Interpolation.LINEAR, **wish)


@settings(max_examples=40, deadline=None)
@given(st.floats(-0.8, 0.8), st.floats(-0.8, 0.8), _SIGNS)
def test_a_straightened_volume_has_right_angles_and_the_values_at_their_places(down, across, direction):
    index_to_lps = np.zeros((4, 4))
    index_to_lps[:3, 0] = across, down, 2.0 * direction
    index_to_lps[1, 1] = index_to_lps[0, 2] = index_to_lps[3, 3] = 1.0
    volume = Volume(np.zeros((5, 6, 7)), index_to_lps)
    slope = np.array([3.0, -2.0, 1.0])
    field = volume.lps_of(np.moveaxis(np.indices(volume.voxels.shape), 0, -1)) @ slope + 100.0
    straight = straightened(volume.with_voxels(field), fill=-1e6)
    axes = straight.index_to_lps[:3, :3] / straight.spacing_mm
    np.testing.assert_allclose(axes.T @ axes, np.eye(3), atol=1e-9)
    places = straight.lps_of(np.moveaxis(np.indices(straight.voxels.shape), 0, -1))
    within = volume.index_of(places)
    inside = np.all((within >= 0) & (within <= np.array(volume.voxels.shape) - 1), axis=-1)
    np.testing.assert_allclose(straight.voxels[inside], (places @ slope + 100.0)[inside], atol=1e-2)
    # Nothing is cut off: every corner of the old volume lies in the new one.
    corners = np.array(list(product(*((0, size - 1) for size in volume.voxels.shape))))
    new = straight.index_of(volume.lps_of(corners))
    assert np.all(new > -0.5)
    assert np.all(new < np.array(straight.voxels.shape) - 0.5)


@settings(max_examples=40, deadline=None)
@given(st.floats(2.0, 9.0), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_pixels_in_a_circle(radius, row, column):
    angles = np.linspace(0.0, 2.0 * np.pi, 720, endpoint=False)
    circle = np.stack([12.0 + row + radius * np.cos(angles), 12.0 + column + radius * np.sin(angles)], axis=1)
    rows, columns = np.indices((25, 25))
    distance = np.hypot(rows - 12.0 - row, columns - 12.0 - column)
    certain = np.abs(distance - radius) > radius * 1e-4
    np.testing.assert_array_equal(inside_polygons([circle], (25, 25))[certain], (distance < radius)[certain])


def test_polygons_that_share_an_edge_share_no_pixel():
    left = np.array([[0, 0], [0, 3], [6, 3], [6, 0]], float)
    right = np.array([[0, 3], [0, 7], [6, 7], [6, 3]], float)
    both = inside_polygons([left], (8, 8)).astype(int) + inside_polygons([right], (8, 8))
    assert both.max() == 1
    assert both.sum() == 42
