"""Every check of a segmentation finds the mistake that it is for, and is silent about a sound one."""

import numpy as np
import pytest
from tests.support.masks import box, ellipsoid, segmentation

from tongtai.core.segmentation.masks import Quality, Segmentation, Severity
from tongtai.core.segmentation.postprocessing import tidied
from tongtai.core.segmentation.quality import checked, touches_border

# An upper abdomen of 300 × 240 × 300 mm in blocks of 5 mm, 0.125 ml each; i grows to the patient's left.
SHAPE = (60, 48, 60)
SPACING = (5.0, 5.0, 5.0)


def _ball(k, j, i, *radii_mm):
    return ellipsoid(SHAPE, (k, j, i), radii_mm * 3 if len(radii_mm) == 1 else radii_mm, SPACING)


def _sound(**changed):
    """Organs of ordinary size and place, some of them replaced."""
    masks = {
        "liver": _ball(150, 110, 90, 70.0),
        "spleen": _ball(160, 160, 240, 35.0),
        "kidney_right": _ball(60, 180, 100, 32.0),
        "kidney_left": _ball(60, 180, 210, 32.0),
        "liver_tumour": _ball(150, 110, 80, 12.0),
        **changed,
    }
    return segmentation(SHAPE, SPACING, **{key: mask for key, mask in masks.items() if mask is not None})


def _codes(found: Segmentation):
    return {(finding.code, finding.structure) for finding in found.findings}


def test_a_sound_segmentation_passes():
    found = checked(_sound())
    assert not found.findings
    assert all(mask.grade.quality is Quality.FAIR for mask in found.masks)


def test_no_liver_is_a_reason_not_to_plan():
    found = checked(_sound(liver=None, liver_tumour=None))
    (refusal,) = [one for one in found.findings if one.severity is Severity.REFUSAL]
    assert refusal.code == "no_liver"


def test_a_ct_without_tumour_is_said_and_not_refused():
    found = checked(_sound(liver_tumour=None))
    assert _codes(found) == {("no_lesion_found", "liver_lesion")}
    assert found.findings[0].severity is Severity.NOTE
    assert found.findings[0].text == "No lesion was found in the liver."


@pytest.mark.parametrize(
    ("key", "centre", "radius"),
    [
        ("liver", (150, 120, 120), 8.0),
        ("liver", (150, 120, 120), 105.0),
        ("spleen", (150, 120, 190), 8.0),
        ("spleen", (150, 120, 190), 85.0),
        ("kidney_left", (150, 120, 180), 8.0),
        ("kidney_left", (150, 120, 180), 105.0),
    ],
)
def test_volumes_that_no_adult_has_are_doubted(key, centre, radius):
    found = checked(_sound(**{key: _ball(*centre, radius)}, liver_tumour=None))
    doubted = found.mask_of(key)
    assert ("implausible_volume", key) in _codes(found)
    assert doubted is not None
    assert doubted.grade.quality is Quality.DOUBTFUL
    assert "plausible" in doubted.grade.reason
    # What the engine said of it stays readable.
    assert "For a test." in doubted.grade.reason


def test_a_small_organ_that_the_picture_cuts_is_no_mistake():
    found = checked(_sound(liver=_ball(0, 110, 90, 60.0), liver_tumour=None))
    codes = _codes(found)
    assert ("touches_border", "liver") in codes
    assert ("implausible_volume", "liver") not in codes


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("end", [0, -1])
def test_every_face_of_the_picture_is_a_border(axis, end):
    mask = np.zeros((4, 5, 6), np.bool_)
    mask[2, 2, 2] = True
    assert not touches_border(mask)
    place = [2, 2, 2]
    place[axis] = end
    mask[tuple(place)] = True
    assert touches_border(mask)


def test_a_leak_in_another_place_is_several_parts():
    leaked = _ball(150, 110, 90, 70.0) | _ball(40, 40, 260, 25.0)
    assert ("several_parts", "liver") in _codes(checked(_sound(liver=leaked)))
    crumb = _ball(150, 110, 90, 70.0) | box(SHAPE, (5, 6), (5, 6), (5, 6))
    assert ("several_parts", "liver") not in _codes(checked(_sound(liver=crumb)))


def test_holes_inside_an_organ_are_told():
    hollow = _ball(150, 110, 90, 70.0) & ~_ball(150, 110, 100, 20.0)
    found = checked(_sound(liver=hollow, liver_tumour=None))
    (hole,) = [one for one in found.findings if one.code == "holes"]
    volume_ml = np.count_nonzero(_ball(150, 110, 100, 20.0)) * 0.125
    assert f"{volume_ml:.1f} ml" in hole.text


def test_a_liver_that_leaks_into_bone_or_kidney_overlaps():
    kidney = _ball(110, 150, 100, 32.0)
    found = checked(_sound(kidney_right=kidney))
    assert ("overlap", "liver") in _codes(found)


def test_a_tumour_outside_of_the_liver_is_doubted():
    found = checked(_sound(liver_tumour=_ball(150, 110, 240, 12.0)))
    assert ("lesion_outside_liver", "liver_tumour") in _codes(found)
    bulging = _ball(150, 110, 32, 16.0)
    assert np.any(bulging & ~_ball(150, 110, 90, 70.0))
    assert ("lesion_outside_liver", "liver_tumour") not in _codes(checked(_sound(liver_tumour=bulging)))


def test_a_tumour_that_fills_the_liver_may_be_the_liver():
    found = checked(_sound(liver_tumour=_ball(150, 110, 90, 60.0)))
    assert ("lesion_fills_liver", "liver_tumour") in _codes(found)


def test_a_mirrored_picture_is_noticed():
    sound = _sound()
    mirrored = {mask.structure.key: mask.voxels[:, :, ::-1] for mask in sound.masks}
    codes = _codes(checked(segmentation(SHAPE, SPACING, **mirrored)))
    assert {("sides_exchanged", "liver"), ("sides_exchanged", "kidney_right")} <= codes


def test_checks_change_no_voxel():
    before = _sound(liver=_ball(150, 110, 90, 70.0) | _ball(40, 40, 260, 25.0))
    after = checked(before)
    for old, new in zip(before.masks, after.masks, strict=True):
        assert new.voxels is old.voxels


def test_tidying_keeps_the_largest_part_fills_holes_and_says_so():
    hollow = _ball(150, 110, 90, 70.0) & ~_ball(150, 110, 100, 20.0)
    raw = _sound(
        liver=hollow | _ball(40, 40, 260, 20.0),
        liver_tumour=_ball(40, 40, 260, 15.0),
        liver_tumour_2=_ball(150, 110, 80, 12.0),
    )
    found = tidied(raw)
    liver = found.mask_of("liver")
    assert liver is not None
    np.testing.assert_array_equal(liver.voxels, _ball(150, 110, 90, 70.0))
    # The first tumour lay in the lost part; the second takes its number.
    (tumour,) = found.lesions()
    assert tumour.number == 1
    np.testing.assert_array_equal(tumour.voxels, _ball(150, 110, 80, 12.0))
    told = " ".join(finding.text for finding in found.findings)
    lost_ml = np.count_nonzero(_ball(40, 40, 260, 20.0)) * 0.125
    assert f"{lost_ml:.1f} ml apart" in told
