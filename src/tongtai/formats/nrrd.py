"""NRRD: volumes and label maps, 3D Slicer's segmentations with their names among them."""

import re
from pathlib import Path
from typing import Any

import nrrd
import numpy as np

from tongtai.core.volumes import Points, Volume
from tongtai.formats.voxel_files import (
    LabelMap,
    MissingAffineError,
    NotLabelsError,
    UnreadableVoxelFileError,
    VoxelFileError,
    check_shape,
    ijk_of,
    image_volume,
    label_volume,
)

# What turns each of NRRD's anatomical spaces into LPS.
_TO_LPS = {
    "left-posterior-superior": (1.0, 1.0, 1.0),
    "lps": (1.0, 1.0, 1.0),
    "right-anterior-superior": (-1.0, -1.0, 1.0),
    "ras": (-1.0, -1.0, 1.0),
    "left-anterior-superior": (1.0, -1.0, 1.0),
    "las": (1.0, -1.0, 1.0),
}
_UNITS = frozenset({"mm", "millimeter", "millimetre", ""})
_SEGMENT_NAME = re.compile(r"(Segment\d+)_Name")


def read_nrrd(path: Path) -> Volume:
    """A picture from ``.nrrd``.

    Raises
    ------
    VoxelFileError
        One of its subclasses: damaged, not three-dimensional, without transform, NaN, constant.
    """
    voxels, header = _read(path)
    return image_volume(voxels, _ijk_to_lps(header, path), path.name)


def read_nrrd_labels(path: Path) -> LabelMap:
    """A label map; names come from the fields that 3D Slicer writes into ``.seg.nrrd``.

    Raises
    ------
    VoxelFileError
        One of its subclasses; structures that overlap lie in several layers, which are no label map.
    """
    voxels, header = _read(path)
    labels = label_volume(voxels, _ijk_to_lps(header, path), path.name)
    names = {}
    for field, name in header.items():
        match = _SEGMENT_NAME.fullmatch(field)
        if match is not None:
            value = str(header.get(f"{match[1]}_LabelValue", ""))
            if not value.isdecimal():
                raise NotLabelsError(f"{path.name}: {match[1]} has a name but no label.")
            names[int(value)] = str(name)
    return LabelMap(labels=labels, names=names)


def write_nrrd(volume: Volume, path: Path, *, names: dict[int, str] | None = None) -> None:
    """Write a picture, a mask or labels.

    Parameters
    ----------
    volume : Volume
        Truth values are written as 0 and 1.
    path : Path
        Ends in ``.nrrd``.
    names : dict[int, str], optional
        Names of labels, in the fields that 3D Slicer reads; NRRD headers are ASCII.

    Raises
    ------
    NotLabelsError
        If a name has other letters.
    """
    if not all(name.isascii() for name in (names or {}).values()):
        raise NotLabelsError(f"{path.name}: names in an NRRD file have ASCII letters only.")
    voxels, ijk_to_lps = ijk_of(volume)
    header: dict[str, Any] = {
        "space": "left-posterior-superior",
        "space directions": ijk_to_lps[:3, :3].T,
        "space origin": ijk_to_lps[:3, 3],
        "space units": ["mm", "mm", "mm"],
        "kinds": ["domain", "domain", "domain"],
        "encoding": "gzip",
    }
    for number, (label, name) in enumerate((names or {}).items()):
        header |= {f"Segment{number}_LabelValue": str(label), f"Segment{number}_Name": name}
    nrrd.write(str(path), voxels, header)


def _read(path: Path) -> tuple[Any, dict[str, Any]]:
    try:
        header: dict[str, Any] = dict(nrrd.read_header(str(path)))
        if {"data file", "datafile"} & header.keys():
            # The header would lead the reader to any file of this machine.
            raise UnreadableVoxelFileError(
                f"{path.name}: the voxels lie in another file; save one single file."
            )
        check_shape(header["sizes"].tolist(), path.name)
        voxels, _ = nrrd.read(str(path))
    except VoxelFileError:
        raise
    except Exception as error:
        # pynrrd meets damaged bytes with nearly every built-in exception there is.
        raise UnreadableVoxelFileError(f"{path.name}: no readable NRRD file.") from error
    return voxels, header


def _ijk_to_lps(header: dict[str, Any], path: Path) -> Points:
    to_lps = _TO_LPS.get(str(header.get("space", "")).lower())
    directions, origin = header.get("space directions"), header.get("space origin")
    if to_lps is None or directions is None or origin is None:
        raise MissingAffineError(
            f"{path.name}: space, space directions or space origin is missing or unknown."
        )
    units = {str(unit).strip().lower() for unit in header.get("space units", ["mm"])}
    if not units <= _UNITS:
        raise MissingAffineError(f"{path.name}: in {', '.join(sorted(units))} instead of millimetres.")
    matrix = np.eye(4)
    try:
        matrix[:3, :3] = np.asarray(directions, float)[:3].T
        matrix[:3, 3] = np.asarray(origin, float)
    except (ValueError, TypeError) as error:
        raise MissingAffineError(f"{path.name}: a transform that is none.") from error
    return np.diag([*to_lps, 1.0]) @ matrix
