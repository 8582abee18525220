"""Isodoses: the lines of a slice and the volumes within."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from skimage.measure import find_contours

from tongtai.core.brachytherapy.errors import BrachytherapyError
from tongtai.core.volumes import Volume

Numbers = NDArray[np.float64]


def isodose_lines(dose: Volume, slice_number: int, level_gy: float) -> list[Numbers]:
    """Lines of one dose in a slice, each ``(N, 3)`` in LPS millimetres; closed where they end in the slice.

    Parameters
    ----------
    dose
        In Gy.
    slice_number
        Along k.
    level_gy
        Above zero; between voxels the dose is linear.

    Raises
    ------
    BrachytherapyError
        If there is no such slice, or the level is not above zero.
    """
    if not 0 <= slice_number < dose.voxels.shape[0] or not level_gy > 0.0:
        raise BrachytherapyError("An isodose needs a slice of the grid and a dose above zero.")
    lines = find_contours(dose.voxels[slice_number].astype(np.float64), level_gy)  # type: ignore[no-untyped-call]
    return [
        dose.lps_of(np.column_stack([np.full(len(line), float(slice_number)), line]))
        for line in lines
        if len(line) > 2
    ]


def isodose_volumes_ml(dose: Volume, levels_gy: Sequence[float]) -> tuple[float, ...]:
    """Volume of voxels that get at least each dose.

    Examples
    --------
    >>> dose = Volume(np.arange(8.0).reshape(2, 2, 2), np.diag([10.0, 10.0, 10.0, 1.0]))
    >>> [round(volume, 6) for volume in isodose_volumes_ml(dose, [0.5, 6.0])]
    [7.0, 2.0]
    """
    return tuple(float((dose.voxels >= level).sum()) * dose.voxel_volume_ml for level in levels_gy)
