"""A seed plan with the arrays that it was made from and that pictures of it are drawn from."""

from dataclasses import dataclass

from tongtai.core.brachytherapy.live import LiveImplant
from tongtai.core.seed_planning.case import SeedCase
from tongtai.core.seed_planning.plan import SeedPlan
from tongtai.core.segmentation.masks import Segmentation
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
