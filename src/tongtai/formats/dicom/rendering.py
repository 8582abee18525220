"""A frame as a picture that every browser shows (WADO-RS rendered, PS3.18 section 8.7.4).

Colour in DICOM has many forms (palettes, segmented palettes, chroma at half the resolution, several
colour models); they are resolved here, once, for all viewers.
"""

import asyncio
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import FileDataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_rescale, apply_voi_lut
from pydicom.uid import UID

from tongtai.formats.dicom.errors import UndecodableFrameError
from tongtai.formats.dicom.pixels import check_frame, extract_frame
from tongtai.formats.dicom.reading import open_dataset

PNG = "image/png"
JPEG = "image/jpeg"
_JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
# A browser takes the three components of a JPEG for YCbCr of full range, which these are.
_AS_BROWSERS_READ = frozenset({"YBR_FULL", "YBR_FULL_422"})
_BYTE_MAX = 255
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_COLOUR_TYPE = {1: 0, 3: 2}
_PNG_FILTER_UP = 2
# Level 1 costs a third of level 6 and makes ultrasound a twentieth larger.
_COMPRESSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A picture and its media type."""

    content: bytes
    media_type: str


async def rendered_frame(content: bytes, number: int, *, accepted: frozenset[str]) -> Rendered:
    """One frame of a stored object as a picture, made beside the event loop.

    Parameters
    ----------
    content : bytes
        The stored file.
    number : int
        The frame's number, from 1.
    accepted : frozenset of str
        Media types that the client takes; ``image/png`` or ``image/jpeg`` or both.

    Raises
    ------
    UndecodableFrameError
        If the picture is damaged, or can only be given in a form that is not accepted.
    """
    return await asyncio.to_thread(_rendered, content, number, accepted)


def _rendered(content: bytes, number: int, accepted: frozenset[str]) -> Rendered:
    dataset = open_dataset(content)
    if JPEG in accepted and _is_browser_jpeg(dataset):
        return Rendered(content=extract_frame(dataset, number).content, media_type=JPEG)
    return Rendered(content=png(displayed(dataset, number)), media_type=PNG)


def _is_browser_jpeg(dataset: FileDataset) -> bool:
    return (
        str(dataset.file_meta.TransferSyntaxUID) == _JPEG_BASELINE
        and dataset.PhotometricInterpretation in _AS_BROWSERS_READ
    )


def displayed(dataset: FileDataset, number: int) -> NDArray[np.uint8]:
    """One frame as it is to be shown: RGB, or grey in the window that the object proposes.

    Parameters
    ----------
    dataset : FileDataset
        A file that has been checked.
    number : int
        The frame's number, from 1.

    Returns
    -------
    (rows, columns, 3) or (rows, columns) array

    Raises
    ------
    UndecodableFrameError
        If the picture or its palette is damaged.
    """
    check_frame(dataset, number)
    decoder = get_decoder(UID(str(dataset.file_meta.TransferSyntaxUID)))
    try:
        pixels, _ = decoder.as_array(dataset, index=number - 1, raw=False)
        if dataset.PhotometricInterpretation == "PALETTE COLOR":
            return _in_bytes(apply_color_lut(pixels, dataset), stored_bits=_palette_bits(dataset))
        if pixels.ndim == 3:
            return _in_bytes(pixels, stored_bits=int(dataset.BitsStored))
        return _windowed(pixels, dataset)
    except Exception as error:
        # Each of the codec libraries, and a broken palette, has its own way of failing.
        raise UndecodableFrameError(frame=number) from error


def _palette_bits(dataset: FileDataset) -> int:
    return int(dataset.RedPaletteColorLookupTableDescriptor[2])


def _in_bytes(pixels: NDArray[np.integer], *, stored_bits: int) -> NDArray[np.uint8]:
    """The highest eight bits; tables of "16 bit" entries that use only eight are taken as they are."""
    if stored_bits > 8 and int(pixels.max(initial=0)) > _BYTE_MAX:
        pixels = pixels >> (stored_bits - 8)
    return np.ascontiguousarray(pixels.astype(np.uint8))


def _windowed(pixels: NDArray[np.integer], dataset: FileDataset) -> NDArray[np.uint8]:
    values = np.asarray(apply_rescale(pixels, dataset), dtype=np.float64)
    if dataset.get("WindowWidth"):
        shown = np.asarray(apply_voi_lut(values, dataset, index=0), dtype=np.float64)
    else:
        shown = values
    low, high = float(shown.min()), float(shown.max())
    grey = (shown - low) * (_BYTE_MAX / (high - low) if high > low else 0.0)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        grey = _BYTE_MAX - grey
    return np.ascontiguousarray(np.round(grey).astype(np.uint8))


def png(pixels: NDArray[np.uint8]) -> bytes:
    r"""Pixels as a PNG file, without loss (ISO/IEC 15948).

    Parameters
    ----------
    pixels : (rows, columns) or (rows, columns, 3) array
        Grey or RGB.

    Examples
    --------
    >>> png(np.zeros((2, 3), np.uint8))[:8]
    b'\x89PNG\r\n\x1a\n'
    """
    samples = 1 if pixels.ndim == 2 else pixels.shape[2]
    rows, columns = pixels.shape[:2]
    lines = pixels.reshape(rows, columns * samples)
    filtered = np.zeros((rows, 1 + lines.shape[1]), np.uint8)
    filtered[:, 0] = _PNG_FILTER_UP
    filtered[0, 1:] = lines[0]
    # Bytes wrap around, which is what the filter wants.
    np.subtract(lines[1:], lines[:-1], out=filtered[1:, 1:])
    header = struct.pack(">IIBBBBB", columns, rows, 8, _PNG_COLOUR_TYPE[samples], 0, 0, 0)
    body = zlib.compress(filtered.tobytes(), _COMPRESSION)
    return _PNG_SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
