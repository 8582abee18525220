"""Use cases: write down changes of purpose and impact assessments, approve and keep them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tongtai.core.clock import Clock
from tongtai.core.lacks import lack
from tongtai.core.record_form import RecordForm
from tongtai.features.accounts.model import Principal
from tongtai.features.archive.errors import KeptError
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.privacy.errors import (
    ImpactAssessmentChangedError,
    ImpactAssessmentNotFoundError,
    ImpactAssessmentRefusedError,
)
from tongtai.features.privacy.model import ImpactAssessment, PurposeChange
from tongtai.features.privacy.ports import PrivacyStore


@dataclass(frozen=True, slots=True)
class Report:
    """The signed report that an institution keeps, by its hash."""

    name: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyService:
    """Impact assessments of one's own institution. Who may call what is decided by the caller."""

    store: PrivacyStore
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]
    form: RecordForm

    async def read(self, principal: Principal) -> tuple[list[PurposeChange], list[ImpactAssessment]]:
        """The changes of purpose and the assessments, the newest first."""
        self.audit.record(principal.actor, AuditAction.IMPACT_ASSESSMENT_READ)
        return (
            await self.store.changes(principal.institution_id),
            await self.store.assessments(principal.institution_id),
        )

    async def change_purpose(self, principal: Principal, *, changed_on: date, text: str) -> PurposeChange:
        """Write down that personal information is handled for another purpose or in another way.

        Raises
        ------
        ImpactAssessmentRefusedError
            If the words are missing.
        """
        if not text.strip():
            raise ImpactAssessmentRefusedError(reason="text_missing")
        change = PurposeChange(
            id=self.new_id("purp"),
            institution_id=principal.institution_id,
            number=len(await self.store.changes(principal.institution_id)) + 1,
            changed_on=changed_on,
            text=text.strip(),
            by=principal.by,
            recorded_at=self.clock.now(),
        )
        if not await self.store.add_change(change):
            raise ImpactAssessmentChangedError
        self.audit.record(
            principal.actor,
            AuditAction.PURPOSE_CHANGED,
            subject=change.id,
            changed_on=changed_on.isoformat(),
        )
        return change

    async def draft(
        self, principal: Principal, given: Mapping[str, object], report: Report
    ) -> ImpactAssessment:
        """Begin an assessment; it may be incomplete.

        Raises
        ------
        RecordFormError
            If a value is not of its field's kind.
        """
        assessment = ImpactAssessment(
            id=self.new_id("pia"),
            institution_id=principal.institution_id,
            number=max(
                (one.number for one in await self.store.assessments(principal.institution_id)), default=0
            )
            + 1,
            values=self.form.checked(given),
            author=principal.by,
            made_at=self.clock.now(),
            file_name=report.name,
            file_sha256=report.sha256,
        )
        if not await self.store.add(assessment):
            raise ImpactAssessmentChangedError
        self._note(principal, AuditAction.IMPACT_ASSESSMENT_CHANGED, assessment)
        return assessment

    async def change(
        self,
        principal: Principal,
        assessment_id: str,
        given: Mapping[str, object],
        report: Report,
        *,
        version: int,
    ) -> ImpactAssessment:
        """Write a draft anew."""
        known = await self._found(principal, assessment_id)
        changed = known.changed(self.form.checked(given), file_name=report.name, file_sha256=report.sha256)
        return await self._replace(principal, AuditAction.IMPACT_ASSESSMENT_CHANGED, changed, version)

    async def approve(self, principal: Principal, assessment_id: str, *, version: int) -> ImpactAssessment:
        """Approve an assessment that somebody else wrote; from then on it is kept as it is."""
        known = await self._found(principal, assessment_id)
        approved = known.approved(principal.by, self.clock.now(), self.form)
        return await self._replace(principal, AuditAction.IMPACT_ASSESSMENT_APPROVED, approved, version)

    async def delete(self, principal: Principal, assessment_id: str) -> None:
        """Delete a draft, or an assessment that need no longer be kept.

        Raises
        ------
        KeptError
            If it must be kept, whoever asks.
        """
        known = await self._found(principal, assessment_id)
        if known.kept_until is not None and self.clock.now().date() <= known.kept_until:
            kept = lack("retention_runs", kept_until=known.kept_until.isoformat())
            raise KeptError(lacks=[kept.as_dict()])
        await self.store.remove(known.id)
        self._note(principal, AuditAction.IMPACT_ASSESSMENT_DELETED, known)

    async def _found(self, principal: Principal, assessment_id: str) -> ImpactAssessment:
        found = await self.store.find(principal.institution_id, assessment_id)
        if found is None:
            raise ImpactAssessmentNotFoundError(assessment_id=assessment_id[:64])
        return found

    async def _replace(
        self, principal: Principal, action: AuditAction, assessment: ImpactAssessment, version: int
    ) -> ImpactAssessment:
        if assessment.version != version + 1 or not await self.store.replace(assessment, version=version):
            raise ImpactAssessmentChangedError
        self._note(principal, action, assessment)
        return assessment

    def _note(self, principal: Principal, action: AuditAction, assessment: ImpactAssessment) -> None:
        self.audit.record(principal.actor, action, subject=assessment.id, file_sha256=assessment.file_sha256)
