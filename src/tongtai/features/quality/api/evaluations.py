"""HTTP: the hospital's rating of a session, and averages for the centre."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from tongtai.features.accounts.api import Current
from tongtai.features.audit.api import AuditDep
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.quality.schemas.evaluations import AverageOut, CaseEvaluationOut, EvaluationIn
from tongtai.features.quality.service import EvaluationService
from tongtai.features.quality.sql import SqlEvaluations
from tongtai.formats.record_forms import packaged_record_form
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(tags=["quality"])


async def _service(
    container: ContainerDep, session: DbSession, audit: AuditDep, access: CaseAccessDep
) -> EvaluationService:
    return EvaluationService(
        store=SqlEvaluations(session),
        access=access,
        audit=audit,
        clock=container.clock,
        form=packaged_record_form("session_evaluation"),
    )


EvaluationsDep = Annotated[EvaluationService, Depends(_service)]


@router.get("/api/cases/{case_id}/evaluation")
async def read_evaluation(case_id: str, principal: Current, evaluations: EvaluationsDep) -> CaseEvaluationOut:
    """How the caller's hospital has rated the session."""
    return CaseEvaluationOut.of(await evaluations.of_case(principal, case_id))


@router.post("/api/cases/{case_id}/evaluation", status_code=status.HTTP_201_CREATED)
async def rate_session(
    case_id: str, body: EvaluationIn, principal: Current, evaluations: EvaluationsDep
) -> CaseEvaluationOut:
    """Rate a session that is over; once."""
    return CaseEvaluationOut.of(await evaluations.rate(principal, case_id, body.values))


@router.get("/api/quality/evaluations")
async def list_averages(principal: Current, evaluations: EvaluationsDep) -> list[AverageOut]:
    """Averages of the ratings that the caller's institution has received or given."""
    return [AverageOut.model_validate(one) for one in await evaluations.averages(principal)]
