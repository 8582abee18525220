"""HTTP: administration of gateways, what a gateway itself calls, and a case's recordings."""

import re
import secrets
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import require
from tongtai.features.accounts.api.identity import Current
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.api import AuditDep, audit_log
from tongtai.features.audit.model import AuditAction
from tongtai.features.cases.api import CaseAccessDep, case_service
from tongtai.features.cases.errors import CaseNotFoundError
from tongtai.features.cases.model import Case, CaseState
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.gateways.errors import (
    LinkTestTooLargeError,
    RecordingConsentMissingError,
    RecordingTooLargeError,
)
from tongtai.features.gateways.model import AssignedCase, Gateway, Measured, recording_lacks
from tongtai.features.gateways.ports import GatewayLinks
from tongtai.features.gateways.schemas import (
    AssignmentOut,
    CodeOut,
    EnrolIn,
    EnrolledOut,
    GatewayCaseOut,
    GatewayIn,
    GatewayOut,
    LinksIn,
    LinkTestOut,
    RecordingIn,
    RecordingOut,
    StatusIn,
    TicketOut,
    UploadOut,
)
from tongtai.features.gateways.service import GatewayService, LinkService, RecordingService
from tongtai.features.gateways.sql import SqlGateways, SqlLinkTests, SqlRecordings
from tongtai.features.institutions.sql import SqlInstitutions
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.uploads import Uploads
from tongtai.infra.web import ContainerDep, DbSession

PIECE_LIMIT_BYTES = 8 << 20
LINK_TEST_LIMIT_BYTES = 16 << 20
_LINK_TEST_PIECE = 1 << 16
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{20,100})")

router = APIRouter(prefix="/api", tags=["gateways"])


class CaseRooms:
    """Operating rooms and their cases, from the features below."""

    def __init__(self, container: Container, session: AsyncSession) -> None:
        self._rooms = SqlInstitutions(session)
        self._consents = SqlConsents(session)
        self._clock = container.clock
        self._cases = case_service(container, session)

    async def institution_of(self, operating_room_id: str) -> str | None:
        """Whose room it is."""
        room = await self._rooms.find_room(operating_room_id)
        return room.institution_id if room else None

    async def current(self, operating_room_id: str) -> AssignedCase | None:
        """The case that the room has now."""
        case = await self._cases.current_in_room(operating_room_id)
        return await self._assigned(case) if case else None

    async def numbered(self, number: str, operating_room_id: str) -> AssignedCase | None:
        """The case of this room with this number."""
        case = await self._cases.find_numbered(number)
        if case is None or case.operating_room_id != operating_room_id:
            return None
        return await self._assigned(case)

    async def _assigned(self, case: Case) -> AssignedCase:
        lacks = recording_lacks(await self._consents.of_case(case.id), self._clock.now())
        return AssignedCase(
            case_id=case.id,
            number=case.number,
            recording=not lacks,
            in_procedure=case.state is CaseState.IN_PROCEDURE,
        )

    async def belongs(self, case_id: str, operating_room_id: str) -> bool:
        """Whether the case is one of this room."""
        try:
            case = await self._cases.get(case_id)
        except CaseNotFoundError:
            return False
        return case.operating_room_id == operating_room_id


def gateway_service(container: Container, session: AsyncSession) -> GatewayService:
    """The use cases of gateways within this transaction."""
    return GatewayService(
        gateways=SqlGateways(session),
        rooms=CaseRooms(container, session),
        media=container.get(GatewayLinks).media,
        clock=container.clock,
        new_id=new_id,
    )


def link_service(container: Container, session: AsyncSession) -> LinkService:
    """The use cases of link tests within this transaction."""
    return LinkService(tests=SqlLinkTests(session), clock=container.clock)


def recording_service(container: Container, session: AsyncSession) -> RecordingService:
    """The use cases of recordings within this transaction."""
    return RecordingService(
        recordings=SqlRecordings(session),
        rooms=CaseRooms(container, session),
        pieces=Uploads(container.settings.data / "uploads", container.blobs),
        clock=container.clock,
        new_id=new_id,
        limit_bytes=container.settings.upload_limit_bytes,
    )


async def _gateways(container: ContainerDep, session: DbSession) -> GatewayService:
    return gateway_service(container, session)


async def _recordings(container: ContainerDep, session: DbSession) -> RecordingService:
    return recording_service(container, session)


async def gateway_of(container: Container, authorization: str) -> Gateway:
    """The gateway whose token the header ``Authorization`` holds.

    Raises
    ------
    GatewayTokenError
        If it holds none that is good.
    """
    match = _BEARER.fullmatch(authorization)
    # A transaction of its own: several of these routes must not hold one while others write.
    async with container.database.transaction() as session:
        return await gateway_service(container, session).authenticate(match[1] if match else "")


async def _machine(container: ContainerDep, authorization: Annotated[str, Header()] = "") -> Gateway:
    return await gateway_of(container, authorization)


Gateways = Annotated[GatewayService, Depends(_gateways)]
Recordings = Annotated[RecordingService, Depends(_recordings)]
Machine = Annotated[Gateway, Depends(_machine)]
Manager = Annotated[Principal, Depends(require(Permission.GATEWAY_MANAGE))]


@router.get("/gateways")
async def list_gateways(principal: Manager, gateways: Gateways, container: ContainerDep) -> list[GatewayOut]:
    """The gateways of the caller's institution."""
    now = container.clock.now()
    return [
        GatewayOut.of(gateway, list(await gateways.feeds(gateway.id)), at=now)
        for gateway in await gateways.list(principal)
    ]


@router.post("/gateways", status_code=status.HTTP_201_CREATED)
async def create_gateway(body: GatewayIn, principal: Manager, gateways: Gateways, audit: AuditDep) -> CodeOut:
    """Announce a gateway for an operating room of the caller's institution."""
    gateway, code = await gateways.create(principal, name=body.name, operating_room_id=body.operating_room_id)
    audit.record(principal.actor, AuditAction.GATEWAY_CREATED, subject=gateway.id)
    return CodeOut(id=gateway.id, code=code, expires_at=gateway.code_expires_at)


@router.post("/gateways/{gateway_id}/code")
async def renew_code(gateway_id: str, principal: Manager, gateways: Gateways, audit: AuditDep) -> CodeOut:
    """A new one-time code; the gateway's token works until the code is used."""
    gateway, code = await gateways.renew_code(principal, gateway_id)
    audit.record(principal.actor, AuditAction.GATEWAY_CREATED, subject=gateway.id)
    return CodeOut(id=gateway.id, code=code, expires_at=gateway.code_expires_at)


@router.delete("/gateways/{gateway_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_gateway(gateway_id: str, principal: Manager, container: ContainerDep) -> None:
    """Revoke a gateway: its token is worthless and it is out of its room when the answer arrives."""
    # The refusal is committed before the gateway is thrown out and can try to come back.
    async with container.database.transaction() as session:
        gateway = await gateway_service(container, session).revoke(principal, gateway_id)
        audit_log(container, session).record(principal.actor, AuditAction.GATEWAY_REVOKED, subject=gateway.id)
    await container.get(GatewayLinks).media.remove(gateway.id)


@router.post("/gateway/enrol")
async def enrol(body: EnrolIn, gateways: Gateways) -> EnrolledOut:
    """Trade a one-time code for the gateway's token."""
    gateway, token = await gateways.enrol(body.code)
    return EnrolledOut(gateway_id=gateway.id, token=token)


@router.get("/gateway/cases/{number}")
async def find_case(number: str, gateway: Machine, gateways: Gateways) -> GatewayCaseOut:
    """A case of the gateway's own operating room by its number, to send images of it."""
    case = await gateways.case_numbered(gateway, number)
    return GatewayCaseOut(case_id=case.case_id, number=case.number)


@router.post("/gateway/media-token")
async def media_token(gateway: Machine, gateways: Gateways) -> TicketOut:
    """Entry to the present case's media room, for two minutes."""
    return TicketOut.model_validate(await gateways.media_ticket(gateway))


@router.post("/gateway/status", status_code=status.HTTP_200_OK)
async def report_status(body: StatusIn, gateway: Machine, container: ContainerDep) -> AssignmentOut:
    """How feeds, clock and disk of a gateway are; the session hears what changed, the gateway which case it has."""
    feeds = [feed.model() for feed in body.feeds]
    measured = Measured(clock_offset_ms=body.clock_offset_ms, disk_free_bytes=body.disk_free_bytes)
    async with container.database.transaction() as session:
        gateways = gateway_service(container, session)
        case, changed = await gateways.changes(gateway, feeds)
        if case is None or not changed:
            await gateways.note(gateway, feeds, case=case, measured=measured)
            due = await link_service(container, session).due(gateway, case)
            return AssignmentOut.of(case, measure_links=due)
    events = container.get(GatewayLinks).events
    for report in changed:
        await events.feed_changed(
            case_id=case.case_id, gateway=gateway, report=report, clock_offset_ms=body.clock_offset_ms
        )
    async with container.database.transaction() as session:
        await gateway_service(container, session).note(gateway, feeds, case=case, measured=measured)
        due = await link_service(container, session).due(gateway, case)
    return AssignmentOut.of(case, measure_links=due)


@router.put("/gateway/links", status_code=status.HTTP_204_NO_CONTENT)
async def report_links(body: LinksIn, gateway: Machine, container: ContainerDep, session: DbSession) -> None:
    """What a gateway measured of its uplinks just now."""
    await link_service(container, session).note(gateway, body.models(container.clock.now()))


@router.post("/gateway/link-test")
async def take_link_test(request: Request, _: Machine) -> LinkTestOut:
    """Take bytes and forget them: how fast a gateway's uplink is. At most 16 MiB."""
    received = 0
    async for piece in request.stream():
        received += len(piece)
        if received > LINK_TEST_LIMIT_BYTES:
            raise LinkTestTooLargeError(limit_bytes=LINK_TEST_LIMIT_BYTES)
    return LinkTestOut(received=received)


@router.get("/gateway/link-test", response_class=Response)
async def give_link_test(
    size: Annotated[int, Query(ge=1, le=LINK_TEST_LIMIT_BYTES)], _: Machine
) -> StreamingResponse:
    """Bytes of chance, which nothing on the way can make smaller: how fast the way down is."""
    return StreamingResponse(_chance(size), media_type="application/octet-stream")


async def _chance(size: int) -> AsyncIterator[bytes]:
    piece = secrets.token_bytes(_LINK_TEST_PIECE)
    for sent in range(0, size, _LINK_TEST_PIECE):
        yield piece[: size - sent]


@router.post("/gateway/recordings")
async def announce_recording(body: RecordingIn, gateway: Machine, recordings: Recordings) -> UploadOut:
    """Begin an upload, or learn where an earlier one stopped."""
    recording = await recordings.announce(gateway, body.draft(gateway))
    return UploadOut(id=recording.id, offset=recording.received)


@router.patch("/gateway/recordings/{recording_id}")
async def append_to_recording(
    recording_id: str,
    offset: Annotated[int, Query(ge=0)],
    request: Request,
    gateway: Machine,
    container: ContainerDep,
) -> UploadOut:
    """Store a piece of at most 8 MiB; it is on the disk when the answer leaves."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > PIECE_LIMIT_BYTES:
            raise RecordingTooLargeError(limit=PIECE_LIMIT_BYTES)
    async with container.database.transaction() as session:
        service = recording_service(container, session)
        stored = await service.append(gateway, recording_id, bytes(content), offset=offset)
    return UploadOut(id=recording_id, offset=stored)


@router.post("/gateway/recordings/{recording_id}/complete")
async def complete_recording(recording_id: str, gateway: Machine, container: ContainerDep) -> RecordingOut:
    """Verify the upload and keep it; saying so twice is the same as once."""
    async with container.database.transaction() as session:
        recording = await recording_service(container, session).verify(gateway, recording_id)
    await container.get(GatewayLinks).events.recording_uploaded(
        case_id=recording.case_id, gateway=gateway, recording=recording
    )
    async with container.database.transaction() as session:
        await recording_service(container, session).keep(recording)
    return RecordingOut.model_validate(recording)


@router.get("/cases/{case_id}/recordings", tags=["recordings"])
async def list_recordings(
    case_id: str, principal: Current, access: CaseAccessDep, recordings: Recordings
) -> list[RecordingOut]:
    """A case's recordings that the server has whole."""
    await access.require(principal, case_id, Permission.SESSION_VIEW)
    return [RecordingOut.model_validate(recording) for recording in await recordings.of_case(case_id)]


@router.get(
    "/cases/{case_id}/recordings/{recording_id}/content", tags=["recordings"], response_class=Response
)
async def recording_content(
    case_id: str,
    recording_id: str,
    principal: Current,
    access: CaseAccessDep,
    recordings: Recordings,
    audit: AuditDep,
    container: ContainerDep,
    session: DbSession,
) -> StreamingResponse:
    """One recording as the table made it, as Matroska; not without the patient's consent."""
    view = await access.require(principal, case_id, Permission.SESSION_EXPORT)
    recording = await recordings.content_of(case_id, recording_id)
    consents = await SqlConsents(session).of_case(case_id)
    if recording_lacks(consents, container.clock.now()):
        raise RecordingConsentMissingError(recording_id=recording.id)
    audit.record(principal.actor, AuditAction.RECORDING_READ, case=view.case.reference, subject=recording.id)
    name = f"{recording.feed}-{recording.segment}.mkv"
    return StreamingResponse(
        container.blobs.stream(recording.sha256),
        media_type="video/x-matroska",
        headers={
            "Content-Length": str(recording.size),
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )
