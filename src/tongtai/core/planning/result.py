"""A plan with the arrays that it was made from and that pictures of it are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

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
Place = tuple[float, float, float]


class PlannedPatient(Protocol):
    """What pictures and surfaces are drawn from, whatever is planned: heat or seeds."""

    @property
    def technique(self) -> str:
        """``rfa``, ``mwa`` or ``seeds``."""
        ...

    @property
    def tumour(self) -> str:
        """Name of the tumour's mask."""
        ...

    @property
    def segmentation(self) -> Segmentation:
        """The image and its masks."""
        ...

    @property
    def anatomy(self) -> Anatomy:
        """The same masks as planning sees them."""
        ...

    @property
    def reached(self) -> ReachMap:
        """The skin joined to the tumour's middle."""
        ...

    @property
    def zone_mask(self) -> Mask:
        """Voxels of the image that are treated: in a zone, or within the prescription's isodose."""
        ...

    @property
    def target_mask(self) -> Mask:
        """Voxels of the image in the tumour or its margin."""
        ...

    @property
    def shafts(self) -> tuple[tuple[Place, Place], ...]:
        """Entry and deepest tip of each needle, LPS millimetres."""
        ...


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
    def technique(self) -> str:
        """``rfa`` or ``mwa``."""
        return self.plan.request.technique

    @property
    def tumour(self) -> str:
        """Name of the tumour's mask."""
        return self.target.tumour

    @property
    def shafts(self) -> tuple[tuple[Place, Place], ...]:
        """Entry and deepest tip of each needle, LPS millimetres."""
        return tuple((one.entry_lps_mm, one.tip_lps_mm) for one in self.plan.needles)

    @property
    def target_mask(self) -> Mask:
        """Voxels of the image in the tumour or its margin: what the zones have to cover."""
        voxels = self.anatomy.tumours[self.target.tumour].copy()
        if len(self.target.margin_points):
            index = np.rint(self.image.index_of(self.target.margin_points)).astype(int)
            voxels[tuple(index.T)] = True
        return voxels
