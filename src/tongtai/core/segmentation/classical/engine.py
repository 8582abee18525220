"""The classical engine: organs by density, shape and place, without any trained weights."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tongtai.core.segmentation.classical.body import skin_of
from tongtai.core.segmentation.classical.grading import BRIGHT_LESION, GRADES, NOT_FOUND, PLAIN_AORTA
from tongtai.core.segmentation.classical.liver_contents import LesionRule
from tongtai.core.segmentation.classical.organs import Organs, find_organs
from tongtai.core.segmentation.classical.survey import Survey, survey
from tongtai.core.segmentation.masks import Grade, Mask, Segmentation, StructureMask
from tongtai.core.segmentation.morphology import dilated
from tongtai.core.segmentation.progress import Progress, part_of, report, silent
from tongtai.core.segmentation.structures import structure
from tongtai.core.volumes import Volume

ENGINE = "classical/1"
# On the image's own voxels these are cut anew at their density within this distance of the coarse mask.
_REFINED_MM = 3.0
_SHARP_ABOVE_HU = {"bone": 200.0}
_SHARP_BELOW_HU = {"lung": -500.0, "bowel_gas": -500.0}
_LEAST_LESION_ML = 0.5 * LesionRule().smallest_ml
# A structure that was given is not searched for, nor reported as missing.
_STANDS_FOR = {"liver_tumour": "liver_lesion"}


@dataclass(frozen=True, slots=True)
class ClassicalSegmenter:
    """Masks without weights, each with how sure it is; what is not found is said, not invented.

    Examples
    --------
    >>> from tongtai.core.phantom.abdomen import abdomen_phantom
    >>> phantom = abdomen_phantom(np.random.default_rng(1), slices=30, size=96, slice_mm=5.0)
    >>> result = ClassicalSegmenter().segment(phantom.image)
    >>> result.mask_of("bone").engine
    'classical/1'
    """

    @property
    def engine(self) -> str:
        """Name and version."""
        return ENGINE

    def segment(self, image: Volume, progress: Progress = silent) -> Segmentation:
        """Segment an image; see :class:`~tongtai.core.segmentation.segmenter.Segmenter`."""
        return self.segment_around(image, {}, progress)

    def segment_around(
        self, image: Volume, given: Mapping[str, Mask], progress: Progress = silent
    ) -> Segmentation:
        """Segment what is not given.

        Parameters
        ----------
        image : Volume
            CT in Hounsfield units.
        given : mapping of str to (K, J, I) bool array
            Masks by another engine, on the image's voxels: ``liver`` and ``liver_tumour``. They
            decide where the vessels and the neighbours are looked for, and are not among the result.
        progress : Progress
            Told the finished share.
        """
        seen = survey(image, part_of(progress, 0.0, 0.3))
        known = {key: seen.grid.reduce_mask(mask)[seen.box] for key, mask in given.items()}
        # An empty liver is none; that there is no tumour is known.
        known = {key: mask for key, mask in known.items() if mask.any() or key != "liver"}
        organs = find_organs(seen, known, part_of(progress, 0.3, 0.75))
        masks: list[StructureMask] = []
        wanted = [key for key in organs.masks if key not in given]
        for number, key in enumerate(wanted):
            report(progress, 0.75 + 0.25 * number / (len(wanted) + 1), f"{key}: full resolution")
            voxels = _restored(image, seen, key, organs.masks[key])
            if voxels.any():
                masks.append(_mask(key, voxels, _grade(key, seen)))
        masks += self._surface(seen) + self._lesions(seen, organs)
        return Segmentation(grid=image, masks=tuple(masks), not_found=_missing(masks, given))

    def _surface(self, seen: Survey) -> list[StructureMask]:
        body = seen.restored(seen.body)
        skin = seen.grid.as_stored(skin_of(seen.grid.upright(body), seen.grid.upright_spacing_mm))
        return [_mask("body", body, GRADES["body"]), _mask("skin", skin, GRADES["skin"])]

    def _lesions(self, seen: Survey, organs: Organs) -> list[StructureMask]:
        lesions: list[StructureMask] = []
        for lesion in organs.lesions:
            voxels = seen.restored(lesion.mask)
            # What fades by half between the grids was no more than a block's noise.
            if np.count_nonzero(voxels) * seen.grid.image.voxel_volume_ml > _LEAST_LESION_ML:
                grade = GRADES["liver_lesion"] if lesion.contrast_hu < 0 else BRIGHT_LESION
                lesions.append(_mask("liver_lesion", voxels, grade, number=len(lesions) + 1))
        return lesions


def _mask(key: str, voxels: Mask, grade: Grade, number: int = 1) -> StructureMask:
    return StructureMask(structure=structure(key), voxels=voxels, engine=ENGINE, grade=grade, number=number)


def _grade(key: str, seen: Survey) -> Grade:
    return PLAIN_AORTA if key == "aorta" and not seen.enhanced else GRADES[key]


def _restored(image: Volume, seen: Survey, key: str, part: Mask) -> Mask:
    """A mask on the image's voxels; bone and air are cut anew at their density near the coarse mask."""
    mask = seen.restored(part)
    above, below = _SHARP_ABOVE_HU.get(key), _SHARP_BELOW_HU.get(key)
    if above is None and below is None:
        return mask
    near = seen.restored(dilated(part, _REFINED_MM, seen.spacing_mm))
    if above is not None:
        return mask | near & (image.voxels > above)
    return near & (image.voxels < below)


def _missing(masks: list[StructureMask], given: Mapping[str, Mask]) -> dict[str, str]:
    there = {mask.structure.key for mask in masks} | set(given)
    there |= {_STANDS_FOR[key] for key in given if key in _STANDS_FOR}
    return {key: reason for key, reason in NOT_FOUND.items() if key not in there}
