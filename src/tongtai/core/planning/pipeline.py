"""The whole way from masks to a plan: skin, needles and zones, heat, and what to know about them."""

from dataclasses import astuple, dataclass

import numpy as np

from tongtai.core.coverage.alternatives import row_of
from tongtai.core.coverage.clearances import clearances
from tongtai.core.coverage.plans import ZonePlan
from tongtai.core.planning.assembling import (
    coverage_achieved,
    device_used,
    image_used,
    needle_gaps,
    planned_needles,
    planned_positions,
)
from tongtai.core.planning.by_hand import HandPlaced
from tongtai.core.planning.fingerprint import input_sha256, plan_id
from tongtai.core.planning.heat_step import Simulated, simulate_heat
from tongtai.core.planning.inputs import ImageFacts
from tongtai.core.planning.knowledge import Knowledge
from tongtai.core.planning.patient import structures_used
from tongtai.core.planning.plan import SCHEMA_VERSION, Identity, Outcome, Plan, Request, Warned
from tongtai.core.planning.progress import Progress, silent, stage
from tongtai.core.planning.reach_step import PreparedCase, prepare_case, reach_found, target_volume
from tongtai.core.planning.result import PlanResult
from tongtai.core.planning.warnings import LIMITS, simulated_organs, warnings_of
from tongtai.core.planning.zones_step import ZonesFound, find_zones, judge_by_hand, zone_mask
from tongtai.core.segmentation.masks import Segmentation
from tongtai.core.segmentation.progress import part_of
from tongtai.core.trajectory.rules import LimitName

# Shares of the time that the steps take, about.
_PREPARED, _ZONED, _HEATED = 0.15, 0.5, 0.95


def make_plan(
    segmentation: Segmentation,
    request: Request,
    knowledge: Knowledge,
    *,
    seed: int,
    facts: ImageFacts | None = None,
    by_hand: HandPlaced | None = None,
    progress: Progress = silent,
) -> PlanResult:
    """Plan the ablation of one tumour.

    The same segmentation, request, knowledge and seed give the same plan, bit for bit.

    Parameters
    ----------
    segmentation
        The image with its masks; a liver, a body and a lesion are needed.
    request
        Technique, device, margin, tumour, position.
    knowledge
        Rules, tables and models.
    seed
        Of everything random: the trials of the margin's probability.
    facts
        What the files say of the image.
    by_hand
        Needles placed by a person, to be judged; nothing is then chosen by the program.
    progress
        Told the finished share and the step; answering ``False`` stops.

    Returns
    -------
    PlanResult
        Its plan's ``outcome`` says whether there are needles. Without a safe path, ``reach``
        names what closes the skin and what would open it.

    Raises
    ------
    PlanningError
        If the input cannot be planned on, or ``PlanningCancelledError`` when it was stopped.
    TongtaiError
        Whatever else a mask, a table or a setting lacks, each with its sentence.
    """
    case = prepare_case(segmentation, request, knowledge.rules, part_of(progress, 0.0, _PREPARED))
    found = _needles_and_zones(case, request, knowledge, seed, by_hand, part_of(progress, _PREPARED, _ZONED))
    chosen = found.plans[0] if found.plans else None
    simulated, told = _heat(case, found, knowledge, progress)
    made = _Made(case, request, knowledge, seed, facts or ImageFacts(), found, simulated, told)
    plan = made.plan(part_of(progress, _HEATED if chosen else _ZONED, 1.0))
    zones = chosen.zones if chosen else ()
    return PlanResult(
        plan=plan,
        segmentation=segmentation,
        anatomy=case.anatomy,
        target=case.target,
        reached=case.reached,
        zones=chosen,
        zone_mask=zone_mask(segmentation.grid, zones),
        heat=simulated.fields if simulated else None,
    )


def _needles_and_zones(
    case: PreparedCase,
    request: Request,
    knowledge: Knowledge,
    seed: int,
    by_hand: HandPlaced | None,
    progress: Progress,
) -> ZonesFound:
    generator = np.random.default_rng(seed)
    if by_hand is None:
        return find_zones(case, request, knowledge, generator, progress)
    stage(progress, 0.0, 1.0, "needles by hand")(0.0)
    return ZonesFound(plans=(judge_by_hand(case, by_hand, knowledge, generator),))


def _heat(
    case: PreparedCase, found: ZonesFound, knowledge: Knowledge, progress: Progress
) -> tuple[Simulated | None, tuple[Warned, ...]]:
    """The simulation of the best plan, or why there is none."""
    if not found.plans:
        return None, (Warned(code="no_safe_path", text=found.why_none),)
    if knowledge.heat is None:
        return None, ()
    tell = stage(progress, _ZONED, _HEATED, "heat")
    heat = simulate_heat(case, found.plans[0], knowledge.heat, tell)
    if isinstance(heat, Simulated):
        peak = heat.fields.peak_c
        contour = peak.with_voxels(heat.fields.contours[heat.found.criterion])
        return heat, simulated_organs(case, contour)
    return None, (Warned(code="heat_not_simulated", text=heat),)


@dataclass(frozen=True, slots=True)
class _Made:
    """Everything that was found, to be written down."""

    case: PreparedCase
    request: Request
    knowledge: Knowledge
    seed: int
    facts: ImageFacts
    found: ZonesFound
    heat: Simulated | None
    told: tuple[Warned, ...]

    def plan(self, progress: Progress) -> Plan:
        chosen = self.found.plans[0] if self.found.plans else None
        middle = self.case.reached.targets[0].point_lps_mm
        heat = self.heat.found if self.heat else None
        length_mm = self.knowledge.rules.limit(LimitName.NEEDLE_LENGTH_MM)
        return Plan(
            schema_version=SCHEMA_VERSION,
            outcome=Outcome.PLANNED if chosen else Outcome.NO_SAFE_PATH,
            identity=self._identity(chosen),
            request=self.request,
            image=image_used(self.case.segmentation.grid, self.facts),
            structures=structures_used(self.case.segmentation),
            target=target_volume(self.case),
            device=device_used(chosen.table) if chosen else None,
            needles=planned_needles(chosen, middle) if chosen else (),
            positions=planned_positions(chosen) if chosen else (),
            gaps=needle_gaps(chosen, length_mm) if chosen else (),
            energy_time_min=chosen.energy_time_min if chosen else 0.0,
            coverage=coverage_achieved(chosen) if chosen else None,
            alternatives=tuple(row_of(plan) for plan in self.found.plans),
            reach=reach_found(self.case, reliefs=chosen is None, progress=progress),
            heat=heat,
            warnings=warnings_of(self.case, self.found.plans, heat, self.told),
            limits=LIMITS,
            verification=self.knowledge.verification,
            provenance=self.knowledge.provenance,
            clearances=clearances(self.case.target, chosen.zones if chosen else ()),
        )

    def _identity(self, chosen: ZonePlan | None) -> Identity:
        segmentation, software = self.case.segmentation, self.knowledge.software
        masks = {mask.name: mask.voxels for mask in segmentation.masks}
        hashed = input_sha256(segmentation.grid, masks)
        # Needles placed by hand are part of what was asked, so they are part of the name.
        placed = [measure.needle for measure in chosen.needles] if chosen and self.request.by_hand else []
        asked = repr((astuple(self.request), placed, self.knowledge.search_nodes, self.knowledge.extrapolate))
        return Identity(
            plan_id=plan_id(hashed, asked, str(self.seed), software),
            version=1,
            input_sha256=hashed,
            seed=self.seed,
            software=software,
        )
