"""Use cases of seeing a session again, and of its approval for teaching."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.core.lacks import Lack
from tongtai.core.pictures.masking import Mask
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction, CaseReference
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView
from tongtai.features.cases.service import CaseAccess
from tongtai.features.gateways.errors import RecordingNotFoundError
from tongtai.features.gateways.model import Recording
from tongtai.features.guidance.model import Event
from tongtai.features.replays.errors import (
    ReplayNotFoundError,
    ReplayRefusedError,
    TeachingChangedError,
    TeachingRefusedError,
)
from tongtai.features.replays.model import (
    Play,
    ReplayView,
    TeachingApproval,
    TeachingFeed,
    lacks_to_approve,
    lacks_to_play,
    newest,
    played_in,
    taught,
)
from tongtai.features.replays.ports import Approvals, CaseConsents, CaseRecordings, Plays, SessionLog

PERMISSION = {
    ReplayView.FULL: Permission.SESSION_REPLAY,
    ReplayView.TEACHING: Permission.TEACHING_VIEW,
}
_ACTION = {ReplayView.FULL: AuditAction.REPLAY_PLAYED, ReplayView.TEACHING: AuditAction.TEACHING_PLAYED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A session that is seen again: its recordings and the log that goes with them."""

    play: Play
    view: CaseView
    recordings: Sequence[Recording]
    events: Sequence[Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """How a case stands with teaching: what is missing but the approval, what was approved, what could be."""

    lacks: tuple[Lack, ...]
    approvals: Sequence[TeachingApproval]
    recordings: Sequence[Recording]
    looked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayService:
    """Sessions seen again. Consent is asked for at every piece, so that a withdrawal ends what runs."""

    plays: Plays
    approvals: Approvals
    consents: CaseConsents
    recordings: CaseRecordings
    log: SessionLog
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def begin(self, principal: Principal, case_id: str, view: ReplayView) -> Replay:
        """Begin to see a session again; that somebody does is in the audit log.

        Raises
        ------
        ReplayRefusedError
            If a consent or the approval is missing.
        """
        admitted = await self.access.admit(
            principal, case_id, PERMISSION[view], action=_ACTION[view], audited=False
        )
        standing = newest(await self.approvals.of_case(case_id))
        lacks = await self._lacks(case_id, view, standing)
        if lacks:
            await self.audit.record_denied(
                principal.actor,
                _ACTION[view],
                case=admitted.case.reference,
                lacks=[one.code for one in lacks],
            )
            raise ReplayRefusedError(lacks=[one.as_dict() for one in lacks])
        play = Play(
            id=self.new_id("play"),
            case_id=case_id,
            user_id=principal.user_id,
            view=view,
            started_at=self.clock.now(),
        )
        recordings = played_in(view, await self.recordings.of_case(case_id), standing)
        events = await self.log.of_case(case_id)
        if view is ReplayView.TEACHING:
            events = taught(events, {one.feed for one in recordings})
        await self.plays.add(play)
        self.audit.record(principal.actor, _ACTION[view], case=admitted.case.reference, subject=play.id)
        seen = await self.access.seen_by(principal, admitted.case, admitted.roles)
        return Replay(play=play, view=seen, recordings=recordings, events=events)

    async def clip(
        self, principal: Principal, play_id: str, recording_id: str
    ) -> tuple[Recording, tuple[Mask, ...] | None]:
        """A recording of a play, and what must be covered of it; ``None``: nothing, it is given as it is.

        Raises
        ------
        ReplayNotFoundError
            If the play is not this person's, or is over.
        ReplayRefusedError
            If a consent or the approval is no longer there.
        RecordingNotFoundError
            If the recording is not part of what this play may show.
        """
        play = await self._running(principal, play_id)
        approval = newest(await self.approvals.of_case(play.case_id))
        found = played_in(play.view, await self.recordings.of_case(play.case_id), approval)
        recording = next((one for one in found if one.id == recording_id), None)
        if recording is None:
            raise RecordingNotFoundError(recording_id=recording_id[:64])
        if play.view is ReplayView.FULL:
            return recording, None
        # Only an approval says what is covered: without one nothing is given, rather than the whole picture.
        if approval is None:
            raise RecordingNotFoundError(recording_id=recording_id[:64])
        return recording, approval.masks_of(recording.feed)

    async def still(self, principal: Principal, play_id: str) -> None:
        """Whether a play may go on: a page asks, so that it stops when consent is withdrawn.

        Raises
        ------
        ReplayNotFoundError, ReplayRefusedError
            If it may not.
        """
        await self._running(principal, play_id)

    async def teaching(self, principal: Principal, case_id: str) -> Teaching:
        """How a case stands with teaching."""
        await self.access.admit(
            principal, case_id, Permission.SESSION_REPLAY, action=AuditAction.TEACHING_READ
        )
        return await self._teaching(principal, case_id)

    async def may_approve(self, principal: Principal, case_id: str) -> CaseReference:
        """The case, if this person may approve teaching in it."""
        admitted = await self.access.admit(
            principal,
            case_id,
            Permission.TEACHING_APPROVE,
            action=AuditAction.TEACHING_APPROVED,
            audited=False,
        )
        return admitted.case.reference

    async def approve(
        self,
        principal: Principal,
        case_id: str,
        *,
        purpose: str,
        feeds: Sequence[TeachingFeed],
        number: int,
    ) -> Teaching:
        """Approve teaching with what was recorded so far; the caller has just proved who they are.

        Parameters
        ----------
        number
            How many approvals one has seen: another's is not replaced unseen.

        Raises
        ------
        TeachingRefusedError
            If something is missing: the values hold the whole list.
        TeachingChangedError
            If somebody else has approved meanwhile.
        """
        case = await self.may_approve(principal, case_id)
        recordings = await self.recordings.of_case(case_id)
        await self._refuse_unless_whole(principal, case_id, feeds, recordings)
        approval = TeachingApproval(
            id=self.new_id("teach"),
            case_id=case_id,
            number=number + 1,
            purpose=purpose,
            feeds=tuple(feeds),
            recording_ids=tuple(one.id for one in recordings),
            approved_by=principal.user_id,
            approved_by_name=principal.display_name,
            approved_at=self.clock.now(),
        )
        known = await self.approvals.of_case(case_id)
        if number != len(known) or not await self.approvals.add(approval):
            raise TeachingChangedError(case_id=case_id)
        self.audit.record(
            principal.actor,
            AuditAction.TEACHING_APPROVED,
            case=case,
            subject=approval.id,
            feeds=[one.feed for one in feeds],
            masks=[len(one.masks) for one in feeds],
        )
        return await self._teaching(principal, case_id)

    async def end(self, principal: Principal, case_id: str, *, reason: str) -> Teaching:
        """End the approval: what is being watched stops.

        Raises
        ------
        TeachingChangedError
            If none stands.
        """
        admitted = await self.access.admit(
            principal, case_id, Permission.TEACHING_APPROVE, action=AuditAction.TEACHING_ENDED, audited=False
        )
        standing = newest(await self.approvals.of_case(case_id))
        if standing is None:
            raise TeachingChangedError(case_id=case_id)
        ended = replace(standing, ended_at=self.clock.now(), ended_by=principal.user_id, end_reason=reason)
        if not await self.approvals.end(ended):
            raise TeachingChangedError(case_id=case_id)
        self.audit.record(
            principal.actor, AuditAction.TEACHING_ENDED, case=admitted.case.reference, subject=ended.id
        )
        return await self._teaching(principal, case_id)

    async def taught(self, principal: Principal) -> list[tuple[CaseView, TeachingApproval]]:
        """The cases that this person may see for teaching, the latest first."""
        views = await self.access.visible(
            principal, Permission.TEACHING_VIEW, action=AuditAction.TEACHING_LISTED, audited=False
        )
        by_case: dict[str, list[TeachingApproval]] = {}
        for approval in await self.approvals.of_cases([view.case.id for view in views]):
            by_case.setdefault(approval.case_id, []).append(approval)
        found = []
        for view in views:
            standing = newest(by_case.get(view.case.id, ()))
            if standing is None or await self._lacks(view.case.id, ReplayView.TEACHING, standing):
                continue
            self.audit.record(principal.actor, AuditAction.TEACHING_LISTED, case=view.case.reference)
            found.append((view, standing))
        return found

    async def _refuse_unless_whole(
        self,
        principal: Principal,
        case_id: str,
        feeds: Sequence[TeachingFeed],
        recordings: Sequence[Recording],
    ) -> None:
        lacks = lacks_to_approve(
            feeds,
            consents=await self.consents.of_case(case_id),
            recordings=recordings,
            looked=await self.plays.has_looked(case_id, principal.user_id),
            day=self.clock.now().date(),
        )
        if lacks:
            raise TeachingRefusedError(lacks=[one.as_dict() for one in lacks])

    async def _running(self, principal: Principal, play_id: str) -> Play:
        play = await self.plays.get(play_id)
        if play is None or not play.is_good(principal.user_id, self.clock.now()):
            raise ReplayNotFoundError(play_id=play_id[:64])
        await self.access.admit(
            principal, play.case_id, PERMISSION[play.view], action=_ACTION[play.view], audited=False
        )
        approval = newest(await self.approvals.of_case(play.case_id))
        lacks = await self._lacks(play.case_id, play.view, approval)
        if lacks:
            raise ReplayRefusedError(lacks=[one.as_dict() for one in lacks])
        return play

    async def _lacks(
        self, case_id: str, view: ReplayView, approval: TeachingApproval | None
    ) -> tuple[Lack, ...]:
        consents = await self.consents.of_case(case_id)
        return lacks_to_play(view, consents, approval, self.clock.now().date())

    async def _teaching(self, principal: Principal, case_id: str) -> Teaching:
        consents = await self.consents.of_case(case_id)
        approvals = await self.approvals.of_case(case_id)
        return Teaching(
            # Whether it is approved stands in the approvals themselves.
            lacks=lacks_to_play(ReplayView.TEACHING, consents, newest(approvals), self.clock.now().date()),
            approvals=approvals,
            recordings=await self.recordings.of_case(case_id),
            looked=await self.plays.has_looked(case_id, principal.user_id),
        )
