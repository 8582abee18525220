"""Names for inputs: the same voxels and masks give the same hash on every machine."""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tongtai.core.trajectory.anatomy import bounding_box
from tongtai.core.volumes import Volume


def input_sha256(image: Volume, masks: Mapping[str, NDArray[np.bool_]]) -> str:
    """SHA-256 of an image's voxels and grid and of its masks, in hexadecimal.

    Voxels are hashed as 32-bit floats, little-endian, so that a file with integers and one with
    floats of the same values are the same image. A mask is hashed by its name, box and packed bits.

    Examples
    --------
    >>> image = Volume(np.zeros((2, 2, 2), np.int16), np.eye(4))
    >>> input_sha256(image, {})[:8] == input_sha256(image.with_voxels(np.zeros((2, 2, 2))), {})[:8]
    True
    """
    whole = hashlib.sha256()
    whole.update(repr(image.voxels.shape).encode())
    whole.update(np.ascontiguousarray(image.index_to_lps, "<f8").tobytes())
    for picture in image.voxels:
        whole.update(np.ascontiguousarray(picture, "<f4").tobytes())
    for name in sorted(masks):
        box = bounding_box(masks[name])
        whole.update(name.encode() + b"\0")
        if box is not None:
            whole.update(repr([(side.start, side.stop) for side in box]).encode())
            whole.update(np.packbits(masks[name][box]).tobytes())
    return whole.hexdigest()


def plan_id(*parts: str) -> str:
    """A short name that follows from its parts.

    Examples
    --------
    >>> plan_id("a", "b") == plan_id("a", "b"), len(plan_id("a"))
    (True, 21)
    """
    return "plan-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
