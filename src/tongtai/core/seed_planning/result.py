"""A seed plan with the arrays that it was made from and that pictures of it are drawn from."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tongtai.core.brachytherapy.live import LiveImplant
from tongtai.core.planning.result import Mask, Place
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.core.segmentation.masks import Segmentation
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.reach import ReachMap
from tongtai.core.volumes import Volume


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeedPlanResult:
    """A plan and its arrays.

    Attributes
    ----------
    plan
        What is written down.
    case
        The patient with anatomy, skin, target and samples.
    live
        The implant with its dose, ready for edits seed by seed; None when there is no safe path.
    """

    plan: SeedPlan
    case: SeedCase
    live: LiveImplant | None

    @property
    def segmentation(self) -> Segmentation:
        """The image and its masks."""
        return self.case.prepared.segmentation

    @property
    def image(self) -> Volume:
        """The CT."""
        return self.segmentation.grid

    @property
    def dose(self) -> Volume | None:
        """Dose to infinity in Gy around the target, every 1.5 mm."""
        return None if self.live is None else self.live.dose_grid()

    @property
    def technique(self) -> str:
        """``seeds``."""
        return self.plan.request.technique

    @property
    def tumour(self) -> str:
        """Name of the tumour's mask."""
        return self.case.prepared.tumour.name

    @property
    def anatomy(self) -> Anatomy:
        """The masks as needle planning sees them."""
        return self.case.prepared.anatomy

    @property
    def reached(self) -> ReachMap:
        """The skin joined to the middle of the tumour."""
        return self.case.prepared.reached

    @property
    def shafts(self) -> tuple[tuple[Place, Place], ...]:
        """Entry and tip of each needle, LPS millimetres."""
        return tuple((one.entry_lps_mm, one.tip_lps_mm) for one in self.plan.needles)

    @property
    def target_mask(self) -> Mask:
        """Voxels of the image in the tumour or its margin."""
        voxels: Mask = np.zeros(self.image.voxels.shape, np.bool_)
        index = np.rint(self.image.index_of(self.case.prepared.target.target_points)).astype(np.int64)
        voxels[tuple(index.T)] = True
        return voxels

    @property
    def zone_mask(self) -> Mask:
        """Voxels of the image that get the prescription or more; none without seeds."""
        voxels: Mask = np.zeros(self.image.voxels.shape, np.bool_)
        dose = self.dose
        if dose is None:
            return voxels
        ends = np.array(list(np.ndindex(2, 2, 2))) * (np.array(dose.voxels.shape) - 1)
        corners = self.image.index_of(dose.lps_of(ends))
        low = np.maximum(np.floor(corners.min(axis=0)).astype(np.int64), 0)
        high = np.minimum(np.ceil(corners.max(axis=0)).astype(np.int64) + 1, self.image.voxels.shape)
        box = tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
        index = np.moveaxis(np.indices(voxels[box].shape), 0, -1).reshape(-1, 3) + low
        at = dose.index_of(self.image.lps_of(index)).T
        # Linear between the grid's points, every 1.5 mm; nothing is treated beyond the grid.
        found = ndimage.map_coordinates(dose.voxels, at, order=1, cval=0.0)
        voxels[box] = (found >= self.plan.request.prescription_gy).reshape(voxels[box].shape)
        return voxels
