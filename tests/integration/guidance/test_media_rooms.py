"""Real LiveKit: who gets in, what they may do there, and how they get out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from livekit import api, rtc
from tests.integration.guidance.commands import done, guide
from tests.integration.livekit_server import house, installed, with_media
from tests.support.processes import Installation, eventually
from tests.support.world import Person

from tongtai.features.accounts.model import Role
from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.features.guidance.ports import Grants
from tongtai.features.guidance.service.rooms import (
    EXPERT_GRANTS,
    SITE_GRANTS,
    VIEWER_GRANTS,
)
from tongtai.infra.clock import SystemClock
from tongtai.infra.settings import Settings

__all__ = ["house", "installed", "with_media"]
pytestmark = pytest.mark.media


async def ticket(made: Installation, person: Person, case_id: str) -> dict[str, Any]:
    """What the server gives this person for the case's room."""
    async with made.sign_in(person) as browser:
        answer = await browser.post(f"/api/sessions/{case_id}/join")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def inside(entry: dict[str, Any]) -> AsyncIterator[rtc.Room]:
    """Be in a room."""
    room = rtc.Room()
    await room.connect(entry["url"], entry["token"])
    try:
        yield room
    finally:
        await room.disconnect()


def rooms_of(settings: Settings, secret: str | None = None) -> LiveKitRooms:
    """The adapter, as the server has it."""
    return LiveKitRooms(
        settings.livekit_url,
        settings.effective_livekit_api_url,
        key=settings.livekit_api_key,
        secret=secret or settings.effective_livekit_secret,
        clock=SystemClock(),
    )


async def participants(made: Installation, case_id: str) -> set[str]:
    """Who is in the room as the log has it."""
    async with made.sign_in(made.world.operator) as browser:
        state = (await browser.get(f"/api/sessions/{case_id}")).json()["state"]
        return {participant["user_id"] for participant in state["participants"]}


@pytest.mark.parametrize("grants", [SITE_GRANTS, EXPERT_GRANTS, VIEWER_GRANTS])
def test_every_grant_is_written_out(settings: Settings, grants: Grants) -> None:
    token = rooms_of(settings).token(
        room="or.case_1",
        identity="user.u.1",
        name="n",
        attributes={"side": "site"},
        grants=grants,
        lifetime=timedelta(minutes=2),
    )
    verifier = api.TokenVerifier(settings.livekit_api_key, settings.effective_livekit_secret)
    video = verifier.verify(token).video
    assert video is not None
    # A room to be forwarded to cannot be forbidden but by not naming one.
    unsaid = {name for name, value in vars(video).items() if value is None}
    assert unsaid == {"destination_room"}
    assert video.can_publish is bool(grants.sources)
    assert video.can_publish_sources == list(grants.sources)
    assert not video.can_update_own_metadata
    assert not any((video.room_admin, video.room_create, video.room_list, video.hidden))


async def test_who_joins_and_leaves_is_in_the_log(with_media: Installation) -> None:
    world = with_media.world
    case = world.case.id
    async with inside(await ticket(with_media, world.operator, case)):
        await eventually(lambda: _are(with_media, case, {world.operator.id}))
        async with with_media.sign_in(world.operator) as browser:
            state = (await browser.get(f"/api/sessions/{case}")).json()["state"]
        assert state["phase"] == "open", "the site's presence opens the session"
        async with inside(await ticket(with_media, guide(world), case)):
            both = {world.operator.id, guide(world).id}
            await eventually(lambda: _are(with_media, case, both))
    await eventually(lambda: _are(with_media, case, set()))


async def _are(made: Installation, case_id: str, wanted: set[str]) -> bool:
    return await participants(made, case_id) == wanted


async def test_expired_and_forged_tokens_are_refused(with_media: Installation) -> None:
    for secret, lifetime in ((None, timedelta(minutes=-5)), ("f" * 64, timedelta(minutes=2))):
        token = rooms_of(with_media.settings, secret).token(
            room=f"or.{with_media.world.case.id}",
            identity="user.u.1",
            name="n",
            attributes={},
            grants=SITE_GRANTS,
            lifetime=lifetime,
        )
        with pytest.raises(rtc.ConnectError):
            async with inside({"url": with_media.settings.livekit_url, "token": token}):
                pass


async def test_an_expert_has_a_voice_but_no_picture_and_a_member_of_the_panel_neither(
    with_media: Installation,
) -> None:
    world = with_media.world
    case = world.case.id
    picture = rtc.LocalVideoTrack.create_video_track("room", rtc.VideoSource(64, 48))
    sound = rtc.LocalAudioTrack.create_audio_track("mic", rtc.AudioSource(48_000, 1))
    as_camera = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA)
    as_microphone = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    async with inside(await ticket(with_media, world.operator, case)) as site:
        await site.local_participant.publish_track(picture, as_camera)
    async with inside(await ticket(with_media, guide(world), case)) as expert:
        await expert.local_participant.publish_track(sound, as_microphone)
        with pytest.raises(rtc.participant.PublishTrackError):
            await expert.local_participant.publish_track(picture, as_camera)
    panel = world.person(Role.MDT_MEMBER, "centre")
    async with inside(await ticket(with_media, panel, case)) as guest:
        with pytest.raises(rtc.participant.PublishTrackError):
            await guest.local_participant.publish_track(sound, as_microphone)


async def test_a_token_used_again_after_its_owner_left_lets_nobody_stay(
    with_media: Installation,
) -> None:
    world = with_media.world
    case = world.case.id
    entry = await ticket(with_media, world.operator, case)
    async with inside(entry):
        await eventually(lambda: _are(with_media, case, {world.operator.id}))
    await eventually(lambda: _are(with_media, case, set()))
    thrown_out = asyncio.Event()
    room = rtc.Room()
    room.on("disconnected", lambda _reason: thrown_out.set())
    try:
        await room.connect(entry["url"], entry["token"])
    except rtc.ConnectError:
        return
    async with asyncio.timeout(5):
        await thrown_out.wait()
    assert await participants(with_media, case) == set()


async def test_a_revoked_user_is_out_of_every_room_at_once(with_media: Installation) -> None:
    world = with_media.world
    lead, out = guide(world), asyncio.Queue[str]()
    entries = [await ticket(with_media, lead, case.id) for case in world.cases]
    async with with_media.sign_in(lead) as browser:
        entries.append((await browser.post("/api/expert-room/join")).json())
    unused = await ticket(with_media, lead, world.case.id)
    rooms = []
    for entry in entries:
        room = rtc.Room()
        room.on("disconnected", lambda _reason, name=entry["room"]: out.put_nowait(name))
        await room.connect(entry["url"], entry["token"])
        rooms.append(room)
    async with with_media.sign_in(world.person(Role.ADMINISTRATOR, "centre")) as admin:
        answer = await admin.post(f"/api/users/{lead.id}/revoke")
        assert answer.status_code < 300, answer.text
    async with asyncio.timeout(5):
        left = {await out.get() for _ in rooms}
    assert left == {entry["room"] for entry in entries}
    late = rtc.Room()
    late.on("disconnected", lambda _reason: out.put_nowait("late"))
    await late.connect(unused["url"], unused["token"])
    async with asyncio.timeout(5):
        assert await out.get() == "late"


async def test_a_killed_media_server_leaves_no_ghosts_in_the_log(with_media: Installation) -> None:
    world = with_media.world
    case = world.case.id
    assert with_media.livekit is not None
    room = rtc.Room()
    entry = await ticket(with_media, world.operator, case)
    await room.connect(entry["url"], entry["token"])
    await eventually(lambda: _are(with_media, case, {world.operator.id}))
    with_media.livekit.kill()
    await room.disconnect()
    await with_media.start_livekit()
    await eventually(lambda: _are(with_media, case, set()))


async def test_a_webhook_of_somebody_else_is_refused(installed: Installation) -> None:
    async with installed.sign_in(installed.world.operator) as browser:
        await done(browser, installed.world.case.id, "session.opened")
        for authorization in ("", "Bearer x", "a.b.c"):
            answer = await browser.post(
                "/api/livekit/webhook",
                content=b"{}",
                headers={"Authorization": authorization, "Content-Type": "application/webhook+json"},
            )
            assert answer.status_code == 401


async def test_the_rooms_of_a_wall_are_entered_with_one_request(with_media: Installation) -> None:
    world = with_media.world
    async with with_media.sign_in(world.operator) as site:
        asked = {"case_ids": [world.case.id, world.other_case.id, "case_nobody"]}
        answer = (await site.post("/api/sessions/join", json=asked)).json()
        alone = (await site.post(f"/api/sessions/{world.case.id}/join")).json()
        assert (await site.post("/api/sessions/join", json={"case_ids": ["x"] * 101})).status_code == 422
    # What another hospital does is not to be known here: no ticket, and no word on whether it exists.
    assert list(answer["tickets"]) == [world.case.id]
    ticket_of_many = answer["tickets"][world.case.id]
    assert ticket_of_many["room"] == alone["room"]
    async with inside(ticket_of_many) as room:
        assert room.local_participant.identity == ticket_of_many["identity"]
