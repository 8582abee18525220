"""Masks that came with a name from elsewhere, as structures with a code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tongtai.core.segmentation.masks import Grade, Mask, Segmentation, StructureMask
from tongtai.core.segmentation.morphology import parts
from tongtai.core.segmentation.structures import Role, Structure, structure_named
from tongtai.core.volumes import Volume

# A ball of 5 mm diameter; smaller pieces are not counted as lesions of their own.
SMALLEST_LESION_ML = 0.065


@dataclass(frozen=True, slots=True)
class NamedMask:
    """A mask under the name that its file gives it, with the structure it is, where that is known."""

    name: str
    structure: Structure | None
    voxels: Mask


def named(masks: Mapping[str, Mask]) -> list[NamedMask]:
    """Find the structure of each name; see :func:`~.structures.structure_named`."""
    return [NamedMask(name, structure_named(name), voxels) for name, voxels in masks.items()]


def segmentation_from(
    image: Volume, masks: Iterable[NamedMask], *, engine: str, grade: Grade
) -> tuple[Segmentation, tuple[str, ...]]:
    """A segmentation of masks made elsewhere.

    Masks of the same organ are joined (ribs and vertebrae to bone); the parts of tumours and lesions
    are numbered, largest first.

    Returns
    -------
    segmentation : Segmentation
        Of the masks whose structure is known.
    unused : tuple of str
        Names of the others.
    """
    unions: dict[str, tuple[Structure, Mask]] = {}
    unused = []
    for mask in masks:
        if mask.structure is None:
            unused.append(mask.name)
            continue
        known = unions.get(mask.structure.key)
        joined = mask.voxels if known is None else known[1] | mask.voxels
        unions[mask.structure.key] = (mask.structure, joined)
    found: list[StructureMask] = []
    for structure, voxels in unions.values():
        found += numbered(structure, voxels, image.voxel_volume_ml, engine=engine, grade=grade)
    return Segmentation(grid=image, masks=tuple(found)), tuple(unused)


def numbered(
    structure: Structure, voxels: Mask, voxel_volume_ml: float, *, engine: str, grade: Grade
) -> list[StructureMask]:
    """One mask of an organ; of a target one for each connected part of 5 mm or more, largest first."""
    if not voxels.any():
        return []
    if structure.role is not Role.TARGET:
        return [StructureMask(structure=structure, voxels=voxels, engine=engine, grade=grade)]
    labels, sizes = parts(voxels, connectivity=26)
    order = [n for n in np.argsort(-sizes, kind="stable") if sizes[n] * voxel_volume_ml >= SMALLEST_LESION_ML]
    return [
        StructureMask(structure=structure, voxels=labels == label, engine=engine, grade=grade, number=number)
        for number, label in enumerate(order, start=1)
    ]
