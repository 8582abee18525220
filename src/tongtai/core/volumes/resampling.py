"""The same picture on another grid."""

from enum import StrEnum
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongtai.core.volumes.grid import GridError, Points, Volume

_MAX_VOXELS = 1 << 31


class Interpolation(StrEnum):
    """How a value between voxels is found: linear for pictures, nearest for masks and labels."""

    LINEAR = "linear"
    NEAREST = "nearest"


def resampled(
    volume: Volume,
    *,
    spacing_mm: tuple[float, float, float] | None = None,
    shape: tuple[int, int, int] | None = None,
    interpolation: Interpolation,
) -> Volume:
    """The same part of the patient with other voxels: by their size or by their number.

    The outer faces of the volume stay where they are. With ``spacing_mm`` the number of voxels is
    rounded, and the new grid lies centred on the old one, so that the spacing is exactly the one
    asked for.

    Parameters
    ----------
    spacing_mm
        Distance of voxels along k, j, i, in millimetres.
    shape
        Number of voxels along k, j, i. Exactly one of the two is given.
    interpolation
        Nearest keeps the type of the voxels; linear gives float32. Linear does not average: to make
        voxels much larger, smooth first.

    Raises
    ------
    GridError
        If not exactly one of the two is given, or if it describes no grid.

    Examples
    --------
    >>> volume = Volume(np.arange(4.0).reshape(4, 1, 1), np.eye(4))
    >>> half = resampled(volume, spacing_mm=(2.0, 1.0, 1.0), interpolation=Interpolation.LINEAR)
    >>> half.voxels.ravel().tolist(), half.lps_of(np.zeros(3)).tolist()
    ([0.5, 2.5], [0.5, 0.0, 0.0])
    """
    old = np.asarray(volume.voxels.shape, float)
    if (spacing_mm is None) == (shape is None):
        raise GridError("Say either the spacing or the shape of the new grid.")
    if spacing_mm is not None:
        wanted = np.asarray(spacing_mm, float)
        if not np.all(np.isfinite(wanted)) or np.any(wanted <= 0.0):
            raise GridError(f"A spacing is above zero millimetres, got {spacing_mm}.")
        step = wanted / volume.spacing_mm
        new = np.maximum(np.rint(old / step), 1.0).astype(int)
    else:
        new = np.asarray(shape, int)
        if np.any(new < 1):
            raise GridError(f"A grid has at least one voxel along each axis, got {shape}.")
        step = old / new
    first = (old - 1.0) / 2.0 - step * (new - 1) / 2.0
    index_to_lps = volume.index_to_lps.copy()
    index_to_lps[:3, :3] *= step
    index_to_lps[:3, 3] = volume.lps_of(first)
    return resampled_onto(volume, tuple(new.tolist()), index_to_lps, interpolation=interpolation, fill=None)


def resampled_onto(
    volume: Volume,
    shape: tuple[int, int, int],
    index_to_lps: Points,
    *,
    interpolation: Interpolation,
    fill: float | None,
) -> Volume:
    """The picture on any other grid, oblique or not.

    Parameters
    ----------
    shape, index_to_lps
        The new grid.
    interpolation
        Nearest keeps the type of the voxels; linear gives float32.
    fill
        The value of what lies outside of the volume, more than half a voxel beyond its outermost
        voxel centres; -1024 for a CT, 0 for a mask. None repeats the border.

    Raises
    ------
    GridError
        If the new grid is none, or is too large.

    Examples
    --------
    >>> volume = Volume(np.arange(8.0).reshape(2, 2, 2), np.eye(4))
    >>> shifted = np.eye(4)
    >>> shifted[2, 3] = 0.75
    >>> moved = resampled_onto(volume, (2, 2, 2), shifted, interpolation=Interpolation.LINEAR, fill=-1.0)
    >>> moved.voxels[0].tolist()
    [[0.75, -1.0], [2.75, -1.0]]
    """
    if min(shape) < 1 or prod(shape) > _MAX_VOXELS:
        raise GridError(f"A grid of shape {shape} is empty or too large.")
    # Checks the transform before the work begins.
    grid = Volume(np.zeros((1, 1, 1)), index_to_lps, volume.frame_of_reference_uid)
    new_to_old = np.linalg.inv(volume.index_to_lps) @ grid.index_to_lps
    matrix, offset = new_to_old[:3, :3], new_to_old[:3, 3]
    # Rounding in the inverse must not turn a shift of nothing into a step over the border.
    matrix, offset = _without_dust(matrix), _without_dust(offset)
    diagonal = np.count_nonzero(matrix - np.diag(np.diagonal(matrix))) == 0
    linear = interpolation is Interpolation.LINEAR
    source = _numeric(volume.voxels)
    from scipy import ndimage  # noqa: PLC0415  (a fifth of a second, for whoever only wants a `Volume`)

    voxels = ndimage.affine_transform(
        source,
        np.diagonal(matrix) if diagonal else matrix,
        offset,
        output_shape=shape,
        output=np.float32 if linear else source.dtype,
        order=1 if linear else 0,
        mode="nearest",
        prefilter=False,
    )
    if fill is not None:
        _fill_outside(voxels, volume.voxels.shape, matrix, offset, fill)
    if volume.voxels.dtype == bool and not linear:
        voxels = voxels.view(bool)
    return Volume(voxels, index_to_lps, volume.frame_of_reference_uid)


def _numeric(voxels: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(voxels).view(np.uint8) if voxels.dtype == bool else voxels


def _without_dust(numbers: Points) -> Points:
    return np.where(np.abs(numbers - np.rint(numbers)) < 1e-9, np.rint(numbers), numbers)


def _fill_outside(
    voxels: NDArray[Any], old_shape: tuple[int, ...], matrix: Points, offset: Points, fill: float
) -> None:
    """Overwrite, slice by slice, what lies beyond the outer faces of the old grid."""
    rows, columns = np.arange(voxels.shape[1])[:, None], np.arange(voxels.shape[2])[None, :]
    for k, picture in enumerate(voxels):
        outside = np.zeros(picture.shape, bool)
        for axis, size in enumerate(old_shape):
            along = matrix[axis, 0] * k + matrix[axis, 1] * rows + matrix[axis, 2] * columns + offset[axis]
            outside |= (along < -0.5 - 1e-6) | (along > size - 0.5 + 1e-6)
        picture[outside] = fill
