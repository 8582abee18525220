"""Slices of a tilted gantry, put onto a grid with right angles."""

import numpy as np

from tongtai.core.volumes.grid import Volume
from tongtai.core.volumes.resampling import Interpolation, resampled_onto


def straightened(volume: Volume, *, fill: float) -> Volume:
    """A sheared volume on a grid whose three axes meet at right angles.

    The planes of the slices stay the same; each picture is moved within its own plane by linear
    interpolation, and the grid grows so that nothing is cut off.

    Parameters
    ----------
    volume
        Its slices may be shifted against each other; rows and columns meet at right angles.
    fill
        The value of the corners that no slice covers; -1024 for a CT.

    Examples
    --------
    >>> sheared = np.array([[0, 0, 1.0, 0], [1.0, 1.0, 0, 0], [2.0, 0, 0, 0], [0, 0, 0, 1]])
    >>> straight = straightened(Volume(np.ones((3, 4, 5), np.int16), sheared), fill=-1024)
    >>> straight.voxels.shape, straight.voxels[2, :, 0].tolist()
    ((3, 6, 5), [-1024, -1024, 1, 1, 1, 1])
    """
    across, down, along = (volume.index_to_lps[:3, axis] for axis in (2, 1, 0))
    normal = np.cross(down, across)
    normal /= np.linalg.norm(normal)
    straight_step = np.dot(along, normal) * normal
    sideways = along - straight_step
    last = volume.voxels.shape[0] - 1
    index_to_lps = volume.index_to_lps.copy()
    index_to_lps[:3, 0] = straight_step
    shape = [last + 1, 0, 0]
    for axis, direction in ((1, down), (2, across)):
        shift = last * np.dot(sideways, direction) / np.dot(direction, direction)
        before, after = max(np.ceil(-shift - 1e-6), 0.0), max(np.ceil(shift - 1e-6), 0.0)
        shape[axis] = int(volume.voxels.shape[axis] + before + after)
        index_to_lps[:3, 3] -= before * direction
    linear = resampled_onto(
        volume, (shape[0], shape[1], shape[2]), index_to_lps, interpolation=Interpolation.LINEAR, fill=fill
    )
    if np.issubdtype(volume.voxels.dtype, np.integer):
        return linear.with_voxels(np.rint(linear.voxels).astype(volume.voxels.dtype))
    return linear
