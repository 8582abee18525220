"""What may be stored, and how each fault is named."""

import warnings
from io import BytesIO

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)
from tests.support.images import REAL_CT, REAL_ULTRASOUND, edited, small_ct

from tongtai.formats.dicom import errors
from tongtai.formats.dicom.pixels import decode_frame, decompress, extract_frame
from tongtai.formats.dicom.reading import open_dataset, read_instance

# pydicom warns of an odd character set; a stranger's file may well have one.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

SLICE = small_ct()[0]
NEEDS_CT = pytest.mark.skipif(not REAL_CT.is_dir(), reason="no ../shared/data/ct-liver-lesions")
NEEDS_ULTRASOUND = pytest.mark.skipif(
    not REAL_ULTRASOUND.is_dir(), reason="no ../shared/data/ultrasound-dicom"
)


def test_a_good_slice_is_described():
    read = read_instance(SLICE)
    assert (read.modality, read.rows, read.columns, read.frames) == ("CT", 64, 64, 1)
    assert read.patient.names == ("王小明",)
    assert read.position_mm == -6.25
    assert "7FE00010" not in read.attributes
    assert read.attributes["00280030"]["Value"] == [5.9375, 5.9375]


@pytest.mark.shared
@NEEDS_CT
def test_long_decimals_of_a_real_ct_are_kept():
    read = read_instance((REAL_CT / "image_60").read_bytes())
    assert read.attributes["00280030"]["Value"] == pytest.approx([0.57, 0.57])
    assert read.position_mm == pytest.approx(96.0, abs=1e-3)


def _without(keyword):
    return lambda dataset: delattr(dataset, keyword)


def _setting(keyword, value):
    return lambda dataset: setattr(dataset, keyword, value)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_without("PixelData"), errors.PixelDataMissingError),
        (_without("Rows"), errors.InconsistentDicomError),
        (_without("SOPInstanceUID"), errors.BrokenHeaderError),
        (_setting("StudyInstanceUID", "1.2.x"), errors.BrokenHeaderError),
        (_setting("StudyInstanceUID", "1." + "2" * 70), errors.BrokenHeaderError),
        (_setting("Rows", 128), errors.TruncatedDicomError),
        (_setting("Rows", 16), errors.InconsistentDicomError),
        (_setting("BitsAllocated", 12), errors.InconsistentDicomError),
        (_setting("BitsStored", 17), errors.InconsistentDicomError),
        (_setting("NumberOfFrames", 9), errors.TruncatedDicomError),
        (_setting("NumberOfFrames", -1), errors.InconsistentDicomError),
        (_setting("SamplesPerPixel", 7), errors.InconsistentDicomError),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_fault(change, error):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = edited(SLICE, change)
    with pytest.raises(error):
        read_instance(content)


def test_what_is_not_dicom_is_refused():
    for content in (b"", b"DICM", b"%PDF-1.7 " * 100, bytes(4096)):
        with pytest.raises(errors.NotDicomError):
            read_instance(content)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.99])
def test_a_truncated_file_is_called_truncated(share):
    with pytest.raises((errors.TruncatedDicomError, errors.BrokenHeaderError)) as caught:
        read_instance(SLICE[: int(len(SLICE) * share)])
    if share > 0.1:
        assert isinstance(caught.value, errors.TruncatedDicomError)


def test_a_dicomdir_and_a_deflated_file_are_told_apart_from_images():
    directory = SLICE.replace(b"1.2.840.10008.5.1.4.1.1.2\x00", b"1.2.840.10008.1.3.10\x00     \x00", 1)
    with pytest.raises(errors.DicomdirError):
        read_instance(directory)
    dataset = open_dataset(SLICE)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    stream = BytesIO()
    dataset.save_as(stream)
    with pytest.raises(errors.UnsupportedTransferSyntaxError):
        read_instance(stream.getvalue())


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless, JPEGLSLossless])
def test_compressed_slices_decode_to_the_same_pixels(syntax):
    compressed = edited(SLICE, lambda dataset: dataset.compress(syntax, generate_instance_uid=False))
    assert read_instance(compressed).transfer_syntax_uid == syntax
    plain = extract_frame(open_dataset(SLICE), 1).content
    assert decode_frame(open_dataset(compressed), 1).content == plain
    assert decompress(open_dataset(compressed)).PixelData == plain


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_other_byte_orders_give_little_endian_frames(syntax):
    dataset = open_dataset(SLICE)
    if syntax == ExplicitVRBigEndian:
        dataset.PixelData = dataset.pixel_array.astype(">i2").tobytes()
    dataset.file_meta.TransferSyntaxUID = syntax
    stream = BytesIO()
    pydicom.dcmwrite(
        stream, dataset, implicit_vr=syntax.is_implicit_VR, little_endian=syntax.is_little_endian
    )
    assert read_instance(stream.getvalue()).rows == 64
    frame = extract_frame(open_dataset(stream.getvalue()), 1)
    assert frame.content == extract_frame(open_dataset(SLICE), 1).content


def test_a_codestream_of_another_size_is_refused_before_decoding():
    compressed = edited(
        SLICE, lambda dataset: dataset.compress(JPEG2000Lossless, generate_instance_uid=False)
    )
    start = compressed.index(b"\xff\x4f\xff\x51") + 8
    bomb = compressed[:start] + (60000).to_bytes(4) + (60000).to_bytes(4) + compressed[start + 8 :]
    with pytest.raises(errors.InconsistentDicomError):
        read_instance(bomb)


@pytest.mark.shared
@NEEDS_ULTRASOUND
def test_every_real_ultrasound_decodes_or_says_what_is_wrong():
    syntaxes = set()
    for path in sorted(REAL_ULTRASOUND.glob("*.dcm")):
        content = path.read_bytes()
        if path.name.startswith("sonoque"):
            with pytest.raises(errors.BrokenHeaderError):
                read_instance(content)
            continue
        read = read_instance(content)
        syntaxes.add(read.transfer_syntax_uid)
        for number in {1, read.frames}:
            frame = decode_frame(open_dataset(content), number).content
            assert len(frame) >= read.rows * read.columns
    assert len(syntaxes) >= 4


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_bytes_never_escape_as_another_error(data):
    content = bytearray(SLICE)
    edits = data.draw(
        st.lists(
            st.tuples(st.integers(128, 1600), st.binary(min_size=1, max_size=12)),
            min_size=1,
            max_size=8,
        )
    )
    for position, patch in edits:
        content[position : position + len(patch)] = patch
    cut = data.draw(st.integers(0, len(content)))
    for candidate in (bytes(content), bytes(content[:cut])):
        try:
            read = read_instance(candidate)
        except errors.DicomError:
            continue
        assert read.rows > 0


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_behind_the_magic_never_escape_as_another_error(tail):
    for head in (bytes(128) + b"DICM", SLICE[:400]):
        try:
            read_instance(head + tail)
        except errors.DicomError:
            continue
