"""A model pack as an engine."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.segmentation.errors import UnsuitableImageError
from tongtai.core.segmentation.masks import (
    Finding,
    Grade,
    Mask,
    Quality,
    Segmentation,
    Severity,
    StructureMask,
)
from tongtai.core.segmentation.naming import numbered
from tongtai.core.segmentation.network.card import PackCard, Triple
from tongtai.core.segmentation.network.tiles import Floats, Infer, fitting_stride, labelled
from tongtai.core.segmentation.postprocessing import tidied
from tongtai.core.segmentation.progress import Progress, part_of, report, silent
from tongtai.core.segmentation.resampling import centres, interpolated
from tongtai.core.segmentation.structures import STRUCTURES
from tongtai.core.segmentation.working_grid import WorkingGrid, bounding_box
from tongtai.core.volumes import Volume

# From below to above in upright slices of the image; None where the region was not found.
SliceRange = tuple[int, int]
Locate = Callable[[Volume, Progress], SliceRange | None]
_SLAB = 16


def everywhere(_image: Volume, _progress: Progress) -> None:
    """Use the network on every slice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSegmenter:
    """A network with its card.

    Attributes
    ----------
    card : PackCard
        What the network wants and gives.
    infer : callable
        The network: a float32 batch ``(N, 1, k, j, i)`` in, logits ``(N, C, k, j, i)`` out.
    locate : callable
        Finds the slices in which the organ lies, so that time is spent only there.
    """

    card: PackCard
    infer: Infer
    locate: Locate = everywhere

    @property
    def engine(self) -> str:
        """Name and version of the pack."""
        return self.card.engine

    def segment(self, image: Volume, progress: Progress = silent) -> Segmentation:
        """Segment the slices in which the organ lies; see :class:`~.segmenter.Segmenter`."""
        report(progress, 0.0, "locate")
        grid = WorkingGrid(image, (1, 1, 1))
        found = self.locate(image, part_of(progress, 0.0, 0.15))
        rows = slice(*found) if found is not None else slice(0, grid.upright_shape[0])
        values, inner = self._input(grid.upright(image.voxels)[rows], grid.spacing_mm)
        stride = self._stride(values.shape)
        labels = labelled(
            values,
            self.infer,
            len(self.card.labels) + 1,
            self.card.patch,
            stride,
            part_of(progress, 0.15, 0.9),
        )[inner]
        report(progress, 0.9, "masks")
        return tidied(self._segmentation(image, grid, labels, rows, stride))

    def _input(
        self, upright: NDArray[np.generic], spacing_mm: tuple[float, float, float]
    ) -> tuple[Floats, tuple[slice, slice, slice]]:
        """The network's input for a range of slices, padded to a patch, and where the image lies in it."""
        low, high = self.card.window_hu
        values = np.clip(upright, low, high).astype(np.float32)
        counts = [
            axis.samples(n, spacing)
            for axis, n, spacing in zip(self.card.axes, upright.shape, spacing_mm, strict=True)
        ]
        for axis in (2, 1, 0):
            values = interpolated(values, axis, centres(counts[axis], upright.shape[axis]))
        if not np.isfinite(values).all():
            raise UnsuitableImageError("The image holds numbers that are not finite (NaN or infinity).")
        scaled = ((values - self.card.offset_hu) / self.card.scale_hu).astype(np.float32)
        padding = [(0, max(patch - n, 0)) for patch, n in zip(self.card.patch, scaled.shape, strict=True)]
        air = np.float32((low - self.card.offset_hu) / self.card.scale_hu)
        inner = tuple(slice(0, n) for n in scaled.shape)
        return np.pad(scaled, padding, constant_values=air), (inner[0], inner[1], inner[2])

    def _stride(self, shape: tuple[int, ...]) -> Triple:
        card = self.card
        first = fitting_stride(shape[0], card.patch[0], card.stride[0], card.longest_stride[0], card.windows)
        return (first, card.stride[1], card.stride[2])

    def _segmentation(
        self, image: Volume, grid: WorkingGrid, labels: NDArray[np.uint8], rows: slice, stride: Triple
    ) -> Segmentation:
        channels = {key: channel for channel, key in self.card.labels.items()}
        masks: list[StructureMask] = []
        missing: dict[str, str] = {}
        for key, channel in channels.items():
            inside = [channel, *(channels[inner] for inner in self.card.contains.get(key, ()))]
            voxels = _restored(np.isin(labels, inside), grid, rows)
            found = self._masks_of(key, voxels, image.voxel_volume_ml)
            masks += found
            if not found:
                missing[key] = f"The network {self.card.name} marked no voxel as {STRUCTURES[key].name_en}."
        return Segmentation(grid=image, masks=tuple(masks), not_found=missing, findings=self._notes(stride))

    def _masks_of(self, key: str, voxels: Mask, voxel_ml: float) -> list[StructureMask]:
        return numbered(STRUCTURES[key], voxels, voxel_ml, engine=self.engine, grade=self._grade(key))

    def _grade(self, key: str) -> Grade:
        dice = self.card.dice.get(key)
        if dice is None:
            return Grade(
                Quality.FAIR, f"The quality of {self.card.name} for this structure was not measured."
            )
        return Grade(Quality.MEASURED, f"Dice {dice:.3f}: {self.card.measured_on}.", dice)

    def _notes(self, stride: Triple) -> tuple[Finding, ...]:
        if stride == self.card.stride:
            return ()
        text = (
            f"To stay within {self.card.windows} windows the network moved {stride[0]} slices a step instead of "
            f"{self.card.stride[0]}: fewer windows are averaged than in its measured quality."
        )
        return (Finding("network_stride_lengthened", Severity.NOTE, text),)


def _restored(mask: Mask, grid: WorkingGrid, rows: slice) -> Mask:
    """A mask of the network's grid on the image's voxels: interpolated linearly, cut at one half."""
    full = np.zeros(grid.upright_shape, np.bool_)
    target = (rows.stop - rows.start, *full.shape[1:])
    box = bounding_box(mask, margin=1)
    if box is not None:
        places = [
            (int(np.floor(part.start * n / m)), int(np.ceil(part.stop * n / m)))
            for part, n, m in zip(box, target, mask.shape, strict=True)
        ]
        steps = [
            centres(n, m, start=place[0], stop=place[1]) - part.start
            for part, n, m, place in zip(box, target, mask.shape, places, strict=True)
        ]
        soft = mask[box].astype(np.float32)
        for start in range(0, len(steps[0]), _SLAB):
            values = interpolated(soft, 0, steps[0][start : start + _SLAB])
            values = interpolated(interpolated(values, 1, steps[1]), 2, steps[2])
            first = rows.start + places[0][0] + start
            full[first : first + len(values), slice(*places[1]), slice(*places[2])] = values >= 0.5
    stored: Mask = grid.as_stored(full)
    return stored
