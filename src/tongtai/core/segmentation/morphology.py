"""Morphology in millimetres: balls by exact distance, parts, and holes."""

import cc3d
import edt
import fill_voids
import numpy as np
from numpy.typing import NDArray

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.resampling import Floats
from tongtai.core.segmentation.working_grid import bounding_box

Spacing = tuple[float, float, float]


def distance_inside_mm(mask: Mask, spacing_mm: Spacing) -> Floats:
    """Distance of each true voxel's centre to the nearest false voxel's centre; the image's edge is not a border."""
    distance: Floats = edt.edt(mask, anisotropy=spacing_mm, black_border=False, parallel=2)
    return distance


def distance_to_mm(mask: Mask, spacing_mm: Spacing) -> Floats:
    """Distance of each voxel's centre to the nearest true voxel's; infinite where the mask is empty."""
    if not mask.any():
        return np.full(mask.shape, np.inf, np.float32)
    return distance_inside_mm(~mask, spacing_mm)


def dilated(mask: Mask, radius_mm: float, spacing_mm: Spacing) -> Mask:
    """The mask grown by a ball."""
    margin = int(np.ceil(radius_mm / min(spacing_mm))) + 1
    box = bounding_box(mask, margin=margin)
    grown = mask.copy()
    if box is not None:
        grown[box] = distance_to_mm(mask[box], spacing_mm) <= radius_mm
    return grown


def eroded(mask: Mask, radius_mm: float, spacing_mm: Spacing) -> Mask:
    """The mask shrunk by a ball; the image's edge does not shrink it."""
    box = bounding_box(mask, margin=1)
    shrunk = np.zeros_like(mask)
    if box is not None:
        shrunk[box] = distance_inside_mm(mask[box], spacing_mm) > radius_mm
    return shrunk


def opened(mask: Mask, radius_mm: float, spacing_mm: Spacing) -> Mask:
    """The mask without what is thinner than a ball."""
    return mask & dilated(eroded(mask, radius_mm, spacing_mm), radius_mm, spacing_mm)


def closed(mask: Mask, radius_mm: float, spacing_mm: Spacing) -> Mask:
    """The mask with gaps narrower than a ball filled."""
    return mask | eroded(dilated(mask, radius_mm, spacing_mm), radius_mm, spacing_mm)


def filled(mask: Mask) -> Mask:
    """The mask without enclosed holes (in three dimensions)."""
    result: Mask = fill_voids.fill(mask).astype(np.bool_)
    return result


def filled_in_slices(mask: Mask) -> Mask:
    """The mask without holes that are enclosed within a slice (axis 0)."""
    return (
        np.stack([fill_voids.fill(picture).astype(np.bool_) for picture in mask])
        if mask.any()
        else mask.copy()
    )


def parts(mask: Mask, *, connectivity: int = 6) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Connected parts.

    Returns
    -------
    labels : (K, J, I) array
        0 outside, 1, 2, … in the parts.
    sizes : (N + 1,) array
        Voxels of each label; ``sizes[0]`` is 0.
    """
    labels = cc3d.connected_components(mask, connectivity=6 if connectivity == 6 else 26).astype(np.uint32)
    sizes = np.bincount(labels.ravel()).astype(np.int64)
    sizes[0] = 0
    return labels, sizes


def largest_part(mask: Mask, *, connectivity: int = 6) -> Mask:
    """The largest connected part; the first of equals; empty of an empty mask."""
    labels, sizes = parts(mask, connectivity=connectivity)
    if len(sizes) == 1:
        return np.zeros_like(mask)
    largest: Mask = labels == int(np.argmax(sizes))
    return largest


def parts_of_at_least(mask: Mask, voxels: float, *, connectivity: int = 6) -> Mask:
    """The parts with at least this many voxels."""
    labels, sizes = parts(mask, connectivity=connectivity)
    kept: Mask = (sizes >= max(voxels, 1))[labels]
    return kept


def parts_touching(mask: Mask, seed: Mask, *, connectivity: int = 6) -> Mask:
    """The parts of ``mask`` that share a voxel with ``seed``: reconstruction by dilation."""
    labels, sizes = parts(mask, connectivity=connectivity)
    touched = np.zeros(len(sizes), np.bool_)
    touched[np.unique(labels[seed & mask])] = True
    touched[0] = False
    kept: Mask = touched[labels]
    return kept
