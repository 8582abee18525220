"""The skin as points: where a needle can enter, how large each piece is, which way it faces."""

from dataclasses import dataclass

import fill_voids
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.trajectory.anatomy import Mask, Points
from tongtai.core.volumes import Volume

_SMOOTHING_VOXELS = 2.0
_FACES = ((0, -1), (0, 1), (1, -1), (1, 1), (2, -1), (2, 1))


@dataclass(frozen=True, slots=True)
class Skin:
    """The body's surface voxels.

    Attributes
    ----------
    index : (N, 3) array
        Voxels in ``k, j, i`` order, sorted.
    points_lps_mm : (N, 3) array
        Their centres.
    normals_lps : (N, 3) array
        Unit vectors out of the body.
    areas_mm2 : (N,) array
        Area of skin that each voxel stands for.
    """

    index: NDArray[np.int64]
    points_lps_mm: Points
    normals_lps: Points
    areas_mm2: Points

    @property
    def area_cm2(self) -> float:
        """Area of the whole skin in the picture."""
        return float(self.areas_mm2.sum()) / 100.0


def filled(body: Mask) -> Mask:
    """The body without holes, slice by slice: air in lung and bowel is not outside."""
    whole = np.zeros_like(body)
    for k, picture in enumerate(body):
        whole[k] = fill_voids.fill(picture) if picture.any() else picture
    return whole


def skin_of(body: Volume) -> Skin:
    """Surface voxels of a filled body mask, with area and normal.

    A voxel belongs to the skin if one of its faces looks at a voxel outside the body. Faces at the
    picture's end look at nothing: there the patient goes on. Each open face is projected on the
    surface's direction, so that the steps of the grid do not count as area: for a plane of any
    direction the sum is exact.

    Parameters
    ----------
    body
        Truth values; holes are not looked for (see ``filled``).

    Examples
    --------
    >>> mask = np.zeros((4, 20, 20), bool)
    >>> mask[:, 5:15, 5:15] = True
    >>> skin = skin_of(Volume(mask, np.eye(4)))
    >>> len(skin.index)
    144
    """
    mask = body.voxels
    axes = body.index_to_lps[:3, :3]
    spacing = body.spacing_mm
    directions = axes / spacing
    exposed = _exposed_faces(mask)
    index = np.argwhere(exposed.any(axis=0))
    normals_grid = _outward(mask, index, spacing)
    areas = np.zeros(len(index))
    for face, (axis, step) in enumerate(_FACES):
        open_here = exposed[face][tuple(index.T)]
        face_mm2 = float(np.prod(spacing)) / spacing[axis]
        areas += open_here * face_mm2 * np.maximum(step * normals_grid[:, axis], 0.0)
    return Skin(index, body.lps_of(index), normals_grid @ directions.T, areas)


def _exposed_faces(mask: Mask) -> Mask:
    exposed = np.zeros((len(_FACES), *mask.shape), np.bool_)
    for face, (axis, step) in enumerate(_FACES):
        here: list[slice] = [slice(None)] * 3
        there: list[slice] = [slice(None)] * 3
        here[axis] = slice(1, None) if step < 0 else slice(None, -1)
        there[axis] = slice(None, -1) if step < 0 else slice(1, None)
        exposed[face][tuple(here)] = mask[tuple(here)] & ~mask[tuple(there)]
    return exposed


def _outward(mask: Mask, index: NDArray[np.int64], spacing: Points) -> Points:
    """Unit normals along the grid's axes, from the slope of the smoothed mask."""
    sigma = _SMOOTHING_VOXELS * spacing.min() / spacing
    smooth = ndimage.gaussian_filter(mask.astype(np.float32), sigma, mode="nearest", truncate=3.0)
    slope = np.zeros((len(index), 3))
    for axis in range(3):
        last = mask.shape[axis] - 1
        before, after = index.copy(), index.copy()
        before[:, axis] = np.maximum(index[:, axis] - 1, 0)
        after[:, axis] = np.minimum(index[:, axis] + 1, last)
        distance = np.maximum(after[:, axis] - before[:, axis], 1) * spacing[axis]
        slope[:, axis] = (smooth[tuple(before.T)] - smooth[tuple(after.T)]) / distance
    length = np.linalg.norm(slope, axis=1, keepdims=True)
    # A lone voxel has no slope: it faces nowhere, and its area is nothing.
    unit: Points = np.divide(slope, length, out=np.zeros_like(slope), where=length > 1e-9)
    return unit
