"""What NIfTI and NRRD files have in common: which arrays may become a volume, and why others may not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongtai.core.errors import TongtaiError
from tongtai.core.volumes import GridError, Points, Volume

MAX_VOXELS = 1 << 30
_INT16 = np.iinfo(np.int16)


class VoxelFileError(TongtaiError):
    """The file of voxels cannot be used."""

    code = "voxel_file_unusable"


class UnreadableVoxelFileError(VoxelFileError):
    """The file is damaged, or is of another kind than its name says."""

    code = "voxel_file_unreadable"


class NotThreeDimensionalError(VoxelFileError):
    """The file holds no three-dimensional picture; export one volume."""

    code = "voxel_file_not_3d"


class MissingAffineError(VoxelFileError):
    """The file does not say where in the patient its voxels lie, and no place is guessed."""

    code = "voxel_file_without_affine"


class NonFiniteVoxelsError(VoxelFileError):
    """Some voxels are NaN or infinite; no value is filled in."""

    code = "voxel_file_not_finite"


class ConstantVoxelsError(VoxelFileError):
    """Every voxel has the same value: nothing was imaged or it was lost."""

    code = "voxel_file_constant"


class NotLabelsError(VoxelFileError):
    """The voxels are no labels: whole numbers from 0 to 65535, of which 0 is nothing."""

    code = "voxel_file_not_labels"


class VoxelFileTooLargeError(VoxelFileError):
    """The file has more voxels than fit into memory."""

    code = "voxel_file_too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMap:
    """Structures as numbers in one array.

    Attributes
    ----------
    labels : Volume
        uint8 or uint16; 0 is nothing.
    names : dict[int, str]
        Names of the labels, as far as the file tells them.
    """

    labels: Volume
    names: dict[int, str] = field(default_factory=dict)

    def mask(self, label: int) -> Volume:
        """One structure as truth values."""
        return self.labels.with_voxels(self.labels.voxels == label)


def check_shape(shape: Sequence[int], name: str) -> None:
    """Refuse, before the voxels are read, what is not three-dimensional or does not fit.

    Axes of length one behind the third are tolerated.

    Raises
    ------
    NotThreeDimensionalError, VoxelFileTooLargeError
        With the file's name.
    """
    if len(shape) < 3 or min(shape) < 1 or any(size != 1 for size in shape[3:]):
        raise NotThreeDimensionalError(
            f"{name}: an array of shape {tuple(shape)} is no volume; export one volume."
        )
    if prod(shape) > MAX_VOXELS:
        raise VoxelFileTooLargeError(f"{name}: {prod(shape):,} voxels; at most {MAX_VOXELS:,} can be read.")


def image_volume(ijk: NDArray[Any], ijk_to_lps: Points, name: str) -> Volume:
    """A picture in Hounsfield units from an array in ``i, j, k`` order.

    Returns
    -------
    Volume
        int16 where all values are whole numbers within its range, float32 otherwise.

    Raises
    ------
    VoxelFileError
        One of its subclasses, with the file's name.
    """
    check_shape(ijk.shape, name)
    kji = _kji(ijk)
    if not np.issubdtype(kji.dtype, np.number) or np.iscomplexobj(kji):
        raise NotThreeDimensionalError(f"{name}: voxels of type {kji.dtype} are no grey values.")
    if np.issubdtype(kji.dtype, np.floating) and not np.isfinite(kji).all():
        raise NonFiniteVoxelsError(f"{name}: some voxels are NaN or infinite; no value is filled in.")
    low, high = kji.min(), kji.max()
    if low == high:
        raise ConstantVoxelsError(
            f"{name}: every voxel has the value {low}; nothing was imaged or it was lost."
        )
    whole = np.issubdtype(kji.dtype, np.integer) or bool((kji == np.rint(kji)).all())
    fits = whole and _INT16.min <= low and high <= _INT16.max
    return _volume(kji.astype(np.int16 if fits else np.float32), ijk_to_lps, name)


def label_volume(ijk: NDArray[Any], ijk_to_lps: Points, name: str) -> Volume:
    """Labels, uint8 or uint16, from an array in ``i, j, k`` order.

    Raises
    ------
    VoxelFileError
        One of its subclasses, with the file's name.
    """
    check_shape(ijk.shape, name)
    kji = _kji(ijk)
    if np.issubdtype(kji.dtype, np.floating) and not np.isfinite(kji).all():
        raise NonFiniteVoxelsError(f"{name}: some voxels are NaN or infinite; no value is filled in.")
    if not np.issubdtype(kji.dtype, np.number) or np.iscomplexobj(kji):
        raise NotLabelsError(f"{name}: voxels of type {kji.dtype} are no labels.")
    low, high = kji.min(), kji.max()
    if low < 0 or high > np.iinfo(np.uint16).max or not (kji == np.rint(kji)).all():
        raise NotLabelsError(f"{name}: labels are whole numbers from 0 to 65535, not {low} to {high}.")
    return _volume(kji.astype(np.uint8 if high < 256 else np.uint16), ijk_to_lps, name)


def ijk_of(volume: Volume) -> tuple[NDArray[Any], Points]:
    """A volume's array in ``i, j, k`` order, truth values as bytes, and its transform to LPS."""
    voxels = volume.voxels.view(np.uint8) if volume.voxels.dtype == bool else volume.voxels
    return voxels.transpose(2, 1, 0), volume.index_to_lps[:, [2, 1, 0, 3]]


def _kji(ijk: NDArray[Any]) -> NDArray[Any]:
    return ijk.reshape(ijk.shape[:3]).transpose(2, 1, 0)


def _volume(kji: NDArray[Any], ijk_to_lps: Points, name: str) -> Volume:
    try:
        return Volume(np.ascontiguousarray(kji), np.asarray(ijk_to_lps, float)[:, [2, 1, 0, 3]])
    except GridError as error:
        raise MissingAffineError(f"{name}: {error}") from error
