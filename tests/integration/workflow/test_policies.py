"""House rules: who sets them, within which bounds, and that they hold for cases and in rooms."""

from datetime import timedelta
from typing import Any

from tests.integration.guidance.commands import done
from tests.integration.workflow.steps import stated
from tests.integration.workflow.walk import Walker
from tests.support.server import Server
from tests.support.world import Person, World

from tongtai.core.checklists import Sheet
from tongtai.features.accounts.model import Role
from tongtai.features.guidance.model import SessionState
from tongtai.features.workflow.service.rooms import overloaded
from tongtai.features.workflow.tasks import TimerWatch


async def _set(server: Server, who: Person, key: str, value: int, number: int = 0, reason: str = "本院规定"):
    async with server.sign_in(who) as browser:
        return await browser.put(
            f"/api/policies/{key}", json={"value": value, "reason": reason, "number": number}
        )


async def _listed(server: Server, who: Person) -> dict[str, dict[str, Any]]:
    async with server.sign_in(who) as browser:
        answer = await browser.get("/api/policies")
    return {one["key"]: one for one in answer.json()}


async def test_each_side_sets_its_own_rules_with_a_reason_and_within_bounds(server: Server, world: World):
    site, centre = world.person(Role.ADMINISTRATOR), world.person(Role.ADMINISTRATOR, "centre")
    # Only what is about an institution's own work is set by both.
    assert set(await _listed(server, site)) & set(await _listed(server, centre)) == {"review_percent"}
    assert (await _set(server, site, "lead_rooms", 2)).json()["error"]["code"] == "policy_not_yours"
    assert (await _set(server, centre, "independent_years", 2)).json()["error"]["code"] == "policy_refused"
    assert (await _set(server, centre, "lead_rooms", 2, reason=" ")).status_code == 422
    first = await _set(server, centre, "lead_rooms", 2)
    assert first.status_code == 200, first.text
    assert (await _set(server, centre, "lead_rooms", 5)).json()["error"]["code"] == "policy_changed"
    assert (await _set(server, centre, "lead_rooms", 5, number=1)).status_code == 200
    rule = (await _listed(server, centre))["lead_rooms"]
    assert (rule["value"], rule["default"], [one["value"] for one in rule["changes"]]) == (5, 3, [5, 2])
    assert (await _set(server, world.lead_guide, "lead_rooms", 5, number=2)).status_code == 403


async def test_a_meeting_longer_before_than_the_hospital_allows_keeps_the_table_back(
    server: Server, world: World
):
    walker, later = Walker(server, world), server.container.clock.now() + timedelta(hours=3)
    version = (await walker.listed(world.attending, ""))["version"]
    slot = {"version": version, "scheduled_at": later.isoformat()}
    await walker.post(world.attending, "", slot, method="PATCH")
    await walker.to_ready()
    await _set(server, world.person(Role.ADMINISTRATOR), "mdt_within_h", 1)
    await walker.check(Sheet.SIGN_IN)
    await walker.move(world.person(Role.NURSE), "sign_in")
    await walker.check(Sheet.TIME_OUT)
    await walker.move(world.operator, "time_out")
    assert "mdt_too_early" in await walker.refused(world.operator, "begin_procedure")
    await _set(server, world.person(Role.ADMINISTRATOR), "mdt_within_h", 0, number=1)
    assert "mdt_too_early" not in await walker.refused(world.operator, "begin_procedure")


async def test_f05_a_physician_who_stays_away_is_an_alarm_a_call_and_in_the_log(server: Server, world: World):
    walker, watch = Walker(server, world), TimerWatch(server.container)
    await walker.to_ready()
    async with server.sign_in(world.operator) as operator:
        await done(operator, world.case.id, "session.opened")
    await walker.check(Sheet.SIGN_IN)
    await walker.move(world.person(Role.NURSE), "sign_in")
    await walker.check(Sheet.TIME_OUT)
    await walker.move(world.operator, "time_out")
    await stated(server, world, world.operator, "present")
    await stated(server, world, world.operator, "local_only", text="链路维护")
    await walker.move(world.operator, "begin_procedure")
    clock = server.stop_clock()

    async def looked() -> tuple[set[str], set[tuple[str, int]]]:
        made = {(one.code, one.level) for one in await watch.look() if one.code == "physician_away"}
        async with server.sign_in(world.operator) as browser:
            state = (await browser.get(f"/api/sessions/{world.case.id}")).json()["state"]
        return {alarm["code"] for alarm in state["alarms"]} & {"physician_away"}, made

    await stated(server, world, world.operator, "left")
    clock.advance(seconds=59)
    assert await looked() == (set(), set())
    clock.advance(seconds=2)
    assert await looked() == ({"physician_away"}, {("physician_away", 0)})
    assert await looked() == ({"physician_away"}, set())
    clock.advance(seconds=240)
    assert await looked() == ({"physician_away"}, {("physician_away", 1)})
    await stated(server, world, world.attending, "present")
    assert await looked() == (set(), set())


def _led(lead: str | None, opened_ms: int) -> SessionState:
    return SessionState(lead_guide_id=lead, opened_ms=opened_ms)


def test_the_rooms_that_opened_last_are_more_than_a_lead_may_have():
    states = {"a": _led("x", 3), "b": _led("x", 1), "c": _led("x", 2), "d": _led("y", 1), "e": _led(None, 1)}
    assert overloaded(states, dict.fromkeys(states, 3)) == {}
    assert overloaded(states, dict.fromkeys(states, 2)) == {"a": {"rooms": 3, "limit": 2}}
