"""The coarse grid that organs are found on, and the way back to the image's own voxels.

Whatever order an image stores its voxels in, the working grid is canonical (feet to head, front to
back, right to left), so that the same patient gives the same masks.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.resampling import Floats, interpolated
from tongtai.core.volumes import Volume, canonical, reordered_like

Box = tuple[slice, slice, slice]
# Slices restored at a time: bounds the memory of the way back.
_SLAB = 16


@dataclass(frozen=True, slots=True)
class WorkingGrid:
    """A canonical grid of blocks of voxels.

    Attributes
    ----------
    image : Volume
        The image, in its own order of voxels.
    factors : (int, int, int)
        Voxels of the canonical image to a block, along k, j, i.
    """

    image: Volume
    factors: tuple[int, int, int]

    @classmethod
    def of(cls, image: Volume, spacing_mm: float) -> "WorkingGrid":
        """The grid whose blocks come nearest to a spacing without being finer than the image."""
        factors = [max(1, round(spacing_mm / float(own))) for own in canonical(image).spacing_mm]
        return cls(image, (factors[0], factors[1], factors[2]))

    @property
    def upright_spacing_mm(self) -> tuple[float, float, float]:
        """Spacing of the canonical image along k, j, i."""
        spacing = canonical(self.image).spacing_mm
        return (float(spacing[0]), float(spacing[1]), float(spacing[2]))

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Spacing of the blocks along k, j, i."""
        own, factors = self.upright_spacing_mm, self.factors
        return (own[0] * factors[0], own[1] * factors[1], own[2] * factors[2])

    @property
    def upright_shape(self) -> tuple[int, int, int]:
        """Shape of the canonical image."""
        shape = canonical(self.image).voxels.shape
        return (shape[0], shape[1], shape[2])

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of blocks along k, j, i."""
        shape = [-(-n // factor) for n, factor in zip(self.upright_shape, self.factors, strict=True)]
        return (shape[0], shape[1], shape[2])

    @property
    def block_ml(self) -> float:
        """Volume of a block in millilitres."""
        return self.spacing_mm[0] * self.spacing_mm[1] * self.spacing_mm[2] / 1000.0

    def upright(self, voxels: NDArray[Any]) -> NDArray[Any]:
        """A view, in canonical order, of an array of the image's shape."""
        return canonical(self.image.with_voxels(voxels)).voxels

    def as_stored(self, upright: NDArray[Any]) -> NDArray[Any]:
        """The inverse of :meth:`upright`, in memory of its own."""
        turned = Volume(upright, canonical(self.image).index_to_lps)
        return np.ascontiguousarray(reordered_like(turned, self.image).voxels)

    def reduce(self, voxels: NDArray[Any]) -> Floats:
        """Block means of an array of the image, float32, on this grid; part blocks repeat their edge."""
        values = self.upright(voxels)
        total = np.zeros(self.shape, np.float32)
        kept = [
            [np.minimum(np.arange(n) * factor + offset, size - 1) for offset in range(factor)]
            for n, factor, size in zip(self.shape, self.factors, self.upright_shape, strict=True)
        ]
        for k in kept[0]:
            for j in kept[1]:
                rows = values[_as_slice(k)][:, _as_slice(j)]
                for i in kept[2]:
                    total += rows[:, :, _as_slice(i)]
        total /= np.float32(np.prod(self.factors))
        return total

    def reduce_mask(self, mask: Mask) -> Mask:
        """Blocks that a mask fills at least by half."""
        return self.reduce(mask) >= 0.5

    def restore(self, mask: Mask) -> Mask:
        """A mask of this grid on the image's own voxels, with the steps between the blocks smoothed.

        The mask is blurred a little, interpolated linearly and cut at one half, so that flat
        surfaces stay where they are.
        """
        full = np.zeros(self.upright_shape, np.bool_)
        box = bounding_box(mask, margin=2)
        if box is not None:
            self._restore_into(full, mask, box)
        stored: Mask = self.as_stored(full)
        return stored

    def _restore_into(self, full: Mask, mask: Mask, box: Box) -> None:
        soft = ndimage.gaussian_filter(mask[box].astype(np.float32), 0.6, mode="nearest")
        targets = [
            np.arange(part.start * factor, min(part.stop * factor, size))
            for part, factor, size in zip(box, self.factors, self.upright_shape, strict=True)
        ]
        steps = [
            (target - (factor - 1) / 2) / factor - part.start
            for target, part, factor in zip(targets, box, self.factors, strict=True)
        ]
        place = [slice(int(target[0]), int(target[-1]) + 1) for target in targets]
        for start in range(0, len(targets[0]), _SLAB):
            values = interpolated(soft, 0, steps[0][start : start + _SLAB])
            values = interpolated(interpolated(values, 1, steps[1]), 2, steps[2])
            first = place[0].start + start
            full[first : first + len(values), place[1], place[2]] = values >= 0.5


def _as_slice(index: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """A slice where the index is evenly spaced: views are ten times faster than copies."""
    if len(index) == 1:
        return slice(int(index[0]), int(index[0]) + 1)
    step = int(index[1] - index[0])
    even = step > 0 and bool(np.all(np.diff(index) == step))
    return slice(int(index[0]), int(index[-1]) + 1, step) if even else index


def bounding_box(mask: Mask, *, margin: int = 0) -> Box | None:
    """The smallest box around the true voxels, grown by ``margin`` voxels inside the array; None if empty.

    Examples
    --------
    >>> mask = np.zeros((5, 5, 5), bool)
    >>> mask[1, 2, 3] = True
    >>> bounding_box(mask, margin=1)
    (slice(0, 3, None), slice(1, 4, None), slice(2, 5, None))
    """
    parts = []
    for axis in range(3):
        others = tuple(n for n in range(3) if n != axis)
        hit = np.flatnonzero(mask.any(axis=others))
        if len(hit) == 0:
            return None
        size = mask.shape[axis]
        parts.append(slice(max(int(hit[0]) - margin, 0), min(int(hit[-1]) + 1 + margin, size)))
    return (parts[0], parts[1], parts[2])
