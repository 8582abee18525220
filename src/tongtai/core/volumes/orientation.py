"""The same voxels in the order in which the patient lies: feet to head, front to back, right to left."""

from itertools import permutations

import numpy as np

from tongtai.core.volumes.grid import GridError, Volume

# The patient axis (x, y, z of LPS) along which each index axis (k, j, i) grows when canonical.
_CANONICAL = (2, 1, 0)


def canonical(volume: Volume) -> Volume:
    """A volume whose k grows to the head, j to the back and i to the patient's left.

    Axes are exchanged and reversed, whichever lie nearest to the patient's; voxels keep their
    values and their places, and an oblique volume stays oblique. The result is a view.

    Examples
    --------
    >>> to_lps = np.array([[-1.0, 0, 0, 9], [0, 0, 2, 0], [0, 3, 0, 0], [0, 0, 0, 1]])
    >>> turned = canonical(Volume(np.zeros((10, 4, 5)), to_lps))
    >>> turned.voxels.shape, turned.spacing_mm.tolist()
    ((4, 5, 10), [3.0, 2.0, 1.0])
    >>> turned.index_to_lps[:3, 3].tolist()
    [0.0, 0.0, 0.0]
    """
    directions = volume.index_to_lps[:3, :3] / volume.spacing_mm
    order = max(permutations(range(3)), key=lambda axes: _agreement(directions, axes))
    voxels = volume.voxels.transpose(order)
    index_to_lps = volume.index_to_lps[:, [*order, 3]].copy()
    for axis, patient_axis in enumerate(_CANONICAL):
        if index_to_lps[patient_axis, axis] < 0.0:
            voxels = np.flip(voxels, axis)
            index_to_lps[:3, 3] += (voxels.shape[axis] - 1) * index_to_lps[:3, axis]
            index_to_lps[:3, axis] *= -1.0
    # A reversed zero is -0.0, which prints and hashes differently.
    return Volume(voxels, index_to_lps + 0.0, volume.frame_of_reference_uid)


def reordered_like(volume: Volume, reference: Volume) -> Volume:
    """The voxels of ``volume`` in the order of ``reference``, whose grid is the same but for the order.

    This brings a mask that was made on the canonical volume back to the image it came from.

    Raises
    ------
    GridError
        If the voxels of the two lie at different places.

    Examples
    --------
    >>> reference = Volume(np.zeros((2, 3, 4)), np.diag([-1.0, 1.0, 1.0, 1.0])[[2, 1, 0, 3]])
    >>> mask = canonical(reference).with_voxels(np.arange(24).reshape(2, 3, 4))
    >>> reordered_like(mask, reference).shares_grid_with(reference)
    True
    """
    lps_to_reference = np.linalg.inv(reference.index_to_lps)
    steps = lps_to_reference[:3, :3] @ volume.index_to_lps[:3, :3]
    rounded = np.rint(steps)
    if not np.allclose(steps, rounded, atol=1e-3) or np.abs(rounded).sum() != 3:
        raise GridError("The two volumes differ by more than the order of their voxels; resample first.")
    order = np.abs(rounded).argmax(axis=1)
    voxels = volume.voxels.transpose(order)
    index_to_lps = volume.index_to_lps[:, [*order, 3]].copy()
    for axis in range(3):
        if rounded[axis, order[axis]] < 0.0:
            voxels = np.flip(voxels, axis)
            index_to_lps[:3, 3] += (voxels.shape[axis] - 1) * index_to_lps[:3, axis]
            index_to_lps[:3, axis] *= -1.0
    turned = Volume(voxels, index_to_lps + 0.0, volume.frame_of_reference_uid)
    if not turned.shares_grid_with(reference):
        raise GridError("The two volumes do not cover the same voxels; resample first.")
    return turned


def _agreement(directions: np.ndarray, axes: tuple[int, ...]) -> float:
    return float(sum(abs(directions[_CANONICAL[new], old]) for new, old in enumerate(axes)))
