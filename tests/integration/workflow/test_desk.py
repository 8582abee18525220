"""What waits for whom, and when what takes place."""

from datetime import timedelta

from tests.integration.workflow.steps import begun, consented, moved, stated, submitted
from tests.integration.workflow.walk import Walker
from tests.support.server import Server
from tests.support.world import Person, World

from tongtai.features.accounts.model import Role


async def _tasks(server: Server, who: Person) -> list[tuple[list[str], list[str]]]:
    async with server.sign_in(who) as browser:
        answer = await browser.get("/api/workflow/tasks")
        assert answer.status_code == 200, answer.text
        return [(task["acts"], task["statements"]) for task in answer.json()]


async def test_a_case_waits_for_who_does_the_next_step(server: Server, world: World):
    affairs = world.person(Role.MEDICAL_AFFAIRS)
    assert await _tasks(server, world.attending) == []
    await begun(server, world)
    assert await _tasks(server, world.attending) == [(["submit"], [])]
    assert await _tasks(server, affairs) == [([], ["request_approved"])]
    assert await _tasks(server, world.coordinator) == []
    await consented(server, world, "telemedicine", "data_sharing")
    await stated(server, world, affairs, "request_approved")
    # What was stated once is asked for no more.
    assert await _tasks(server, affairs) == []
    await moved(server, world, world.attending, "submit")
    assert await _tasks(server, world.attending) == []
    assert await _tasks(server, world.coordinator) == [(["return", "accept", "decline"], [])]
    assert await _tasks(server, world.other_operator) == []
    assert await _tasks(server, world.person(Role.AUDITOR)) == []


async def test_both_sides_see_the_same_calendar_and_nobody_else(server: Server, world: World):
    walker = Walker(server, world)
    await walker.fill_in()
    await submitted(server, world)
    await walker.move(world.coordinator, "accept")
    await walker.convene()
    now = server.container.clock.now()
    between = {"since": (now - timedelta(days=1)).isoformat(), "until": (now + timedelta(days=1)).isoformat()}

    async def seen(who: Person) -> list[tuple[str, str]]:
        async with server.sign_in(who) as browser:
            answer = await browser.get("/api/workflow/calendar", params=between)
            assert answer.status_code == 200, answer.text
            return [(entry["kind"], entry["case_id"]) for entry in answer.json()]

    mine = [("meeting", world.case.id), ("operation", world.case.id)]
    assert await seen(world.attending) == mine
    assert [one for one in await seen(world.coordinator) if one[1] == world.case.id] == mine
    assert await seen(world.other_operator) == [("operation", world.other_case.id)]
