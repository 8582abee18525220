"""HTTP: the queue of quality control, drawn from closed cases."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, status

from tongtai.features.accounts.api import Current
from tongtai.features.audit.api import AuditDep
from tongtai.features.cases.sql import SqlCases
from tongtai.features.policies.model import RULES, PolicyKey, values_of
from tongtai.features.policies.sql import SqlPolicies
from tongtai.features.quality.schemas.reviews import CaseReviewIn, CaseReviewOut, DrawOut, PointOut
from tongtai.features.quality.service import ReviewService
from tongtai.features.quality.service.reviewing import NewFinding
from tongtai.features.quality.sql import SqlReviews
from tongtai.formats.review_points import packaged_points
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/quality/reviews", tags=["quality"])
_SEED_BYTES = 16


async def _service(container: ContainerDep, session: DbSession, audit: AuditDep) -> ReviewService:
    return ReviewService(
        store=SqlReviews(session),
        cases=SqlCases(session),
        audit=audit,
        clock=container.clock,
        new_id=new_id,
        new_seed=lambda: secrets.token_hex(_SEED_BYTES),
        points=packaged_points(),
    )


ReviewsDep = Annotated[ReviewService, Depends(_service)]


@router.get("/points")
async def list_review_points(_principal: Current) -> list[PointOut]:
    """What closed cases are checked against."""
    return [PointOut.of(point) for point in packaged_points()]


@router.get("/draws")
async def list_review_draws(principal: Current, reviews: ReviewsDep) -> list[DrawOut]:
    """The draws of the caller's institution, the newest first."""
    return [DrawOut.model_validate(one) for one in await reviews.draws(principal)]


@router.post("/draws", status_code=status.HTTP_201_CREATED)
async def draw_reviews(principal: Current, reviews: ReviewsDep, session: DbSession) -> DrawOut:
    """Draw from the cases that were closed since the last draw, as many of a hundred as the house rule says."""
    key = PolicyKey.REVIEW_PERCENT
    rules = values_of(await SqlPolicies(session).of_institution(principal.institution_id))
    return DrawOut.model_validate(await reviews.draw(principal, percent=rules.get(key, RULES[key].default)))


@router.get("")
async def list_reviews(principal: Current, reviews: ReviewsDep) -> list[CaseReviewOut]:
    """The drawn cases of the caller's institution, those that wait first."""
    return [CaseReviewOut.model_validate(one) for one in await reviews.queue(principal)]


@router.post("/{review_id}")
async def finish_review(
    review_id: str, body: CaseReviewIn, principal: Current, reviews: ReviewsDep
) -> CaseReviewOut:
    """Finish the review of a case."""
    found = [NewFinding(point=one.point, grade=one.grade, text=one.text) for one in body.findings]
    done = await reviews.finish(principal, review_id, body.verdicts, found, version=body.version)
    return CaseReviewOut.model_validate(done)
