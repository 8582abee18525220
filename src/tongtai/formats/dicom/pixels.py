"""Frames: are they all there, cut one out, decode one."""

from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import generate_fragments, get_frame, parse_basic_offsets
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID

from tongtai.formats.dicom.codestreams import declared_size
from tongtai.formats.dicom.errors import (
    FrameMissingError,
    InconsistentDicomError,
    TruncatedDicomError,
    UndecodableFrameError,
)
from tongtai.formats.dicom.syntaxes import EXPLICIT_BIG, EXPLICIT_LITTLE, NATIVE

_BITS_ALLOCATED = (8, 16, 32)
_SAMPLES = (1, 3)
_HALF_CHROMA = ("YBR_FULL_422", "YBR_PARTIAL_422")
MAX_FRAMES = 100_000
_MAX_FRAME_BYTES = 256 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame's bytes and how they are coded."""

    content: bytes
    transfer_syntax_uid: str


def check_pixel_data(dataset: FileDataset, transfer_syntax_uid: str) -> None:
    """See that the pixels are as many as the header says.

    Raises
    ------
    InconsistentDicomError
        If the header describes no possible picture, or another one than the pixels hold.
    TruncatedDicomError
        If there are fewer pixels than declared.
    """
    frame_bytes = _frame_bytes(dataset)
    frames = _number_of_frames(dataset)
    content = dataset.PixelData
    if not content:
        raise TruncatedDicomError
    if transfer_syntax_uid in NATIVE:
        if len(content) < frame_bytes * frames:
            raise TruncatedDicomError(expected_bytes=frame_bytes * frames, found_bytes=len(content))
        # One byte of padding is the rule; some scanners pad to a block.
        if len(content) > frame_bytes * frames + frame_bytes:
            raise InconsistentDicomError(expected_bytes=frame_bytes * frames, found_bytes=len(content))
        return
    parse_basic_offsets(content)
    fragments = sum(1 for fragment in generate_fragments(content) if fragment)
    if fragments < frames:
        raise TruncatedDicomError(expected_frames=frames, found_frames=fragments)
    _check_codestream(dataset, _encapsulated_frame(dataset, 0), transfer_syntax_uid)


def extract_frame(dataset: FileDataset, number: int) -> Frame:
    """One frame as it is stored.

    Parameters
    ----------
    dataset : FileDataset
        A file that has been checked.
    number : int
        The frame's number, from 1.
    """
    if not 1 <= number <= _number_of_frames(dataset):
        raise FrameMissingError(frame=number)
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if syntax not in NATIVE:
        return Frame(content=_encapsulated_frame(dataset, number - 1), transfer_syntax_uid=syntax)
    size = _frame_bytes(dataset)
    content = dataset.PixelData[(number - 1) * size : number * size]
    if syntax == EXPLICIT_BIG and dataset.BitsAllocated > 8:
        content = np.frombuffer(content, dtype=f">u{dataset.BitsAllocated // 8}").byteswap().tobytes()
    return Frame(content=content, transfer_syntax_uid=EXPLICIT_LITTLE)


def check_frame(dataset: FileDataset, number: int) -> None:
    """See that a frame is there and is as large as the header says, before a decoder believes it.

    Raises
    ------
    FrameMissingError
        If the object has no such frame.
    InconsistentDicomError
        If the compressed picture declares another size.
    """
    frame = extract_frame(dataset, number)
    if frame.transfer_syntax_uid not in NATIVE:
        _check_codestream(dataset, frame.content, frame.transfer_syntax_uid)


def decode_frame(dataset: FileDataset, number: int) -> Frame:
    """One frame as plain little-endian pixels; colour becomes RGB, pixel by pixel.

    Raises
    ------
    UndecodableFrameError
        If the compressed picture is damaged.
    """
    stored = extract_frame(dataset, number)
    if stored.transfer_syntax_uid in NATIVE:
        return stored
    _check_codestream(dataset, stored.content, stored.transfer_syntax_uid)
    decoder = get_decoder(UID(stored.transfer_syntax_uid))
    try:
        array, _ = decoder.as_array(dataset, index=number - 1, raw=False)
    except Exception as error:
        # Each of the codec libraries has its own way of failing.
        raise UndecodableFrameError(frame=number) from error
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return Frame(content=np.ascontiguousarray(little).tobytes(), transfer_syntax_uid=EXPLICIT_LITTLE)


def decompress(dataset: FileDataset) -> FileDataset:
    """The same object with plain pixels, Explicit VR Little Endian; changed in place."""
    if str(dataset.file_meta.TransferSyntaxUID) in NATIVE:
        return dataset
    for number in range(1, _number_of_frames(dataset) + 1):
        frame = extract_frame(dataset, number)
        _check_codestream(dataset, frame.content, frame.transfer_syntax_uid)
    try:
        dataset.decompress(generate_instance_uid=False)
    except Exception as error:
        raise UndecodableFrameError from error
    return dataset


def _check_codestream(dataset: Dataset, frame: bytes, transfer_syntax_uid: str) -> None:
    size = declared_size(frame, transfer_syntax_uid)
    if size is not None and size != (dataset.Rows, dataset.Columns):
        raise InconsistentDicomError(
            rows=int(dataset.Rows),
            columns=int(dataset.Columns),
            found_rows=size[0],
            found_columns=size[1],
        )


def _encapsulated_frame(dataset: Dataset, index: int) -> bytes:
    return get_frame(dataset.PixelData, index, number_of_frames=_number_of_frames(dataset))


def _number_of_frames(dataset: Dataset) -> int:
    frames = int(dataset.get("NumberOfFrames") or 1)
    if not 1 <= frames <= MAX_FRAMES:
        raise InconsistentDicomError(attribute="NumberOfFrames")
    return frames


def _frame_bytes(dataset: Dataset) -> int:
    rows, columns = int(dataset.get("Rows") or 0), int(dataset.get("Columns") or 0)
    samples, bits = int(dataset.get("SamplesPerPixel") or 0), int(dataset.get("BitsAllocated") or 0)
    if rows < 1 or columns < 1 or samples not in _SAMPLES or bits not in _BITS_ALLOCATED:
        raise InconsistentDicomError(rows=rows, columns=columns, samples=samples, bits=bits)
    if not 1 <= int(dataset.get("BitsStored") or 0) <= bits:
        raise InconsistentDicomError(attribute="BitsStored")
    if dataset.get("PixelRepresentation") not in (0, 1) or not dataset.get("PhotometricInterpretation"):
        raise InconsistentDicomError(attribute="PixelRepresentation")
    size = rows * columns * samples * bits // 8
    if size > _MAX_FRAME_BYTES:
        raise InconsistentDicomError(rows=rows, columns=columns)
    if dataset.PhotometricInterpretation in _HALF_CHROMA and _is_native(dataset):
        return rows * columns * 2
    return size


def _is_native(dataset: Dataset) -> bool:
    meta = getattr(dataset, "file_meta", None)
    return meta is not None and str(meta.TransferSyntaxUID) in NATIVE
