"""Everything that ``tongtai evaluate`` says of one structure."""

from dataclasses import dataclass

from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.metrics.overlap import Overlap, overlap
from tongtai.core.segmentation.metrics.surfaces import EmptyMaskError, surface_distances
from tongtai.core.volumes import GridError, Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A mask against a truth; distances are None where a mask is empty.

    Attributes
    ----------
    overlap : Overlap
        Volumes, Dice, Jaccard, precision, recall.
    tolerance_mm, surface_dice
        Share of the surfaces within the tolerance of each other.
    hausdorff_mm, hausdorff_95_mm, average_symmetric_mm
        Area-weighted surface distances, see :mod:`tongtai.core.segmentation.metrics.surfaces`.
    """

    overlap: Overlap
    tolerance_mm: float
    surface_dice: float | None = None
    hausdorff_mm: float | None = None
    hausdorff_95_mm: float | None = None
    average_symmetric_mm: float | None = None


def compare(predicted: Volume, true: Volume, *, tolerance_mm: float = 2.0) -> Comparison:
    """Compare two masks on the same grid.

    Raises
    ------
    GridError
        If the grids differ: resample one of them first, nothing is resampled silently.
    """
    if not predicted.shares_grid_with(true):
        raise GridError(
            "The two masks lie on different grids "
            f"({predicted.voxels.shape} and {true.voxels.shape}): resample one of them to the other first."
        )
    masks: tuple[Mask, Mask] = (predicted.voxels.astype(bool), true.voxels.astype(bool))
    counts = overlap(*masks, voxel_volume_ml=true.voxel_volume_ml)
    spacing = true.spacing_mm
    try:
        distances = surface_distances(*masks, (float(spacing[0]), float(spacing[1]), float(spacing[2])))
    except EmptyMaskError:
        return Comparison(overlap=counts, tolerance_mm=tolerance_mm)
    return Comparison(
        overlap=counts,
        tolerance_mm=tolerance_mm,
        surface_dice=distances.surface_dice(tolerance_mm),
        hausdorff_mm=distances.hausdorff_mm(),
        hausdorff_95_mm=distances.hausdorff_mm(95.0),
        average_symmetric_mm=distances.average_symmetric_mm,
    )
