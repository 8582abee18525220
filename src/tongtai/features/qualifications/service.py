"""Use cases of qualifications: record and revoke evidence of one's own institution."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import UserNotFoundError
from tongtai.features.accounts.model import Principal
from tongtai.features.accounts.ports import UserStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.qualifications.errors import (
    QualificationHolderError,
    QualificationNotFoundError,
)
from tongtai.features.qualifications.model import HOLDER, Holder, Qualification
from tongtai.features.qualifications.ports import QualificationStore


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationService:
    """Evidence of one's own institution. Who may call what is decided by the caller."""

    store: QualificationStore
    users: UserStore
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def listed(self, principal: Principal) -> list[Qualification]:
        """Everything about one's institution and its people."""
        return await self.store.of_institution(principal.institution_id)

    async def record(self, principal: Principal, draft: Qualification) -> Qualification:
        """Write a piece of evidence down.

        Raises
        ------
        QualificationHolderError
            If the kind belongs to a person and none is named, or the other way round.
        UserNotFoundError
            If the person is not of one's own institution.
        """
        holder = HOLDER[draft.kind]
        if (holder is Holder.PERSON) is not (draft.user_id is not None):
            raise QualificationHolderError(kind=draft.kind.value, holder=holder.value)
        if draft.user_id is not None:
            user = await self.users.find(draft.user_id)
            if user is None or user.institution_id != principal.institution_id:
                raise UserNotFoundError(user_id=draft.user_id)
        made = replace(
            draft,
            id=self.new_id("qual"),
            institution_id=principal.institution_id,
            recorded_by=principal.user_id,
            recorded_at=self.clock.now(),
        )
        await self.store.save(made)
        self.audit.record(
            principal.actor, AuditAction.QUALIFICATION_RECORDED, subject=made.id, kind=made.kind.value
        )
        return made

    async def revoke(self, principal: Principal, qualification_id: str) -> Qualification:
        """Say that a piece of evidence no longer holds; it stays in the record."""
        known = await self.store.find(qualification_id)
        if known is None or known.institution_id != principal.institution_id:
            raise QualificationNotFoundError(qualification_id=qualification_id[:64])
        revoked = replace(known, revoked_at=known.revoked_at or self.clock.now())
        await self.store.save(revoked)
        self.audit.record(principal.actor, AuditAction.QUALIFICATION_REVOKED, subject=known.id)
        return revoked
