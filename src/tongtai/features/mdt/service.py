"""Use cases of team meetings: convene, discuss, vote, conclude, sign."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal, Role, confirmation
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView
from tongtai.features.cases.service import CaseAccess
from tongtai.features.mdt.errors import (
    MeetingChangedError,
    MeetingDecidedError,
    MeetingNotFoundError,
    MeetingRefusedError,
)
from tongtai.features.mdt.model import (
    QUORUM,
    Conclusion,
    Lesion,
    Meeting,
    Option,
    Panelist,
    Specialty,
    Verdict,
    Vote,
    lacks_of_panel,
    lacks_to_conclude,
)
from tongtai.features.mdt.ports import MaterialReader, MeetingStore

_CHAIRS = frozenset({Role.COORDINATOR, Role.LEAD_GUIDE, Role.BACKUP_GUIDE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who is asked to the panel, for what."""

    user_id: str
    specialty: Specialty
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingService:
    """The team meetings of a case."""

    store: MeetingStore
    material: MaterialReader
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def listed(self, principal: Principal, case_id: str) -> list[Meeting]:
        """The meetings of a case, the newest first."""
        await self.access.require(principal, case_id, Permission.CASE_READ, action=AuditAction.MDT_READ)
        return await self.store.of_case(case_id)

    async def convene(
        self,
        principal: Principal,
        case_id: str,
        *,
        scheduled_at: datetime,
        seats: Sequence[Seat],
        quorum: frozenset[Specialty],
    ) -> Meeting:
        """Ask a panel to a meeting.

        Raises
        ------
        MeetingRefusedError
            If a specialty is not spoken for, or somebody is not of the case's team.
        """
        view = await self._chair(principal, case_id)
        known = await self.store.of_case(case_id)
        meeting = Meeting(
            id=self.new_id("mdt"),
            case_id=case_id,
            number=len(known) + 1,
            scheduled_at=scheduled_at,
            quorum=quorum | QUORUM,
            panel=_panel(view, seats),
            material_sha256=await self.material.sha256(case_id),
            created_at=self.clock.now(),
        )
        lacks = lacks_of_panel(meeting)
        if lacks:
            raise MeetingRefusedError(lacks=[lack.as_dict() for lack in lacks])
        await self.store.add(meeting)
        return meeting

    async def discuss(
        self,
        principal: Principal,
        case_id: str,
        meeting_id: str,
        *,
        lesions: Sequence[Lesion],
        options: Sequence[Option],
        version: int,
    ) -> Meeting:
        """Write down the lesions and the treatments that were talked about."""
        await self._chair(principal, case_id)
        meeting = await self._open(case_id, meeting_id)
        return await self._replace(replace(meeting, lesions=tuple(lesions), options=tuple(options)), version)

    async def attend(self, principal: Principal, case_id: str, meeting_id: str, *, here: bool) -> Meeting:
        """Join the meeting, or leave it."""
        await self._knows(principal, case_id)
        meeting = await self._open(case_id, meeting_id)
        self._member(principal, meeting)
        now = self.clock.now()
        change = {"joined_at": now, "left_at": None} if here else {"left_at": now}
        panel = tuple(
            replace(one, **change) if one.user_id == principal.user_id else one for one in meeting.panel
        )
        return await self._replace(replace(meeting, panel=panel), meeting.version)

    async def vote(
        self, principal: Principal, case_id: str, meeting_id: str, *, verdict: Verdict, reason: str
    ) -> Meeting:
        """Vote, or change one's vote while nothing is decided.

        Raises
        ------
        MeetingDecidedError
            If the vote comes late.
        ForbiddenError
            If the person is not on the panel.
        """
        await self._knows(principal, case_id)
        meeting = await self._open(case_id, meeting_id)
        self._member(principal, meeting)
        vote = Vote(user_id=principal.user_id, verdict=verdict, reason=reason, at=self.clock.now())
        others = tuple(one for one in meeting.votes if one.user_id != principal.user_id)
        return await self._replace(replace(meeting, votes=(*others, vote)), meeting.version)

    async def conclude(
        self,
        principal: Principal,
        case_id: str,
        meeting_id: str,
        *,
        verdict: Verdict,
        details: Mapping[str, str],
        version: int,
    ) -> Meeting:
        """State what the panel has decided; from now on votes are late.

        Raises
        ------
        MeetingRefusedError
            If a specialty has not voted, or the verdict is not what most voted for.
        """
        await self._chair(principal, case_id)
        meeting = await self._open(case_id, meeting_id)
        lacks = lacks_to_conclude(meeting, verdict)
        if lacks:
            raise MeetingRefusedError(lacks=[lack.as_dict() for lack in lacks])
        conclusion = Conclusion(
            verdict=verdict,
            details=dict(details),
            decided_at=self.clock.now(),
            chaired_by=principal.user_id,
        )
        concluded = replace(
            meeting, conclusion=conclusion, material_sha256=await self.material.sha256(case_id)
        )
        return await self._replace(concluded, version)

    async def sign(self, principal: Principal, case_id: str, meeting_id: str) -> Meeting:
        """Sign the minutes; the caller has just proved who they are.

        Raises
        ------
        MeetingRefusedError
            If nothing is decided yet.
        ForbiddenError
            If the person has not voted.
        """
        view = await self._knows(principal, case_id)
        meeting = await self._found(case_id, meeting_id)
        if meeting.conclusion is None:
            raise MeetingRefusedError(lacks=[{"code": "mdt_not_concluded", "values": {}}])
        if principal.user_id not in {vote.user_id for vote in meeting.votes}:
            raise ForbiddenError(reason="has_not_voted")
        others = tuple(one for one in meeting.signatures if one.user_id != principal.user_id)
        signature = confirmation(principal, view.role, at=self.clock.now(), sha256=meeting.sha256)
        return await self._replace(replace(meeting, signatures=(*others, signature)), meeting.version)

    async def _knows(self, principal: Principal, case_id: str) -> CaseView:
        return await self.access.require(
            principal, case_id, Permission.CASE_READ, action=AuditAction.MDT_CHANGED, changes=True
        )

    async def _chair(self, principal: Principal, case_id: str) -> CaseView:
        view = await self._knows(principal, case_id)
        if not view.roles & _CHAIRS:
            await self.audit.record_denied(principal.actor, AuditAction.MDT_CHANGED, case=view.case.reference)
            raise ForbiddenError(roles=sorted(_CHAIRS))
        return view

    def _member(self, principal: Principal, meeting: Meeting) -> None:
        if principal.user_id not in {one.user_id for one in meeting.panel}:
            raise ForbiddenError(reason="not_on_the_panel")

    async def _found(self, case_id: str, meeting_id: str) -> Meeting:
        for meeting in await self.store.of_case(case_id):
            if meeting.id == meeting_id:
                return meeting
        raise MeetingNotFoundError(meeting_id=meeting_id[:64])

    async def _open(self, case_id: str, meeting_id: str) -> Meeting:
        meeting = await self._found(case_id, meeting_id)
        if meeting.conclusion is not None:
            raise MeetingDecidedError(meeting_id=meeting.id)
        return meeting

    async def _replace(self, meeting: Meeting, version: int) -> Meeting:
        newer = replace(meeting, version=version + 1)
        if not await self.store.replace(newer, version=version):
            raise MeetingChangedError(meeting_id=meeting.id)
        return newer


def _panel(view: CaseView, seats: Sequence[Seat]) -> tuple[Panelist, ...]:
    team = {member.user_id: member for member in view.team}
    strangers = [seat.user_id for seat in seats if seat.user_id not in team]
    if strangers:
        raise MeetingRefusedError(
            lacks=[{"code": "not_of_the_team", "values": {"user_id": one}} for one in strangers]
        )
    institutions = {"site": view.inviting.id, "centre": view.invited.id}
    return tuple(
        Panelist(
            user_id=seat.user_id,
            name=team[seat.user_id].display_name,
            name_en=team[seat.user_id].display_name_en,
            institution_id=institutions[team[seat.user_id].side.value],
            specialty=seat.specialty,
            title=seat.title,
        )
        for seat in seats
    )
