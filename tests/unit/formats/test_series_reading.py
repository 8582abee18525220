"""Series of every form become the same volume; the best is chosen with the reason."""

import tracemalloc
import zlib
from io import BytesIO

import numpy as np
import pydicom
import pytest
import SimpleITK
from pydicom.encaps import encapsulate, get_frame
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from tests.support.images import SHARED, zipped
from tests.support.series import (
    COLUMNS,
    FRAME,
    ORIGIN,
    ROWS,
    SPACING_MM,
    ct_slices,
    enhanced_ct,
    name_of,
    put,
    voxels,
    written,
)

from tongtai.formats.archives.zips import ArchiveBombError
from tongtai.formats.dicom.series import Phase, choose_series, errors, list_series, read_series, read_volume
from tongtai.formats.dicom.series.choosing import is_sharp

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
TRUTH = voxels(12).astype(np.int16) - 1024


def _read(place):
    return read_volume(choose_series(list_series(place)).series)


def _check(volume):
    assert volume.voxels.dtype == np.int16
    np.testing.assert_array_equal(volume.voxels, TRUTH)
    np.testing.assert_allclose(volume.lps_of(np.array([3, 2, 1])), np.add(ORIGIN, [0.7, 1.8, 6.0]))
    np.testing.assert_allclose(volume.spacing_mm, SPACING_MM)
    assert volume.frame_of_reference_uid == FRAME


def test_a_folder_of_unordered_files_without_names(tmp_path):
    _check(_read(put(tmp_path / "a" / "b" / "c", written(ct_slices())).parents[1]))


def test_head_first_and_feet_first_give_the_same_volume(tmp_path):
    _check(_read(put(tmp_path / "ct", written(ct_slices()[::-1]))))


def test_a_zip_archive_is_never_unpacked(tmp_path):
    archive = tmp_path / "export.zip"
    files = [(f"DICOM/S{index % 3}/IM{index}", content) for index, content in enumerate(written(ct_slices()))]
    archive.write_bytes(zipped([*files, ("readme.txt", b"hello")]))
    catalogue = list_series(archive)
    assert [name for name, _ in catalogue.ignored] == ["readme.txt"]
    _check(read_volume(choose_series(catalogue).series))
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_a_zip_bomb_is_refused(tmp_path):
    archive = tmp_path / "bomb.zip"
    archive.write_bytes(zipped([("a", bytes(20 << 20))]))
    with pytest.raises(ArchiveBombError):
        list_series(archive)


@pytest.mark.parametrize("shuffled", [True, False])
def test_enhanced_multi_frame(tmp_path, shuffled):
    path = tmp_path / "enhanced"
    path.write_bytes(written([enhanced_ct(shuffled=shuffled)])[0])
    catalogue = list_series(path)
    assert catalogue.series[0].slices == 12
    _check(read_volume(catalogue.series[0]))


def test_a_missing_frame_is_named(tmp_path):
    dataset = enhanced_ct(shuffled=False)
    del dataset.PerFrameFunctionalGroupsSequence[5]
    dataset.NumberOfFrames = 11
    dataset.PixelData = dataset.PixelData[: 11 * ROWS * COLUMNS * 2]
    path = tmp_path / "enhanced"
    path.write_bytes(written([dataset])[0])
    with pytest.raises(errors.MissingSlicesError, match=r"frame 5\) and .*frame 6\)"):
        choose_series(list_series(path))


def _other_order(dataset, syntax):
    if syntax == ExplicitVRBigEndian:
        dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
    dataset.file_meta.TransferSyntaxUID = syntax
    if syntax.is_deflated:
        return written([dataset])[0]
    stream = BytesIO()
    pydicom.dcmwrite(
        stream, dataset, implicit_vr=syntax.is_implicit_VR, little_endian=syntax.is_little_endian
    )
    return stream.getvalue()


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
def test_plain_transfer_syntaxes(tmp_path, syntax):
    _check(_read(put(tmp_path / "ct", [_other_order(one, syntax) for one in ct_slices()])))


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless])
def test_compressed_transfer_syntaxes(tmp_path, syntax):
    slices = ct_slices()
    for one in slices:
        one.compress(syntax, generate_instance_uid=False)
    _check(_read(put(tmp_path / "ct", written(slices))))


def test_jpeg_2000_and_signed_values(tmp_path):
    stored = np.random.default_rng(2).integers(-900, 1400, size=(10, 64, 64), dtype=np.int16)
    slices = ct_slices(10)
    for one, picture in zip(slices, stored, strict=True):
        one.Rows = one.Columns = 64
        one.BitsStored, one.HighBit, one.PixelRepresentation = 16, 15, 1
        one.RescaleIntercept = "0"
        one.PixelData = picture.tobytes()
        one.compress(JPEG2000Lossless, generate_instance_uid=False)
    np.testing.assert_array_equal(_read(put(tmp_path / "ct", written(slices))).voxels, stored)


def test_jpeg_lossless(tmp_path):
    slices = ct_slices()
    for one in slices:
        one.PixelData = encapsulate([_jpeg_lossless(tmp_path / "written.dcm", one.pixel_array)])
        one["PixelData"].VR = "OB"
        one.file_meta.TransferSyntaxUID = JPEGLosslessSV1
    _check(_read(put(tmp_path / "ct", written(slices))))


def _jpeg_lossless(path, pixels):
    """SimpleITK writes this old form, which no Python encoder does."""
    writer = SimpleITK.ImageFileWriter()
    writer.SetImageIO("GDCMImageIO")
    writer.SetCompressor("JPEG")
    writer.UseCompressionOn()
    writer.SetFileName(str(path))
    writer.Execute(SimpleITK.GetImageFromArray(pixels))
    dataset = pydicom.dcmread(path)
    assert dataset.file_meta.TransferSyntaxUID == JPEGLosslessSV1
    return get_frame(dataset.PixelData, 0)


def test_a_deflated_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tongtai.formats.dicom.series.headers._INFLATED_BYTES", 1 << 20)
    plain = _other_order(ct_slices()[0], DeflatedExplicitVRLittleEndian)
    start = 144 + int.from_bytes(plain[140:144], "little")
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    dataset = zlib.decompress(plain[start:], -zlib.MAX_WBITS)
    path = tmp_path / "bomb"
    path.write_bytes(plain[:start] + packer.compress(dataset + bytes(2 << 20)) + packer.flush())
    with pytest.raises(errors.SeriesRefusedError, match="unpacks to more than is allowed"):
        choose_series(list_series(path))


def test_overlays_in_unused_bits_padding_and_values_below_air_do_not_get_through(tmp_path):
    slices = ct_slices()
    stored = voxels(12)
    stored[2, 3, 4] |= 0xF000
    stored[5, 0, 0] = 4000
    for one, picture in zip(slices, stored, strict=True):
        one.PixelPaddingValue = 4000
        one.PixelData = picture.tobytes()
    volume = _read(put(tmp_path / "ct", written(slices)))
    assert volume.voxels[2, 3, 4] == TRUTH[2, 3, 4]
    assert volume.voxels[5, 0, 0] == -1024
    assert volume.voxels.min() >= -1024


def test_a_broken_slope_gives_float32(tmp_path):
    slices = ct_slices()
    for one in slices:
        one.RescaleSlope = "0.5"
    volume = _read(put(tmp_path / "ct", written(slices)))
    assert volume.voxels.dtype == np.float32
    np.testing.assert_allclose(volume.voxels, np.maximum(voxels(12) * 0.5 - 1024, -1024))


def test_a_tilted_gantry_is_straightened_when_asked_and_said_so(tmp_path):
    """A picture whose value is its y in the patient must keep it on the straight grid."""
    slices = ct_slices()
    for index, one in enumerate(slices):
        one.ImagePositionPatient[1] = ORIGIN[1] + 0.4 * index
        y = ORIGIN[1] + 0.4 * index + np.arange(ROWS) * SPACING_MM[1]
        one.PixelData = np.repeat(np.rint(y * 10 + 1024)[:, None], COLUMNS, axis=1).astype("<u2").tobytes()
    series = list_series(put(tmp_path / "ct", written(slices))).series[0]
    assert series.tilt_degrees == pytest.approx(np.degrees(np.arctan2(0.4, 2.0)))
    reading = read_series(series, straighten=True)
    assert "resampled onto a straight grid" in reading.notes[0]
    volume = reading.volume
    axes = volume.index_to_lps[:3, :3] / volume.spacing_mm
    np.testing.assert_allclose(axes.T @ axes, np.eye(3), atol=1e-9)
    y = volume.lps_of(np.moveaxis(np.indices(volume.voxels.shape), 0, -1))[..., 1]
    inside = volume.voxels > -1024
    assert inside.mean() > 0.6
    # Half a pixel at the edges repeats the border.
    assert np.abs(volume.voxels - y * 10)[inside].max() <= 0.5 * SPACING_MM[1] * 10 + 1


def test_positions_rounded_by_the_scanner_are_no_fault(tmp_path):
    slices = ct_slices()
    for index, one in enumerate(slices):
        one.ImagePositionPatient[2] = round(ORIGIN[2] + index * 0.625, 1)
    assert _read(put(tmp_path / "ct", written(slices))).spacing_mm[0] == pytest.approx(0.625, abs=0.01)


def _many(folder, slices, size):
    """Files made by replacing numbers in one file, which is quicker than writing each."""
    dataset = ct_slices(1)[0]
    uid = "1.2.826.0.1.3680043.10.999.1.7.10000"
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(uid)
    dataset.ImagePositionPatient = ["0", "0", "10000.25"]
    dataset.Rows, dataset.Columns = size, size
    dataset.PixelData = np.arange(size * size, dtype="<u2").tobytes()
    template = written([dataset])[0]
    return put(
        folder,
        [
            template.replace(b"10000.25", b"%.2f" % (10000.25 + 2 * index)).replace(
                b".7.10000", b".7.1%04d" % index
            )
            for index in range(slices)
        ],
    )


def test_two_thousand_slices_are_read(tmp_path):
    volume = _read(_many(tmp_path / "ct", 2000, 8))
    assert volume.voxels.shape == (2000, 8, 8)
    assert volume.spacing_mm[0] == 2.0


def test_memory_holds_the_volume_and_not_the_files(tmp_path):
    series = choose_series(list_series(_many(tmp_path / "ct", 100, 128))).series
    tracemalloc.start()
    volume = read_volume(series)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < volume.voxels.nbytes * 1.3


def _series(folder, number, description, **attributes):
    uid = f"1.2.826.0.1.3680043.10.999.{number}00"
    slices = ct_slices(series=uid)
    for one in slices:
        one.SpecificCharacterSet = "ISO_IR 192"
        one.SeriesNumber, one.SeriesDescription = number, description
        for keyword, value in attributes.items():
            setattr(one, keyword, value)
    put(folder / str(number), written(slices))
    return uid


def test_the_best_series_is_chosen_and_every_other_told_why_not(tmp_path):
    _series(tmp_path, 1, "Abd plain 5.0")
    _series(tmp_path, 2, "Art 1.0")
    portal = _series(tmp_path, 3, "门脉期 1.0")
    _series(tmp_path, 4, "Portal 1.0 lung", ConvolutionKernel="B70f")
    _series(tmp_path, 5, "T2", Modality="MR")
    choice = choose_series(list_series(tmp_path))
    assert choice.series.uid == portal
    assert "portal phase" in choice.reason
    reasons = {series.number: reason for series, reason in choice.others}
    assert "plain phase" in reasons[1]
    assert "arterial phase" in reasons[2]
    assert "sharp kernel B70f" in reasons[4]
    assert "MR instead of CT" in reasons[5]


def test_a_series_can_be_named_by_number_and_by_uid(tmp_path):
    arterial = _series(tmp_path, 2, "Art 1.0")
    _series(tmp_path, 3, "Portal 1.0")
    catalogue = list_series(tmp_path)
    assert choose_series(catalogue, "1").series.uid == arterial
    assert choose_series(catalogue, arterial).reason == "asked for"
    with pytest.raises(errors.SeriesNotFoundError):
        choose_series(catalogue, "9")


def test_series_of_two_patients_are_not_chosen_between(tmp_path):
    _series(tmp_path, 2, "Portal")
    other = _series(tmp_path, 3, "Portal", PatientID="T-2", PatientName="Other")
    catalogue = list_series(tmp_path)
    with pytest.raises(errors.PatientsMixedError):
        choose_series(catalogue)
    assert choose_series(catalogue, other).series.patient[1] == "T-2"


def test_when_no_series_is_usable_each_reason_is_given(tmp_path):
    _series(tmp_path, 2, "Portal", LossyImageCompression="01")
    _series(tmp_path, 3, "T2", Modality="MR")
    with pytest.raises(errors.NoUsableSeriesError, match=r"compressed with loss.*MR instead of CT"):
        choose_series(list_series(tmp_path))


@pytest.mark.parametrize(
    ("attributes", "phase"),
    [
        ({"SeriesDescription": "late arterial 1.0"}, Phase.ARTERIAL),
        ({"SeriesDescription": "HAP thin"}, Phase.ARTERIAL),
        ({"SeriesDescription": "Leber arteriell"}, Phase.ARTERIAL),
        ({"SeriesDescription": "动脉期"}, Phase.ARTERIAL),
        ({"SeriesDescription": "Portal venous"}, Phase.PORTAL),
        ({"SeriesDescription": "ABD VEN 3.0"}, Phase.PORTAL),
        ({"SeriesDescription": "门静脉期 1.25mm"}, Phase.PORTAL),
        ({"SeriesDescription": "delayed 5min"}, Phase.DELAYED),
        ({"SeriesDescription": "延迟期"}, Phase.DELAYED),
        ({"SeriesDescription": "Abdomen nativ"}, Phase.PLAIN),
        ({"SeriesDescription": "non-contrast"}, Phase.PLAIN),
        ({"SeriesDescription": "平扫"}, Phase.PLAIN),
        ({"SeriesDescription": "ventilation study"}, Phase.UNKNOWN),
        ({"SeriesDescription": "arterial and portal"}, Phase.UNKNOWN),
        ({"ProtocolName": "Liver PV"}, Phase.PORTAL),
        ({"ContrastBolusStartTime": "085925", "AcquisitionTime": "090000.50"}, Phase.ARTERIAL),
        ({"ContrastBolusStartTime": "235930", "AcquisitionTime": "000040"}, Phase.PORTAL),
        ({"ContrastBolusStartTime": "090000", "AcquisitionTime": "090300"}, Phase.DELAYED),
        ({"ContrastBolusAgent": "Iohexol 350"}, Phase.UNKNOWN),
        ({}, Phase.UNKNOWN),
    ],
)
def test_the_phase_is_guessed_with_its_evidence(tmp_path, attributes, phase):
    slices = ct_slices()
    for one in slices:
        for keyword, value in attributes.items():
            setattr(one, keyword, value)
        one.SpecificCharacterSet = "ISO_IR 192"
    guess = list_series(put(tmp_path / "ct", written(slices))).series[0].phase
    assert guess.phase is phase
    if "SeriesDescription" in attributes and phase is not Phase.UNKNOWN:
        assert attributes["SeriesDescription"] in guess.evidence


@pytest.mark.parametrize(
    ("kernel", "sharp"),
    [("B30f", False), ("Br38f", False), ("STANDARD", False), ("SOFT", False), ("FC08", False), ("C", False),
     ("B70f", True), ("Bl57d", True), ("BONEPLUS", True), ("LUNG", True), ("FC52", True), ("YB", True)],
)  # fmt: skip
def test_kernels_for_bone_and_lung_are_sharp(kernel, sharp):
    assert is_sharp(kernel) is sharp


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "ct-liver-lesions").is_dir(), reason="no ../shared/data/ct-liver-lesions")
def test_a_real_series_without_extensions():
    choice = choose_series(list_series(SHARED / "ct-liver-lesions"))
    volume = read_volume(choice.series)
    assert volume.voxels.shape == (99, 512, 512)
    np.testing.assert_allclose(volume.spacing_mm, [1.6, 0.57, 0.57], atol=1e-6)
    plain = pydicom.dcmread(SHARED / "ct-liver-lesions" / "image_60").pixel_array
    np.testing.assert_array_equal(volume.voxels[60], np.maximum(plain, -1024))


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "ct-abdomen-organs").is_dir(), reason="no ../shared/data/ct-abdomen-organs")
def test_a_real_jpeg_2000_series_without_identifiers():
    choice = choose_series(list_series(SHARED / "ct-abdomen-organs"))
    assert choice.series.phase.phase is Phase.PORTAL
    assert "96 s after" in choice.series.phase.evidence
    volume = read_volume(choice.series)
    assert volume.voxels.shape == (20, 512, 512)
    assert choice.series.stack is not None
    name = choice.series.stack.slices[7].name
    dataset = pydicom.dcmread(SHARED / "ct-abdomen-organs" / name)
    np.testing.assert_array_equal(volume.voxels[7], np.maximum(dataset.pixel_array.astype(int) - 1024, -1024))


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "dicom-rt-plan").is_dir(), reason="no ../shared/data/dicom-rt-plan")
def test_a_folder_of_other_objects_says_what_each_is():
    kinds = {series.modality: series.refusal for series in list_series(SHARED / "dicom-rt-plan").series}
    assert {type(kinds[kind]) for kind in ("RTSTRUCT", "RTPLAN", "RTDOSE")} == {errors.NotAnImageSeriesError}
    assert isinstance(kinds["CT"], errors.TooFewSlicesError)


def test_progress_counts_every_slice(tmp_path):
    seen = []
    series = list_series(put(tmp_path / "ct", written(ct_slices()))).series[0]
    read_series(series, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 12) for done in range(1, 13)]
    assert name_of(0) == "I0000"
