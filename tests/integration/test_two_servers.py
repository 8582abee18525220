"""Two server processes with one PostgreSQL and one Redis: pages at one hear what happens at the other."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.guidance.commands import done, guide
from tests.integration.guidance.test_stream import events_until
from tests.support.processes import Installation
from tests.support.services import postgresql, redis
from tests.support.world import World
from websockets.exceptions import ConnectionClosed

from tongtai.features.accounts.model import Role
from tongtai.infra.migrations import migrate


@dataclass(frozen=True, slots=True)
class Pair:
    """Two servers of one installation."""

    first: Installation
    second: Installation

    @property
    def world(self) -> World:
        """The people of both."""
        return self.first.world


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two servers that share everything; not started yet."""
    data = tmp_path_factory.mktemp("shared")
    with redis() as redis_url, postgresql() as database_server:
        url = database_server.url(database_server.create("tongtai"))
        migrate(url)
        first = Installation(data, database_url=url, redis_url=redis_url)
        media = first.settings.livekit_url
        second = Installation(Path(data), database_url=url, redis_url=redis_url, livekit_url=media)
        yield Pair(first, second)
        second.stop()
        first.stop()


@pytest.fixture
async def pair(servers: Pair) -> Pair:
    """Both running, with a world of this test's own."""
    await servers.first.move_in()
    await servers.second.start()
    return servers


async def test_an_event_from_one_reaches_the_pages_at_the_other(pair: Pair) -> None:
    case = pair.world.case.id
    async with (
        pair.first.sign_in(pair.world.operator) as site,
        pair.second.sign_in(guide(pair.world)) as lead,
        pair.second.stream(lead) as page,
    ):
        await page.send(json.dumps({"subscribe": {case: 0}}))
        assert "hello" in json.loads(await page.recv())
        await done(site, case, "session.opened")
        # Without the bus it would come with the page's next ping, ten seconds later.
        async with asyncio.timeout(5):
            assert [event["seq"] for event in await events_until(page, case, 2)] == [1, 2]
        # Both write to one log, and number without gap or repetition.
        await asyncio.gather(
            *(done(site, case, "mark.added", {"text": f"site {n}"}) for n in range(10)),
            *(done(lead, case, "mark.added", {"text": f"guide {n}"}) for n in range(10)),
        )
        async with asyncio.timeout(5):
            seqs = [event["seq"] for event in await events_until(page, case, 22)]
        assert seqs == list(range(3, 23))
        export = (await lead.get(f"/api/sessions/{case}/export.json")).json()
        assert export["chain_intact"]


async def test_who_is_revoked_at_one_is_cut_off_at_the_other(pair: Pair) -> None:
    await pair.first.start_livekit()
    world = pair.world
    async with (
        pair.first.sign_in(world.person(Role.ADMINISTRATOR, "centre")) as administrator,
        pair.second.sign_in(guide(world)) as lead,
        pair.second.stream(lead) as page,
    ):
        assert "hello" in json.loads(await page.recv())
        answer = await administrator.post(f"/api/users/{guide(world).id}/revoke")
        assert answer.status_code == 204, answer.text
        async with asyncio.timeout(5):
            with pytest.raises(ConnectionClosed):  # noqa: PT012
                while True:
                    await page.recv()
