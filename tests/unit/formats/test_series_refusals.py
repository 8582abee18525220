"""Each fault of a series has its own refusal, which names the file."""

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, JPEGLSNearLossless
from tests.support.series import COLUMNS, ROWS, ct_slices, name_of, parsed, put, written

from tongtai.formats.dicom.series import choose_series, errors, list_series, read_series

# pydicom remarks on values that are wrong on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def _set(index, **attributes):
    def change(slices):
        for keyword, value in attributes.items():
            setattr(slices[index], keyword, value)

    return change


def _set_all(**attributes):
    def change(slices):
        for one in slices:
            for keyword, value in attributes.items():
                setattr(one, keyword, value)

    return change


def _remove(index, keyword):
    return lambda slices: delattr(slices[index], keyword)


def _move(index, *, x=0.0, z=0.0):
    def change(slices):
        a, b, c = slices[index].ImagePositionPatient
        slices[index].ImagePositionPatient = [float(a) + x, float(b), float(c) + z]

    return change


def _drop(*indices):
    def change(slices):
        for index in sorted(indices, reverse=True):
            slices[index].drop = True

    return change


def _tilt(slices):
    for index, one in enumerate(slices):
        one.ImagePositionPatient[1] = float(one.ImagePositionPatient[1]) + 0.4 * index


def _blank(index):
    return _set(index, PixelData=np.full((ROWS, COLUMNS), 24, "<u2").tobytes())


def _blank_all(slices):
    for one in slices:
        one.PixelData = np.full((ROWS, COLUMNS), 24, "<u2").tobytes()


def _larger(slices):
    slices[4].Rows, slices[4].PixelData = ROWS * 2, slices[4].PixelData * 2


def _wider_by_header(slices):
    for one in slices:
        one.Rows = one.Columns = 65_000


# What is wrong, how it comes about, its class, and which slice its message must name.
FAULTS = [
    ("missing slice", _drop(5), errors.MissingSlicesError, 4),
    ("missing slices", _drop(5, 6), errors.MissingSlicesError, 7),
    ("another image at the same place", _move(5, z=2.0), errors.DuplicateSlicesError, 5),
    ("uneven spacing", _move(5, z=0.7), errors.UnevenSpacingError, 5),
    ("one slice beside the others", _move(5, x=1.5), errors.UnevenSpacingError, 5),
    ("missing pixel spacing", _remove(3, "PixelSpacing"), errors.MissingPixelSpacingError, 3),
    ("pixel spacing of nothing", _set(3, PixelSpacing=[0, 0]), errors.MissingPixelSpacingError, 3),
    ("missing position", _remove(3, "ImagePositionPatient"), errors.MissingPositionError, 3),
    ("missing orientation", _remove(3, "ImageOrientationPatient"), errors.MissingPositionError, 3),
    (
        "impossible orientation",
        _set(3, ImageOrientationPatient=[1, 0, 0, 1, 0, 0]),
        errors.MissingPositionError,
        3,
    ),
    (
        "a coronal slice",
        _set(3, ImageOrientationPatient=[1, 0, 0, 0, 0, -1]),
        errors.MixedOrientationError,
        3,
    ),
    ("another pixel spacing", _set(3, PixelSpacing=[1.0, 1.0]), errors.MixedGridError, 3),
    ("another size", _larger, errors.MixedGridError, 4),
    ("another frame of reference", _set(3, FrameOfReferenceUID="1.2.3"), errors.MixedGridError, 3),
    ("two patients", _set(3, PatientID="T-2"), errors.PatientsMixedError, None),
    ("two patients of one number", _set(3, PatientName="Other^Person"), errors.PatientsMixedError, None),
    ("MR", _set_all(Modality="MR"), errors.NotCtError, None),
    ("one MR slice among CT", _set(3, Modality="MR"), errors.NotCtError, 3),
    ("masks", _set_all(Modality="SEG"), errors.NotAnImageSeriesError, None),
    ("localizer", _set_all(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), errors.LocalizerError, None),
    ("declared lossy", _set(3, LossyImageCompression="01"), errors.LossyCompressionError, 3),
    ("no rescale", _remove(3, "RescaleIntercept"), errors.NotHounsfieldError, 3),
    ("rescale of nothing", _set(3, RescaleSlope="0"), errors.NotHounsfieldError, 3),
    ("rescale NaN", _set(3, RescaleSlope="NaN"), errors.NotHounsfieldError, 3),
    ("another unit", _set(3, RescaleType="OD"), errors.NotHounsfieldError, 3),
    ("inverted grey", _set(3, PhotometricInterpretation="MONOCHROME1"), errors.NotHounsfieldError, 3),
    ("tilted gantry", _tilt, errors.GantryTiltError, None),
    ("tilt that the orientation denies", _set_all(GantryDetectorTilt="-12"), errors.GantryTiltError, None),
    ("a blank slice within", _blank(5), errors.BlankImageError, 5),
    ("nothing but blank slices", _blank_all, errors.BlankImageError, None),
    ("bits in an unusual place", _set(3, HighBit=15), errors.UnreadableSliceError, 3),
    ("more voxels than memory", _wider_by_header, errors.VolumeTooLargeError, None),
]


@pytest.mark.parametrize(
    ("change", "error", "named"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_a_faulty_series_is_refused_by_its_fault(tmp_path, change, error, named):
    slices = ct_slices()
    change(slices)
    contents = written([one for one in slices if not hasattr(one, "drop")])
    kept = [index for index, one in enumerate(slices) if not hasattr(one, "drop")]
    folder = tmp_path / "disc"
    folder.mkdir()
    for index, content in zip(kept, contents, strict=True):
        (folder / name_of(index)).write_bytes(content)
    with pytest.raises(error) as caught:
        read_series(choose_series(list_series(folder)).series)
    assert type(caught.value) is error
    if named is not None:
        assert name_of(named) in str(caught.value)


def test_the_refusals_of_the_table_are_all_there_are():
    tested = {row[2] for row in FAULTS}
    others = {
        errors.NoImagesError,
        errors.SeriesNotFoundError,
        errors.SeveralAcquisitionsError,
        errors.NoUsableSeriesError,
        errors.TooFewSlicesError,
        errors.ReadingCancelledError,
    }
    assert tested | others == set(errors.SeriesRefusedError.__subclasses__())


def test_three_slices_are_too_few(tmp_path):
    place = put(tmp_path / "ct", written(ct_slices(3)))
    with pytest.raises(errors.TooFewSlicesError, match="has 3 slices") as caught:
        choose_series(list_series(place))
    assert caught.value.values == {"slices": 3, "needed": 10}
    assert read_series(choose_series(list_series(place, min_slices=3)).series).volume.voxels.shape[0] == 3


def test_the_same_file_twice_is_told_from_two_acquisitions(tmp_path):
    contents = written(ct_slices())
    place = put(tmp_path / "ct", contents)
    (place / "copy").write_bytes(contents[4])
    with pytest.raises(errors.DuplicateSlicesError, match="The same image is there twice") as caught:
        choose_series(list_series(place))
    assert "copy" in str(caught.value)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.97])
def test_a_truncated_slice_is_named_and_never_left_out(tmp_path, share):
    contents = written(ct_slices())
    # The last slice: without it the others would make a perfect volume.
    contents[-1] = contents[-1][: int(len(contents[-1]) * share)]
    place = put(tmp_path / "ct", contents)
    with pytest.raises(errors.UnreadableSliceError) as caught:
        read_series(choose_series(list_series(place)).series)
    assert name_of(11) in str(caught.value)


def test_a_file_that_only_begins_like_dicom_is_named(tmp_path):
    place = put(tmp_path / "ct", written(ct_slices()))
    (place / "broken").write_bytes((place / "I0000").read_bytes()[:170])
    with pytest.raises(errors.UnreadableSliceError, match="broken"):
        choose_series(list_series(place))


@pytest.mark.parametrize(
    ("syntax", "declared", "refused"),
    [(JPEGLSNearLossless, "00", True), (JPEG2000, "", True), (JPEG2000, "01", True), (JPEG2000, "00", False)],
)
def test_a_syntax_that_may_lose_is_refused_unless_the_header_denies_it(tmp_path, syntax, declared, refused):
    slices = ct_slices()
    for one in slices:
        one.PixelData = encapsulate([b"\xff\x4f" * 8])
        one["PixelData"].VR = "OB"
        one.file_meta.TransferSyntaxUID = syntax
        one.LossyImageCompression = declared
    series = list_series(put(tmp_path / "ct", written(slices))).series[0]
    assert isinstance(series.refusal, errors.LossyCompressionError) is refused


def test_an_empty_place_and_a_missing_one_are_refused(tmp_path):
    with pytest.raises(errors.NoImagesError):
        list_series(tmp_path)
    with pytest.raises(errors.NoImagesError):
        list_series(tmp_path / "nowhere")
    (tmp_path / "note.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(errors.NoImagesError):
        list_series(tmp_path)


def test_messages_never_name_the_patient(tmp_path):
    slices = ct_slices()
    slices[3].PatientName = "Secret^Name"
    place = put(tmp_path / "ct", written(slices))
    with pytest.raises(errors.PatientsMixedError) as caught:
        choose_series(list_series(place))
    shown = str(caught.value) + repr(caught.value.values)
    assert "Secret" not in shown
    assert "Test" not in shown


def test_reading_is_cancelled_between_slices(tmp_path):
    series = choose_series(list_series(put(tmp_path / "ct", written(ct_slices())))).series
    with pytest.raises(errors.ReadingCancelledError):
        read_series(series, cancelled=lambda: True)


def test_damaged_headers_never_escape_as_another_error(tmp_path):
    generator = np.random.default_rng(1)
    contents = written(ct_slices())
    for attempt in range(40):
        damaged = bytearray(contents[3])
        for position in generator.integers(132, len(damaged), size=6):
            damaged[position] = generator.integers(0, 256)
        place = put(tmp_path / str(attempt), [*contents[:3], bytes(damaged), *contents[4:]])
        try:
            read_series(choose_series(list_series(place)).series)
        except errors.SeriesRefusedError:
            continue
    assert parsed(contents[3]).Rows == ROWS
