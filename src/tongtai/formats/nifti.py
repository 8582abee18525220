"""NIfTI-1 and -2: volumes and label maps. NIfTI is RAS; inside everything is LPS."""

import gzip
import re
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError
from numpy.typing import NDArray

from tongtai.core.volumes import Points, Volume
from tongtai.formats.voxel_files import (
    LabelMap,
    MissingAffineError,
    UnreadableVoxelFileError,
    check_shape,
    ijk_of,
    image_volume,
    label_volume,
)

# Masks of a whole CT: level 9 takes five times as long for a few per cent.
_GZIP_LEVEL = 4
_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
_MILLIMETRES = {"mm": 1.0, "unknown": 1.0, "meter": 1000.0, "micron": 0.001}
# TotalSegmentator writes its table of labels into an extension, in the form of Connectome Workbench.
_LABEL = re.compile(rb'<Label Key="(\d+)"[^>]*>(?:<!\[CDATA\[)?([^<\]]+)')


def read_nifti(path: Path) -> Volume:
    """A picture from ``.nii`` or ``.nii.gz``.

    A file that names no unit of length is taken to be in millimetres, as nearly every program
    writes it.

    Raises
    ------
    VoxelFileError
        One of its subclasses: damaged, not three-dimensional, without transform, NaN, constant.
    """
    image = _opened(path)
    return image_volume(_values(image, path), _ijk_to_lps(image, path), path.name)


def read_nifti_labels(path: Path) -> LabelMap:
    """A label map, with names where TotalSegmentator wrote them into the file.

    Raises
    ------
    VoxelFileError
        One of its subclasses, also when the voxels are no labels.
    """
    image = _opened(path)
    labels = label_volume(_values(image, path), _ijk_to_lps(image, path), path.name)
    found = [match for extension in image.header.extensions for match in _LABEL.findall(_content(extension))]
    return LabelMap(labels=labels, names={int(key): name.decode("utf-8", "replace") for key, name in found})


def write_nifti(volume: Volume, path: Path) -> None:
    """Write a picture, a mask or labels; the same volume gives the same bytes.

    Parameters
    ----------
    volume : Volume
        Truth values are written as 0 and 1.
    path : Path
        Ends in ``.nii`` or ``.nii.gz``.
    """
    path.write_bytes(nifti_bytes(volume, compressed=path.suffix == ".gz"))


def nifti_bytes(volume: Volume, *, compressed: bool = True) -> bytes:
    """The same as a file's content."""
    voxels, ijk_to_lps = ijk_of(volume)
    make: Any = nib.Nifti1Image
    image = make(voxels, _RAS_TO_LPS @ ijk_to_lps)
    image.header.set_xyzt_units("mm")
    image.set_sform(image.affine, code="scanner")
    image.set_qform(image.affine, code="scanner")
    content: bytes = image.to_bytes()
    return gzip.compress(content, compresslevel=_GZIP_LEVEL, mtime=0) if compressed else content


def _opened(path: Path) -> Any:
    try:
        image = nib.load(path)
    except (ImageFileError, HeaderDataError, OSError, EOFError, ValueError) as error:
        raise UnreadableVoxelFileError(f"{path.name}: no readable NIfTI file.") from error
    if not isinstance(image, nib.Nifti1Image):
        raise UnreadableVoxelFileError(f"{path.name}: another format than NIfTI.")
    check_shape(image.shape, path.name)
    return image


def _values(image: Any, path: Path) -> NDArray[Any]:
    try:
        # Scaled values come as double precision, which a picture does not need.
        values: NDArray[Any] = np.asanyarray(image.dataobj)
    except (OSError, EOFError, ValueError) as error:
        raise UnreadableVoxelFileError(f"{path.name}: the file ends early or is damaged.") from error
    return values


def _ijk_to_lps(image: Any, path: Path) -> Points:
    header = image.header
    if not int(header["sform_code"]) and not int(header["qform_code"]):
        raise MissingAffineError(f"{path.name}: neither sform nor qform says where the voxels lie.")
    try:
        unit = header.get_xyzt_units()[0]
    except KeyError as error:
        raise MissingAffineError(f"{path.name}: an unknown unit of length.") from error
    ras = np.asarray(image.affine, float).copy()
    ras[:3] *= _MILLIMETRES[unit]
    lps: Points = _RAS_TO_LPS @ ras
    return lps


def _content(extension: Any) -> bytes:
    content = extension.get_content()
    return content if isinstance(content, bytes) else str(content).encode()
