"""The digital abdomen as a segmented patient: its masks are the truth that it was drawn from."""

from functools import cache

import numpy as np

from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.core.phantom.tissues import Structure as Drawn
from tongtai.core.segmentation.masks import Grade, Quality, Segmentation, StructureMask
from tongtai.core.segmentation.structures import structure

TRUE = Grade(Quality.MEASURED, "drawn, not found")
_TUMOURS = {Drawn.TUMOUR_1: 1, Drawn.TUMOUR_2: 2}


@cache
def phantom_patient(seed: int = 3, slices: int = 48, size: int = 96, slice_mm: float = 4.0) -> Segmentation:
    """A coarse phantom with the masks that it was drawn from."""
    drawn = abdomen_phantom(np.random.default_rng(seed), slices=slices, size=size, slice_mm=slice_mm)
    masks = []
    for one in drawn.structures():
        if one is Drawn.ABLATION_ZONE or one is Drawn.SKIN:
            continue
        number = _TUMOURS.get(one, 1)
        key = "liver_tumour" if one in _TUMOURS else one.value
        voxels = drawn.mask(one).voxels
        masks.append(
            StructureMask(
                structure=structure(key), voxels=voxels, engine="phantom/truth", grade=TRUE, number=number
            )
        )
    return Segmentation(grid=drawn.image, masks=tuple(masks))


def without(segmentation: Segmentation, *keys: str) -> Segmentation:
    """The patient without some structures."""
    kept = tuple(mask for mask in segmentation.masks if mask.structure.key not in keys)
    return Segmentation(grid=segmentation.grid, masks=kept)
