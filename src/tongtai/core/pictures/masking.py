"""Covers parts of a picture for good: what lies under a mask is no longer in the bytes that leave."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Black in video levels: luma 16, no colour.
_BLACK_LUMA, _NO_COLOUR = 16, 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """A rectangle in fractions of the picture: 0, 0 is its upper left corner, 1, 1 its lower right one.

    Raises
    ------
    ValueError
        If it is empty or reaches beyond the picture.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError("a mask has an area and lies within the picture")


def cover(picture: NDArray[np.uint8], masks: Iterable[Mask]) -> None:
    """Cover the masked parts of a planar 4:2:0 picture with black, in place.

    Parameters
    ----------
    picture : (3 H / 2, W) array
        Luma, then the two planes of colour, as FFmpeg's ``yuv420p``; H and W even.
    masks : iterable of Mask
        A mask covers every pixel that it touches, and never less than 2 × 2 of them.

    Examples
    --------
    >>> picture = np.full((6, 4), 200, np.uint8)
    >>> cover(picture, [Mask(left=0, top=0, right=0.5, bottom=0.5)])
    >>> picture[:4].tolist()
    [[16, 16, 200, 200], [16, 16, 200, 200], [200, 200, 200, 200], [200, 200, 200, 200]]
    """
    rows, width = picture.shape
    height = rows * 2 // 3
    luma = picture[:height]
    colour = picture[height:].reshape(2, height // 2, width // 2)
    for mask in masks:
        # Outwards to whole pairs of pixels: two share one value of colour.
        left, right = int(mask.left * width) // 2, -(-_up(mask.right * width) // 2)
        top, bottom = int(mask.top * height) // 2, -(-_up(mask.bottom * height) // 2)
        luma[2 * top : 2 * bottom, 2 * left : 2 * right] = _BLACK_LUMA
        colour[:, top:bottom, left:right] = _NO_COLOUR


def _up(value: float) -> int:
    return int(np.ceil(value))
