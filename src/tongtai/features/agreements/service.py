"""Use cases of agreements: draw up, sign, end, and find the one that covers a case."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal, Role, confirmation, permissions_of
from tongtai.features.agreements.errors import (
    AgreementChangedError,
    AgreementIncompleteError,
    AgreementNotFoundError,
    AgreementSignedError,
)
from tongtai.features.agreements.model import (
    Agreement,
    Coverage,
    ServiceType,
    coverage,
    lacks_to_sign,
)
from tongtai.features.agreements.ports import AgreementStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.institutions.service import InstitutionService


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementService:
    """Agreements, as the people of a party see them."""

    store: AgreementStore
    institutions: InstitutionService
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def listed(self, principal: Principal) -> list[Agreement]:
        """The agreements of one's own institution."""
        return await self.store.of_institution(principal.institution_id)

    async def get(self, principal: Principal, agreement_id: str) -> Agreement:
        """One agreement of one's own institution.

        Raises
        ------
        AgreementNotFoundError
            If there is none.
        """
        found = await self.store.find(agreement_id)
        if found is None or not found.is_party(principal.institution_id):
            raise AgreementNotFoundError(agreement_id=agreement_id[:64])
        self.audit.record(principal.actor, AuditAction.AGREEMENT_READ, subject=found.id)
        return found

    async def draw_up(self, principal: Principal, draft: Agreement) -> Agreement:
        """Write an agreement down; one's own institution is a party to it.

        Raises
        ------
        ForbiddenError
            If it is not.
        """
        if not draft.is_party(principal.institution_id):
            raise ForbiddenError(permission=Permission.AGREEMENT_MANAGE.value)
        for party in draft.parties:
            await self.institutions.get(party.institution_id)
        made = replace(draft, id=self.new_id("agr"), created_at=self.clock.now())
        await self.store.add(made)
        self.audit.record(principal.actor, AuditAction.AGREEMENT_CREATED, subject=made.id)
        return made

    async def change(
        self, principal: Principal, agreement_id: str, draft: Agreement, *, version: int
    ) -> Agreement:
        """Change the text while nobody has signed it.

        Raises
        ------
        AgreementSignedError
            If somebody has, or it was ended.
        """
        known = await self.get(principal, agreement_id)
        if known.signatures or known.ended_at is not None:
            raise AgreementSignedError(agreement_id=known.id)
        if not draft.is_party(principal.institution_id):
            raise ForbiddenError(permission=Permission.AGREEMENT_MANAGE.value)
        for party in draft.parties:
            await self.institutions.get(party.institution_id)
        changed = replace(draft, id=known.id, created_at=known.created_at)
        return await self._replace(principal, changed, version, AuditAction.AGREEMENT_CHANGED)

    async def sign(self, principal: Principal, agreement_id: str, *, version: int) -> Agreement:
        """Sign for one's institution; the caller has just proved who they are.

        Raises
        ------
        AgreementIncompleteError
            If the text lacks something.
        AgreementSignedError
            If the institution has signed already, or it was ended.
        """
        known = await self.get(principal, agreement_id)
        lacks = lacks_to_sign(known)
        if lacks:
            raise AgreementIncompleteError(agreement_id=known.id, lacks=[lack.as_dict() for lack in lacks])
        mine = [one for one in known.signatures if one.institution_id == principal.institution_id]
        if mine or known.ended_at is not None:
            raise AgreementSignedError(agreement_id=known.id)
        signature = confirmation(
            principal, _signing_role(principal), at=self.clock.now(), sha256=known.sha256
        )
        signed = replace(known, signatures=(*known.signatures, signature))
        return await self._replace(principal, signed, version, AuditAction.AGREEMENT_SIGNED)

    async def end(self, principal: Principal, agreement_id: str, *, reason: str, version: int) -> Agreement:
        """End an agreement: new cases are refused from now on, running ones finish."""
        known = await self.get(principal, agreement_id)
        if known.ended_at is not None:
            raise AgreementSignedError(agreement_id=known.id)
        ended = replace(known, ended_at=self.clock.now(), end_reason=reason)
        return await self._replace(principal, ended, version, AuditAction.AGREEMENT_ENDED)

    async def covering(
        self, *, inviting_id: str, invited_id: str, service: ServiceType, today: date
    ) -> Coverage:
        """The agreement that covers a case on a day, for the server's own work."""
        return coverage(
            await self.store.of_institution(inviting_id),
            inviting_id=inviting_id,
            invited_id=invited_id,
            service=service,
            today=today,
        )

    async def _replace(
        self, principal: Principal, agreement: Agreement, version: int, action: AuditAction
    ) -> Agreement:
        newer = replace(agreement, version=version + 1)
        if not await self.store.replace(newer, version=version):
            raise AgreementChangedError(agreement_id=agreement.id)
        self.audit.record(principal.actor, action, subject=agreement.id)
        return newer


def _signing_role(principal: Principal) -> Role:
    return next(
        role
        for role in Role
        if role in principal.roles and Permission.AGREEMENT_MANAGE in permissions_of(frozenset({role}))
    )
