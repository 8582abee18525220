"""Revocation takes effect at once, everywhere."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from livekit import rtc
from tests.integration.guidance.commands import done, guide
from tests.integration.livekit_server import house, installed, with_media
from tests.support.processes import Installation, eventually
from tests.support.server import Server
from tests.support.world import World
from websockets.exceptions import ConnectionClosed

from tongtai.features.accounts.events import UserRevoked
from tongtai.features.accounts.model import Role
from tongtai.features.accounts.service import TELL_GRACE, RevocationHub
from tongtai.features.accounts.sql import SqlPendingNotices

__all__ = ["house", "installed", "with_media"]


@pytest.fixture
async def told(server: Server) -> AsyncIterator[list[str]]:
    """The users that a listener hears of, in order."""
    heard: list[str] = []

    async def listener(event: UserRevoked) -> None:
        heard.append(event.user_id)

    unsubscribe = server.container.get(RevocationHub).subscribe(listener)
    yield heard
    unsubscribe()


async def _waiting(server: Server) -> list[str]:
    later = server.container.clock.now() + 2 * TELL_GRACE
    return [notice.user_id for notice in await SqlPendingNotices(server.container.database).due(later)]


@pytest.mark.parametrize("act", ["revoke", "reset-password"])
async def test_revoked_user_is_out_at_once(server: Server, world: World, told: list[str], act: str):
    async with (
        server.sign_in(world.person(Role.ADMINISTRATOR)) as administrator,
        server.sign_in(world.operator) as browser,
    ):
        answer = await administrator.post(f"/api/users/{world.operator.id}/{act}")
        assert answer.is_success
        assert (await browser.get("/api/cases")).status_code == 401
    assert told == [world.operator.id]
    assert await _waiting(server) == []


async def test_losing_a_role_revokes_too(server: Server, world: World, told: list[str]):
    user = f"/api/users/{world.operator.id}"
    async with server.sign_in(world.person(Role.ADMINISTRATOR)) as administrator:
        await administrator.patch(user, json={"roles": ["operator", "nurse"]})
        assert told == [], "gaining a role does not sign anybody out"
        await administrator.patch(user, json={"roles": ["nurse"]})
    assert told == [world.operator.id]


async def test_one_listener_that_fails_does_not_spare_the_others(server: Server, world: World):
    heard: list[str] = []
    away = True

    async def broken(_event: UserRevoked) -> None:
        if away:
            raise ConnectionError("media server away")

    async def listener(event: UserRevoked) -> None:
        heard.append(event.user_id)

    hub = server.container.get(RevocationHub)
    hub.subscribe(broken)
    hub.subscribe(listener)
    async with (
        server.sign_in(world.person(Role.ADMINISTRATOR)) as administrator,
        server.sign_in(world.operator) as browser,
    ):
        answer = await administrator.post(f"/api/users/{world.operator.id}/revoke")
        assert (answer.status_code, answer.json()["error"]["code"]) == (502, "revocation_incomplete")
        assert (await browser.get("/api/cases")).status_code == 401
    assert heard == [world.operator.id]
    assert await _waiting(server) == [world.operator.id]
    away = False
    server.stop_clock().advance(seconds=TELL_GRACE.total_seconds())

    async def settled() -> bool:
        return not await _waiting(server)

    await eventually(settled)
    assert heard == [world.operator.id] * 2, "the timers told it again"


@pytest.mark.parametrize("act", ["revoke", "reset-password"])
async def test_administrator_does_not_reach_another_institution(server: Server, world: World, act: str):
    for where in ("other", "centre"):
        async with server.sign_in(world.person(Role.ADMINISTRATOR, where)) as administrator:
            answer = await administrator.post(f"/api/users/{world.operator.id}/{act}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "user_not_found")


@pytest.mark.media
async def test_the_command_line_reaches_a_running_server(with_media: Installation) -> None:
    """`tongtai user revoke` is another process: stream and room end, and the session hears of it."""
    world, lead = with_media.world, guide(with_media.world)
    case = world.case.id
    out = asyncio.Event()
    room = rtc.Room()
    room.on("disconnected", lambda _reason: out.set())
    async with (
        with_media.sign_in(lead) as browser,
        with_media.sign_in(world.operator) as site,
        with_media.stream(browser) as stream,
    ):
        await done(site, case, "session.opened")
        await stream.send(json.dumps({"subscribe": {case: 0}}))
        entry = (await browser.post(f"/api/sessions/{case}/join")).json()
        await room.connect(entry["url"], entry["token"])
        assert "revoked" in await with_media.command("user", "revoke", lead.login)
        # The server looks every second; its own ping, which would notice too, is ten seconds away.
        async with asyncio.timeout(5):
            with pytest.raises(ConnectionClosed) as closed:  # noqa: PT012
                while True:
                    await stream.recv()
            await out.wait()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401

        async def noted() -> bool:
            events = (await site.get(f"/api/sessions/{case}/events?limit=100")).json()
            gone = [e["payload"] for e in events if e["type"] == "member.revoked"]
            return gone == [{"user_id": lead.id}]

        await eventually(noted)


async def test_roles_given_on_the_command_line_end_the_stream(installed: Installation) -> None:
    operator = installed.world.operator
    async with installed.sign_in(operator) as browser, installed.stream(browser) as stream:
        assert "hello" in json.loads(await stream.recv())
        await installed.command("user", "roles", operator.login, "nurse")
        async with asyncio.timeout(5):
            with pytest.raises(ConnectionClosed):  # noqa: PT012
                while True:
                    await stream.recv()
