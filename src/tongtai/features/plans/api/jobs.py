"""HTTP: ask for a plan, see how far it is, stop it, try it again."""

import json

from fastapi import APIRouter, BackgroundTasks, status

from tongtai.core.seed_planning.errors import GoalError
from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.plans.api.wiring import CatalogueDep, PlanJobsDep
from tongtai.features.plans.errors import PlanRequestError
from tongtai.features.plans.model import SeedsAsked
from tongtai.features.plans.schemas import PlanJobIn, PlanJobOut, PlanJobsOut, PlanOptionsOut
from tongtai.formats.plan_json import read_hand_placed
from tongtai.formats.seed_goals import goal_of
from tongtai.formats.seed_plan_json.hand_placed import read_hand_placed_seeds

router = APIRouter(prefix="/api/cases/{case_id}/plans", tags=["plans"])


@router.get("/options")
async def get_options(
    case_id: str, principal: Current, access: CaseAccessDep, catalogue: CatalogueDep
) -> PlanOptionsOut:
    """Engines, devices and techniques that a plan can be made with here."""
    await access.require(principal, case_id, Permission.PLAN_READ, audited=False)
    return PlanOptionsOut.model_validate(await catalogue.options())


@router.post("/jobs", status_code=status.HTTP_202_ACCEPTED)
async def request_plan(
    case_id: str, body: PlanJobIn, principal: Current, jobs: PlanJobsDep, later: BackgroundTasks
) -> PlanJobOut:
    """Ask for a plan on a series of the case; the job goes on whatever becomes of the caller.

    Whether the images can be planned on, the job finds out: what is refused is a failed job with the reason.
    """
    job = await jobs.request(principal, case_id, body.series_uid, _asked(body))
    # Queued when the request's transaction has been committed: the queue must know of nothing that is not.
    later.add_task(jobs.queued, job.record)
    return PlanJobOut.of(job)


def _asked(body: PlanJobIn) -> dict[str, object]:
    """The order's fields, with what is written in forms of its own looked at."""
    seeds = None
    if body.seeds is not None:
        for text in body.seeds.goals:
            _goal(text, body.seeds.prescription_gy)
        # As it is written down: an order is JSON, which has no days.
        told = body.seeds.model_dump(mode="json")
        seeds = SeedsAsked(**{**told, "goals": tuple(body.seeds.goals)})
    if body.needles is not None:
        read = read_hand_placed if seeds is None else read_hand_placed_seeds
        read(json.dumps(body.needles).encode())
    return body.model_dump(exclude={"series_uid", "seeds"}) | {"seeds": seeds}


def _goal(text: str, prescription_gy: float) -> None:
    try:
        goal_of(text, prescription_gy)
    except GoalError as error:
        raise PlanRequestError(str(error), field="goals") from error


@router.get("/jobs")
async def list_jobs(case_id: str, principal: Current, jobs: PlanJobsDep) -> PlanJobsOut:
    """The case's jobs, newest first."""
    return PlanJobsOut(jobs=[PlanJobOut.of(job) for job in await jobs.listed(principal, case_id)])


@router.get("/jobs/{job_id}")
async def get_job(case_id: str, job_id: str, principal: Current, jobs: PlanJobsDep) -> PlanJobOut:
    """One job."""
    return PlanJobOut.of(await jobs.get(principal, case_id, job_id))


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(case_id: str, job_id: str, principal: Current, jobs: PlanJobsDep) -> PlanJobOut:
    """Stop a job, whether it waits or runs."""
    return PlanJobOut.of(await jobs.cancel(principal, case_id, job_id))


@router.post("/jobs/{job_id}/retry")
async def retry_job(case_id: str, job_id: str, principal: Current, jobs: PlanJobsDep) -> PlanJobOut:
    """Go on with a job that failed or was cancelled, at the step that it did not finish."""
    return PlanJobOut.of(await jobs.retry(principal, case_id, job_id))
