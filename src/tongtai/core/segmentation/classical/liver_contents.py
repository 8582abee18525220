"""What lies in the liver: vessels brighter than it, and lesions darker or brighter than it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.segmentation.classical.shape import compactness
from tongtai.core.segmentation.classical.smoothing import mean_nearby
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import (
    Spacing,
    dilated,
    distance_inside_mm,
    opened,
    parts,
    parts_of_at_least,
    parts_touching,
)
from tongtai.core.segmentation.resampling import Floats
from tongtai.core.segmentation.working_grid import bounding_box

# Radii that vessels worth avoiding have on the working grid.
_TUBE_SIGMAS_MM = (1.6, 2.6, 4.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionRule:
    """Thresholds of lesions.

    Attributes
    ----------
    contrast_hu : float
        Least mean difference from the parenchyma …
    contrast_noise : float
        … and at least this multiple of the parenchyma's spread.
    smallest_ml : float
        A ball of 8 mm diameter.
    rim_mm : float
        Dark voxels nearer to the surface are partial volume, unless a deeper lesion reaches there.
    compactness : float
        Least share of the ellipsoid of the same moments: vessels and fissures fill less.
    bordering : float
        Greatest share of its surroundings that is neither liver nor the trunk's wall.
    """

    contrast_hu: float = 12.0
    contrast_noise: float = 1.8
    smallest_ml: float = 0.27
    rim_mm: float = 4.5
    compactness: float = 0.45
    bordering: float = 0.3


@dataclass(frozen=True, slots=True)
class FoundLesion:
    """One lesion, darker (below zero) or brighter than the liver by ``contrast_hu``."""

    mask: Mask
    contrast_hu: float


def find_vessels(
    hounsfield: Floats, liver: Mask, level_hu: float, noise_hu: float, spacing_mm: Spacing
) -> Mask | None:
    """Vessels brighter than the liver: Hessian tubes, joined by hysteresis into trees.

    Portal and hepatic veins are not told apart. None where the vessels do not stand out, as without
    contrast medium.

    References
    ----------
    Sato Y and others. Three-dimensional multi-scale line filter. Med Image Anal 1998;2(2):143-168.
    """
    box = bounding_box(liver, margin=round(8.0 / min(spacing_mm)))
    if box is None:
        return None
    inside = liver[box]
    excess = hounsfield[box] - _parenchyma(hounsfield[box], inside, level_hu, spacing_mm)
    values = np.clip(excess, -2.5 * noise_hu, 120.0).astype(np.float32)
    values[~inside] = 0.0
    soft = ndimage.gaussian_filter(values, [1.0 / spacing for spacing in spacing_mm])
    step = max(12.0, 1.6 * noise_hu)
    # Elsewhere the shape decides nothing.
    bright = inside & (soft > 0.55 * step)
    tubes = np.zeros_like(values)
    tubes[bright] = np.max([_tubeness(values, bright, s, spacing_mm) for s in _TUBE_SIGMAS_MM], axis=0)
    candidate = inside & ((tubes > 0.45 * step) & (soft > 0.55 * step) | (soft > 1.6 * step))
    certain = candidate & (tubes > 0.9 * step) & (soft > 1.3 * step)
    trees = parts_touching(candidate, certain, connectivity=26)
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    trees = parts_of_at_least(trees, 0.4 / block_ml, connectivity=26)
    if np.count_nonzero(trees) * block_ml < 1.5:
        return None
    whole = np.zeros_like(liver)
    whole[box] = trees
    return whole


def _parenchyma(hounsfield: Floats, liver: Mask, level_hu: float, spacing_mm: Spacing) -> Floats:
    """Slowly varying density of the parenchyma, vessels and lesions left out of the mean."""
    near = liver & (np.abs(hounsfield - level_hu) < 35.0)
    level: Floats = level_hu + mean_nearby(hounsfield - np.float32(level_hu), near, 18.0, spacing_mm)
    return level


def _tubeness(values: Floats, where: Mask, sigma_mm: float, spacing_mm: Spacing) -> Floats:
    """Sato's line measure of bright tubes in a mask's voxels: the lesser of the two curvatures across, by sigma²."""
    sigma = [sigma_mm / spacing for spacing in spacing_mm]
    hessian = np.zeros((np.count_nonzero(where), 3, 3), np.float32)
    for a in range(3):
        for b in range(a, 3):
            order = [0, 0, 0]
            order[a] += 1
            order[b] += 1
            second = ndimage.gaussian_filter(values, sigma, order=order, truncate=3.0)[where]
            hessian[..., a, b] = hessian[..., b, a] = second * sigma_mm**2 / (spacing_mm[a] * spacing_mm[b])
    across: Floats = np.maximum(-np.linalg.eigvalsh(hessian)[..., 1], 0.0).astype(np.float32)
    return across


def find_lesions(
    smooth: Floats,
    liver: Mask,
    excluded: Mask,
    neighbours: Mask,
    level_hu: float,
    noise_hu: float,
    spacing_mm: Spacing,
    rule: LesionRule | None = None,
) -> list[FoundLesion]:
    """Compact outliers of density inside the liver, largest first.

    Parameters
    ----------
    excluded : (K, J, I) bool array
        Vessels, gallbladder and whatever else explains a difference.
    neighbours : (K, J, I) bool array
        Other organs and fat beside the liver, without the trunk's wall: what mostly borders on them is
        a fissure or a bulge of theirs.
    """
    rule = rule or LesionRule()
    box = bounding_box(liver, margin=2)
    if box is None:
        return []
    inside, out, beside = liver[box], excluded[box], neighbours[box]
    difference = smooth[box] - _parenchyma(smooth[box], inside, level_hu, spacing_mm)
    step = max(rule.contrast_hu, rule.contrast_noise * noise_hu)
    depth = distance_inside_mm(np.pad(inside, 1), spacing_mm)[1:-1, 1:-1, 1:-1]
    # The outermost layer of thick slices is all partial volume.
    rim_mm = max(rule.rim_mm, 1.2 * max(spacing_mm))
    found: list[FoundLesion] = []
    for sign in (-1.0, 1.0):
        unlike = inside & ~out & (sign * difference > step)
        body = opened(unlike, 2.0, spacing_mm)
        seeds = body & (depth > rim_mm)
        labels, sizes = parts(parts_touching(body, seeds))
        kept = _compact(labels, sizes, unlike, beside, spacing_mm, rule)
        found += [FoundLesion(mask, float(difference[mask].mean())) for mask in kept]
    found.sort(key=lambda lesion: -int(np.count_nonzero(lesion.mask)))
    placed = []
    for lesion in found:
        whole = np.zeros_like(liver)
        whole[box] = lesion.mask
        placed.append(FoundLesion(whole, lesion.contrast_hu))
    return placed


def _compact(
    labels: NDArray[np.uint32],
    sizes: NDArray[np.int64],
    unlike: Mask,
    beside: Mask,
    spacing_mm: Spacing,
    rule: LesionRule,
) -> list[Mask]:
    block_ml = float(np.prod(spacing_mm)) / 1000.0
    kept = []
    for label in np.flatnonzero(sizes * block_ml >= rule.smallest_ml):
        piece = labels == label
        shell = dilated(piece, 4.5, spacing_mm) & ~piece
        borders = float(np.mean(beside[shell])) if shell.any() else 1.0
        if borders > rule.bordering or compactness(piece, spacing_mm) < rule.compactness:
            continue
        kept.append(dilated(piece, 2.5, spacing_mm) & unlike)
    return kept
