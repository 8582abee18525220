"""HTTP: findings of quality control, and what is done about them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.audit.api import AuditDep
from tongtai.features.quality.api.reviews import ReviewsDep
from tongtai.features.quality.schemas.reviews import (
    ColleagueOut,
    FindingActIn,
    ReviewFindingOut,
    findings_csv,
)
from tongtai.features.quality.service import FindingService
from tongtai.features.quality.sql import SqlReviews
from tongtai.formats.review_points import packaged_points
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/quality/findings", tags=["quality"])


async def _service(container: ContainerDep, session: DbSession, audit: AuditDep) -> FindingService:
    return FindingService(
        store=SqlReviews(session), users=SqlUsers(session), audit=audit, clock=container.clock
    )


FindingsDep = Annotated[FindingService, Depends(_service)]


@router.get("")
async def list_findings(
    principal: Current, findings: FindingsDep, container: ContainerDep
) -> list[ReviewFindingOut]:
    """Every finding about the caller's institution, the newest first."""
    today = container.clock.now().date()
    return [ReviewFindingOut.of(one, today) for one in await findings.listed(principal)]


@router.get(".csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_findings(principal: Current, findings: FindingsDep, reviews: ReviewsDep) -> Response:
    """The same as a table, with the reviewed cases at which nothing was found."""
    points = {point.key: point for point in packaged_points()}
    table = findings_csv(await findings.listed(principal), await reviews.queue(principal), points)
    headers = {"Content-Disposition": 'attachment; filename="findings.csv"'}
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/mine")
async def list_own_findings(
    principal: Current, findings: FindingsDep, container: ContainerDep
) -> list[ReviewFindingOut]:
    """What the caller is asked to mend, the earliest due first."""
    today = container.clock.now().date()
    return [ReviewFindingOut.of(one, today) for one in await findings.mine(principal)]


@router.get("/people")
async def list_colleagues(principal: Current, findings: FindingsDep) -> list[ColleagueOut]:
    """Who of the caller's institution can be asked to mend something."""
    return [ColleagueOut.of(user) for user in await findings.people(principal)]


@router.post("/{finding_id}/acts")
async def act_on_finding(
    finding_id: str, body: FindingActIn, principal: Current, findings: FindingsDep, container: ContainerDep
) -> ReviewFindingOut:
    """Assign a finding, report that it is mended, send that back, or confirm it."""
    changed = await findings.act(
        principal,
        finding_id,
        body.act,
        version=body.version,
        text=body.text,
        responsible_id=body.responsible_id,
        due_on=body.due_on,
    )
    return ReviewFindingOut.of(changed, container.clock.now().date())
