"""Aorta and inferior vena cava: the round things in front of the spine, followed from slice to slice."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from tongtai.core.segmentation.classical.spine import SpineAxis
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing, largest_part, opened
from tongtai.core.segmentation.resampling import Floats

_CLIP_HU = (-60.0, 260.0)
# How far the centre may move from one slice to the next, in mm a mm of height.
_SLOPE = 0.7
# Half width and depth of the vertebral bodies in front of the canal: no vessel's middle lies there.
_VERTEBRA_MM = (16.0, 37.0)
# The border lies half-way between the blood and the flesh around it.
_FLESH_HU = 45.0
# Share of the radius that certainly is vessel where no border shows.
_CAUTIOUS = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class TubeModel:
    """Where a great vessel is looked for, and how wide it is.

    Attributes
    ----------
    left_mm, behind_mm : (float, float)
        Range of its centre, relative to the spinal canal.
    usual_left_mm : float
        Its usual place: nearer is preferred.
    radii_mm : tuple of float
        Radii tried. Aorta 8–20 mm, Erbel 2014 (ESC guideline on aortic disease); vena cava 7–15 mm.
    """

    left_mm: tuple[float, float]
    behind_mm: tuple[float, float]
    usual_left_mm: float
    radii_mm: tuple[float, ...]


AORTA = TubeModel(
    left_mm=(-22.0, 40.0), behind_mm=(-75.0, -22.0), usual_left_mm=8.0, radii_mm=(7.0, 9.0, 11.0, 13.0, 16.0)
)
VENA_CAVA = TubeModel(
    left_mm=(-50.0, 0.0), behind_mm=(-85.0, -22.0), usual_left_mm=-22.0, radii_mm=(7.0, 9.0, 11.0, 13.0)
)


@dataclass(frozen=True, slots=True)
class Tube:
    """A vessel followed through the slices.

    Attributes
    ----------
    row, column, radius_mm, score : (K,) array
        Centre in blocks, radius, and by how many HU it stands out against its surroundings.
    level_hu : float
        Median density along the centre.
    noise_hu : float
        Spread of the density inside.
    """

    row: NDArray[np.float64]
    column: NDArray[np.float64]
    radius_mm: NDArray[np.float64]
    score: NDArray[np.float64]
    level_hu: float
    noise_hu: float


def follow_tube(
    hounsfield: Floats,
    spine: SpineAxis,
    spacing_mm: Spacing,
    model: TubeModel,
    *,
    blocked: Mask | None = None,
) -> Tube | None:
    """The best chain of discs, one a slice, by dynamic programming; None where the window is outside."""
    stack, row0, column0 = _window(hounsfield, spine, spacing_mm, model)
    if stack is None:
        return None
    score, radius = _disc_scores(stack, spacing_mm, model.radii_mm)
    left = (np.arange(stack.shape[2]) + column0[:, None] - spine.column[:, None]) * spacing_mm[2]
    behind = (np.arange(stack.shape[1]) + row0[:, None] - spine.row[:, None]) * spacing_mm[1]
    outside = ((left < model.left_mm[0]) | (left > model.left_mm[1]))[:, None, :] | (
        (behind < model.behind_mm[0]) | (behind > model.behind_mm[1])
    )[:, :, None]
    score = score - (0.02 * (left - model.usual_left_mm) ** 2)[:, None, :].astype(np.float32)
    vertebra = (np.abs(left) < _VERTEBRA_MM[0])[:, None, :] & (behind > -_VERTEBRA_MM[1])[:, :, None]
    score[outside | vertebra] = -1e4
    if blocked is not None:
        score[_cut(blocked, row0, column0, stack.shape)] -= 300.0
    rows, columns = _best_chain(score, spacing_mm)
    every = np.arange(len(score))
    smooth = max(1, round(12.0 / spacing_mm[0]))
    chain = (rows + row0, columns + column0)
    centre = [ndimage.uniform_filter1d(line.astype(np.float64), smooth, mode="nearest") for line in chain]
    level = hounsfield[every, chain[0], chain[1]]
    return Tube(
        centre[0],
        centre[1],
        ndimage.uniform_filter1d(radius[every, rows, columns], smooth, mode="nearest"),
        score[every, rows, columns].astype(np.float64),
        float(np.median(level)),
        float(np.median(np.abs(level - np.median(level)))) * 1.4826,
    )


def _window(
    hounsfield: Floats, spine: SpineAxis, spacing_mm: Spacing, model: TubeModel
) -> tuple[Floats | None, NDArray[np.intp], NDArray[np.intp]]:
    margin = 1.6 * max(model.radii_mm)
    rows = [
        round((edge + sign * margin) / spacing_mm[1])
        for edge, sign in zip(model.behind_mm, (-1, 1), strict=True)
    ]
    columns = [
        round((edge + sign * margin) / spacing_mm[2])
        for edge, sign in zip(model.left_mm, (-1, 1), strict=True)
    ]
    row0 = np.rint(spine.row).astype(np.intp) + rows[0]
    column0 = np.rint(spine.column).astype(np.intp) + columns[0]
    shape = (len(hounsfield), rows[1] - rows[0] + 1, columns[1] - columns[0] + 1)
    fits = (
        row0.max() < hounsfield.shape[1] and column0.max() < hounsfield.shape[2] and row0.min() + shape[1] > 0
    )
    if not fits:
        return None, row0, column0
    return np.clip(_cut(hounsfield, row0, column0, shape), *_CLIP_HU), row0, column0


def _cut(
    array: NDArray[Any], row0: NDArray[np.intp], column0: NDArray[np.intp], shape: tuple[int, ...]
) -> NDArray[Any]:
    rows = np.clip(row0[:, None] + np.arange(shape[1]), 0, array.shape[1] - 1)
    columns = np.clip(column0[:, None] + np.arange(shape[2]), 0, array.shape[2] - 1)
    cut: NDArray[Any] = array[np.arange(shape[0])[:, None, None], rows[:, :, None], columns[:, None, :]]
    return cut


def _disc_scores(stack: Floats, spacing_mm: Spacing, radii_mm: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Contrast of discs against the ring around them, less the unrest inside; best radius of each place."""
    best = np.full(stack.shape, -np.inf, np.float32)
    radius = np.zeros(stack.shape, np.float32)
    kernels = [_kernels(r, spacing_mm) for r in radii_mm]
    size = _padded(stack.shape, max(disc.shape for disc, _ in kernels))
    density, squared = _spectrum(stack, size), _spectrum(stack**2, size)
    for r, (disc, ring) in zip(radii_mm, kernels, strict=True):
        inside = _convolved(density, disc, size, stack.shape)
        around = _convolved(density, ring, size, stack.shape)
        square = _convolved(squared, disc, size, stack.shape)
        unrest = np.sqrt(np.maximum(square - inside**2, 0.0))
        score = (inside - around - 1.5 * unrest + 1.5 * r).astype(np.float32)
        better = score > best
        best[better] = score[better]
        radius[better] = r
    best = ndimage.uniform_filter1d(best, max(1, round(6.0 / spacing_mm[0])), axis=0, mode="nearest")
    return best, radius


def _kernels(radius_mm: float, spacing_mm: Spacing) -> tuple[Floats, Floats]:
    half = [int(np.ceil(1.5 * radius_mm / spacing)) for spacing in spacing_mm[1:]]
    y = np.arange(-half[0], half[0] + 1)[:, None] * spacing_mm[1]
    x = np.arange(-half[1], half[1] + 1)[None, :] * spacing_mm[2]
    distance = np.hypot(y, x)
    disc = (distance <= 0.9 * radius_mm).astype(np.float32)
    ring = ((distance > 1.15 * radius_mm) & (distance <= 1.5 * radius_mm)).astype(np.float32)
    return disc / disc.sum(), ring / ring.sum()


def _padded(shape: tuple[int, ...], largest: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns that a slice is padded to, so that no kernel reaches around its border."""
    rows, columns = (
        fft.next_fast_len(length + reach - 1, real=True)
        for length, reach in zip(shape[1:], largest, strict=True)
    )
    return rows, columns


def _spectrum(slices: Floats, size: tuple[int, int]) -> NDArray[np.complex64]:
    spectrum: NDArray[np.complex64] = fft.rfft2(slices, size)
    return spectrum


def _convolved(
    spectrum: NDArray[np.complex64], kernel: Floats, size: tuple[int, int], shape: tuple[int, ...]
) -> Floats:
    """Slices, given by their spectrum, convolved with a kernel: of the slices' shape, zero around them."""
    whole = fft.irfft2(spectrum * fft.rfft2(kernel, size), size)
    top, left = (length // 2 for length in kernel.shape)
    same: Floats = whole[:, top : top + shape[1], left : left + shape[2]]
    return same


def _best_chain(score: Floats, spacing_mm: Spacing) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Viterbi: the chain with the highest sum whose neighbours lie within the slope."""
    reach = [max(1, int(np.ceil(_SLOPE * spacing_mm[0] / spacing))) for spacing in spacing_mm[1:]]
    size = (2 * reach[0] + 1, 2 * reach[1] + 1)
    total = score.copy()
    for k in range(1, len(score)):
        total[k] += ndimage.maximum_filter(total[k - 1], size=size, mode="nearest")
    rows = np.zeros(len(score), np.intp)
    columns = np.zeros(len(score), np.intp)
    rows[-1], columns[-1] = np.unravel_index(int(np.argmax(total[-1])), total[-1].shape)
    for k in range(len(score) - 2, -1, -1):
        top, start = max(rows[k + 1] - reach[0], 0), max(columns[k + 1] - reach[1], 0)
        near = total[k, top : rows[k + 1] + reach[0] + 1, start : columns[k + 1] + reach[1] + 1]
        row, column = np.unravel_index(int(np.argmax(near)), near.shape)
        rows[k], columns[k] = top + row, start + column
    return rows, columns


def distance_to_centre_mm(tube: Tube, shape: tuple[int, ...], spacing_mm: Spacing) -> Floats:
    """Distance of each voxel to the vessel's centre in the same slice."""
    y = (np.arange(shape[1])[None, :] - tube.row[:, None]) * spacing_mm[1]
    x = (np.arange(shape[2])[None, :] - tube.column[:, None]) * spacing_mm[2]
    distance: Floats = np.hypot(y[:, :, None], x[:, None, :]).astype(np.float32)
    return distance


def tube_mask(
    hounsfield: Floats, tube: Tube, spacing_mm: Spacing, *, enhanced: bool, least_score: float
) -> Mask:
    """Voxels of a followed vessel.

    Parameters
    ----------
    enhanced : bool
        Whether contrast medium shows its border: then the voxels of its density around the centre,
        else the discs themselves.
    least_score : float
        Slices in which the vessel stands out less are left out at its ends.
    """
    distance = distance_to_centre_mm(tube, hounsfield.shape, spacing_mm)
    radius = tube.radius_mm[:, None, None].astype(np.float32)
    strong = np.flatnonzero(tube.score >= least_score)
    mask = np.zeros(hounsfield.shape, np.bool_)
    if len(strong) == 0:
        return mask
    reach = slice(int(strong[0]), int(strong[-1]) + 1)
    if enhanced:
        half = (tube.level_hu + _FLESH_HU) / 2
        near = distance <= 1.35 * radius + 1.0
        mask[reach] = (near & (hounsfield > half) & (hounsfield < 2 * tube.level_hu - half + 40.0))[reach]
        return largest_part(opened(mask, 2.0, spacing_mm))
    mask[reach] = (distance <= _CAUTIOUS * radius)[reach]
    return mask
