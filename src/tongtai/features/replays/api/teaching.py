"""HTTP: what may be seen for teaching, and who approved it."""

from fastapi import APIRouter, Request

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.api.identity import prove_again
from tongtai.features.replays.api.wiring import ReplaysDep
from tongtai.features.replays.schemas import TaughtCaseOut, TeachingEndIn, TeachingIn, TeachingOut
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api", tags=["replays"])


@router.get("/teaching")
async def list_taught_cases(principal: Current, replays: ReplaysDep) -> list[TaughtCaseOut]:
    """The cases that the caller may see for teaching; nothing of them names a patient."""
    return [TaughtCaseOut.of(view, approval) for view, approval in await replays.taught(principal)]


@router.get("/cases/{case_id}/teaching")
async def get_teaching(case_id: str, principal: Current, replays: ReplaysDep) -> TeachingOut:
    """Whether a case may be shown for teaching, what is missing, and every approval so far."""
    return TeachingOut.of(await replays.teaching(principal, case_id))


@router.post("/cases/{case_id}/teaching")
async def approve_teaching(
    case_id: str,
    body: TeachingIn,
    request: Request,
    principal: Current,
    replays: ReplaysDep,
    container: ContainerDep,
    session: DbSession,
) -> TeachingOut:
    """Approve teaching with these feeds and masks, for what was recorded so far."""
    # Who may not is told so without being asked for a password.
    await replays.may_approve(principal, case_id)
    await prove_again(request, container, session, principal, body.password)
    feeds = [feed.model() for feed in body.feeds]
    return TeachingOut.of(
        await replays.approve(principal, case_id, purpose=body.purpose, feeds=feeds, number=body.number)
    )


@router.post("/cases/{case_id}/teaching/end")
async def end_teaching(
    case_id: str, body: TeachingEndIn, principal: Current, replays: ReplaysDep
) -> TeachingOut:
    """End teaching: what is being watched stops."""
    return TeachingOut.of(await replays.end(principal, case_id, reason=body.reason))
