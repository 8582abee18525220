"""A plan with the arrays that it was made from and that pictures of it are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.coverage.plans import ZonePlan
from tongtai.core.coverage.targets import AblationTarget
from tongtai.core.planning.plan import Plan
from tongtai.core.segmentation.masks import Segmentation
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.reach import ReachMap
from tongtai.core.volumes import Volume

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeatFields:
    """The simulation's fields, all positions together, on a part of the image's space.

    Attributes
    ----------
    peak_c
        Volume of the highest temperature of each voxel.
    contours : mapping of str to (K, J, I) bool arrays
        Zone of each criterion on that volume's grid.
    """

    peak_c: Volume
    contours: Mapping[str, Mask]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanResult:
    """A plan and its arrays.

    Attributes
    ----------
    plan
        What is written down.
    segmentation
        The image and its masks, graded.
    anatomy
        The same masks as needle planning sees them, on the same grid.
    target
        Tumour and margin as points; ``surface_points`` belong to ``zones.assessment.margin.by_point_mm``.
    reached
        Every point of the skin (``reached.scene.skin``) joined to the middle of the tumour: target 0.
    zones
        The chosen plan with needles and zones; None when there is no safe path.
    zone_mask : (K, J, I) bool array
        Voxels of the image inside any zone, wherever they lie; none without a plan.
    heat
        None when it was not simulated.
    """

    plan: Plan
    segmentation: Segmentation
    anatomy: Anatomy
    target: AblationTarget
    reached: ReachMap
    zones: ZonePlan | None
    zone_mask: Mask
    heat: HeatFields | None

    @property
    def image(self) -> Volume:
        """The CT."""
        return self.segmentation.grid

    @property
    def target_mask(self) -> Mask:
        """Voxels of the image in the tumour or its margin: what the zones have to cover."""
        voxels = self.anatomy.tumours[self.target.tumour].copy()
        if len(self.target.margin_points):
            index = np.rint(self.image.index_of(self.target.margin_points)).astype(int)
            voxels[tuple(index.T)] = True
        return voxels
