"""HTTP: impact assessments of one's own institution."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import require
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.api import audit_log
from tongtai.features.privacy.model import standing
from tongtai.features.privacy.schemas import (
    ApprovalIn,
    ImpactAssessmentChangeIn,
    ImpactAssessmentIn,
    ImpactAssessmentOut,
    PrivacyOut,
    PurposeChangeIn,
    PurposeChangeOut,
)
from tongtai.features.privacy.service import PrivacyService, Report
from tongtai.features.privacy.sql import SqlPrivacy
from tongtai.formats.record_forms import packaged_record_form
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/privacy", tags=["privacy"])
Officer = Annotated[Principal, Depends(require(Permission.PRIVACY_MANAGE))]


def privacy_service(container: Container, session: AsyncSession) -> PrivacyService:
    """The use cases of impact assessments within this transaction."""
    return PrivacyService(
        store=SqlPrivacy(session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
        form=packaged_record_form("impact_assessment"),
    )


async def _request_service(container: ContainerDep, session: DbSession) -> PrivacyService:
    return privacy_service(container, session)


PrivacyDep = Annotated[PrivacyService, Depends(_request_service)]


@router.get("")
async def read_privacy(officer: Officer, privacy: PrivacyDep) -> PrivacyOut:
    """Changes of purpose and impact assessments of the caller's institution, the newest first."""
    changes, assessments = await privacy.read(officer)
    return PrivacyOut(
        standing=standing(changes, assessments),
        changes=[PurposeChangeOut.model_validate(one) for one in changes],
        assessments=[ImpactAssessmentOut.model_validate(one) for one in assessments],
    )


@router.post("/purposes", status_code=status.HTTP_201_CREATED)
async def change_purpose(body: PurposeChangeIn, officer: Officer, privacy: PrivacyDep) -> PurposeChangeOut:
    """Write down another purpose: from then on an assessment that was begun before no longer counts."""
    change = await privacy.change_purpose(officer, changed_on=body.changed_on, text=body.text)
    return PurposeChangeOut.model_validate(change)


@router.post("/assessments", status_code=status.HTTP_201_CREATED)
async def begin_impact_assessment(
    body: ImpactAssessmentIn, officer: Officer, privacy: PrivacyDep
) -> ImpactAssessmentOut:
    """Begin an assessment."""
    report = Report(body.file_name, body.file_sha256)
    return ImpactAssessmentOut.model_validate(await privacy.draft(officer, body.values, report))


@router.put("/assessments/{assessment_id}")
async def change_impact_assessment(
    assessment_id: str, body: ImpactAssessmentChangeIn, officer: Officer, privacy: PrivacyDep
) -> ImpactAssessmentOut:
    """Write a draft anew."""
    report = Report(body.file_name, body.file_sha256)
    changed = await privacy.change(officer, assessment_id, body.values, report, version=body.version)
    return ImpactAssessmentOut.model_validate(changed)


@router.post("/assessments/{assessment_id}/approve")
async def approve_impact_assessment(
    assessment_id: str, body: ApprovalIn, officer: Officer, privacy: PrivacyDep
) -> ImpactAssessmentOut:
    """Approve an assessment that somebody else wrote."""
    return ImpactAssessmentOut.model_validate(
        await privacy.approve(officer, assessment_id, version=body.version)
    )


@router.delete("/assessments/{assessment_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_impact_assessment(assessment_id: str, officer: Officer, privacy: PrivacyDep) -> None:
    """Delete a draft, or what need no longer be kept."""
    await privacy.delete(officer, assessment_id)
