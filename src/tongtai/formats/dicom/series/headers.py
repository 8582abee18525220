"""What a file's header says about its slices, read without its pixels."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

import pydicom
from pydicom.dataset import Dataset, FileDataset
from pydicom.tag import Tag

from tongtai.formats.archives.zips import ArchiveLimits
from tongtai.formats.dicom.errors import (
    BrokenHeaderError,
    DicomError,
    InconsistentDicomError,
    TruncatedDicomError,
)
from tongtai.formats.dicom.pixels import MAX_FRAMES
from tongtai.formats.dicom.reading import transfer_syntax_of
from tongtai.formats.dicom.series.enhanced import frame_groups
from tongtai.formats.dicom.syntaxes import DEFLATED, EXPLICIT_LITTLE, SUPPORTED

_META_BYTES = 1 << 16
# Preamble and magic.
_PREAMBLE_BYTES = 132
_GROUP_LENGTH = b"\x02\x00\x00\x00UL\x04\x00"
# As much as one file of an archive may unpack to.
_INFLATED_BYTES = ArchiveLimits().entry_bytes
_READABLE = SUPPORTED | {DEFLATED}
_TEXTS = (
    "Modality", "SeriesInstanceUID", "StudyInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID",
    "SeriesDescription", "ProtocolName", "SeriesDate", "SeriesTime", "AcquisitionTime", "AcquisitionDateTime",
    "ContrastBolusAgent", "ContrastBolusStartTime", "ConvolutionKernel", "ImageType", "ImageComments",
    "LossyImageCompression", "PhotometricInterpretation", "AcquisitionNumber",
)  # fmt: skip
_NUMBERS = (
    "SeriesNumber", "InstanceNumber", "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsAllocated",
    "BitsStored", "HighBit", "PixelRepresentation", "PixelPaddingValue", "PixelPaddingRangeLimit",
    "GantryDetectorTilt", "SliceThickness",
)  # fmt: skip
_GEOMETRY = (
    "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "RescaleSlope", "RescaleIntercept",
)  # fmt: skip
_PATIENT = ("PatientName", "PatientID", "PatientBirthDate")
_TAGS = [
    Tag(keyword)
    for keyword in (
        "SpecificCharacterSet", "SOPClassUID", "RescaleType", *_TEXTS, *_NUMBERS, *_GEOMETRY, *_PATIENT,
        "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHeader:
    """What holds for all slices of a file.

    Attributes
    ----------
    name : str
        The file's name in its place.
    patient : tuple[str, str, str]
        Name, number and birth date, to tell patients apart; never shown.
    texts, numbers
        Attributes by keyword; empty and missing ones are left out.
    has_pixels : bool
        Whether anything follows the header.
    """

    name: str
    sop_class_uid: str
    transfer_syntax_uid: str
    patient: tuple[str, str, str]
    texts: dict[str, str]
    numbers: dict[str, float]
    has_pixels: bool

    def text(self, keyword: str) -> str:
        """An attribute's text, several values joined by a backslash; empty when missing."""
        return self.texts.get(keyword, "")

    def number(self, keyword: str) -> float | None:
        """An attribute's first number; None when missing."""
        return self.numbers.get(keyword)

    @property
    def series_key(self) -> str:
        """What the slices of a series share; identifiers may have been removed from the file."""
        return self.text("SeriesInstanceUID") or f"no UID, {self.text('FrameOfReferenceUID') or 'no frame'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceHeader:
    """One slice: a file, or one frame of it.

    Attributes
    ----------
    frame : int
        From 0.
    position_mm : (x, y, z) or None
        Centre of the first pixel, LPS.
    orientation : tuple of six or None
        Direction of growing columns, then of growing rows.
    pixel_spacing_mm : (row, column) or None
        Distance of rows, then of columns.
    slope, intercept : float or None
        From stored values to Hounsfield units.
    """

    file: FileHeader
    frame: int
    position_mm: tuple[float, ...] | None
    orientation: tuple[float, ...] | None
    pixel_spacing_mm: tuple[float, ...] | None
    slope: float | None
    intercept: float | None
    rescale_type: str

    @property
    def name(self) -> str:
        """The file's name, with the number of the frame where there are several."""
        frames = self.file.number("NumberOfFrames") or 1
        return f"{self.file.name} (frame {self.frame + 1})" if frames > 1 else self.file.name


def read_header(name: str, stream: BinaryIO) -> tuple[FileHeader, list[SliceHeader]]:
    """Read a file's header.

    Raises
    ------
    DicomError
        If this is no DICOM file or its header is damaged. No other exception leaves this function.
    """
    try:
        beginning = stream.read(_META_BYTES)
        if len(beginning) < _PREAMBLE_BYTES and not beginning.strip(b"\x00"):
            # What a failed copy leaves: nothing, or a part of the empty preamble.
            raise TruncatedDicomError
        syntax = transfer_syntax_of(beginning, supported=_READABLE)
        stream.seek(0)
        if syntax == DEFLATED:
            stream = BytesIO(inflated(stream.read()))
        dataset = pydicom.dcmread(stream, stop_before_pixels=True, specific_tags=_TAGS)
        file = _file_header(name, dataset, syntax, has_pixels=bool(stream.read(1)))
        if not file.has_pixels and not file.text("SeriesInstanceUID"):
            raise TruncatedDicomError
        return file, _slices(file, dataset)
    except DicomError:
        raise
    except EOFError as error:
        raise TruncatedDicomError from error
    except Exception as error:
        # pydicom meets hostile bytes with nearly every built-in exception there is.
        raise BrokenHeaderError from error


def inflated(content: bytes) -> bytes:
    """A deflated file as Explicit VR Little Endian, within bounds.

    Raises
    ------
    TruncatedDicomError
        If the compressed data ends early.
    BrokenHeaderError
        If it unpacks to more than is allowed or is damaged.
    """
    if content[_PREAMBLE_BYTES : _PREAMBLE_BYTES + 8] != _GROUP_LENGTH:
        raise BrokenHeaderError("The deflated file does not say where its compressed part begins.")
    start = _PREAMBLE_BYTES + 12
    start += int.from_bytes(content[start - 4 : start], "little")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(content[start:], _INFLATED_BYTES)
    except zlib.error as error:
        raise BrokenHeaderError from error
    if unpacker.unconsumed_tail:
        raise BrokenHeaderError("The deflated file unpacks to more than is allowed.")
    if not unpacker.eof:
        raise TruncatedDicomError
    deflated, explicit = DEFLATED.encode(), EXPLICIT_LITTLE.encode()
    return content[:start].replace(deflated, explicit.ljust(len(deflated), b"\x00")) + plain


def _file_header(name: str, dataset: FileDataset, syntax: str, *, has_pixels: bool) -> FileHeader:
    sop_class = _text(dataset, "SOPClassUID") or str(dataset.file_meta.get("MediaStorageSOPClassUID", ""))
    numbers = {keyword: _numbers(dataset.get(keyword)) for keyword in _NUMBERS}
    name_of, number_of, birth_date = (_text(dataset, keyword) for keyword in _PATIENT)
    return FileHeader(
        name=name,
        sop_class_uid=sop_class,
        transfer_syntax_uid=syntax,
        patient=(name_of.strip(" ^="), number_of, birth_date),
        texts={keyword: text for keyword in _TEXTS if (text := _text(dataset, keyword))},
        numbers={keyword: values[0] for keyword, values in numbers.items() if values},
        has_pixels=has_pixels,
    )


def _slices(file: FileHeader, dataset: Dataset) -> list[SliceHeader]:
    groups = frame_groups(dataset)
    if not groups:
        frames = int(file.number("NumberOfFrames") or 1)
        if not 1 <= frames <= MAX_FRAMES:
            raise InconsistentDicomError(attribute="NumberOfFrames")
        groups = [dataset] * frames
    return [_slice(file, frame, group) for frame, group in enumerate(groups)]


def _slice(file: FileHeader, frame: int, attributes: Dataset) -> SliceHeader:
    slope = _numbers(attributes.get("RescaleSlope"))
    intercept = _numbers(attributes.get("RescaleIntercept"))
    return SliceHeader(
        file=file,
        frame=frame,
        position_mm=_numbers(attributes.get("ImagePositionPatient"), count=3),
        orientation=_numbers(attributes.get("ImageOrientationPatient"), count=6),
        pixel_spacing_mm=_numbers(attributes.get("PixelSpacing"), count=2),
        slope=slope[0] if slope else None,
        intercept=intercept[0] if intercept else None,
        rescale_type=_text(attributes, "RescaleType"),
    )


def _text(dataset: Dataset, keyword: str) -> str:
    value = dataset.get(keyword)
    if value is None:
        return ""
    several = isinstance(value, Sequence) and not isinstance(value, str)
    return "\\".join(map(str, value)).strip("\x00 ") if several else str(value).strip("\x00 ")


def _numbers(value: Any, *, count: int = 0) -> tuple[float, ...] | None:
    """Finite numbers of an attribute; None where there are none, or not ``count`` of them."""
    if value is None or value == "":
        return None
    try:
        several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        numbers = tuple(float(number) for number in several)
    except (TypeError, ValueError, OverflowError):
        return None
    if not numbers or not all(map(math.isfinite, numbers)) or count not in {0, len(numbers)}:
        return None
    return numbers
