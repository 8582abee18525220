"""HTTP: see a session again."""

from fastapi import APIRouter, status
from fastapi.responses import FileResponse, Response

from tongtai.features.accounts.api import Current
from tongtai.features.replays.api.wiring import ReplaysDep, replay_service, shelf_of
from tongtai.features.replays.schemas import ReplayIn, ReplayOut
from tongtai.formats.replay_video import MEDIA_TYPE
from tongtai.infra.web import ContainerDep

router = APIRouter(prefix="/api", tags=["replays"])


@router.post("/cases/{case_id}/replays", status_code=status.HTTP_201_CREATED)
async def begin_replay(case_id: str, body: ReplayIn, principal: Current, replays: ReplaysDep) -> ReplayOut:
    """Begin to see a session again: recorded segments on the session's clock, and its log.

    That somebody does is in the audit log; the segments are given under ``play_id`` for twelve hours.
    """
    return ReplayOut.of(await replays.begin(principal, case_id, body.view))


@router.get("/replays/{play_id}", status_code=status.HTTP_204_NO_CONTENT)
async def check_replay(play_id: str, principal: Current, replays: ReplaysDep) -> None:
    """Whether the replay may go on: it ends when a consent or the approval does."""
    await replays.still(principal, play_id)


@router.get("/replays/{play_id}/clips/{recording_id}", response_class=Response)
async def get_clip(
    play_id: str, recording_id: str, principal: Current, container: ContainerDep
) -> FileResponse:
    """A segment as MP4, whole or by ``Range``; in the teaching view with the masks in the pictures themselves."""
    # Making a copy can take seconds; nobody keeps a connection for that long.
    async with container.database.transaction() as session:
        service = replay_service(container, session)
        recording, masks = await service.clip(principal, play_id, recording_id)
    path = await shelf_of(container).copy_of(recording.sha256, masks)
    return FileResponse(path, media_type=MEDIA_TYPE, headers={"Cache-Control": "private, no-store"})
