"""Use cases of cases."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import ROLES_OF, Permission, Principal, Role
from tongtai.features.accounts.ports import UserStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.errors import (
    CaseChangedError,
    CaseNotFoundError,
    CasePartiesError,
    ExpertAwayError,
    TeamRefusedError,
)
from tongtai.features.cases.model import (
    CHANGEABLE,
    TEAM_ROLES,
    Case,
    CaseState,
    CaseView,
    Disclosure,
    Patient,
    RecordState,
    Sharing,
    Side,
    TeamMember,
    Technique,
)
from tongtai.features.cases.ports import CaseStore, Leaves
from tongtai.features.cases.service.access import CaseAccess
from tongtai.features.experts.model import away_at
from tongtai.features.institutions.model import InstitutionKind
from tongtai.features.institutions.service import InstitutionService

_ROOM_BEFORE = timedelta(hours=12)
_ROOM_AFTER = timedelta(hours=24)
_KIND_OF_SIDE = MappingProxyType({Side.SITE: InstitutionKind.INVITING, Side.CENTRE: InstitutionKind.INVITED})


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
    leaves: Leaves
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
        await self._refuse_away(staffed.team, staffed.scheduled_at)
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
        ExpertAwayError
            If somebody of the team is on leave at the new time.
        CaseChangedError
            If the case was changed meanwhile.
        """
        view = await self.access.require(principal, case_id, Permission.CASE_WRITE, changes=True)
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
        if changed.scheduled_at != view.case.scheduled_at:
            await self._refuse_away(changed.team, changed.scheduled_at)
        await self._replace(changed, version)
        return await self.access.seen_by(principal, await self.get(case_id), view.roles)

    async def change_team(self, principal: Principal, case_id: str, team: Iterable[TeamMember]) -> CaseView:
        """Replace one's own side of the team; the other side's members stay as they are.

        Raises
        ------
        TeamRefusedError
            If a person or a role is not possible.
        ExpertAwayError
            If somebody who is new in the team is on leave at the operation's time.
        """
        view = await self.access.require(principal, case_id, Permission.CASE_TEAM, changes=True)
        others = {(member.user_id, member.role) for member in view.team if member.side is not view.side}
        own = [member for member in team if (member.user_id, member.role) not in others]
        for member in own:
            user = await self.users.find(member.user_id)
            if user is None or user.institution_id != principal.institution_id:
                # The same answer for a stranger and for nobody.
                await self.audit.record_denied(
                    principal.actor,
                    AuditAction.TEAM_CHANGED,
                    case=view.case.reference,
                    reason="not_of_your_institution",
                )
                raise TeamRefusedError(reason="not_of_your_institution", user_id=member.user_id)
        kept = [member for member in view.case.team if (member.user_id, member.role) in others]
        members = await self._checked_team(view.case, [*kept, *own])
        if view.side is Side.SITE and not any(member.role is Role.ATTENDING for member in own):
            # Without one nobody could change the case any more.
            raise TeamRefusedError(reason="no_attending")
        await self._refuse_away(set(members) - set(view.case.team), view.case.scheduled_at)
        await self._replace(replace(view.case, team=members), view.case.version)
        # Not through the gate: who has just left the team still gets the answer to leaving it.
        return await self.access.seen_by(principal, await self.get(case_id), view.roles)

    async def share(self, case_id: str, sharing: Sharing) -> Case:
        """Open the case to the invited side, or withhold it, as the patient's consents say.

        The version stays: nobody has changed what the case says.
        """
        case = await self.get(case_id)
        if case.sharing is sharing:
            return case
        changed = replace(case, sharing=sharing)
        if not await self.cases.replace(changed, version=case.version):
            raise CaseChangedError(case_id=case_id)
        return changed

    async def lock(self, case_id: str, record: RecordState) -> None:
        """Lock the record, or open it again, for the workflow that archives and seals."""
        case = await self.get(case_id)
        changed = replace(case, record=record)
        if not await self.cases.replace(changed, version=case.version):
            raise CaseChangedError(case_id=case_id)

    async def current_in_room(self, room_id: str) -> Case | None:
        """The case that an operating room works on: in procedure, else the nearest scheduled.

        Of two in procedure it is the one that was to begin first: until that one is ended, no picture of its
        patient may go to another's session.
        """
        now = self.clock.now()
        found = await self.cases.of_operating_room(room_id, since=now - _ROOM_BEFORE, until=now + _ROOM_AFTER)
        running = next((case for case in found if case.state is CaseState.IN_PROCEDURE), None)
        return running or min(found, key=lambda case: abs(case.scheduled_at - now), default=None)

    async def _replace(self, case: Case, version: int) -> None:
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

    async def _refuse_away(self, members: Iterable[TeamMember], at: datetime) -> None:
        away = away_at(await self.leaves.leaves({one.user_id for one in members}, after=at), at)
        user = await self.users.find(away.user_id) if away else None
        if away is None or user is None:
            return
        raise ExpertAwayError(
            user_id=user.id,
            name=user.display_name,
            name_en=user.display_name_en,
            since=away.since.isoformat(),
            until=away.until.isoformat(),
        )

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
