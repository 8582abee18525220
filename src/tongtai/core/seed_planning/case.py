"""The patient prepared for a seed plan: skin, target, places, samples, each made once."""

from dataclasses import dataclass

import numpy as np

from tongtai.core.brachytherapy.live import StructureSamples
from tongtai.core.planning.plan import Request
from tongtai.core.planning.progress import Progress, silent
from tongtai.core.planning.reach_step import PreparedCase, prepare_case
from tongtai.core.seed_planning.errors import OrganMissingError, SeedActivityError, SeedPlanningError
from tongtai.core.seed_planning.evaluating import structure_samples
from tongtai.core.seed_planning.goals import TARGET
from tongtai.core.seed_planning.knowledge import SeedKnowledge
from tongtai.core.seed_planning.plan import TECHNIQUE, SeedRequest
from tongtai.core.seed_planning.region import SeedRegion, seed_region
from tongtai.core.seed_planning.samples import Samples, samples_of
from tongtai.core.segmentation.masks import Segmentation
from tongtai.core.trajectory.measuring import Measurer

_LEAST_VOXELS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeedCase:
    """A patient ready for seeds.

    Attributes
    ----------
    prepared
        Anatomy, target and skin, as for an ablation.
    region
        The target with its neighbourhood.
    samples
        Places at which the search looks.
    structures
        The finer samples by which a plan is judged.
    """

    prepared: PreparedCase
    request: SeedRequest
    knowledge: SeedKnowledge
    seed: int
    measurer: Measurer
    region: SeedRegion
    samples: Samples
    structures: dict[str, StructureSamples]

    def generator(self, purpose: int) -> np.random.Generator:
        """Chance for one purpose: what one step draws does not move another's."""
        return np.random.default_rng([self.seed, purpose])


def prepare_seed_case(
    segmentation: Segmentation,
    request: SeedRequest,
    knowledge: SeedKnowledge,
    seed: int,
    progress: Progress = silent,
) -> SeedCase:
    """Check what is asked and prepare the patient.

    Raises
    ------
    SeedActivityError
        If a seed's activity is not allowed, or contradicts its strength.
    OrganMissingError
        If a limit was asked for an organ without a mask.
    SeedPlanningError
        If the prescription is not above zero, or the target has hardly a voxel.
    PlanningError, TrajectoryError, CoverageError
        If there is no target, a mask is missing, or the segmentation is unfit.
    """
    _check(request, knowledge)
    prepared = prepare_case(segmentation, _as_request(request), knowledge.needle_rules, progress)
    known = {*prepared.anatomy.structures, TARGET}
    for goal in request.goals:
        if goal.asked and goal.structure not in known:
            raise OrganMissingError(
                f"A limit is asked for {goal.structure}, of which there is no mask; "
                f"there are: {', '.join(sorted(known))}.",
                organ=goal.structure,
            )
    region = seed_region(prepared.anatomy, prepared.target, knowledge.rules.vessels)
    if int(np.count_nonzero(region.mask.voxels)) < _LEAST_VOXELS:
        raise SeedPlanningError(
            f"The target has fewer than {_LEAST_VOXELS} voxels: no dose distribution can be judged on it."
        )
    limited = sorted({goal.structure for goal in request.goals if goal.structure != TARGET})
    return SeedCase(
        prepared=prepared,
        request=request,
        knowledge=knowledge,
        seed=seed,
        measurer=Measurer(prepared.reached.scene),
        region=region,
        samples=samples_of(region, prepared.anatomy, limited, np.random.default_rng([seed, 0])),
        structures=structure_samples(prepared.anatomy, region),
    )


def _check(request: SeedRequest, knowledge: SeedKnowledge) -> None:
    knowledge.rules.check_activity(request.activity_mci)
    strength = request.activity_mci * knowledge.model.u_per_mci
    if abs(strength - request.strength_u) > 1e-4 * strength:
        raise SeedActivityError(
            f"{request.activity_mci:g} mCi are {strength:.4f} U, but {request.strength_u:g} U are given."
        )
    if not np.isfinite(request.prescription_gy) or request.prescription_gy <= 0.0:
        raise SeedPlanningError(f"The prescription must be above zero, got {request.prescription_gy:g} Gy.")
    if request.template_spacing_mm:
        knowledge.rules.check_needle_step(request.template_spacing_mm)


def _as_request(request: SeedRequest) -> Request:
    return Request(
        technique=TECHNIQUE,
        device_id="",
        margin_mm=request.margin_mm,
        tumour_number=request.tumour_number,
        by_hand=False,
        position=request.position,
    )
