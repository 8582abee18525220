"""From a segmentation to the patient that needles are planned in."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError
from scipy.spatial.distance import pdist

from tongtai.core.planning.errors import NoLesionFoundError, UnfitSegmentationError, UnknownTumourError
from tongtai.core.planning.inputs import StructureUsed
from tongtai.core.segmentation.masks import Segmentation, Severity, StructureMask
from tongtai.core.trajectory.anatomy import Anatomy, bounding_box
from tongtai.core.volumes import Volume

MOST_LESIONS = 60


def lesions_by_size(segmentation: Segmentation) -> tuple[StructureMask, ...]:
    """The lesions of the liver, the largest first: tumour 1, 2, … of a plan."""
    # Cleaning may leave nothing of a small one; it must not stop the planning of the others.
    there = [one for one in segmentation.lesions() if one.voxels.any()]
    found = sorted(there, key=lambda one: (-int(np.count_nonzero(one.voxels)), one.name))
    return tuple(found[:MOST_LESIONS])


def tumour_numbered(segmentation: Segmentation, number: int) -> StructureMask:
    """The tumour to plan.

    Raises
    ------
    UnfitSegmentationError
        If a check refused the segmentation, with its sentence.
    NoLesionFoundError
        If the liver has no lesion.
    UnknownTumourError
        If there are fewer.
    """
    refused = [one.text for one in segmentation.findings if one.severity is Severity.REFUSAL]
    if refused:
        raise UnfitSegmentationError(" ".join(refused))
    lesions = lesions_by_size(segmentation)
    if not lesions:
        raise NoLesionFoundError
    if not 1 <= number <= len(lesions):
        raise UnknownTumourError(
            f"There is no tumour {number}: {len(lesions)} found, numbered by size from 1.", number=number
        )
    return lesions[number - 1]


def anatomy_of(segmentation: Segmentation) -> Anatomy:
    """The masks as needle planning sees them: organs by key, every lesion by its name.

    Raises
    ------
    MissingStructureError
        Without a liver, a body or a lesion.
    TrajectoryError
        If the grid's axes are oblique.
    """
    lesions = lesions_by_size(segmentation)
    keys = {lesion.structure.key for lesion in lesions}
    structures = {
        mask.structure.key: mask.voxels for mask in segmentation.masks if mask.structure.key not in keys
    }
    return Anatomy(
        grid=segmentation.grid,
        structures=structures,
        tumours={lesion.name: lesion.voxels for lesion in lesions},
    )


def structures_used(segmentation: Segmentation) -> tuple[StructureUsed, ...]:
    """Every structure with its size, engine and grade."""
    return tuple(
        StructureUsed(
            name=mask.name,
            name_en=mask.structure.name_en,
            name_zh=mask.structure.name_zh,
            code=mask.structure.code.value,
            code_meaning=mask.structure.code.meaning,
            role=mask.structure.role.value,
            volume_ml=segmentation.volume_ml(mask),
            longest_mm=longest_mm(segmentation.grid, mask.voxels),
            engine=mask.engine,
            quality=mask.grade.quality.value,
            reason=mask.grade.reason,
            dice=mask.grade.dice,
            editor=mask.editor,
        )
        for mask in segmentation.masks
    )


def longest_mm(grid: Volume, mask: NDArray[np.bool_]) -> float:
    """Longest straight line between the centres of two voxels of a mask; 0 for fewer than two.

    Examples
    --------
    >>> mask = np.zeros((3, 4, 5), bool)
    >>> mask[0, 0, 0] = mask[0, 3, 4] = True
    >>> longest_mm(Volume(mask, np.eye(4)), mask)
    5.0
    """
    points = grid.lps_of(_outermost(mask))
    try:
        corners = points[ConvexHull(points).vertices]
    except (QhullError, ValueError):
        corners = points
    return float(pdist(corners).max()) if len(corners) > 1 else 0.0


def _outermost(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of each row of voxels, the first and the last: the farthest pair is among them."""
    box = bounding_box(mask)
    if box is None:
        return np.zeros((0, 3))
    part = mask[box]
    k, j = np.nonzero(part.any(axis=2))
    rows = part[k, j]
    first, last = rows.argmax(axis=1), rows.shape[1] - 1 - rows[:, ::-1].argmax(axis=1)
    ends = np.stack([np.column_stack([k, j, first]), np.column_stack([k, j, last])], axis=1)
    apart = np.column_stack([np.ones(len(k), np.bool_), first != last])
    outermost: NDArray[np.float64] = ends[apart] + np.array([float(side.start) for side in box])
    return outermost
