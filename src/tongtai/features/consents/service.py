"""Use cases of consents: write down what was signed, note a withdrawal, open the case accordingly."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal, Role
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView, Sharing
from tongtai.features.cases.service import CaseAccess, CaseService
from tongtai.features.consents.errors import (
    ConsentNotFoundError,
    ConsentRefusedError,
    ConsentWithdrawnError,
)
from tongtai.features.consents.model import (
    Consent,
    ConsentKind,
    Relation,
    lacks_of_consent,
    lacks_to_share,
)
from tongtai.features.consents.ports import ConsentStore
from tongtai.features.institutions.errors import InstitutionNotFoundError
from tongtai.features.institutions.service import InstitutionService


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentService:
    """The consents of a case."""

    store: ConsentStore
    access: CaseAccess
    cases: CaseService
    institutions: InstitutionService
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def listed(self, principal: Principal, case_id: str) -> tuple[CaseView, list[Consent]]:
        """The consents of a case, in the order of signing."""
        view = await self.access.require(
            principal, case_id, Permission.CASE_READ, action=AuditAction.CONSENT_READ
        )
        return view, await self.store.of_case(case_id)

    async def sign(
        self, principal: Principal, case_id: str, draft: Consent
    ) -> tuple[CaseView, list[Consent]]:
        """Write down what was signed before the caller, who explained it.

        Raises
        ------
        ConsentRefusedError
            If something is missing: the values hold the whole list.
        ForbiddenError
            If an approval by the hospital's head is entered by anybody but medical affairs.
        """
        view = await self.access.require(
            principal, case_id, Permission.CONSENT_WRITE, action=AuditAction.CONSENT_SIGNED, changes=True
        )
        if draft.relation is Relation.INSTITUTION_HEAD and Role.MEDICAL_AFFAIRS not in view.roles:
            raise ForbiddenError(roles=[Role.MEDICAL_AFFAIRS.value])
        known = await self.store.of_case(case_id)
        consent = replace(
            draft,
            id=self.new_id("cons"),
            case_id=case_id,
            number=1 + sum(one.kind is draft.kind for one in known),
            explained_by=principal.user_id,
            explained_by_name=principal.display_name,
        )
        lacks = lacks_of_consent(
            consent,
            birth=view.case.patient.birth_date,
            countries=await self._countries(consent.recipients),
        )
        if consent.signed_at > self.clock.now():
            raise ConsentRefusedError(
                kind=consent.kind.value, lacks=[{"code": "signed_in_future", "values": {}}]
            )
        if lacks:
            raise ConsentRefusedError(kind=consent.kind.value, lacks=[lack.as_dict() for lack in lacks])
        await self.store.add(consent)
        after = [*known, consent]
        day = self.clock.now().date()
        if not lacks_to_share(after, view.case.invited_institution_id, day):
            await self.cases.share(case_id, Sharing.OPEN)
        return view, after

    async def withdraw(
        self, principal: Principal, case_id: str, consent_id: str, *, reason: str
    ) -> tuple[CaseView, Consent]:
        """Note that the patient withdraws a consent. What stands in the record stays there.

        Raises
        ------
        ConsentNotFoundError, ConsentWithdrawnError
            If the case has no such consent, or it was withdrawn already.
        """
        view = await self.access.require(
            principal, case_id, Permission.CONSENT_WRITE, action=AuditAction.CONSENT_WITHDRAWN
        )
        known = {one.id: one for one in await self.store.of_case(case_id)}
        consent = known.get(consent_id)
        if consent is None:
            raise ConsentNotFoundError(consent_id=consent_id[:64])
        withdrawn = replace(
            consent,
            withdrawn_at=self.clock.now(),
            withdrawn_by=principal.user_id,
            withdrawal_reason=reason,
        )
        if not await self.store.withdraw(withdrawn):
            raise ConsentWithdrawnError(consent_id=consent_id)
        return view, withdrawn

    async def _countries(self, institution_ids: tuple[str, ...]) -> dict[str, str]:
        countries = {}
        for institution_id in institution_ids:
            try:
                countries[institution_id] = (await self.institutions.get(institution_id)).country
            except InstitutionNotFoundError:
                raise ConsentRefusedError(
                    kind=ConsentKind.DATA_SHARING.value,
                    lacks=[{"code": "recipient_unknown", "values": {"institution_id": institution_id}}],
                ) from None
        return countries
