"""Cut a box out of a volume, and put what was computed in it back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongtai.core.volumes.grid import GridError, Volume


@dataclass(frozen=True, slots=True)
class IndexBox:
    """Voxels from ``start`` up to, not including, ``stop``, both in ``k, j, i`` order.

    Examples
    --------
    >>> box = IndexBox((1, 0, 2), (3, 4, 5))
    >>> box.shape
    (2, 4, 3)
    >>> np.zeros((6, 6, 6))[box.slices].shape
    (2, 4, 3)
    """

    start: tuple[int, int, int]
    stop: tuple[int, int, int]

    def __post_init__(self) -> None:
        if any(a < 0 or b <= a for a, b in zip(self.start, self.stop, strict=True)):
            raise GridError(f"A box needs at least one voxel along each axis: {self.start} to {self.stop}.")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels along k, j, i."""
        (a, b, c), (d, e, f) = self.start, self.stop
        return d - a, e - b, f - c

    @property
    def slices(self) -> tuple[slice, slice, slice]:
        """To index an array with."""
        (a, b, c), (d, e, f) = self.start, self.stop
        return slice(a, d), slice(b, e), slice(c, f)


def box_around(mask: Volume, *, margin_mm: float = 0.0) -> IndexBox:
    """The smallest box that holds a mask and a margin on every side, within the grid.

    Parameters
    ----------
    mask
        Shape ``(K, J, I)``; what is not zero counts.
    margin_mm
        Added on each of the six sides, rounded up to whole voxels, and cut at the volume's border.

    Raises
    ------
    GridError
        If the mask is empty.

    Examples
    --------
    >>> mask = Volume(np.zeros((9, 9, 9), bool), np.diag([2.0, 1.0, 1.0, 1.0]))
    >>> mask.voxels[4, 4, 4] = True
    >>> box_around(mask, margin_mm=3.0)
    IndexBox(start=(2, 1, 1), stop=(7, 8, 8))
    """
    if margin_mm < 0.0:
        raise GridError("The margin around a box must not be negative.", margin_mm=margin_mm)
    margin = np.ceil(margin_mm / mask.spacing_mm - 1e-9).astype(int)
    first, last = [], []
    for axis, size in enumerate(mask.voxels.shape):
        others = tuple(other for other in range(3) if other != axis)
        filled = np.flatnonzero(mask.voxels.any(axis=others))
        if not filled.size:
            raise GridError("An empty mask has no box around it.")
        first.append(max(int(filled[0] - margin[axis]), 0))
        last.append(min(int(filled[-1] + 1 + margin[axis]), size))
    return IndexBox((first[0], first[1], first[2]), (last[0], last[1], last[2]))


def cropped(volume: Volume, box: IndexBox) -> Volume:
    """The part of a volume inside a box: a view of the same voxels, at the same places.

    Raises
    ------
    GridError
        If the box reaches beyond the volume.

    Examples
    --------
    >>> volume = Volume(np.arange(64).reshape(4, 4, 4), np.diag([2.0, 1.0, 1.0, 1.0])[[2, 1, 0, 3]])
    >>> part = cropped(volume, IndexBox((1, 0, 0), (3, 4, 4)))
    >>> int(part.voxels[0, 0, 0]), part.lps_of(np.array([0, 0, 0])).tolist()
    (16, [0.0, 0.0, 2.0])
    """
    _check_inside(volume.voxels.shape, box)
    index_to_lps = volume.index_to_lps.copy()
    index_to_lps[:3, 3] = volume.lps_of(np.asarray(box.start))
    return Volume(volume.voxels[box.slices], index_to_lps, volume.frame_of_reference_uid)


def pasted(part: NDArray[Any], box: IndexBox, onto: Volume) -> Volume:
    """What was computed inside a box on the grid of the whole volume; zero elsewhere.

    Parameters
    ----------
    part
        Shape ``box.shape``.
    onto
        Only its grid is used.

    Examples
    --------
    >>> whole = Volume(np.zeros((4, 4, 4)), np.eye(4))
    >>> int(pasted(np.ones((1, 2, 2), int), IndexBox((3, 0, 0), (4, 2, 2)), whole).voxels.sum())
    4
    """
    _check_inside(onto.voxels.shape, box)
    if part.shape != box.shape:
        raise GridError(f"Expected an array of shape {box.shape}, got {part.shape}.")
    voxels = np.zeros(onto.voxels.shape, part.dtype)
    voxels[box.slices] = part
    return onto.with_voxels(voxels)


def _check_inside(shape: tuple[int, ...], box: IndexBox) -> None:
    if any(stop > size for stop, size in zip(box.stop, shape, strict=True)):
        raise GridError(f"The box {box.start} to {box.stop} reaches beyond a volume of shape {shape}.")
