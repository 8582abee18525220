"""Several acquisitions under one Series Instance UID, such as the phases of a contrast series.

A scanner may number every turn of its gantry, or every stop of the table, as an acquisition of its
own; these lie one behind the other and make one volume. Acquisitions that cover the same part of the
patient do not: each of them is a stack, and none may be mixed with another.
"""

from collections.abc import Sequence

import numpy as np

from tongtai.formats.dicom.series.headers import SliceHeader

_SAME_PLACE_MM = 0.01


def acquisitions(slices: Sequence[SliceHeader], *, min_slices: int) -> list[tuple[str, list[SliceHeader]]]:
    """The stacks in a series, each with its Acquisition Number; one without number when it is one stack.

    Nothing is taken apart when no acquisition has slices enough for a volume, or when any slice does not
    say which acquisition it is of: such a series is refused as a whole, for what is wrong with it.
    """
    parts: dict[str, list[SliceHeader]] = {}
    for one in slices:
        parts.setdefault(one.file.text("AcquisitionNumber"), []).append(one)
    enough = max(len(part) for part in parts.values()) >= min_slices
    if len(parts) == 1 or "" in parts or not enough or not _overlap(list(parts.values())):
        return [("", list(slices))]
    return sorted(parts.items(), key=lambda part: (not part[0].isdigit(), part[0].zfill(12)))


def _overlap(parts: Sequence[Sequence[SliceHeader]]) -> bool:
    """Whether two parts cover the same places along the normal of the first slice."""
    orientation = parts[0][0].orientation
    if orientation is None or any(one.position_mm is None for part in parts for one in part):
        return False
    normal = np.cross(orientation[:3], orientation[3:])
    along = [[float(np.dot(one.position_mm or (), normal)) for one in part] for part in parts]
    ranges = sorted((min(places), max(places)) for places in along)
    reached = -np.inf
    for first, last in ranges:
        if first - reached < _SAME_PLACE_MM:
            return True
        reached = max(reached, last)
    return False
