"""The time as bars in a picture: what left the camera at that time is seen on the other side now.

A strip along the lower edge holds two rows of cells. White is one, black is zero. The upper row
begins with a marker of four cells (1010), then 24 bits of milliseconds; the lower row begins with
the inverse marker and repeats the bits inverted, so that a smeared picture is refused, not misread.
"""

import numpy as np
from numpy.typing import NDArray

BITS = 24
WRAP_MS = 1 << BITS
_MARKER = (1, 0, 1, 0)
_CELLS = len(_MARKER) + BITS
# Fractions of the picture's height: both rows lie in the lowest eighth.
_ROW_TOP = (0.875, 0.9375)
_ROW_HEIGHT = 0.0625
# A cell's middle must be this far from grey (0…255) to count.
_CONTRAST = 40


def draw_timecode(luma: NDArray[np.uint8], time_ms: int) -> None:
    """Draw the time into an (H, W) luma plane in place.

    Parameters
    ----------
    luma : (H, W) array
        Luma plane, full height and width of the picture.
    time_ms : int
        Milliseconds; only the lowest 24 bits (4.6 hours) are drawn.
    """
    height, width = luma.shape
    cells = np.array([*_MARKER, *(((time_ms >> bit) & 1) for bit in reversed(range(BITS)))], np.uint8)
    index = np.minimum(np.arange(width) * _CELLS // width, _CELLS - 1)
    for row, values in zip(_ROW_TOP, (cells, 1 - cells), strict=True):
        top = round(row * height)
        luma[top : top + round(_ROW_HEIGHT * height)] = np.where(values[index] == 1, 235, 16)


def read_timecode(luma: NDArray[np.uint8]) -> int | None:
    """Read the milliseconds (modulo 2²⁴) from an (H, W) luma plane of any size.

    Returns
    -------
    int | None
        None when there is no undamaged time code in the picture.

    Examples
    --------
    >>> plane = np.full((180, 320), 90, np.uint8)
    >>> draw_timecode(plane, 1_234_567)
    >>> read_timecode(plane)
    1234567
    """
    height, width = luma.shape
    columns = ((np.arange(_CELLS) + 0.5) * width / _CELLS).astype(int)
    reach = max(width // _CELLS // 6, 1)
    rows = []
    for row in _ROW_TOP:
        middle = round((row + _ROW_HEIGHT / 2) * height)
        band = luma[middle - 1 : middle + 2].astype(np.int16).mean(axis=0)
        levels = np.array([band[max(c - reach, 0) : c + reach].mean() for c in columns]) - 128
        if np.abs(levels).min() < _CONTRAST:
            return None
        rows.append(levels > 0)
    if not np.array_equal(rows[0], ~rows[1]) or tuple(rows[0][: len(_MARKER)].astype(int)) != _MARKER:
        return None
    return int("".join("1" if bit else "0" for bit in rows[0][len(_MARKER) :]), 2)


def elapsed_ms(sent_ms: int, now_ms: int) -> int:
    """Milliseconds between two times that are known modulo 2²⁴."""
    return (now_ms - sent_ms) % WRAP_MS
