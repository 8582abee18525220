"""Write text into a picture."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tongtai.core.pictures.glyphs import GLYPH_HEIGHT, GLYPHS

SIMULATED_MARK = "SIMULATED 模拟图像"
_SPACING = 1


def text_mask(text: str, *, scale: int = 1) -> NDArray[np.bool_]:
    """The pixels of one line of text.

    Parameters
    ----------
    text : str
        Characters of the bitmap font; one that it lacks is drawn as a question mark.
    scale : int
        Size of one font pixel in picture pixels.

    Returns
    -------
    (24 · scale, W) array

    Examples
    --------
    >>> text_mask("A").shape
    (24, 13)
    """
    columns = [_glyph(character) for character in text]
    line = np.concatenate(columns, axis=1) if columns else np.zeros((GLYPH_HEIGHT, 1), np.bool_)
    return line.repeat(scale, axis=0).repeat(scale, axis=1)


def draw_text(
    picture: NDArray[np.uint8],
    text: str,
    *,
    left: int,
    top: int,
    colour: tuple[int, int, int] = (230, 235, 240),
    scale: int = 1,
) -> None:
    """Write ``text`` into an (H, W, 3) picture in place; what leaves the picture is cut off."""
    area = picture[top:, left:]
    mask = text_mask(text, scale=scale)[: area.shape[0], : area.shape[1]]
    area[: mask.shape[0], : mask.shape[1]][mask] = colour


def mark_simulated(picture: NDArray[np.uint8]) -> None:
    """Say in the picture itself, in both languages, that no patient was there."""
    height, width = picture.shape[:2]
    mask = text_mask(SIMULATED_MARK)
    top, left = height - mask.shape[0] - 12, width - mask.shape[1] - 16
    picture[top - 4 : top + mask.shape[0] + 4, left - 8 : left + mask.shape[1] + 8] = (60, 45, 0)
    draw_text(picture, SIMULATED_MARK, left=left, top=top, colour=(255, 210, 90))


@cache
def _glyph(character: str) -> NDArray[np.bool_]:
    width, rows = GLYPHS.get(character, GLYPHS["?"])
    bits = format(int(rows, 16), f"0{width * GLYPH_HEIGHT}b")
    glyph = np.frombuffer(bits.encode("ascii"), np.uint8).reshape(GLYPH_HEIGHT, width) == ord("1")
    return np.pad(glyph, ((0, 0), (0, _SPACING)))
