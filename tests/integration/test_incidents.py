"""Incidents through the whole server: reported by anybody, handled by who may, called for, written down."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from tests.support.server import Server
from tests.support.world import Person, World
from tests.unit.incidents.test_incidents import WHOLE

from tongtai.features.accounts.model import Role
from tongtai.features.incidents.tasks import look_at_incidents

FIRST = ("kind", "what_happened")


async def _ask(server: Server, who: Person, method: str, path: str, json: object = None) -> httpx2.Response:
    async with server.sign_in(who) as browser:
        return await browser.request(method, f"/api/incidents{path}", json=json)


async def _reported(server: Server, who: Person) -> dict[str, Any]:
    now = server.container.clock.now().isoformat()
    values = {key: WHOLE[key] for key in FIRST} | {"discovered_at": now}
    answer = await _ask(server, who, "POST", "", {"values": values})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _called(server: Server, who: Person) -> set[tuple[str, int]]:
    await look_at_incidents(server.container)
    async with server.sign_in(who) as browser:
        notices = (await browser.get("/api/workflow/notices")).json()
    return {(one["code"], one["level"]) for one in notices if one["incident_id"]}


async def test_f44_without_this_nothing_is_reported(server: Server, world: World):
    refused = await _ask(server, world.operator, "POST", "", {"values": {"kind": "leak"}})
    lacks = {one["values"]["record_field"] for one in refused.json()["error"]["values"]["lacks"]}
    assert lacks == {"incident.discovered_at", "incident.what_happened"}


async def test_f44_from_the_report_to_the_end(server: Server, world: World):
    clock, nurse, office = server.stop_clock(), world.person(Role.NURSE), world.person(Role.ADMINISTRATOR)
    incident = await _reported(server, nurse)
    url = f"/{incident['id']}"

    async def act(name: str, who: Person = office, words: str = "说明", **more: object) -> httpx2.Response:
        version = (await _ask(server, office, "GET", url)).json()["incident"]["version"]
        body = {"act": name, "version": version, "text": words, **more}
        return await _ask(server, who, "POST", f"{url}/acts", body)

    assert (await act("contain", nurse)).status_code == 403
    assert (await act("contain")).json()["error"]["values"]["lacks"][0]["code"] == "record_field_missing"
    whole = {key: list(value) if isinstance(value, tuple) else value for key, value in WHOLE.items()}
    assert (await act("amend", values=whole)).status_code == 200
    assert (await act("contain")).status_code == 200
    codes = {one["code"] for one in (await act("close")).json()["error"]["values"]["lacks"]}
    assert codes == {"authority_not_told", "people_not_told"}
    clock.advance(hours=3)
    done_at = incident["discovered_at"]
    told = await act("tell_authority", words="省卫生健康主管部门，电话", done_at=done_at)
    assert told.json()["authority_told_at"] == done_at
    assert (await act("tell_people", words="电话告知本人")).status_code == 200
    closed = await act("close", words="已整改并培训")
    assert closed.json()["state"] == "closed"
    file = (await _ask(server, nurse, "GET", url)).json()
    acts = [one["act"] for one in file["events"]]
    assert acts == ["report", "amend", "contain", "tell_authority", "tell_people", "close"]
    assert [one["act"] for one in file["ways"]] == ["reopen"]
    stale = {"act": "reopen", "version": 1, "text": "x"}
    assert (await _ask(server, office, "POST", f"{url}/acts", stale)).status_code == 409
    async with server.sign_in(world.person(Role.AUDITOR)) as browser:
        log = (await browser.get("/api/audit", params={"feature": "incidents"})).json()
    entries = log["entries"] if isinstance(log, dict) else log
    assert sum(one["action"] == "incidents:incident:change" for one in entries) >= 6
    # What was done stays as it was written.
    with pytest.raises(DatabaseError):
        async with server.container.database.transaction() as session:
            await session.execute(text("UPDATE incident_events SET text = ''"))


async def test_f44_nobody_else_sees_it(server: Server, world: World):
    incident = await _reported(server, world.person(Role.NURSE))
    url = f"/{incident['id']}"
    for who, sees in (
        (world.person(Role.NURSE), True),
        (world.person(Role.QUALITY_CONTROL), True),
        (world.operator, False),
        (world.person(Role.ADMINISTRATOR, "other"), False),
        (world.person(Role.ADMINISTRATOR, "centre"), False),
    ):
        assert (await _ask(server, who, "GET", url)).status_code == (200 if sees else 404)
        assert [one["id"] for one in (await _ask(server, who, "GET", "")).json()] == [incident["id"]] * sees
    body = {"act": "dismiss", "version": 1, "text": "x"}
    stranger = world.person(Role.ADMINISTRATOR, "other")
    assert (await _ask(server, stranger, "POST", f"{url}/acts", body)).status_code == 404


async def test_f44_clocks_call_the_office_then_more_people(server: Server, world: World):
    clock, office, auditor = server.stop_clock(), world.person(Role.ADMINISTRATOR), world.person(Role.AUDITOR)
    incident = await _reported(server, world.operator)
    first, authority, people = ("incident_reported", 0), "incident_authority", "incident_people"
    assert await _called(server, office) == {first}
    clock.advance(hours=24)
    assert await _called(server, office) == {first, (authority, 0), (authority, 1)}
    # Looking twice calls once.
    assert await look_at_incidents(server.container) == []
    assert await _called(server, auditor) == set()
    clock.advance(hours=12)
    assert await _called(server, auditor) == {(authority, 2)}
    assert await _called(server, world.person(Role.ADMINISTRATOR, "other")) == set()
    clock.advance(hours=36)
    assert (people, 1) in await _called(server, office)
    url = f"/{incident['id']}/acts"
    body = {"act": "dismiss", "version": 1, "text": "误报"}
    assert (await _ask(server, office, "POST", url, body)).status_code == 200
    clock.advance(hours=24)
    assert (people, 2) not in await _called(server, office)
