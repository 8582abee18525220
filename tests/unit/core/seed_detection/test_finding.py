"""Seeds found in simulated CT: places that the search does not know, drawn otherwise than it fits them."""

import numpy as np
import pytest
from tests.support.seed_images import drawn, implanted, tissue

from tongtai.core.seed_detection.errors import SeedDetectionError
from tongtai.core.seed_detection.finding import find_seeds
from tongtai.core.seed_detection.matching import matched_seeds
from tongtai.core.seed_detection.rules import DetectionRules
from tongtai.core.volumes import Volume

RULES = DetectionRules()
ALONE = [[-18.0, -16.0, 10.0], [17.0, -15.0, 11.0], [-16.0, 18.0, -12.0], [16.0, 17.0, -11.0]]
UP = [0.0, 0.0, 1.0]


def everywhere(image: Volume) -> Volume:
    return image.with_voxels(np.ones(image.voxels.shape, np.bool_))


def search(image, rules=RULES):
    return find_seeds(image, rules, search=everywhere(image))


def places(found):
    return np.array([one.centre_lps_mm for one in found.seeds]).reshape(-1, 3)


def match(found, centres, axes=None):
    ways = np.array([one.axis_lps for one in found.seeds]).reshape(-1, 3)
    return matched_seeds(
        places(found), np.asarray(centres, float), within_mm=2.0, found_axes=ways, wanted_axes=axes
    )


@pytest.mark.parametrize(("slice_mm", "count"), [(1.0, 10), (1.25, 20), (2.5, 10)])
def test_seeds_with_pairs_that_touch(slice_mm, count):
    truth = drawn(count)
    found = search(implanted(tissue(slice_mm=slice_mm), truth.centres_lps_mm, truth.axes_lps))
    made = match(found, truth.centres_lps_mm, truth.axes_lps)
    assert (made.recall, made.precision) == (1.0, 1.0)
    assert np.median(made.distance_mm) < 0.2
    assert made.distance_mm.max() < 1.0
    assert np.median(made.angle_deg) < 5.0


@pytest.mark.parametrize(
    ("offset", "axis"),
    [
        ([0.0, 0.0, 4.6], UP),
        ([0.3, 0.2, 5.0], UP),
        ([1.0, 0.0, 0.7], UP),
        ([0.0, 0.9, 0.0], UP),
        ([0.0, 4.6, 0.0], [0.0, 1.0, 0.0]),
        ([0.0, 0.0, 1.4], [0.0, 1.0, 0.0]),
    ],
)
def test_two_seeds_that_touch_are_two(offset, axis):
    pair = [[0.2, 0.1, 0.3], (np.array([0.2, 0.1, 0.3]) + offset).tolist()]
    image = implanted(tissue(), [*ALONE, *pair], [UP] * 4 + [axis] * 2)
    found = search(image)
    made = match(found, [*ALONE, *pair])
    assert (made.recall, made.precision) == (1.0, 1.0)
    assert made.distance_mm.max() < 0.6
    assert sorted(one.companions for one in found.seeds) == [0, 0, 0, 0, 1, 1]


def test_a_chain_of_five_is_five():
    chain = [[0.0, 0.1, z] for z in (-9.2, -4.6, 0.0, 4.6, 9.2)]
    found = search(implanted(tissue(), [*ALONE, *chain], [UP] * 9))
    made = match(found, [*ALONE, *chain])
    assert (made.recall, made.precision) == (1.0, 1.0)
    assert made.distance_mm.max() < 0.6


@pytest.mark.parametrize(
    "axis", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [1.0, -2.0, 0.5]]
)
def test_a_seed_points_where_it_points(axis):
    found = search(implanted(tissue(), ALONE, [axis] * 4))
    unit = np.array(axis) / np.linalg.norm(axis)
    assert len(found.seeds) == 4
    for one in found.seeds:
        assert np.degrees(np.arccos(min(1.0, abs(unit @ np.array(one.axis_lps))))) < 6.0


def test_what_is_no_seed_is_rejected_with_a_reason():
    """A calcification, a bright ball and a slab of bone."""
    image = implanted(tissue(), ALONE, [UP] * 4)
    voxels = image.voxels.copy()
    index = image.index_of(np.array([[0.0, 0.0, 0.0], [8.0, 0.0, 0.0]])).round().astype(int)
    voxels[tuple(index[0])] = 1400
    k, j, i = index[1]
    voxels[k - 2 : k + 3, j - 4 : j + 5, i - 4 : i + 5] = 3071
    voxels[:, :6, :] = 1500
    found = search(image.with_voxels(voxels))
    made = match(found, ALONE)
    assert (made.recall, made.precision) == (1.0, 1.0)
    reasons = [one.reason for one in found.rejected]
    assert len(reasons) == 3
    assert "larger than seeds" in reasons
    assert any("no seeds explain it" in reason for reason in reasons)


def test_confidence_is_lower_where_seeds_overlap():
    found = search(implanted(tissue(), [*ALONE, [0, 0, 0], [0.9, 0, 0.2]], [UP] * 6))
    alone = [one.confidence for one in found.seeds if not one.companions]
    pairs = [one.confidence for one in found.seeds if one.companions]
    assert len(alone) == 4
    assert max(pairs) < min(alone)


def test_tissue_without_seeds_has_none():
    found = search(tissue())
    assert found.seeds == found.rejected == ()


def test_only_where_it_is_asked():
    image = implanted(tissue(), ALONE, [UP] * 4)
    half = everywhere(image).voxels
    half[:, :, : half.shape[2] // 2] = False
    found = find_seeds(image, RULES, search=image.with_voxels(half))
    assert sorted(places(found)[:, 0].round()) == [16.0, 17.0]


def test_metal_beside_the_body_is_not_searched():
    image = implanted(tissue(noise_hu=5.0), ALONE, [UP] * 4)
    voxels = np.pad(image.voxels, ((0, 0), (20, 0), (0, 0)), constant_values=-1000)
    voxels[10:14, 4, 40:43] = 3071
    found = find_seeds(Volume(voxels, image.index_to_lps), RULES)
    assert len(found.seeds) == 4
    assert found.rejected == ()


def test_images_that_cannot_be_searched_are_refused():
    image = tissue()
    with pytest.raises(SeedDetectionError, match="slices"):
        find_seeds(Volume(image.voxels[:2], image.index_to_lps), RULES)
    thick = tissue(slice_mm=8.0)
    with pytest.raises(SeedDetectionError, match=r"8\.0 mm apart"):
        find_seeds(thick, RULES)
    with pytest.raises(SeedDetectionError, match="grid"):
        find_seeds(image, RULES, search=everywhere(thick))
    sheared = image.index_to_lps.copy()
    sheared[1, 0] = 0.4
    with pytest.raises(SeedDetectionError, match="right angles"):
        find_seeds(Volume(image.voxels, sheared), RULES)
    with pytest.raises(SeedDetectionError, match="air"):
        find_seeds(image.with_voxels(np.full(image.voxels.shape, -1000, np.int16)), RULES)


def test_an_oblique_series_gives_places_in_the_patient():
    """The same picture, its grid turned in space: places turn with it."""
    image = implanted(tissue(), ALONE, [UP] * 4)
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]]
    turn[:3, 3] = [5.0, -7.0, 90.0]
    found = search(Volume(image.voxels, turn @ image.index_to_lps))
    wanted = np.array(ALONE) @ turn[:3, :3].T + turn[:3, 3]
    assert match(found, wanted).distance_mm.max() < 0.3
