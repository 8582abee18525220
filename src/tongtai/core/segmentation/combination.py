"""``auto``: the network for liver and tumour, the classical engine for everything around them."""

from dataclasses import dataclass, field, replace

import numpy as np

from tongtai.core.segmentation.classical.engine import ClassicalSegmenter
from tongtai.core.segmentation.masks import Mask, Segmentation, StructureMask
from tongtai.core.segmentation.network.segmenter import NetworkSegmenter
from tongtai.core.segmentation.postprocessing import tidied
from tongtai.core.segmentation.progress import Progress, part_of, silent
from tongtai.core.segmentation.quality import checked
from tongtai.core.segmentation.segmenter import Segmenter
from tongtai.core.volumes import Volume

# A network is more certain of these than the classical engine; its own border with them stays.
_NEVER_IN_LIVER = ("bone", "lung", "bowel_gas")
# Regions that are kept out of by margin; the liver is not one of them.
_GIVE_WAY = (
    "bowel",
    "heart",
    "kidney_right",
    "kidney_left",
    "gallbladder",
    "spleen",
    "inferior_vena_cava",
    "aorta",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedSegmenter:
    """A network's liver and tumours, and around them what the classical engine finds, made consistent.

    Attributes
    ----------
    network : NetworkSegmenter or None
        None where no model pack is installed: then the classical engine does everything.
    """

    network: NetworkSegmenter | None
    classical: ClassicalSegmenter = field(default_factory=ClassicalSegmenter)

    @property
    def engine(self) -> str:
        """Names of the engines that take part."""
        if self.network is None:
            return self.classical.engine
        return f"{self.network.engine}+{self.classical.engine}"

    def segment(self, image: Volume, progress: Progress = silent) -> Segmentation:
        """Segment an image; see :class:`~tongtai.core.segmentation.segmenter.Segmenter`."""
        if self.network is None:
            return checked(consistent(self.classical.segment(image, progress)))
        marked = tidied(self.network.segment(image, part_of(progress, 0.0, 0.6)))
        if marked.mask_of("liver") is None:
            return checked(consistent(self.classical.segment(image, part_of(progress, 0.6, 1.0))))
        given: dict[str, Mask] = {"liver": marked.union_of(["liver"])}
        given["liver_tumour"] = marked.union_of(["liver_tumour"])
        around = self.classical.segment_around(image, given, part_of(progress, 0.6, 1.0))
        return checked(consistent(merged(marked, around)))


def merged(first: Segmentation, second: Segmentation) -> Segmentation:
    """Both segmentations' masks; of a structure that both have, the first's."""
    keys = {mask.structure.key for mask in first.masks}
    masks = (*first.masks, *(mask for mask in second.masks if mask.structure.key not in keys))
    there = {mask.structure.key for mask in masks}
    missing = {
        key: reason for key, reason in {**second.not_found, **first.not_found}.items() if key not in there
    }
    return Segmentation(
        grid=first.grid, masks=masks, not_found=missing, findings=(*first.findings, *second.findings)
    )


def consistent(segmentation: Segmentation) -> Segmentation:
    """No voxel is liver and something else that excludes it.

    Bone, lung and gas are sharp: they are taken out of the liver. The other organs' borders are
    rough: the liver is taken out of them.
    """
    liver = segmentation.mask_of("liver")
    if liver is None:
        return segmentation
    solid = liver.voxels & ~segmentation.union_of(_NEVER_IN_LIVER)
    masks: list[StructureMask] = []
    for mask in segmentation.masks:
        if mask is liver:
            masks.append(replace(mask, voxels=solid))
        elif mask.structure.key in _GIVE_WAY:
            masks.append(replace(mask, voxels=mask.voxels & ~solid))
        elif mask in segmentation.lesions():
            masks.append(replace(mask, voxels=mask.voxels & ~segmentation.union_of(_NEVER_IN_LIVER)))
        else:
            masks.append(mask)
    return replace(segmentation, masks=tuple(mask for mask in masks if np.any(mask.voxels)))


def finished(segmenter: Segmenter, image: Volume, progress: Progress = silent) -> Segmentation:
    """A segmentation by one engine alone, tidied, made consistent and checked."""
    return checked(consistent(tidied(segmenter.segment(image, progress))))
