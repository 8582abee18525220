"""The neighbourhood of the target, asked many times: how far a place lies outside it, how near a vessel is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.trajectory.anatomy import Anatomy, Mask, distance_mm
from tongtai.core.volumes import Volume

Points = NDArray[np.float64]
_AROUND_MM = 16.0
VESSEL = "vessel"
OUTSIDE = "outside_target"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRegion:
    """Distances in a box around the target, on the image's grid.

    Attributes
    ----------
    mask
        The target's voxels in the box.
    outside_mm, vessel_mm
        Distance to the nearest voxel's centre of the target (0 inside), and of any vessel; infinite without
        a vessel. Beyond the box both are those of its border.
    """

    mask: Volume
    outside_mm: NDArray[np.float32]
    vessel_mm: NDArray[np.float32]

    def outside_at(self, points_mm: Points) -> Points:
        """Millimetres outside the target, ``(N,)``; 0 inside."""
        return self._read(self.outside_mm, points_mm)

    def vessel_at(self, points_mm: Points) -> Points:
        """Millimetres to the nearest vessel, ``(N,)``; 0 inside one."""
        return self._read(self.vessel_mm, points_mm)

    def _read(self, field: NDArray[np.float32], points_mm: Points) -> Points:
        index = self.mask.index_of(points_mm).T
        found: Points = ndimage.map_coordinates(field, index, order=1, mode="nearest").astype(np.float64)
        return found


def seed_region(anatomy: Anatomy, target: AblationTarget, vessels: tuple[str, ...]) -> SeedRegion:
    """The neighbourhood of a target.

    Parameters
    ----------
    anatomy, target
        The patient; tumour and margin.
    vessels
        Names of the masks that are vessels.
    """
    grid = anatomy.grid
    index = np.rint(grid.index_of(target.target_points)).astype(np.int64)
    pads = np.ceil(_AROUND_MM / grid.spacing_mm).astype(np.int64)
    low = np.maximum(index.min(axis=0) - pads, 0)
    high = np.minimum(index.max(axis=0) + pads + 1, grid.voxels.shape)
    box = tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    mask: Mask = np.zeros(tuple(high - low), np.bool_)
    mask[tuple((index - low).T)] = True
    vessel: Mask = np.zeros_like(mask)
    for name in vessels:
        if name in anatomy.structures:
            vessel |= anatomy.structures[name][box]
    transform = grid.index_to_lps.copy()
    transform[:3, 3] = grid.lps_of(low)
    nowhere = np.full(mask.shape, np.inf, np.float32)
    return SeedRegion(
        mask=Volume(mask, transform, grid.frame_of_reference_uid),
        outside_mm=distance_mm(~mask, grid.spacing_mm),
        vessel_mm=distance_mm(~vessel, grid.spacing_mm) if vessel.any() else nowhere,
    )
