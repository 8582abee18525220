"""Engines together: one for liver and tumours, the classical one for everything around them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from tongtai.core.segmentation.classical.engine import ClassicalSegmenter
from tongtai.core.segmentation.masks import Mask, Segmentation, StructureMask
from tongtai.core.segmentation.progress import Progress, part_of, silent
from tongtai.core.segmentation.quality import checked
from tongtai.core.segmentation.segmenter import Segmenter
from tongtai.core.volumes import Volume

# Sharp by their density: what they are, the liver is not.
_NEVER_IN_LIVER = ("bone", "lung", "bowel_gas")
# Rough borders: where the liver is, they are not.
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
_TARGETS = ("liver_tumour", "liver_lesion")
# Share of the time that the first engine takes, about.
_FIRST_SHARE = 0.65


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedSegmenter:
    """Another engine's masks, and around them what the classical engine finds, made consistent and checked.

    Attributes
    ----------
    first : Segmenter or None
        A network, TotalSegmentator, or masks made elsewhere. None where there is none: then the
        classical engine does everything.
    keep_first : bool
        Never change a voxel of the first engine's masks, as with masks that a person drew.
    """

    first: Segmenter | None
    keep_first: bool = False
    classical: ClassicalSegmenter = field(default_factory=ClassicalSegmenter)

    @property
    def engine(self) -> str:
        """Names of the engines that take part."""
        return self.classical.engine if self.first is None else f"{self.first.engine}+{self.classical.engine}"

    def segment(self, image: Volume, progress: Progress = silent) -> Segmentation:
        """Segment an image; see :class:`~tongtai.core.segmentation.segmenter.Segmenter`."""
        if self.first is None:
            return checked(consistent(self.classical.segment(image, progress)))
        marked = self.first.segment(image, part_of(progress, 0.0, _FIRST_SHARE))
        given = _given(marked)
        around = self.classical.segment_around(image, given, part_of(progress, _FIRST_SHARE, 1.0))
        kept = {mask.structure.key for mask in marked.masks} if self.keep_first else set()
        return checked(consistent(merged(marked, around), keep=kept))


def _given(marked: Segmentation) -> dict[str, Mask]:
    """What the classical engine shall build on: the liver with its tumours, and the tumours."""
    if marked.mask_of("liver") is None:
        return {}
    tumours = marked.union_of(_TARGETS)
    given = {"liver": marked.union_of(["liver"]) | tumours}
    searched = {mask.structure.key for mask in marked.masks} | set(marked.not_found)
    if searched & set(_TARGETS):
        given["liver_tumour"] = tumours
    return given


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


def consistent(segmentation: Segmentation, *, keep: Collection[str] = ()) -> Segmentation:
    """No voxel is liver and something else that excludes it.

    Bone, lung and gas are sharp: they are taken out of the liver and its lesions. The other organs'
    borders are rough: the liver is taken out of them. Structures named in ``keep`` stay as they are.
    """
    liver = segmentation.mask_of("liver")
    if liver is None:
        return segmentation
    sharp = segmentation.union_of(_NEVER_IN_LIVER)
    solid = liver.voxels if "liver" in keep else liver.voxels & ~sharp
    masks: list[StructureMask] = []
    for mask in segmentation.masks:
        key, voxels = mask.structure.key, mask.voxels
        if key in keep:
            pass
        elif mask is liver:
            voxels = solid
        elif key in _GIVE_WAY:
            voxels = voxels & ~solid
        elif key in _TARGETS:
            voxels = voxels & ~sharp
        masks.append(replace(mask, voxels=voxels))
    return replace(segmentation, masks=tuple(mask for mask in masks if np.any(mask.voxels)))
