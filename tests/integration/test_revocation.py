"""Revocation takes effect at once, everywhere."""

import pytest
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.accounts.events import UserRevoked
from tongtai.features.accounts.model import Role
from tongtai.features.accounts.service import RevocationHub


async def test_revoked_user_is_out_at_once(server: Server, world: World):
    told: list[UserRevoked] = []

    async def listener(event: UserRevoked) -> None:
        told.append(event)

    unsubscribe = server.container.get(RevocationHub).subscribe(listener)
    async with (
        server.sign_in(world.person(Role.ADMINISTRATOR)) as administrator,
        server.sign_in(world.operator) as browser,
    ):
        answer = await administrator.post(f"/api/users/{world.operator.id}/revoke")
        assert answer.status_code == 204
        assert (await browser.get("/api/cases")).status_code == 401
    unsubscribe()
    assert told == [UserRevoked(user_id=world.operator.id)]


async def test_losing_a_role_revokes_too(server: Server, world: World):
    told: list[UserRevoked] = []

    async def listener(event: UserRevoked) -> None:
        told.append(event)

    server.container.get(RevocationHub).subscribe(listener)
    user = f"/api/users/{world.operator.id}"
    async with server.sign_in(world.person(Role.ADMINISTRATOR)) as administrator:
        await administrator.patch(user, json={"roles": ["operator", "nurse"]})
        assert told == [], "gaining a role does not sign anybody out"
        await administrator.patch(user, json={"roles": ["nurse"]})
    assert told == [UserRevoked(user_id=world.operator.id)]


async def test_one_listener_that_fails_does_not_spare_the_others(server: Server, world: World):
    told: list[UserRevoked] = []

    async def broken(_event: UserRevoked) -> None:
        raise ConnectionError("media server away")

    async def listener(event: UserRevoked) -> None:
        told.append(event)

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
    assert told


@pytest.mark.parametrize("act", ["revoke", "reset-password"])
async def test_administrator_does_not_reach_another_institution(server: Server, world: World, act: str):
    for where in ("other", "centre"):
        async with server.sign_in(world.person(Role.ADMINISTRATOR, where)) as administrator:
            answer = await administrator.post(f"/api/users/{world.operator.id}/{act}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "user_not_found")
