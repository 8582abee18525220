"""HTTP: seeds of a plan moved, added and removed by hand."""

import base64
import gzip

import numpy as np
from fastapi import APIRouter, BackgroundTasks, Response, status

from tongtai.core.needle import Needle
from tongtai.core.seed_planning.hand_placed import HandNeedleOfSeeds, HandPlacedSeeds
from tongtai.core.volumes import Volume
from tongtai.features.accounts.api import Current
from tongtai.features.plans.api.wiring import PlanJobsDep, SeedDesksDep, SeedEditsDep
from tongtai.features.plans.schemas import ChangedSeedsIn, ChangedSeedsOut, DoseGridOut, PlanJobOut
from tongtai.formats.seed_plan_json import read_seed_plan
from tongtai.formats.seed_plan_json.hand_placed import hand_placed_seeds_json, seeds_of_plan
from tongtai.infra.web import ContainerDep

router = APIRouter(prefix="/api/cases/{case_id}/plans/{plan_id}/changed-seeds", tags=["plans"])
_STEP_GY = 0.05
_QUICKLY = 1


@router.post("", response_model=ChangedSeedsOut)
async def look_at_changed_seeds(
    case_id: str,
    plan_id: str,
    body: ChangedSeedsIn,
    principal: Current,
    edits: SeedEditsDep,
    desks: SeedDesksDep,
) -> Response:
    """Doses, goals and broken rules of a plan whose seeds were moved, added or removed; nothing is stored.

    Every call names all seeds, so taking back a change is asking for what was before. The first call of a plan reads it.
    """
    plan, files = await edits.changeable(principal, case_id, plan_id)
    found = await desks.look(plan, files, _placed(body), _grid)
    judged = found.judged
    told = ChangedSeedsOut(
        needles=list(judged.needles),
        seeds=list(judged.seeds),
        goals=list(judged.goals),
        doses=judged.doses,
        dose=found.dose,
        computed_ms=found.computed_ms,
    )
    # Written once and not validated again: whoever moves a seed waits for it.
    return Response(told.model_dump_json(), media_type="application/json")


@router.post("/jobs", status_code=status.HTTP_202_ACCEPTED)
async def request_changed_plan(
    case_id: str,
    plan_id: str,
    body: ChangedSeedsIn,
    principal: Current,
    jobs: PlanJobsDep,
    edits: SeedEditsDep,
    container: ContainerDep,
    later: BackgroundTasks,
) -> PlanJobOut:
    """Ask for the changed seeds as a plan of their own, made by whoever changed them; the plan they came from stays."""
    plan, _ = await edits.changeable(principal, case_id, plan_id)
    before = None
    if plan.numbers.implant is not None:
        before = seeds_of_plan(read_seed_plan(await container.blobs.get(plan.plan_sha256))).template
    placed = HandPlacedSeeds(needles=_placed(body).needles, template=before)
    job = await jobs.changed_seeds(principal, case_id, plan_id, hand_placed_seeds_json(placed))
    later.add_task(jobs.queued, job.record)
    return PlanJobOut.of(job)


def _placed(body: ChangedSeedsIn) -> HandPlacedSeeds:
    return HandPlacedSeeds(
        needles=tuple(
            HandNeedleOfSeeds(
                hole=one.hole,
                needle=Needle(one.entry_lps_mm, one.tip_lps_mm),
                depths_mm=tuple(one.seed_depths_mm),
            )
            for one in body.needles
        )
    )


def _grid(dose: Volume) -> DoseGridOut:
    steps = np.minimum(np.rint(dose.voxels / np.float32(_STEP_GY)), np.iinfo(np.uint16).max).astype("<u2")
    # Neighbours are nearly alike: their differences take two thirds of the room.
    risen = np.diff(steps.reshape(-1), prepend=np.uint16(0)).astype("<u2")
    k, j, i = dose.voxels.shape
    return DoseGridOut(
        shape=(k, j, i),
        index_to_lps=dose.index_to_lps.tolist(),
        step_gy=_STEP_GY,
        voxels=base64.b64encode(gzip.compress(risen.tobytes(), _QUICKLY, mtime=0)).decode(),
    )
