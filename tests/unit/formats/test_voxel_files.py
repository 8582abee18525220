"""NIfTI and NRRD: the same voxels at the same places, checked against the libraries' own arithmetic."""

import gzip
from typing import Any

import nibabel as nib
import nrrd
import numpy as np
import pytest
import SimpleITK
from tests.support.images import SHARED

from tongtai.core.volumes import Volume, reordered_like
from tongtai.formats import voxel_files as errors
from tongtai.formats.nifti import read_nifti, read_nifti_labels, write_nifti
from tongtai.formats.nrrd import read_nrrd, read_nrrd_labels, write_nrrd

SHAPE = (4, 5, 6)


def _volume(voxels=None, *, oblique=True):
    index_to_lps = np.array(
        [[0.1, 0.0, -0.8, 12.5], [0.2, 0.9, 0.1, -40.0], [2.5, -0.1, 0.0, 77.0], [0, 0, 0, 1]]
    )
    if not oblique:
        index_to_lps = np.array([[0, 0, 0.8, 12.5], [0, 0.9, 0, -40.0], [2.5, 0, 0, 77.0], [0, 0, 0, 1.0]])
    values = np.random.default_rng(1).integers(-1024, 1500, size=SHAPE) if voxels is None else voxels
    return Volume(values.astype(np.int16) if voxels is None else values, index_to_lps)


def _orthogonal(volume):
    """ITK refuses shears: the nearest rotation keeps the test about axes and signs."""
    u, _, v = np.linalg.svd(volume.index_to_lps[:3, :3] / volume.spacing_mm)
    matrix = volume.index_to_lps.copy()
    matrix[:3, :3] = (u @ v) * volume.spacing_mm
    return Volume(volume.voxels, matrix)


FORMATS = [
    ("nii", read_nifti, write_nifti),
    ("nii.gz", read_nifti, write_nifti),
    ("nrrd", read_nrrd, write_nrrd),
]


@pytest.mark.parametrize(("suffix", "read", "write"), FORMATS, ids=[row[0] for row in FORMATS])
def test_a_round_trip_keeps_values_and_places(tmp_path, suffix, read, write):
    path = tmp_path / f"ct.{suffix}"
    write(_volume(), path)
    back = read(path)
    assert back.voxels.dtype == np.int16
    np.testing.assert_array_equal(back.voxels, _volume().voxels)
    np.testing.assert_allclose(back.index_to_lps, _volume().index_to_lps, atol=1e-5)


@pytest.mark.parametrize(("suffix", "read", "write"), FORMATS, ids=[row[0] for row in FORMATS])
def test_itk_sees_every_voxel_where_we_say_it_is(tmp_path, suffix, read, write):
    volume = _orthogonal(_volume())
    path = tmp_path / f"ct.{suffix}"
    write(volume, path)
    image = SimpleITK.ReadImage(str(path))
    for k, j, i in ((0, 0, 0), (3, 1, 5), (2, 4, 0)):
        assert image.GetPixel(i, j, k) == volume.voxels[k, j, i]
        np.testing.assert_allclose(
            image.TransformIndexToPhysicalPoint((i, j, k)), volume.lps_of(np.array([k, j, i])), atol=1e-3
        )
    other = tmp_path / f"itk.{suffix}"
    SimpleITK.WriteImage(image, str(other))
    np.testing.assert_allclose(read(other).index_to_lps, volume.index_to_lps, atol=1e-3)


def test_nifti_bytes_depend_on_the_volume_only(tmp_path):
    for name in ("a.nii.gz", "b.nii.gz"):
        write_nifti(_volume(), tmp_path / name)
    assert (tmp_path / "a.nii.gz").read_bytes() == (tmp_path / "b.nii.gz").read_bytes()


def test_masks_and_labels_with_names(tmp_path):
    labels = np.zeros(SHAPE, np.uint8)
    labels[1, 2, 3], labels[2, 2, 2] = 5, 300 % 256
    write_nrrd(_volume(labels), tmp_path / "l.nrrd", names={5: "liver", 44: "tumour 1"})
    back = read_nrrd_labels(tmp_path / "l.nrrd")
    assert back.names == {5: "liver", 44: "tumour 1"}
    assert back.mask(5).voxels.sum() == 1
    with pytest.raises(errors.NotLabelsError, match="ASCII"):
        write_nrrd(_volume(labels), tmp_path / "l.nrrd", names={5: "肝脏"})
    write_nifti(_volume(labels > 0), tmp_path / "m.nii.gz")
    mask = read_nifti_labels(tmp_path / "m.nii.gz")
    assert mask.labels.voxels.dtype == np.uint8
    assert mask.labels.voxels.sum() == 2


def _nifti(path, array, affine=None, patches=()):
    """A file, and bytes of its header changed afterwards."""
    content = bytearray(nib.Nifti1Image(array, np.eye(4) if affine is None else affine).to_bytes())
    for start, patch in patches:
        content[start : start + len(patch)] = patch
    path.write_bytes(bytes(content))
    return path


def test_metres_become_millimetres(tmp_path):
    path = _nifti(
        tmp_path / "m.nii", np.arange(8, dtype=np.int16).reshape(2, 2, 2), np.diag([0.001, 0.002, 0.003, 1])
    )
    image: Any = nib.load(path)
    image.header.set_xyzt_units("meter")
    path.write_bytes(image.to_bytes())
    np.testing.assert_allclose(read_nifti(path).spacing_mm, [3, 2, 1], rtol=1e-6)


def test_scaled_values_are_scaled(tmp_path):
    image = nib.Nifti1Image(np.arange(8, dtype=np.int16).reshape(2, 2, 2), np.eye(4))
    image.header.set_slope_inter(0.5, -10)
    path = tmp_path / "s.nii"
    path.write_bytes(image.to_bytes())
    np.testing.assert_allclose(
        read_nifti(path).voxels.transpose(2, 1, 0), np.arange(8).reshape(2, 2, 2) * 0.5 - 10
    )


RAMP = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
NAN = np.where(RAMP == 7, np.nan, RAMP)
NIFTI_FAULTS = [
    ("2-D", {"array": RAMP[0]}, errors.NotThreeDimensionalError),
    ("4-D", {"array": np.stack([RAMP, RAMP], axis=-1)}, errors.NotThreeDimensionalError),
    ("complex", {"array": RAMP.astype(np.complex64)}, errors.NotThreeDimensionalError),
    ("NaN", {"array": NAN}, errors.NonFiniteVoxelsError),
    ("infinite", {"array": np.where(RAMP == 7, np.inf, RAMP)}, errors.NonFiniteVoxelsError),
    ("constant", {"array": np.ones_like(RAMP)}, errors.ConstantVoxelsError),
    ("no affine", {"array": RAMP, "patches": [(252, bytes(4))]}, errors.MissingAffineError),
    ("flat affine", {"array": RAMP, "patches": [(312, bytes(16))]}, errors.MissingAffineError),
]


@pytest.mark.parametrize(
    ("made", "error"), [row[1:] for row in NIFTI_FAULTS], ids=[row[0] for row in NIFTI_FAULTS]
)
def test_faulty_nifti_is_refused_by_its_fault_and_named(tmp_path, made, error):
    path = _nifti(tmp_path / "case.nii", **made)
    with pytest.raises(error, match=r"case\.nii"):
        read_nifti(path)


def _without(key):
    return lambda header: header.pop(key)


NRRD_FAULTS = [
    ("2-D", RAMP[0], _without("space"), errors.NotThreeDimensionalError),
    ("NaN", NAN, dict, errors.NonFiniteVoxelsError),
    ("constant", np.ones_like(RAMP), dict, errors.ConstantVoxelsError),
    ("no space", RAMP, _without("space"), errors.MissingAffineError),
    ("no origin", RAMP, _without("space origin"), errors.MissingAffineError),
    ("no directions", RAMP, _without("space directions"), errors.MissingAffineError),
    ("inches", RAMP, lambda header: header.update({"space units": ["in"] * 3}), errors.MissingAffineError),
    ("scanner space", RAMP, lambda header: header.update(space="scanner-xyz"), errors.MissingAffineError),
]


@pytest.mark.parametrize(
    ("array", "change", "error"), [row[1:] for row in NRRD_FAULTS], ids=[row[0] for row in NRRD_FAULTS]
)
def test_faulty_nrrd_is_refused_by_its_fault_and_named(tmp_path, array, change, error):
    header = {"space": "left-posterior-superior", "space directions": np.eye(3), "space origin": np.zeros(3)}
    change(header)
    path = tmp_path / "case.nrrd"
    nrrd.write(str(path), array, {} if array.ndim == 2 else header)
    with pytest.raises(error, match=r"case\.nrrd"):
        read_nrrd(path)


def test_ras_and_las_nrrd_are_turned_into_lps(tmp_path):
    expected = {"right-anterior-superior": [-1, -2, 3], "left-anterior-superior": [1, -2, 3]}
    for space, place in expected.items():
        path = tmp_path / "a.nrrd"
        header = {"space": space, "space directions": np.eye(3), "space origin": np.array([1.0, 2.0, 3.0])}
        nrrd.write(str(path), RAMP, header)
        np.testing.assert_allclose(read_nrrd(path).lps_of(np.zeros(3)), place)


def test_a_detached_header_does_not_lead_to_other_files(tmp_path):
    header = {"space": "left-posterior-superior", "space directions": np.eye(3), "space origin": np.zeros(3)}
    path = tmp_path / "d.nhdr"
    nrrd.write(str(path), RAMP, header, detached_header=True)
    with pytest.raises(errors.UnreadableVoxelFileError, match="another file"):
        read_nrrd(path)


@pytest.mark.parametrize("cut", [0, 10, 200, 360, 400])
def test_truncated_and_foreign_files_are_unreadable(tmp_path, cut):
    path = tmp_path / "case.nii"
    _nifti(path, RAMP)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(errors.UnreadableVoxelFileError):
        read_nifti(path)
    packed = tmp_path / "case.nii.gz"
    whole = gzip.compress(_nifti(path, RAMP).read_bytes())
    packed.write_bytes(whole[: len(whole) * cut // 500])
    with pytest.raises(errors.UnreadableVoxelFileError):
        read_nifti(packed)
    other = tmp_path / "case.nrrd"
    other.write_bytes(b"NRRD0004\n# nothing" if cut else b"")
    with pytest.raises(errors.UnreadableVoxelFileError):
        read_nrrd(other)


@pytest.mark.parametrize("array", [RAMP + 0.5, RAMP - 1, RAMP * 70_000])
def test_what_is_no_label_is_refused(tmp_path, array):
    with pytest.raises(errors.NotLabelsError):
        read_nifti_labels(_nifti(tmp_path / "case.nii", array))


def test_a_declared_size_beyond_memory_is_refused_before_reading(tmp_path):
    size = np.array([3, 30_000, 30_000, 30_000], "<i2").tobytes()
    path = _nifti(tmp_path / "case.nii", RAMP, patches=[(40, size)])
    with pytest.raises(errors.VoxelFileTooLargeError):
        read_nifti(path)


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "ct-abdomen-organs").is_dir(), reason="no ../shared/data/ct-abdomen-organs")
def test_real_labels_lie_on_the_dicom_series_they_were_made_of():
    from tongtai.formats.dicom.series import choose_series, list_series, read_volume  # noqa: PLC0415

    ct = read_volume(choose_series(list_series(SHARED / "ct-abdomen-organs" / "example_ct_dicom")).series)
    labels = read_nifti_labels(SHARED / "ct-abdomen-organs" / "example_seg_dicom.nii.gz")
    assert labels.names[5] == "liver"
    liver = reordered_like(labels.mask(5), ct)
    densities = ct.voxels[liver.voxels]
    # Contrast-enhanced liver; mirrored labels would take in fat and lung.
    assert 80 < np.median(densities) < 160
    assert np.mean((densities > 0) & (densities < 250)) > 0.97


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "ct-abdomen-organs").is_dir(), reason="no ../shared/data/ct-abdomen-organs")
def test_a_real_nifti_pair_agrees():
    ct = read_nifti(SHARED / "ct-abdomen-organs" / "example_ct.nii.gz")
    labels = read_nifti_labels(SHARED / "ct-abdomen-organs" / "example_seg_fast_force_split.nii.gz")
    assert ct.shares_grid_with(labels.labels)
    assert ct.voxels.dtype == np.int16
    assert 30 < np.median(ct.voxels[labels.mask(5).voxels]) < 80
