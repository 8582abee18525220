"""A frame as a picture that every browser shows (WADO-RS rendered, PS3.18 section 8.7.4).

Colour in DICOM has many forms (palettes, segmented palettes, chroma at half the resolution, several
colour models); they are resolved here, once, for all viewers.
"""

import asyncio
import struct
import zlib
from collections.abc import MutableSequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import FileDataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi
from pydicom.uid import UID

from tongtai.core.windowing import Window, WindowFunction, full_window, grey_levels
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
_FUNCTIONS = {
    "LINEAR_EXACT": WindowFunction.LINEAR_EXACT,
    "SIGMOID": WindowFunction.SIGMOID,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A picture and its media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What a client wants otherwise than the object proposes.

    Parameters
    ----------
    window : Window or None
        Of a grey picture, in the image's own unit, for CT in HU.
    largest : (int, int) or None
        Columns and rows that the picture must fit into, its proportions kept.
    quality : int
        Of a JPEG, 1 to 100.
    """

    window: Window | None = None
    largest: tuple[int, int] | None = None
    quality: int = 90


AS_PROPOSED = Drawing()


async def rendered_frame(
    content: bytes, number: int, *, accepted: frozenset[str], drawing: Drawing = AS_PROPOSED
) -> Rendered:
    """One frame of a stored object as a picture, made beside the event loop.

    Parameters
    ----------
    content : bytes
        The stored file.
    number : int
        The frame's number, from 1.
    accepted : frozenset of str
        Media types that the client takes; ``image/png`` or ``image/jpeg`` or both.
    drawing : Drawing
        How to draw it.

    Raises
    ------
    UndecodableFrameError
        If the picture is damaged.
    """
    return await asyncio.to_thread(_rendered, content, number, accepted, drawing)


def _rendered(content: bytes, number: int, accepted: frozenset[str], drawing: Drawing) -> Rendered:
    dataset = open_dataset(content)
    if JPEG in accepted and drawing == AS_PROPOSED and _is_browser_jpeg(dataset):
        return Rendered(content=extract_frame(dataset, number).content, media_type=JPEG)
    pixels = displayed(dataset, number, drawing.window)
    if drawing.largest is not None:
        pixels = _fitted(pixels, drawing.largest)
    if PNG in accepted:
        return Rendered(content=png(pixels), media_type=PNG)
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=drawing.quality)
    return Rendered(content=stream.getvalue(), media_type=JPEG)


def _fitted(pixels: NDArray[np.uint8], largest: tuple[int, int]) -> NDArray[np.uint8]:
    rows, columns = pixels.shape[:2]
    scale = min(largest[0] / columns, largest[1] / rows)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR))


def _is_browser_jpeg(dataset: FileDataset) -> bool:
    return (
        str(dataset.file_meta.TransferSyntaxUID) == _JPEG_BASELINE
        and dataset.PhotometricInterpretation in _AS_BROWSERS_READ
    )


def displayed(dataset: FileDataset, number: int, window: Window | None = None) -> NDArray[np.uint8]:
    """One frame as it is to be shown: RGB, or grey in a window.

    Parameters
    ----------
    dataset : FileDataset
        A file that has been checked.
    number : int
        The frame's number, from 1.
    window : Window, optional
        Instead of the first that the object proposes; of an object that proposes none, everything is shown.

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
        return _windowed(pixels, dataset, window)
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


def _windowed(pixels: NDArray[np.integer], dataset: FileDataset, window: Window | None) -> NDArray[np.uint8]:
    values = np.asarray(apply_modality_lut(pixels, dataset), dtype=np.float64)
    if window is None and dataset.get("VOILUTSequence"):
        # A table of grey levels stands for a window; what its entries can hold is white.
        table = dataset.VOILUTSequence[0]
        shown = np.asarray(apply_voi(values.astype(np.int64), dataset, index=0), dtype=np.float64)
        white = float(2 ** int(table.LUTDescriptor[2]) - 1)
        grey = grey_levels(shown, Window(center=white / 2, width=white, function=WindowFunction.LINEAR_EXACT))
    else:
        grey = grey_levels(values, window or _proposed(dataset) or full_window(values))
    return np.ascontiguousarray(
        _BYTE_MAX - grey if dataset.PhotometricInterpretation == "MONOCHROME1" else grey
    )


def _proposed(dataset: FileDataset) -> Window | None:
    """The first window of the header: several are alternatives."""
    center, width = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
    function = _FUNCTIONS.get(str(dataset.get("VOILUTFunction") or ""), WindowFunction.LINEAR)
    if center is None or width is None or width < (1 if function is WindowFunction.LINEAR else 1e-9):
        return None
    return Window(center=center, width=width, function=function)


def _first(value: Any) -> float | None:
    if value is None or value == "":
        return None
    return float(value[0] if isinstance(value, MutableSequence) else value)


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
