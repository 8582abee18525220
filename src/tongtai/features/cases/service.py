"""Use cases of cases, and the gate that everything about a case goes through."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import ROLES_OF, Permission, Principal, Role, permissions_of
from tongtai.features.accounts.ports import UserStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.errors import (
    CaseChangedError,
    CaseClosedError,
    CaseNotFoundError,
    CasePartiesError,
    CaseTransitionError,
    TeamRefusedError,
)
from tongtai.features.cases.model import (
    CHANGEABLE,
    TEAM_ROLES,
    TRANSITIONS,
    Case,
    CaseState,
    CaseView,
    Disclosure,
    Patient,
    Side,
    TeamMember,
    TeamMemberView,
    Technique,
    patient_seen,
)
from tongtai.features.cases.ports import CaseStore
from tongtai.features.institutions.model import InstitutionKind
from tongtai.features.institutions.service import InstitutionService

_LIST_LIMIT = 500
_ROOM_BEFORE = timedelta(hours=12)
_ROOM_AFTER = timedelta(hours=24)
_KIND_OF_SIDE = MappingProxyType({Side.SITE: InstitutionKind.INVITING, Side.CENTRE: InstitutionKind.INVITED})
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
        Permission.SESSION_VIEW: AuditAction.SESSION_READ,
        Permission.SESSION_EXPORT: AuditAction.SESSION_EXPORTED,
    }
)


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
    ) -> CaseView:
        """The case, if this person may do this in it.

        Ask before anything is written: a refusal is recorded in a transaction of its own.

        Parameters
        ----------
        action : AuditAction, optional
            What the audit log says was done; default follows from the permission.
        audited : bool
            ``False`` only for a re-check, or a part of an act that was recorded as a whole.

        Raises
        ------
        CaseNotFoundError
            If there is no such case or the person may not know of it.
        ForbiddenError
            If the person knows the case and their role lacks the permission.
        """
        done = action or _ACTIONS.get(permission, AuditAction.CASE_READ)
        case = await self.cases.find(case_id)
        roles = case.roles_of(principal) if case else frozenset()
        if case is None or not roles:
            await self.audit.record_denied(
                principal.actor, done, case=case.reference if case else None, subject=case_id[:64]
            )
            raise CaseNotFoundError(case_id=case_id)
        view = await self.seen_by(principal, case, roles)
        if permission not in view.permissions:
            await self.audit.record_denied(
                principal.actor, done, case=case.reference, permission=permission.value
            )
            raise ForbiddenError(permission=permission.value)
        if audited:
            self.audit.record(principal.actor, done, case=case.reference)
        return view

    async def visible(
        self,
        principal: Principal,
        permission: Permission,
        *,
        state: CaseState | None = None,
        action: AuditAction = AuditAction.CASE_LISTED,
        audited: bool = True,
    ) -> list[CaseView]:
        """Every case in which this person may do this, the latest scheduled first.

        Each is recorded: a list of cases shows patients' names.
        """
        found = await self.cases.of_institution(principal.institution_id, state=state, limit=_LIST_LIMIT)
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

    async def ids(self, principal: Principal, permission: Permission) -> frozenset[str]:
        """The ids of the cases in which this person may do this; nothing of the cases is shown."""
        found = await self.cases.of_institution(principal.institution_id, state=None, limit=_LIST_LIMIT)
        return frozenset(case.id for case in found if permission in permissions_of(case.roles_of(principal)))

    async def seen_by(self, principal: Principal, case: Case, roles: frozenset[Role]) -> CaseView:
        """The case as somebody with these roles in it sees it; no right is checked."""
        side = case.side_of(principal.institution_id)
        if side is None:
            raise CaseNotFoundError(case_id=case.id)
        return CaseView(
            case=case,
            side=side,
            roles=roles,
            patient=patient_seen(case, side, roles),
            inviting=await self.institutions.get(case.inviting_institution_id),
            invited=await self.institutions.get(case.invited_institution_id),
            operating_room=await self.institutions.get_room(case.operating_room_id),
            team=await self._team(case),
        )

    async def _team(self, case: Case) -> tuple[TeamMemberView, ...]:
        members = []
        users = await self.users.find_many({member.user_id for member in case.team})
        for member in case.team:
            user = users.get(member.user_id)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What is needed to open a case. Without a number it gets the next one of the year."""

    technique: Technique
    lesion: str
    patient: Patient
    disclosure: Disclosure
    inviting_institution_id: str
    invited_institution_id: str
    operating_room_id: str
    scheduled_at: datetime
    team: tuple[TeamMember, ...] = ()
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseService:
    """Opening and changing cases."""

    cases: CaseStore
    users: UserStore
    institutions: InstitutionService
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def get(self, case_id: str) -> Case:
        """The whole case, for the server's own work: no person's rights are checked.

        Raises
        ------
        CaseNotFoundError
            If there is none.
        """
        case = await self.cases.find(case_id)
        if case is None:
            raise CaseNotFoundError(case_id=case_id)
        return case

    async def find_numbered(self, number: str) -> Case | None:
        """The case with this number, for the server's own work."""
        return await self.cases.find_numbered(number)

    async def open_by(self, principal: Principal, new: NewCase) -> CaseView:
        """Open a case in one's own hospital; its attending doctor is in the team from the start.

        Raises
        ------
        ForbiddenError
            If the person may not open cases of this hospital.
        """
        own_institution = await self.institutions.get(principal.institution_id)
        if (
            Permission.CASE_WRITE not in principal.permissions
            or own_institution.kind is not InstitutionKind.INVITING
            or new.inviting_institution_id != principal.institution_id
        ):
            await self.audit.record_denied(principal.actor, AuditAction.CASE_CREATED)
            raise ForbiddenError(permission=Permission.CASE_WRITE.value)
        own = TeamMember(user_id=principal.user_id, role=Role.ATTENDING)
        team = new.team if own in new.team else (own, *new.team)
        case = await self.open(replace(new, team=team))
        self.audit.record(principal.actor, AuditAction.CASE_CREATED, case=case.reference)
        return await self.access.seen_by(principal, case, case.roles_of(principal))

    async def open(self, new: NewCase) -> Case:
        """Open a case, for the server's own work."""
        await self._check_parties(
            new.inviting_institution_id, new.invited_institution_id, new.operating_room_id
        )
        now = self.clock.now()
        case = Case(
            id=self.new_id("case"),
            number=new.number or await self.cases.next_number(now.year),
            technique=new.technique,
            lesion=new.lesion,
            patient=new.patient,
            disclosure=new.disclosure,
            inviting_institution_id=new.inviting_institution_id,
            invited_institution_id=new.invited_institution_id,
            operating_room_id=new.operating_room_id,
            team=(),
            scheduled_at=new.scheduled_at,
            state=CaseState.SCHEDULED,
            created_at=now,
            version=1,
        )
        staffed = replace(case, team=await self._checked_team(case, new.team))
        await self.cases.add(staffed)
        return staffed

    async def change(
        self, principal: Principal, case_id: str, fields: Mapping[str, object], *, version: int
    ) -> CaseView:
        """Change fields of a case that is still at ``version``.

        Raises
        ------
        ForbiddenError
            If a field is the other side's.
        CaseClosedError, CaseChangedError
            If the case is closed, or was changed meanwhile.
        """
        view = await self.access.require(principal, case_id, Permission.CASE_WRITE)
        foreign = sorted(set(fields) - CHANGEABLE[view.side])
        if foreign:
            await self.audit.record_denied(
                principal.actor,
                AuditAction.CASE_CHANGED,
                case=view.case.reference,
                fields=foreign,
            )
            raise ForbiddenError(fields=foreign)
        changed = replace(view.case, **fields)  # type: ignore[arg-type]  # checked by CHANGEABLE
        await self._check_parties(
            changed.inviting_institution_id,
            changed.invited_institution_id,
            changed.operating_room_id,
        )
        await self._replace(changed, version)
        return await self.access.seen_by(principal, await self.get(case_id), view.roles)

    async def change_team(self, principal: Principal, case_id: str, team: Iterable[TeamMember]) -> CaseView:
        """Replace one's own side of the team; the other side's members stay as they are.

        Raises
        ------
        TeamRefusedError
            If a person or a role is not possible.
        """
        view = await self.access.require(principal, case_id, Permission.CASE_TEAM)
        others = {(member.user_id, member.role) for member in view.team if member.side is not view.side}
        own = [member for member in team if (member.user_id, member.role) not in others]
        for member in own:
            user = await self.users.find(member.user_id)
            if user is None or user.institution_id != principal.institution_id:
                # The same answer for a stranger and for nobody.
                raise TeamRefusedError(reason="not_of_your_institution", user_id=member.user_id)
        kept = [member for member in view.case.team if (member.user_id, member.role) in others]
        members = await self._checked_team(view.case, [*kept, *own])
        if view.side is Side.SITE and not any(member.role is Role.ATTENDING for member in own):
            # Without one nobody could change the case any more.
            raise TeamRefusedError(reason="no_attending")
        await self._replace(replace(view.case, team=members), view.case.version)
        # Not through the gate: who has just left the team still gets the answer to leaving it.
        return await self.access.seen_by(principal, await self.get(case_id), view.roles)

    async def move_to(self, case_id: str, state: CaseState) -> Case:
        """Move a case on, for the guidance session that opens and closes it.

        Raises
        ------
        CaseTransitionError
            If the case cannot go there from its present state.
        """
        case = await self.get(case_id)
        if case.state is state:
            return case
        if state not in TRANSITIONS[case.state]:
            raise CaseTransitionError(present=case.state.value, wanted=state.value)
        moved = replace(case, state=state, version=case.version + 1)
        if not await self.cases.replace(moved, version=case.version):
            raise CaseChangedError(case_id=case_id)
        return moved

    async def current_in_room(self, room_id: str) -> Case | None:
        """The case that an operating room works on: in procedure, else the nearest scheduled."""
        now = self.clock.now()
        found = await self.cases.of_operating_room(room_id, since=now - _ROOM_BEFORE, until=now + _ROOM_AFTER)
        running = next((case for case in found if case.state is CaseState.IN_PROCEDURE), None)
        return running or min(found, key=lambda case: abs(case.scheduled_at - now), default=None)

    async def _replace(self, case: Case, version: int) -> None:
        if case.state is CaseState.CLOSED:
            raise CaseClosedError(case_id=case.id)
        if not await self.cases.replace(replace(case, version=version + 1), version=version):
            raise CaseChangedError(case_id=case.id)

    async def _check_parties(self, inviting_id: str, invited_id: str, room_id: str) -> None:
        inviting = await self.institutions.get(inviting_id)
        invited = await self.institutions.get(invited_id)
        room = await self.institutions.get_room(room_id)
        if (
            inviting.kind is not InstitutionKind.INVITING
            or invited.kind is not InstitutionKind.INVITED
            or room.institution_id != inviting.id
        ):
            raise CasePartiesError

    async def _checked_team(self, case: Case, team: Iterable[TeamMember]) -> tuple[TeamMember, ...]:
        members = tuple(dict.fromkeys(team))
        for member in members:
            user = await self.users.find(member.user_id)
            side = case.side_of(user.institution_id) if user else None
            if user is None or side is None:
                raise TeamRefusedError(reason="not_of_this_case", user_id=member.user_id)
            possible = user.roles & TEAM_ROLES & ROLES_OF[_KIND_OF_SIDE[side]]
            if member.role not in possible or not user.active:
                raise TeamRefusedError(reason="role_not_held", user_id=member.user_id, role=member.role.value)
        if sum(member.role is Role.LEAD_GUIDE for member in members) > 1:
            raise TeamRefusedError(reason="two_lead_guides")
        return members
