"""Networks in windows: what comes out does not depend on how the picture was cut, stored or padded."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.masks import ellipsoid, stored_otherwise, volume
from tests.support.networks import CARD

from tongtai.core.segmentation.errors import SegmentationCancelledError
from tongtai.core.segmentation.network.segmenter import NetworkSegmenter
from tongtai.core.segmentation.network.tiles import fitting_stride, labelled, window_starts
from tongtai.core.segmentation.progress import silent
from tongtai.core.volumes import canonical
from tongtai.formats.model_pack.reading import read_card

CARD_READ = read_card(CARD.format(sha256="0"))


def thresholds(batch):
    """The network of ``tests.support.networks`` in numpy."""
    ramp = np.stack([0 * batch[0, 0], batch[0, 0], 2 * batch[0, 0] - 0.5])
    return (1000.0 * ramp)[None].astype(np.float32)


@settings(max_examples=200, deadline=None)
@given(length=st.integers(1, 900), patch=st.integers(1, 64), stride=st.integers(1, 64))
def test_windows_cover_an_axis_without_gap_and_stay_inside(length, patch, stride):
    stride = min(stride, patch)
    starts = window_starts(length, patch, stride)
    assert starts[0] == 0
    if length > patch:
        assert starts[-1] == length - patch
        assert np.all((np.diff(starts) >= 1) & (np.diff(starts) <= stride))


@settings(max_examples=200, deadline=None)
@given(
    length=st.integers(1, 900), stride=st.integers(1, 48), more=st.integers(0, 24), windows=st.integers(2, 40)
)
def test_a_longer_step_is_taken_only_where_the_windows_would_be_too_many(length, stride, more, windows):
    patch, longest = 72, stride + more
    fitted = fitting_stride(length, patch, stride, longest, windows)
    assert stride <= fitted <= longest
    if len(window_starts(length, patch, stride)) <= windows:
        assert fitted == stride
    elif fitted < longest:
        assert len(window_starts(length, patch, fitted)) <= windows


@pytest.mark.parametrize("stride", [(8, 16, 16), (4, 8, 8), (3, 5, 7)])
def test_an_identity_is_not_changed_by_its_windows(stride):
    """A network that gives each class its own density: the windows must give the array back."""
    classes = np.random.default_rng(2).integers(0, 3, (21, 37, 41))
    values = np.array([-1.0, 0.25, 0.75], np.float32)[classes]
    found = labelled(values, thresholds, 3, (8, 16, 16), stride, silent)
    np.testing.assert_array_equal(found, classes)


def test_overlapping_windows_are_averaged_as_all_at_once_would_be():
    """Against the plain sum over the whole array, with a network whose answer depends on the window."""
    values = np.random.default_rng(4).normal(size=(19, 23, 30)).astype(np.float32)
    patch, stride = (8, 10, 12), (4, 5, 6)

    def network(batch):
        noise = np.random.default_rng(int(1000 * abs(batch.sum()))).normal(size=(1, 2, *patch))
        return noise.astype(np.float32)

    expected = np.zeros((2, *values.shape))
    for k in window_starts(19, 8, 4):
        for j in window_starts(23, 10, 5):
            for i in window_starts(30, 12, 6):
                place = (slice(k, k + 8), slice(j, j + 10), slice(i, i + 12))
                logits = network(values[place][None, None])[0].astype(np.float64)
                expected[(slice(None), *place)] += np.exp(logits) / np.exp(logits).sum(axis=0)
    found = labelled(values, network, 2, patch, stride, silent)
    clear = np.abs(expected[0] - expected[1]) > 1e-5
    np.testing.assert_array_equal(found[clear], expected.argmax(axis=0)[clear])


def _picture(spacing=(2.0, 1.0, 1.0)):
    shape = tuple(round(size / step) for size, step in zip((44.0, 46.0, 50.0), spacing, strict=True))
    liver = ellipsoid(shape, (20.0, 20.0, 24.0), (13.0, 15.0, 18.0), spacing)
    tumour = ellipsoid(shape, (22.0, 16.0, 20.0), (7.0, 6.0, 6.0), spacing)
    hounsfield = np.where(tumour, 150, np.where(liver, 60, -120)).astype(np.int16)
    return volume(hounsfield, spacing), liver, tumour


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.parametrize("flips", [(0, 0, 0), (1, 0, 1)])
def test_however_the_voxels_are_stored_the_masks_lie_on_the_same_tissue(order, flips):
    image, liver, _ = _picture()
    turned = stored_otherwise(image, order, flips)
    result = NetworkSegmenter(card=CARD_READ, infer=thresholds).segment(turned)
    mask = result.mask_of("liver")
    assert mask is not None
    assert mask.voxels.shape == turned.voxels.shape
    np.testing.assert_array_equal(canonical(turned.with_voxels(mask.voxels)).voxels, liver)


def test_the_liver_holds_its_tumours_and_tumours_are_numbered_by_size():
    image, liver, tumour = _picture()
    second = ellipsoid(liver.shape, (16.0, 26.0, 28.0), (4.0, 4.0, 4.0), (2.0, 1.0, 1.0))
    voxels = np.where(second & liver, 150, image.voxels).astype(np.int16)
    result = NetworkSegmenter(card=CARD_READ, infer=thresholds).segment(image.with_voxels(voxels))
    found = {mask.name: mask.voxels for mask in result.masks}
    np.testing.assert_array_equal(found["liver"], liver)
    np.testing.assert_array_equal(found["liver_tumour"], tumour)
    np.testing.assert_array_equal(found["liver_tumour_2"], second & liver)


def test_only_the_slices_that_were_located_are_looked_at():
    image, liver, _ = _picture()
    seen = []

    def network(batch):
        seen.append(batch.shape)
        return thresholds(batch)

    located = NetworkSegmenter(card=CARD_READ, infer=network, locate=lambda *_: (6, 16))
    mask = located.segment(image).mask_of("liver")
    assert mask is not None
    np.testing.assert_array_equal(mask.voxels[6:16], liver[6:16])
    assert not mask.voxels[:6].any()
    everywhere = len(seen)
    NetworkSegmenter(card=CARD_READ, infer=network).segment(image)
    assert len(seen) - everywhere > everywhere


def test_a_picture_smaller_than_a_window_is_padded_with_air():
    liver = ellipsoid((4, 12, 12), (3.0, 6.0, 6.0), (3.0, 4.0, 4.0), (2.0, 1.0, 1.0))
    image = volume(np.where(liver, 60, -120).astype(np.int16), (2.0, 1.0, 1.0))
    mask = NetworkSegmenter(card=CARD_READ, infer=thresholds).segment(image).mask_of("liver")
    assert mask is not None
    np.testing.assert_array_equal(mask.voxels, liver)


def test_nothing_marked_is_said():
    image, _, _ = _picture()
    empty = image.with_voxels(np.full_like(image.voxels, -120))
    result = NetworkSegmenter(card=CARD_READ, infer=thresholds).segment(empty)
    assert not result.masks
    assert set(result.not_found) == {"liver", "liver_tumour"}


def test_a_lengthened_step_is_told():
    card = replace(CARD_READ, windows=2, longest_stride=(8, 8, 8))
    image, _, _ = _picture()
    codes = [one.code for one in NetworkSegmenter(card=card, infer=thresholds).segment(image).findings]
    assert codes == ["network_stride_lengthened"]


@pytest.mark.parametrize("allowed", [0, 1, 3, 10])
def test_a_network_stops_before_the_next_window_when_asked(allowed):
    image, _, _ = _picture()
    windows = []

    def network(batch):
        windows.append(batch)
        return thresholds(batch)

    calls = []

    def listener(fraction, step):
        calls.append(fraction)
        return not (step == "network" and len(windows) >= allowed)

    with pytest.raises(SegmentationCancelledError):
        NetworkSegmenter(card=CARD_READ, infer=network).segment(image, listener)
    assert len(windows) == allowed
    assert calls == sorted(calls)
