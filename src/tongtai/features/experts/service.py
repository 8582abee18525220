"""Use cases of experts: what they say of themselves, and when they are away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError, UserNotFoundError
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.accounts.ports import UserStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.experts.errors import LeaveNotFoundError, LeaveRefusedError
from tongtai.features.experts.model import LONGEST_LEAVE, ExpertProfile, Leave
from tongtai.features.experts.ports import ExpertStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertService:
    """Entries of people of one's own institution: one's own, and with the permission everybody's."""

    store: ExpertStore
    users: UserStore
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def describe(self, principal: Principal, profile: ExpertProfile) -> None:
        """Write an entry.

        Raises
        ------
        UserNotFoundError
            If one's institution has nobody of this id.
        ForbiddenError
            If it is somebody else's, and one lacks the permission.
        """
        await self._admit(principal, profile.user_id)
        await self.store.save(profile)
        self.audit.record(principal.actor, AuditAction.EXPERT_CHANGED, subject=profile.user_id)

    async def leave(
        self, principal: Principal, user_id: str, *, since: datetime, until: datetime, reason: str
    ) -> Leave:
        """Write down that somebody is away.

        Raises
        ------
        LeaveRefusedError
            If it ends before it begins, is over already, or is longer than a year.
        """
        await self._admit(principal, user_id)
        now = self.clock.now()
        if not since < until or until <= now or until - since > LONGEST_LEAVE:
            raise LeaveRefusedError(since=since.isoformat(), until=until.isoformat())
        leave = Leave(
            id=self.new_id("leave"),
            user_id=user_id,
            since=since,
            until=until,
            reason=reason.strip(),
            recorded_by=principal.user_id,
            recorded_at=now,
        )
        await self.store.add_leave(leave)
        self.audit.record(
            principal.actor,
            AuditAction.EXPERT_CHANGED,
            subject=user_id,
            leave=leave.id,
            since=since.isoformat(),
            until=until.isoformat(),
        )
        return leave

    async def come_back(self, principal: Principal, user_id: str, leave_id: str) -> None:
        """Take a leave back.

        Raises
        ------
        LeaveNotFoundError
            If this person has none of this id.
        """
        await self._admit(principal, user_id)
        if not await self.store.remove_leave(user_id, leave_id):
            raise LeaveNotFoundError(leave_id=leave_id[:64])
        self.audit.record(principal.actor, AuditAction.EXPERT_CHANGED, subject=user_id, ended=leave_id)

    async def _admit(self, principal: Principal, user_id: str) -> None:
        if user_id != principal.user_id and Permission.EXPERT_MANAGE not in principal.permissions:
            await self.audit.record_denied(principal.actor, AuditAction.EXPERT_CHANGED)
            raise ForbiddenError(permission=Permission.EXPERT_MANAGE.value)
        user = await self.users.find(user_id)
        if user is None or user.institution_id != principal.institution_id:
            raise UserNotFoundError(user_id=user_id[:64])
