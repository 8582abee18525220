"""Read a DICOM file that a stranger sent, and decide whether it may be stored."""

import logging
import re
from collections.abc import Container, Sequence
from io import BytesIO

import pydicom
from pydicom.dataset import FileDataset

from tongtai.core.images import Instance, PatientIdentity
from tongtai.formats.dicom.errors import (
    BrokenHeaderError,
    DicomdirError,
    DicomError,
    InconsistentDicomError,
    NotDicomError,
    PixelDataMissingError,
    TruncatedDicomError,
    UnsupportedTransferSyntaxError,
)
from tongtai.formats.dicom.metadata import dicom_json
from tongtai.formats.dicom.pixels import check_pixel_data
from tongtai.formats.dicom.syntaxes import NATIVE, SUPPORTED

# pydicom judges values while it reads and writes them, a patient's name among them, to its log.
# What may be stored is judged below, and no patient's data may reach a log.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)

_PREAMBLE_BYTES = 128
_MAGIC = b"DICM"
_MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"
_UID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
_UID_CHARACTERS = 64
_REQUIRED_UIDS = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
_LONG_LENGTH_VRS = frozenset({b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UC", b"UN", b"UR", b"UT"})


def read_instance(content: bytes) -> Instance:
    """Check a file and describe it.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    DicomError
        One of its subclasses, saying what is wrong. No other exception leaves this function,
        whatever the bytes are.
    """
    try:
        return _read(content)
    except DicomError:
        raise
    except Exception as error:
        # pydicom meets hostile bytes with nearly every built-in exception there is.
        raise BrokenHeaderError from error


def open_dataset(content: bytes) -> FileDataset:
    """Parse a file that has been checked before."""
    return pydicom.dcmread(BytesIO(content))


def open_image(content: bytes, *, tags: Sequence[str] | None = None) -> FileDataset:
    """Parse a file and see that its pixels are all there; its identifiers are not looked at.

    Parameters
    ----------
    content : bytes
        The whole file.
    tags : sequence of str, optional
        Keywords to parse, which is quicker than all; what describes the pixels must be among them.

    Raises
    ------
    DicomError
        One of its subclasses, saying what is wrong.
    """
    syntax = transfer_syntax_of(content)
    stream = _WatchedBytes(content)
    try:
        dataset = pydicom.dcmread(stream, specific_tags=None if tags is None else list(tags))
    except EOFError as error:
        raise TruncatedDicomError from error
    if "PixelData" not in dataset:
        raise TruncatedDicomError if stream.ended_early else PixelDataMissingError
    check_pixel_data(dataset, syntax)
    # Compressed pixels are read in blocks, where a short last block is no fault.
    if syntax in NATIVE and stream.ended_early:
        raise TruncatedDicomError
    return dataset


def _read(content: bytes) -> Instance:
    dataset = open_image(content)
    _check_uids(dataset)
    return _describe(dataset, str(dataset.file_meta.TransferSyntaxUID))


class _WatchedBytes(BytesIO):
    """Bytes that remember whether more was asked for than there was."""

    ended_early = False

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if size is not None and size > 0 and 0 < len(data) < size:
            self.ended_early = True
        return data


def transfer_syntax_of(content: bytes, *, supported: Container[str] = SUPPORTED) -> str:
    """Read the file meta group by hand: the syntax must be known before a parser is let loose.

    Parameters
    ----------
    content : bytes
        The file, or its beginning with the whole of the meta group.
    supported : container of str
        The transfer syntaxes that the caller can read.

    Raises
    ------
    DicomError
        If this is no DICOM file, is an index, ends within the meta group, or is coded otherwise.
    """
    position = _PREAMBLE_BYTES + len(_MAGIC)
    if content[_PREAMBLE_BYTES:position] != _MAGIC:
        raise NotDicomError
    found = {}
    while content[position : position + 2] == b"\x02\x00":
        element = content[position + 2 : position + 4]
        if content[position + 4 : position + 6] in _LONG_LENGTH_VRS:
            length, header = int.from_bytes(content[position + 8 : position + 12], "little"), 12
        else:
            length, header = int.from_bytes(content[position + 6 : position + 8], "little"), 8
        start = position + header
        if start + length > len(content):
            raise TruncatedDicomError
        found[element] = content[start : start + length].rstrip(b"\x00 ").decode("ascii", "replace")
        position = start + length
    if found.get(b"\x02\x00") == _MEDIA_DIRECTORY:
        raise DicomdirError
    syntax = found.get(b"\x10\x00", "")
    if not syntax:
        raise TruncatedDicomError if position >= len(content) else BrokenHeaderError
    if syntax not in supported:
        raise UnsupportedTransferSyntaxError(transfer_syntax_uid=syntax[:_UID_CHARACTERS])
    return syntax


def _check_uids(dataset: FileDataset) -> None:
    for keyword in _REQUIRED_UIDS:
        uid = str(dataset.get(keyword, ""))
        if len(uid) > _UID_CHARACTERS or not _UID.fullmatch(uid):
            raise BrokenHeaderError(attribute=keyword)
    declared = dataset.file_meta.get("MediaStorageSOPInstanceUID")
    if declared and declared != dataset.SOPInstanceUID:
        raise InconsistentDicomError(attribute="SOPInstanceUID")


def _describe(dataset: FileDataset, syntax: str) -> Instance:
    return Instance(
        sop_instance_uid=str(dataset.SOPInstanceUID),
        sop_class_uid=str(dataset.SOPClassUID),
        study_uid=str(dataset.StudyInstanceUID),
        series_uid=str(dataset.SeriesInstanceUID),
        transfer_syntax_uid=syntax,
        modality=_text(dataset, "Modality"),
        study_description=_text(dataset, "StudyDescription"),
        study_date=_text(dataset, "StudyDate"),
        series_description=_text(dataset, "SeriesDescription"),
        series_number=_integer(dataset, "SeriesNumber"),
        instance_number=_integer(dataset, "InstanceNumber"),
        position_mm=_position_mm(dataset),
        rows=int(dataset.Rows),
        columns=int(dataset.Columns),
        frames=int(dataset.get("NumberOfFrames") or 1),
        patient=_patient(dataset),
        attributes=dicom_json(dataset, syntax),
    )


def _patient(dataset: FileDataset) -> PatientIdentity:
    groups = _text(dataset, "PatientName", characters=256).split("=")
    return PatientIdentity(
        names=tuple(group.strip(" ^") for group in groups if group.strip(" ^")),
        birth_date=_text(dataset, "PatientBirthDate").replace(".", "").replace("-", ""),
        patient_id=_text(dataset, "PatientID"),
    )


def _text(dataset: FileDataset, keyword: str, *, characters: int = 64) -> str:
    value = dataset.get(keyword)
    return "" if value is None else str(value).replace("\x00", "").strip()[:characters]


def _integer(dataset: FileDataset, keyword: str) -> int | None:
    try:
        value = int(dataset.get(keyword))
    except (TypeError, ValueError, OverflowError):
        return None
    return value if abs(value) < 1 << 31 else None


def _position_mm(dataset: FileDataset) -> float | None:
    position = dataset.get("ImagePositionPatient")
    orientation = dataset.get("ImageOrientationPatient")
    if not position or not orientation or len(position) != 3 or len(orientation) != 6:
        return None
    x, y, z, u, v, w = (float(number) for number in orientation)
    normal = (y * w - z * v, z * u - x * w, x * v - y * u)
    return sum(float(p) * n for p, n in zip(position, normal, strict=True))
