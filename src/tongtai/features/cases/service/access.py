"""The gate that everything about a case goes through."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tongtai.core.errors import TongtaiError
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal, Role, User, permissions_of
from tongtai.features.accounts.ports import UserStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.errors import CaseNotFoundError, ConsentMissingError, RecordLockedError
from tongtai.features.cases.model import (
    Case,
    CaseAdmission,
    CaseQuery,
    CaseView,
    RecordState,
    TeamMemberView,
    patient_seen,
)
from tongtai.features.cases.ports import CaseStore
from tongtai.features.institutions.model import Institution, OperatingRoom
from tongtai.features.institutions.service import InstitutionService

_LIST_LIMIT = 500
_ACTIONS: Mapping[Permission, AuditAction] = MappingProxyType(
    {
        Permission.CASE_WRITE: AuditAction.CASE_CHANGED,
        Permission.CASE_TEAM: AuditAction.TEAM_CHANGED,
        Permission.IMAGING_READ: AuditAction.IMAGING_READ,
        Permission.IMAGING_PUSH: AuditAction.IMAGING_PUSHED,
        Permission.DOCUMENT_READ: AuditAction.DOCUMENT_READ,
        Permission.DOCUMENT_WRITE: AuditAction.DOCUMENT_MADE,
        Permission.PLAN_READ: AuditAction.PLAN_READ,
        Permission.PLAN_MAKE: AuditAction.PLAN_JOB_REQUESTED,
        Permission.PLAN_REVIEW: AuditAction.PLAN_REVIEWED,
        Permission.PLAN_APPROVE: AuditAction.PLAN_APPROVED,
        Permission.WARNING_RUN: AuditAction.WARNINGS_JUDGED,
        Permission.WARNING_ACKNOWLEDGE: AuditAction.WARNING_ACKNOWLEDGED,
        Permission.CARE_READ: AuditAction.CARE_READ,
        Permission.CARE_WRITE: AuditAction.CARE_ORDERED,
        Permission.SESSION_VIEW: AuditAction.SESSION_READ,
        Permission.SESSION_EXPORT: AuditAction.SESSION_EXPORTED,
    }
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    case_id: str
    permission: Permission
    action: AuditAction
    audited: bool
    changes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAccess:
    """The gate: a case is reached through here, or by the server for its own work, never else."""

    cases: CaseStore
    users: UserStore
    institutions: InstitutionService
    audit: AuditLog

    async def require(
        self,
        principal: Principal,
        case_id: str,
        permission: Permission,
        *,
        action: AuditAction | None = None,
        audited: bool = True,
        changes: bool = False,
    ) -> CaseView:
        """The case, if this person may do this in it.

        Ask before anything is written: a refusal is recorded in a transaction of its own.

        Parameters
        ----------
        action : AuditAction, optional
            What the audit log says was done; default follows from the permission.
        audited : bool
            ``False`` only for a re-check, or a part of an act that was recorded as a whole.
        changes : bool
            Whether the record is to be changed: not once it is archived or sealed.

        Raises
        ------
        CaseNotFoundError
            If there is no such case or the person may not know of it.
        ConsentMissingError
            If the patient's consent does not let the person's institution see it.
        RecordLockedError
            If it is to be changed and is archived or sealed.
        ForbiddenError
            If the person knows the case and their role lacks the permission.
        """
        admitted = await self.admit(
            principal, case_id, permission, action=action, audited=audited, changes=changes
        )
        return await self.seen_by(principal, admitted.case, admitted.roles)

    async def admit(
        self,
        principal: Principal,
        case_id: str,
        permission: Permission,
        *,
        action: AuditAction | None = None,
        audited: bool = True,
        changes: bool = False,
    ) -> CaseAdmission:
        """As ``require``, for what shows no names: a slice of a CT needs neither rooms nor the team."""
        done = action or _ACTIONS.get(permission, AuditAction.CASE_READ)
        wanted = _Wanted(case_id, permission, done, audited, changes)
        return await self._decide(principal, await self.cases.find(case_id), wanted)

    async def admit_all(
        self,
        principal: Principal,
        case_ids: Collection[str],
        permission: Permission,
        *,
        action: AuditAction | None = None,
        audited: bool = True,
    ) -> dict[str, CaseAdmission | TongtaiError]:
        """As ``admit``, for all the rooms of a wall at once: each case, or why it is refused."""
        done = action or _ACTIONS.get(permission, AuditAction.CASE_READ)
        found = {case.id: case for case in await self.cases.of_ids(list(case_ids))}
        answers: dict[str, CaseAdmission | TongtaiError] = {}
        for case_id in case_ids:
            wanted = _Wanted(case_id, permission, done, audited, changes=False)
            try:
                answers[case_id] = await self._decide(principal, found.get(case_id), wanted)
            except TongtaiError as error:
                answers[case_id] = error
        return answers

    async def _decide(self, principal: Principal, case: Case | None, wanted: "_Wanted") -> CaseAdmission:
        case_id, permission, done = wanted.case_id, wanted.permission, wanted.action
        if case is not None and case.is_withheld_from(principal):
            await self.audit.record_denied(
                principal.actor, done, case=case.reference, reason="consent_missing"
            )
            raise ConsentMissingError(case_id=case_id)
        roles = case.roles_of(principal) if case else frozenset()
        side = case.side_of(principal.institution_id) if case else None
        if case is None or side is None or not roles:
            await self.audit.record_denied(
                principal.actor, done, case=case.reference if case else None, subject=case_id[:64]
            )
            raise CaseNotFoundError(case_id=case_id)
        if permission not in permissions_of(roles):
            await self.audit.record_denied(
                principal.actor, done, case=case.reference, permission=permission.value
            )
            raise ForbiddenError(permission=permission.value)
        if wanted.changes and case.record is not RecordState.OPEN:
            await self.audit.record_denied(
                principal.actor, done, case=case.reference, record=case.record.value
            )
            raise RecordLockedError(case_id=case_id, record=case.record.value)
        if wanted.audited:
            self.audit.record(principal.actor, done, case=case.reference)
        return CaseAdmission(case=case, side=side, roles=roles)

    async def visible(
        self,
        principal: Principal,
        permission: Permission,
        *,
        action: AuditAction = AuditAction.CASE_LISTED,
        audited: bool = True,
    ) -> list[CaseView]:
        """Every case in which this person may do this, the latest scheduled first.

        Each is recorded: a list of cases shows patients' names.
        """
        found = await self.cases.of_institution(principal.institution_id, limit=_LIST_LIMIT)
        views = []
        for case in found:
            roles = case.roles_of(principal)
            if not roles:
                continue
            view = await self.seen_by(principal, case, roles)
            if permission in view.permissions:
                views.append(view)
                if audited:
                    self.audit.record(principal.actor, action, case=case.reference)
        return views

    async def page(self, principal: Principal, permission: Permission, query: CaseQuery) -> list[CaseView]:
        """One page of the cases in which this person may do this, the latest scheduled first; each is recorded."""
        found = await self.cases.page(principal, permission, query)
        people = await self.users.find_many({member.user_id for case in found for member in case.team})
        places = _Places(self.institutions)
        views = []
        for case in found:
            roles = case.roles_of(principal)
            if permission in permissions_of(roles):
                views.append(await _view(principal, case, roles, people, places))
                self.audit.record(principal.actor, AuditAction.CASE_LISTED, case=case.reference)
        return views

    async def ids(self, principal: Principal, permission: Permission, among: Iterable[str]) -> frozenset[str]:
        """Which of these cases' ids are of cases in which this person may do this; nothing of them is shown."""
        found = await self.cases.of_ids(sorted(set(among)))
        return frozenset(case.id for case in found if permission in permissions_of(case.roles_of(principal)))

    async def seen_by(self, principal: Principal, case: Case, roles: frozenset[Role]) -> CaseView:
        """The case as somebody with these roles in it sees it; no right is checked."""
        people = await self.users.find_many({member.user_id for member in case.team})
        return await _view(principal, case, roles, people, _Places(self.institutions))


class _Places:
    """Institutions and rooms of a list, each asked for once."""

    def __init__(self, institutions: InstitutionService) -> None:
        self._service = institutions
        self._institutions: dict[str, Institution] = {}
        self._rooms: dict[str, OperatingRoom] = {}

    async def institution(self, institution_id: str) -> Institution:
        if institution_id not in self._institutions:
            self._institutions[institution_id] = await self._service.get(institution_id)
        return self._institutions[institution_id]

    async def room(self, room_id: str) -> OperatingRoom:
        if room_id not in self._rooms:
            self._rooms[room_id] = await self._service.get_room(room_id)
        return self._rooms[room_id]


async def _view(
    principal: Principal, case: Case, roles: frozenset[Role], people: Mapping[str, User], places: _Places
) -> CaseView:
    side = case.side_of(principal.institution_id)
    if side is None:
        raise CaseNotFoundError(case_id=case.id)
    return CaseView(
        case=case,
        side=side,
        roles=roles,
        patient=patient_seen(case, side, roles),
        inviting=await places.institution(case.inviting_institution_id),
        invited=await places.institution(case.invited_institution_id),
        operating_room=await places.room(case.operating_room_id),
        team=_team(case, people),
    )


def _team(case: Case, people: Mapping[str, User]) -> tuple[TeamMemberView, ...]:
    members = []
    for member in case.team:
        user = people.get(member.user_id)
        side = case.side_of(user.institution_id) if user else None
        if user is not None and side is not None:
            members.append(
                TeamMemberView(
                    user_id=user.id,
                    role=member.role,
                    display_name=user.display_name,
                    display_name_en=user.display_name_en,
                    side=side,
                )
            )
    return tuple(members)
