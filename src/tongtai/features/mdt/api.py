"""HTTP: team meetings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current, prove_again
from tongtai.features.accounts.model import Permission
from tongtai.features.audit.api import audit_log
from tongtai.features.audit.model import content_sha256
from tongtai.features.cases.api import case_access
from tongtai.features.imaging.sql import InstanceRow
from tongtai.features.intake.sql import SqlIntake
from tongtai.features.mdt.schemas import (
    AttendanceIn,
    ConclusionIn,
    DiscussionIn,
    MeetingIn,
    MeetingOut,
    MinutesSignatureIn,
    VoteIn,
)
from tongtai.features.mdt.service import MeetingService
from tongtai.features.mdt.sql import SqlMeetings
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}/mdt", tags=["mdt"])


class RecordedMaterial:
    """The forms, files and images of a case, as one hash.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def sha256(self, case_id: str) -> str:
        """Hash of what lies before the panel."""
        intake = SqlIntake(self._session)
        material = await intake.material(case_id)
        answers = {
            key: [str(entry.answer.value), str(entry.answer.observed_on)]
            for key, entry in material.entries.items()
        }
        files = [one.sha256 for one in await intake.attachments(case_id)]
        query = (
            select(InstanceRow.series_uid, func.count())
            .where(InstanceRow.case_id == case_id, InstanceRow.quarantined.is_(False))
            .group_by(InstanceRow.series_uid)
            .order_by(InstanceRow.series_uid)
        )
        series = [[uid, images] for uid, images in await self._session.execute(query)]
        return content_sha256([answers, files, series])


def meeting_service(container: Container, session: AsyncSession) -> MeetingService:
    """The use cases of team meetings within this transaction."""
    return MeetingService(
        store=SqlMeetings(session),
        material=RecordedMaterial(session),
        access=case_access(container, session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _request_service(container: ContainerDep, session: DbSession) -> MeetingService:
    return meeting_service(container, session)


MeetingsDep = Annotated[MeetingService, Depends(_request_service)]


@router.get("")
async def list_meetings(case_id: str, principal: Current, meetings: MeetingsDep) -> list[MeetingOut]:
    """The team meetings of a case, the newest first."""
    return [MeetingOut.of(one) for one in await meetings.listed(principal, case_id)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def convene_meeting(
    case_id: str, body: MeetingIn, principal: Current, meetings: MeetingsDep
) -> MeetingOut:
    """Ask a panel to a meeting; a panel without its quorum is refused."""
    made = await meetings.convene(
        principal,
        case_id,
        scheduled_at=body.scheduled_at,
        seats=[seat.model() for seat in body.panel],
        quorum=frozenset(body.quorum),
    )
    return MeetingOut.of(made)


@router.put("/{meeting_id}/discussion")
async def write_discussion(
    case_id: str, meeting_id: str, body: DiscussionIn, principal: Current, meetings: MeetingsDep
) -> MeetingOut:
    """Write down the lesions and the treatments that were talked about."""
    written = await meetings.discuss(
        principal,
        case_id,
        meeting_id,
        lesions=[one.model() for one in body.lesions],
        options=[one.model() for one in body.options],
        version=body.version,
    )
    return MeetingOut.of(written)


@router.post("/{meeting_id}/attendance")
async def attend_meeting(
    case_id: str, meeting_id: str, body: AttendanceIn, principal: Current, meetings: MeetingsDep
) -> MeetingOut:
    """Join the meeting, or leave it."""
    return MeetingOut.of(await meetings.attend(principal, case_id, meeting_id, here=body.here))


@router.post("/{meeting_id}/votes")
async def vote_in_meeting(
    case_id: str, meeting_id: str, body: VoteIn, principal: Current, meetings: MeetingsDep
) -> MeetingOut:
    """Vote with a reason; a vote after the conclusion is refused."""
    voted = await meetings.vote(principal, case_id, meeting_id, verdict=body.verdict, reason=body.reason)
    return MeetingOut.of(voted)


@router.post("/{meeting_id}/conclusion")
async def conclude_meeting(
    case_id: str, meeting_id: str, body: ConclusionIn, principal: Current, meetings: MeetingsDep
) -> MeetingOut:
    """State what the panel has decided."""
    concluded = await meetings.conclude(
        principal,
        case_id,
        meeting_id,
        verdict=body.verdict,
        details=body.details,
        version=body.version,
    )
    return MeetingOut.of(concluded)


@router.post("/{meeting_id}/sign")
async def sign_minutes(
    case_id: str,
    meeting_id: str,
    body: MinutesSignatureIn,
    request: Request,
    principal: Current,
    meetings: MeetingsDep,
    container: ContainerDep,
    session: DbSession,
) -> MeetingOut:
    """Sign the minutes."""
    await meetings.access.require(principal, case_id, Permission.CASE_READ, audited=False)
    await prove_again(request, container, session, principal, body.password)
    return MeetingOut.of(await meetings.sign(principal, case_id, meeting_id))
