"""HTTP: entry to the media rooms, and what the media server tells us."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, status

from tongtai.features.accounts.api import Current, require
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.api import AuditDep
from tongtai.features.audit.model import AuditAction
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.cases.model import CaseAdmission
from tongtai.features.guidance.errors import WebhookRefusedError
from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.features.guidance.schemas import JoinIn, TicketOut, TicketsOut
from tongtai.features.guidance.service import RoomService
from tongtai.infra.web import ContainerDep

router = APIRouter(prefix="/api", tags=["media"])
_MESSAGE_LIMIT_BYTES = 1_000_000


@router.post("/sessions/{case_id}/join")
async def join_session(
    case_id: str, principal: Current, access: CaseAccessDep, container: ContainerDep
) -> TicketOut:
    """A token for the operating room's media room, good for two minutes and for this person."""
    admitted = await access.admit(
        principal, case_id, Permission.SESSION_VIEW, action=AuditAction.SESSION_JOINED
    )
    return TicketOut.of(container.get(RoomService).enter_case(principal, admitted))


@router.post("/sessions/join")
async def join_sessions(
    body: JoinIn, principal: Current, access: CaseAccessDep, container: ContainerDep
) -> TicketsOut:
    """Tokens for the media rooms of a whole wall, each as good as one that is asked for alone.

    A case that the person may not enter has none: asked for alone it says why.
    """
    answers = await access.admit_all(
        principal, body.case_ids, Permission.SESSION_VIEW, action=AuditAction.SESSION_JOINED
    )
    rooms = container.get(RoomService)
    return TicketsOut(
        tickets={
            case_id: TicketOut.of(rooms.enter_case(principal, admitted))
            for case_id, admitted in answers.items()
            if isinstance(admitted, CaseAdmission)
        }
    )


@router.post("/expert-room/join")
async def join_expert_room(
    principal: Annotated[Principal, Depends(require(Permission.EXPERT_ROOM))],
    audit: AuditDep,
    container: ContainerDep,
) -> TicketOut:
    """A token for the private room of the caller's expert centre."""
    audit.record(principal.actor, AuditAction.EXPERT_ROOM_JOINED)
    return TicketOut.of(container.get(RoomService).enter_expert_room(principal))


@router.post("/livekit/webhook", status_code=status.HTTP_204_NO_CONTENT)
async def livekit_webhook(
    request: Request,
    container: ContainerDep,
    authorization: Annotated[str, Header(max_length=4096)] = "",
) -> None:
    """What happened in a room; the message is signed by the media server."""
    body = await request.body()
    if len(body) > _MESSAGE_LIMIT_BYTES:
        raise WebhookRefusedError
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise WebhookRefusedError from error
    message = container.get(LiveKitRooms).receive(text, authorization)
    if message is None:
        return
    rooms = container.get(RoomService)
    if message.kind == "participant_joined":
        await rooms.joined(message.room, message.occupant)
    else:
        await rooms.left(message.room, message.occupant.identity, message.reason)
