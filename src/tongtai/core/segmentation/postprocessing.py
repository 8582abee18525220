"""What may be mended in a network's raw mask: lost parts, enclosed holes, lesions outside of the liver."""

from dataclasses import replace

import numpy as np

from tongtai.core.segmentation.masks import Finding, Mask, Segmentation, Severity, StructureMask
from tongtai.core.segmentation.morphology import filled, largest_part
from tongtai.core.segmentation.working_grid import bounding_box

_CHANGE_TOLD_ML = 1.0


def tidied(segmentation: Segmentation) -> Segmentation:
    """Keep the largest part of the liver with its holes filled, and of lesions what lies in it.

    Every change above 1 ml is told as a finding. Lesions are numbered anew, largest first; one that
    loses all its voxels goes.
    """
    liver = segmentation.mask_of("liver")
    if liver is None or not liver.voxels.any():
        return segmentation
    body = _solid(liver.voxels)
    findings = [*segmentation.findings, *_told(segmentation, liver, body)]
    organs = [
        replace(mask, voxels=body) if mask is liver else mask
        for mask in segmentation.masks
        if mask not in segmentation.lesions()
    ]
    kept = []
    for lesion in segmentation.lesions():
        inside = lesion.voxels & body
        findings += _told(segmentation, lesion, inside)
        if inside.any():
            kept.append(replace(lesion, voxels=inside))
    kept.sort(key=lambda lesion: -int(np.count_nonzero(lesion.voxels)))
    numbers: dict[str, int] = {}
    for place, lesion in enumerate(kept):
        key = lesion.structure.key
        numbers[key] = numbers.get(key, 0) + 1
        kept[place] = replace(lesion, number=numbers[key])
    return replace(segmentation, masks=(*organs, *kept), findings=tuple(findings))


def _solid(mask: Mask) -> Mask:
    box = bounding_box(mask, margin=1)
    if box is None:
        return mask
    whole = np.zeros_like(mask)
    whole[box] = filled(largest_part(mask[box]))
    return whole


def _told(segmentation: Segmentation, before: StructureMask, after: Mask) -> list[Finding]:
    lost = np.count_nonzero(before.voxels & ~after) * segmentation.grid.voxel_volume_ml
    won = np.count_nonzero(after & ~before.voxels) * segmentation.grid.voxel_volume_ml
    if max(lost, won) < _CHANGE_TOLD_ML:
        return []
    text = f"{before.name}: {lost:.1f} ml apart from the liver's largest part were left out, {won:.1f} ml of holes filled."
    return [Finding("tidied", Severity.NOTE, text, before.name)]
