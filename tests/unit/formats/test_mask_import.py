"""Masks made elsewhere: found by their names or codes, and never laid onto another patient."""

from datetime import UTC, datetime
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from tests.support.contours import circle, contour_grid, structure_set
from tests.support.masks import box, segmentation
from tests.support.series import ct_slices, put, written

from tongtai.core.errors import TongtaiError
from tongtai.core.segmentation.masks import Quality
from tongtai.core.volumes import Volume
from tongtai.formats.dicom.masks import read_masks
from tongtai.formats.dicom.series import choose_series, list_series, read_volume, source_headers
from tongtai.formats.mask_import import MaskImportError, NoKnownStructureError, import_masks
from tongtai.formats.model_pack import PackStore
from tongtai.formats.nifti import write_nifti
from tongtai.formats.segmentation_engines import FileSegmenter, UnknownEngineError, engine_named
from tongtai.formats.segmentation_folder import write_segmentation_folder
from tongtai.formats.whole_folder import FolderNotEmptyError

AT = datetime(2026, 5, 20, 10, 30, tzinfo=UTC)
SHAPE = (10, 20, 24)
LIVER = box(SHAPE, (2, 8), (4, 16), (2, 14))
TUMOUR = box(SHAPE, (3, 7), (6, 11), (5, 10))
SPLEEN = box(SHAPE, (2, 8), (10, 18), (18, 23))


def _image():
    return segmentation(SHAPE, (2.5, 1.0, 1.0)).grid


def _labels(path, numbers):
    voxels = np.zeros(SHAPE, np.uint8)
    for number, mask in numbers.items():
        voxels[mask] = number
    write_nifti(_image().with_voxels(voxels), path)
    return path


def _found(imported):
    return {mask.name: mask.voxels for mask in imported.segmentation.masks}


def test_labels_with_names_given(tmp_path):
    path = _labels(tmp_path / "labels.nii.gz", {1: LIVER & ~TUMOUR, 2: TUMOUR, 7: SPLEEN})
    found = import_masks(path, _image(), names={1: "Liver", 2: "Tumor", 7: "my own thing"})
    masks = _found(found)
    np.testing.assert_array_equal(masks["liver"], LIVER & ~TUMOUR)
    np.testing.assert_array_equal(masks["liver_tumour"], TUMOUR)
    assert found.unused == ("my own thing",)
    mask = found.segmentation.masks[0]
    assert mask.engine == "import/labels.nii.gz"
    assert mask.grade.quality is Quality.FAIR


def test_numbers_of_totalsegmentator_are_known_when_there_are_enough_of_them(tmp_path):
    ribs = {92 + n: box(SHAPE, (n, n + 1), (0, 1), (0, 6)) for n in range(4)}
    path = _labels(tmp_path / "total.nii.gz", {5: LIVER, 1: SPLEEN, **ribs})
    found = import_masks(path, _image())
    assert set(_found(found)) == {"liver", "spleen", "bone"}
    assert "TotalSegmentator" in found.notes[0]
    np.testing.assert_array_equal(_found(found)["bone"], np.logical_or.reduce(list(ribs.values())))


def test_one_number_alone_is_not_guessed(tmp_path):
    path = _labels(tmp_path / "mask.nii.gz", {1: LIVER})
    with pytest.raises(NoKnownStructureError, match="label 1"):
        import_masks(path, _image())


def test_a_folder_of_files_named_by_structure(tmp_path):
    for name, mask in {"liver": LIVER, "liver_tumor": TUMOUR, "rib_left_4": SPLEEN, "brain": SPLEEN}.items():
        write_nifti(_image().with_voxels(mask), tmp_path / f"{name}.nii.gz")
    found = import_masks(tmp_path, _image())
    assert set(_found(found)) == {"liver", "liver_tumour", "bone"}
    assert found.unused == ("brain",)
    (tmp_path / "empty").mkdir()
    with pytest.raises(MaskImportError, match="no NIfTI"):
        import_masks(tmp_path / "empty", _image())


def test_masks_on_another_grid_go_to_the_nearest_voxel_and_say_so(tmp_path):
    """A grid of half the spacing, whose voxels lie around the same tissue."""
    fine = _image().index_to_lps @ np.diag([0.5, 0.5, 0.5, 1.0])
    fine[:3, 3] = _image().lps_of(np.array([-0.25, -0.25, -0.25]))
    voxels = LIVER.repeat(2, 0).repeat(2, 1).repeat(2, 2)
    write_nifti(Volume(voxels, fine), tmp_path / "liver.nii.gz")
    found = import_masks(tmp_path / "liver.nii.gz", _image(), names={1: "liver"})
    np.testing.assert_array_equal(_found(found)["liver"], LIVER)
    assert "nearest voxel" in found.notes[0]


def test_one_mask_is_known_by_the_name_of_its_file(tmp_path):
    found = import_masks(_labels(tmp_path / "spleen.nii.gz", {1: SPLEEN}), _image())
    np.testing.assert_array_equal(_found(found)["spleen"], SPLEEN)
    with pytest.raises(NoKnownStructureError, match="Name the file as its structure"):
        import_masks(_labels(tmp_path / "mine.nii.gz", {1: SPLEEN}), _image())
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(MaskImportError, match=r"notes\.txt is neither NIfTI, NRRD nor DICOM"):
        import_masks(tmp_path / "notes.txt", _image())


def test_masks_of_another_place_are_refused(tmp_path):
    away = _image().index_to_lps.copy()
    away[:3, 3] += 900.0
    write_nifti(Volume(LIVER, away), tmp_path / "liver.nii.gz")
    with pytest.raises(MaskImportError, match="another one"):
        import_masks(tmp_path / "liver.nii.gz", _image(), names={1: "liver"})


def test_an_rtstruct_is_known_by_the_names_of_its_contours(tmp_path):
    contours = [circle(8.3, z) for z in range(-5, 6)]
    (tmp_path / "rt.dcm").write_bytes(structure_set(contours, name="HCC 1"))
    found = import_masks(tmp_path / "rt.dcm", contour_grid())
    assert list(_found(found)) == ["liver_tumour"]
    volume_ml = found.segmentation.volume_ml(found.segmentation.masks[0])
    assert volume_ml == pytest.approx(11 * np.pi * 8.3**2 / 1000.0, rel=0.03)
    (tmp_path / "gtv.dcm").write_bytes(structure_set(contours))
    with pytest.raises(NoKnownStructureError, match="GTV"):
        import_masks(tmp_path / "gtv.dcm", contour_grid())


@pytest.fixture(scope="module")
def written_folder(tmp_path_factory):
    """A segmentation of a small CT with the files that were written of it."""
    place = put(tmp_path_factory.mktemp("ct"), written(ct_slices()))
    series = choose_series(list_series(place)).series
    image = read_volume(series)
    masks: dict[str, Any] = {
        "liver": np.zeros(image.voxels.shape, np.bool_),
        "kidney_left": np.zeros(image.voxels.shape, np.bool_),
        "liver_tumour": np.zeros(image.voxels.shape, np.bool_),
    }
    masks["liver"][1:9, 2:12, 1:9] = True
    masks["kidney_left"][2:6, 4:9, 12:17] = True
    masks["liver_tumour"][2:7, 3:9, 2:8] = True
    made = segmentation(image.voxels.shape, **masks)
    made = type(made)(grid=image, masks=made.masks)
    folder = tmp_path_factory.mktemp("out") / "seg"
    notes = write_segmentation_folder(made, folder, sources=source_headers(series), written_at=AT)
    assert notes == ()
    return made, folder


@pytest.mark.parametrize("form", ["segmentation.dcm", "masks"])
def test_what_is_written_comes_back_as_it_was(written_folder, form):
    """Side, region and number by code in a DICOM SEG, by name in the folder of NIfTI files."""
    made, folder = written_folder
    found = import_masks(folder / form, made.grid)
    assert not found.unused
    back = {mask.name: mask for mask in found.segmentation.masks}
    assert set(back) == {mask.name for mask in made.masks}
    for mask in made.masks:
        np.testing.assert_array_equal(back[mask.name].voxels, mask.voxels, err_msg=mask.name)


def test_the_folder_that_segment_made_is_an_engine_as_it_is(written_folder):
    made, folder = written_folder
    found = FileSegmenter(folder).segment(made.grid)
    assert {mask.name for mask in found.masks} == {mask.name for mask in made.masks}


def test_the_dicom_seg_names_its_maker(written_folder):
    made, folder = written_folder
    read = read_masks((folder / "segmentation.dcm").read_bytes(), made.grid)
    assert {one.made.split(",")[0] for one in read.masks} == {"automatic"}
    assert [one.name for one in read.masks] == ["Liver", "Left kidney", "Liver tumour 1"]


def test_nibabel_reads_the_masks_in_the_same_place(written_folder):
    made, folder = written_folder
    loaded: Any = nib.load(folder / "masks" / "liver.nii.gz")
    index = np.argwhere(np.asanyarray(loaded.dataobj)).mean(axis=0)
    ras = (loaded.affine @ [*index, 1.0])[:3]
    expected = made.grid.lps_of(np.argwhere(made.masks[0].voxels).mean(axis=0))
    np.testing.assert_allclose(ras * [-1, -1, 1], expected, atol=1e-3)


def test_a_folder_with_files_is_not_written_into(written_folder):
    made, folder = written_folder
    with pytest.raises(FolderNotEmptyError):
        write_segmentation_folder(made, folder, written_at=AT)


def test_engines_by_name(tmp_path):
    store = PackStore(tmp_path / "models")
    assert engine_named("auto", store).engine == "classical/1"
    assert engine_named("classical", store).first is None
    assert engine_named("totalsegmentator:liver_vessels", store).engine.startswith("totalsegmentator/")
    path = _labels(tmp_path / "labels.nii.gz", {1: LIVER})
    by_file = engine_named(str(path), store)
    assert by_file.first == FileSegmenter(path)
    assert by_file.keep_first
    with pytest.raises(UnknownEngineError, match="classical"):
        engine_named("nnunet", store)
    assert issubclass(UnknownEngineError, TongtaiError)
