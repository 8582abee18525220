"""A gateway killed with -9: the session says that it is lost, and that it is back."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from tests.integration.livekit_server import house, installed
from tests.support.processes import Installation, eventually

from tongtai.features.accounts.model import Role

__all__ = ["house", "installed"]


@asynccontextmanager
async def gateway(made: Installation, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A gateway process that plays a test pattern."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tongtai.entrypoints.gateway", "--server", made.origin,
        "--feed", "room=test:320x180@5", "--no-record", *words,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def feed_states(site: httpx2.AsyncClient, case_id: str, feed: str = "room") -> list[tuple[str, str]]:
    """What the timeline says of the feed, and who says it."""
    events: list[dict[str, Any]] = (await site.get(f"/api/sessions/{case_id}/events?limit=100")).json()
    found = [event for event in events if event["type"] == "feed.state" and event["payload"]["feed"] == feed]
    return [
        (event["payload"]["state"], event["actor"]["kind"])
        for event in found
        if event["payload"]["state"] != "no_source"
    ]


async def test_a_killed_gateway_is_lost_and_comes_back(installed: Installation, tmp_path: Path) -> None:
    world = installed.world
    async with (
        installed.sign_in(world.person(Role.ENGINEER)) as engineer,
        installed.sign_in(world.operator) as site,
    ):
        announced = {"name": "Table", "operating_room_id": world.rooms[0].id}
        code = (await engineer.post("/api/gateways", json=announced)).json()["code"]
        data = ("--data", str(tmp_path / "gateway"))

        async def until(*wanted: tuple[str, str]) -> None:
            async def said() -> bool:
                return await feed_states(site, world.case.id) == list(wanted)

            await eventually(said, pause_s=0.2)

        live, lost, off = ("live", "gateway"), ("lost", "system"), ("off", "gateway")
        async with gateway(installed, "--code", code, *data) as first:
            await until(live)
            first.kill()
        await until(live, lost)
        async with gateway(installed, *data):
            await until(live, lost, live)
        await until(live, lost, live, off)


async def test_the_experts_are_told_of_a_microphone_that_fails(
    installed: Installation, tmp_path: Path
) -> None:
    world = installed.world
    async with (
        installed.sign_in(world.person(Role.ENGINEER)) as engineer,
        installed.sign_in(world.person(Role.LEAD_GUIDE, "centre")) as expert,
    ):
        announced = {"name": "Table", "operating_room_id": world.rooms[0].id}
        code = (await engineer.post("/api/gateways", json=announced)).json()["code"]

        async def told() -> dict[str, Any]:
            session = (await expert.get(f"/api/sessions/{world.case.id}")).json()
            microphone: dict[str, Any] = session["state"]["feeds"].get("mic", {})
            return microphone

        async def failing() -> bool:
            return "does not open" in (await told()).get("detail", "")

        async def plays() -> bool:
            return ("live", "gateway") in await feed_states(expert, world.case.id)

        words = ("--mic", str(tmp_path / "no such file"), "--data", str(tmp_path / "gateway"))
        async with gateway(installed, "--code", code, *words):
            await eventually(failing, pause_s=0.2)
            assert (await told())["state"] == "no_source"
            # The pictures go on all the same.
            await eventually(plays, pause_s=0.2)
