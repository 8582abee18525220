"""Structures in DICOM: imported where they belong, exported so that others read the same."""

from datetime import UTC, datetime
from io import BytesIO

import highdicom as hd
import numpy as np
import pydicom
import pytest
from tests.support.contours import circle, contour_grid, structure_set
from tests.support.images import SHARED
from tests.support.series import COLUMNS, FRAME, ROWS, ct_slices, enhanced_ct, put, written
from tests.support.validator import validated

from tongtai.core.phantom.abdomen import draw_anatomy, imaged
from tongtai.core.segmentation.structures import structure
from tongtai.core.volumes import Volume, canonical, reordered_like, resampled_onto
from tongtai.core.volumes.resampling import Interpolation
from tongtai.formats.dicom.errors import DicomError, NotDicomError
from tongtai.formats.dicom.masks import (
    CodedConcept,
    Making,
    Segment,
    errors,
    phantom_truth,
    read_masks,
    read_segmentation,
    read_structure_set,
    write_segmentation,
)
from tongtai.formats.dicom.series import choose_series, list_series, read_volume, source_headers
from tongtai.formats.dicom.writing import CtPatient, write_ct_series
from tongtai.formats.nrrd import read_nrrd_labels

AT = datetime(2026, 5, 20, 10, 30, tzinfo=UTC)
ANATOMY = CodedConcept("91723000", "SCT", "Anatomical Structure")
LIVER = CodedConcept("10200004", "SCT", "Liver")
KIDNEY = CodedConcept("64033007", "SCT", "Kidney")
LEFT = CodedConcept("7771000", "SCT", "Left")


@pytest.fixture(scope="module")
def ct(tmp_path_factory):
    """A volume and the headers it was read from."""
    place = put(tmp_path_factory.mktemp("ct"), written(ct_slices()))
    series = choose_series(list_series(place)).series
    return read_volume(series), source_headers(series)


def _mask(volume, seed=1):
    generator = np.random.default_rng(seed)
    voxels = np.zeros(volume.voxels.shape, bool)
    voxels[2:9, 3:10, 4:15] = generator.random((7, 7, 11)) > 0.4
    return volume.with_voxels(voxels)


def _segments(volume):
    liver = Segment(
        name="肝脏", mask=_mask(volume), category=ANATOMY, concept=LIVER, making=Making.AUTOMATIC,
        algorithm="Net 2.1", colour_rgb=(156, 82, 64),
    )  # fmt: skip
    kidney = Segment(
        name="Left kidney", mask=_mask(volume, 2), category=ANATOMY, concept=KIDNEY, modifier=LEFT,
        making=Making.MANUAL, region=LIVER,
    )  # fmt: skip
    return [liver, kidney]


def test_masks_come_back_as_they_were_written(ct):
    volume, headers = ct
    segments = _segments(volume)
    found = read_masks(write_segmentation(segments, headers, written_at=AT), volume)
    assert not found.skipped
    for back, segment in zip(found.masks, segments, strict=True):
        np.testing.assert_array_equal(back.mask.voxels, segment.mask.voxels)
        assert back.mask.shares_grid_with(volume)
        assert (back.name, back.concept, back.category) == (segment.name, segment.concept, segment.category)
        assert not back.notes
    assert found.masks[0].made == "automatic, Net"
    assert found.masks[1].made == "manual"
    assert found.masks[1].modifiers == (LEFT,)
    assert found.masks[1].regions == (LIVER,)


def test_highdicom_reads_the_same_voxels_at_the_same_places(ct):
    volume, headers = ct
    segments = _segments(volume)
    segmentation = hd.seg.segread(BytesIO(write_segmentation(segments, headers, written_at=AT)))
    for number, segment in enumerate(segments, start=1):
        read = segmentation.get_volume(segment_numbers=[number])
        own = Volume(read.array[..., 0].astype(bool), read.affine)
        places = own.lps_of(np.argwhere(own.voxels))
        expected = volume.lps_of(np.argwhere(segment.mask.voxels))
        order, expected_order = np.lexsort(np.round(places, 3).T), np.lexsort(np.round(expected, 3).T)
        np.testing.assert_allclose(places[order], expected[expected_order], atol=1e-6)
    assert segmentation.FrameOfReferenceUID == FRAME
    assert segmentation.PatientID == "T-1"


def test_a_validator_has_no_errors(ct):
    volume, headers = ct
    told = validated(write_segmentation(_segments(volume), headers, written_at=AT))
    assert "Error" not in told, told


def test_every_frame_names_the_image_it_lies_on(ct):
    volume, headers = ct
    dataset = pydicom.dcmread(BytesIO(write_segmentation(_segments(volume)[:1], headers, written_at=AT)))
    by_uid = {header.SOPInstanceUID: float(header.ImagePositionPatient[2]) for header in headers}
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        named = frame.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        z = float(frame.PlanePositionSequence[0].ImagePositionPatient[2])
        assert by_uid[named] == pytest.approx(z)


def test_the_same_masks_at_the_same_time_give_the_same_bytes(ct):
    volume, headers = ct
    first, second, other = (
        write_segmentation(_segments(volume), headers, written_at=at) for at in (AT, AT, AT.replace(hour=11))
    )
    assert first == second != other


def test_masks_on_the_canonical_or_a_cropped_grid_come_back_to_the_images(ct):
    volume, headers = ct
    flipped = Volume(volume.voxels[::-1], volume.index_to_lps @ _reversal(volume.voxels.shape[0]))
    turned = canonical(flipped)
    mask = turned.with_voxels(reordered_like(_mask(volume), turned).voxels)
    segment = Segment(name="a", mask=mask, category=ANATOMY, concept=LIVER, making=Making.MANUAL)
    content = write_segmentation([segment], headers, written_at=AT)
    np.testing.assert_array_equal(read_masks(content, volume).masks[0].mask.voxels, _mask(volume).voxels)
    back = read_masks(content, flipped).masks[0].mask
    np.testing.assert_array_equal(back.voxels, _mask(volume).voxels[::-1])


def _reversal(size):
    matrix = np.diag([-1.0, 1.0, 1.0, 1.0])
    matrix[0, 3] = size - 1
    return matrix


def test_masks_made_on_an_enhanced_ct(tmp_path):
    path = tmp_path / "enhanced"
    path.write_bytes(written([enhanced_ct()])[0])
    series = choose_series(list_series(path)).series
    volume, headers = read_volume(series), source_headers(series)
    assert len(headers) == 1
    segment = Segment(name="a", mask=_mask(volume), category=ANATOMY, concept=LIVER, making=Making.MANUAL)
    headers[0].ContentDate, headers[0].ContentTime = "20260520", "090000"
    headers[0].InstanceNumber = 1
    content = write_segmentation([segment], headers, written_at=AT)
    np.testing.assert_array_equal(read_masks(content, volume).masks[0].mask.voxels, _mask(volume).voxels)


def test_a_segmentation_on_another_grid_goes_to_the_nearest_voxel_and_says_so(ct):
    volume, headers = ct
    content = write_segmentation(_segments(volume)[:1], headers, written_at=AT)
    finer = volume.index_to_lps.copy()
    finer[:3, :3] *= 0.73
    grid = Volume(np.zeros((17, 20, 25), bool), finer, FRAME)
    (found,) = read_masks(content, grid).masks
    assert "nearest voxel" in found.notes[0]
    expected = resampled_onto(
        _mask(volume), (17, 20, 25), finer, interpolation=Interpolation.NEAREST, fill=0
    ).voxels
    np.testing.assert_array_equal(found.mask.voxels, expected)


def test_what_reaches_beyond_the_images_is_cut_and_counted(ct):
    volume, headers = ct
    content = write_segmentation(_segments(volume)[:1], headers, written_at=AT)
    shorter = Volume(volume.voxels[:6], volume.index_to_lps, FRAME)
    (found,) = read_masks(content, shorter).masks
    np.testing.assert_array_equal(found.mask.voxels, _mask(volume).voxels[:6])
    assert found.notes == (f"{_mask(volume).voxels[6:].sum()} voxels outside of the images were cut off",)


def _moved(volume, millimetres):
    matrix = volume.index_to_lps.copy()
    matrix[2, 3] += millimetres
    return Volume(volume.voxels, matrix, volume.frame_of_reference_uid)


def test_masks_that_do_not_belong_to_the_images_are_refused(ct):
    volume, headers = ct
    content = write_segmentation(_segments(volume), headers, written_at=AT)
    with pytest.raises(errors.OtherFrameOfReferenceError):
        read_masks(content, Volume(volume.voxels, volume.index_to_lps, "1.2.3"))
    with pytest.raises(errors.MasksOutsideError):
        read_masks(content, _moved(volume, 500.0))
    with pytest.raises(errors.NotMasksError):
        read_masks(written(ct_slices(1))[0], volume)
    with pytest.raises(errors.NotMasksError):
        read_structure_set(content, volume)
    with pytest.raises(NotDicomError):
        read_masks(b"no DICOM", volume)


def test_damaged_segmentations_never_escape_as_another_error(ct):
    volume, headers = ct
    content = write_segmentation(_segments(volume)[:1], headers, written_at=AT)
    generator = np.random.default_rng(3)
    for _ in range(25):
        damaged = bytearray(content)
        for position in generator.integers(132, len(content), size=5):
            damaged[position] = generator.integers(0, 256)
        for candidate in (bytes(damaged), bytes(damaged[: generator.integers(200, len(content))])):
            for read in (read_masks, read_segmentation, read_structure_set):
                try:
                    read(candidate, volume)
                except DicomError:
                    continue


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda segments, headers: headers.clear(), errors.MaskError),
        (lambda segments, headers: segments.clear(), errors.MaskError),
        (lambda segments, headers: delattr(headers[3], "FrameOfReferenceUID"), errors.SourceImagesError),
        (lambda segments, headers: setattr(headers[3], "SeriesInstanceUID", ""), errors.SourceImagesError),
        (
            lambda segments, headers: segments.append(_changed(segments[0], making=Making.AUTOMATIC)),
            errors.MaskError,
        ),
        (lambda segments, headers: segments.append(_changed(segments[0], empty=True)), errors.MaskError),
        (lambda segments, headers: segments.append(_changed(segments[0], moved=True)), errors.MaskError),
    ],
)
def test_what_cannot_be_written_is_refused(ct, change, error):
    volume, headers = ct
    segments, headers = _segments(volume), [pydicom.Dataset(header) for header in headers]
    change(segments, headers)
    with pytest.raises(error):
        write_segmentation(segments, headers, written_at=AT)


def _changed(segment, *, making=Making.MANUAL, empty=False, moved=False):
    mask = segment.mask.with_voxels(segment.mask.voxels & False) if empty else segment.mask
    mask = _moved(mask, 1.0) if moved else mask
    return Segment(name="b", mask=mask, category=ANATOMY, concept=LIVER, making=making)


def test_contours_of_a_sphere_with_a_hole_fill_its_volume():
    outer = [circle(np.sqrt(225 - z * z), z) for z in range(-14, 15)]
    inner = [circle(np.sqrt(49 - z * z), z) for z in range(-6, 7)]
    (found,) = read_masks(structure_set(outer + inner), contour_grid()).masks
    index = np.moveaxis(np.indices(found.mask.voxels.shape), 0, -1)
    radius = np.linalg.norm(found.mask.lps_of(index), axis=-1)
    certain = (np.abs(radius - 15) > 0.05) & (np.abs(radius - 7) > 0.05)
    np.testing.assert_array_equal(found.mask.voxels[certain], ((radius < 15) & (radius > 7))[certain])
    assert (found.name, found.kind, found.made) == ("GTV", "GTV", "manual")
    assert not found.notes


def test_contours_wider_apart_than_slices_fill_their_slabs_and_say_so():
    contours = [circle(10.3, z) for z in range(-9, 10, 3)]
    (found,) = read_masks(structure_set(contours), contour_grid()).masks
    filled = np.flatnonzero(found.mask.voxels.any(axis=(1, 2))) - 20
    assert filled.tolist() == list(range(-10, 11))
    assert "3.00 slices apart" in found.notes[0]
    assert found.mask.voxels.sum() == pytest.approx(21 * np.pi * 10.3**2, rel=0.03)


def test_contours_closer_than_slices_take_the_nearest():
    contours = [circle(10.0, z / 2) for z in range(-8, 9)]
    (found,) = read_masks(structure_set(contours), contour_grid(2.0)).masks
    assert (np.flatnonzero(found.mask.voxels.any(axis=(1, 2))) * 2 - 20).tolist() == [-4, -2, 0, 2, 4]


def test_parts_apart_are_not_joined():
    contours = [circle(5.0, z) for z in (-10, -9, -8, 8, 9, 10)]
    (found,) = read_masks(structure_set(contours), contour_grid()).masks
    filled = np.flatnonzero(found.mask.voxels.any(axis=(1, 2))) - 20
    assert filled.tolist() == [-10, -9, -8, 8, 9, 10]


@pytest.mark.parametrize(
    ("made", "error"),
    [
        ({"contours": [circle(5.0, 0.0)], "frame": "1.2.3"}, errors.OtherFrameOfReferenceError),
        ({"contours": [circle(5.0, 900.0)]}, errors.MasksOutsideError),
        ({"contours": [circle(5.0, 0.0, (400.0, 0.0))]}, errors.MasksOutsideError),
        ({"contours": []}, errors.MasksOutsideError),
        ({"contours": [[(0, 0, 0)]], "kind": "POINT"}, errors.MasksOutsideError),
        ({"contours": [[(0, 0, 0), (5, 0, 1), (5, 5, 2)]]}, errors.ContoursOutOfPlaneError),
        ({"contours": [[(0, 0, 0), (5, 0, np.nan), (5, 5, 0)]]}, DicomError),
    ],
)
def test_contours_that_cannot_be_placed_are_refused(made, error):
    with pytest.raises(error):
        read_structure_set(structure_set(**made), contour_grid())


def test_the_phantoms_truth_is_its_masks(tmp_path):
    taken = imaged(
        draw_anatomy(np.random.default_rng(1)), np.random.default_rng(2), slices=20, size=64, slice_mm=12.0,
        ablated=True, moved=True,
    )  # fmt: skip
    patient = CtPatient(name="王小明", patient_id="P", birth_date=AT.date(), sex="O")
    files = write_ct_series(taken, patient, acquired_at=AT)
    series = list_series(put(tmp_path / "ct", files)).series[0]
    assert series.phase.phase == "portal"
    found = read_masks(phantom_truth.phantom_segmentation(taken, files, written_at=AT), read_volume(series))
    assert not found.skipped
    assert len(found.masks) == len(taken.structures())
    for shown, back in zip(taken.structures(), found.masks, strict=True):
        np.testing.assert_array_equal(back.mask.voxels, taken.mask(shown).voxels, err_msg=shown)
        row = structure({"tumour_1": "liver_tumour", "tumour_2": "liver_tumour"}.get(shown, shown.value))
        assert back.concept == CodedConcept(row.code.value, "SCT", row.code.meaning)
        assert back.category == CodedConcept(row.category.value, "SCT", row.category.meaning)


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "dicom-seg-liver").is_dir(), reason="no ../shared/data/dicom-seg-liver")
@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("liver.dcm", {"Liver": ("liver_seg.nrrd", 1)}),
        (
            "partial_overlaps.dcm",
            {
                "GREEN": ("partial_overlaps-1.nrrd", 1),
                "ORANGE": ("partial_overlaps-2.nrrd", 2),
                "PURPLE": ("partial_overlaps-3.nrrd", 3),
                "LIGHT_BLUE": ("partial_overlaps-1.nrrd", 4),
                "DARK_BLUE": ("partial_overlaps-1.nrrd", 5),
            },
        ),
    ],
)
def test_real_segmentations_equal_their_nrrd_forms(name, truth):
    folder = SHARED / "dicom-seg-liver"
    volume = read_volume(choose_series(list_series(folder / "ct-3slice", min_slices=3)).series)
    found = read_masks((folder / name).read_bytes(), volume)
    assert {mask.name for mask in found.masks} == set(truth)
    for mask in found.masks:
        file, label = truth[mask.name]
        expected = reordered_like(read_nrrd_labels(folder / file).mask(label), volume)
        np.testing.assert_array_equal(mask.mask.voxels, expected.voxels)
        assert mask.concept is not None


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "dicom-rt-plan").is_dir(), reason="no ../shared/data/dicom-rt-plan")
def test_a_real_structure_set_has_the_volume_its_contours_enclose():
    content = (SHARED / "dicom-rt-plan" / "rtss.dcm").read_bytes()
    dataset = pydicom.dcmread(BytesIO(content))
    matrix = np.array(
        [[0, 0, 1.074219, -275.0], [0, 1.074219, 0, -524.0], [3.0, 0, 0, -122.44], [0, 0, 0, 1]]
    )
    frame = str(dataset.StructureSetROISequence[0].ReferencedFrameOfReferenceUID)
    found = read_structure_set(content, Volume(np.zeros((100, 512, 512), np.int8), matrix, frame))
    assert found.skipped == (("Areola", "no closed contours"),)
    masks = {mask.name: mask for mask in found.masks}
    for name, number in (("Heart", 5), ("Tumor Bed", 9), ("Breast", 4)):
        (drawn,) = [item for item in dataset.ROIContourSequence if item.ReferencedROINumber == number]
        enclosed = (
            sum(_area(np.reshape(c.ContourData, (-1, 3)).astype(float)) for c in drawn.ContourSequence) * 3.0
        )
        volume_mm3 = masks[name].mask.voxels.sum() * masks[name].mask.voxel_volume_ml * 1000
        assert volume_mm3 == pytest.approx(enclosed, rel=0.02)


def _area(points):
    x, y = points[:, 0], points[:, 1]
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


assert (ROWS, COLUMNS) == (14, 18), "the masks above are drawn for this size"
