"""Readiness: what gateways, senders and pages have told answers lines of the sheet, each with its age and its limit."""

import hashlib
from urllib.parse import quote

import pytest
from tests.integration.guidance.commands import done
from tests.integration.test_gateway_api import announce, links, machine
from tests.integration.workflow.steps import case_url, consented
from tests.integration.workflow.walk import Walker
from tests.support.images import SOMEBODY_ELSE, small_ct

from tongtai.features.accounts.model import Role
from tongtai.features.guidance.sql import SqlPresence

__all__ = ["links"]

pytestmark = [pytest.mark.usefixtures("links"), pytest.mark.filterwarnings("ignore::UserWarning")]

_STATUS = {
    "feeds": [{"feed": "ultrasound", "state": "live"}, {"feed": "ct", "state": "live"}],
    "clock_offset_ms": -180.0,
    "disk_free_bytes": 70_000_000_000,
}
_LINKS = {
    "links": [
        {"name": "telecom", "rtt_ms": 21.0, "jitter_ms": 2.5, "loss_percent": 0.1, "up_mbit_s": 38.2,
         "down_mbit_s": 90},
        {"name": "unicom", "rtt_ms": 48.0, "jitter_ms": 6.0, "loss_percent": 3.5, "up_mbit_s": 9.9,
         "down_mbit_s": 50},
    ]
}  # fmt: skip


@pytest.fixture
async def gateway(server, world):
    made = await announce(server, world)
    async with machine(server, made["code"]) as client:
        yield client


async def told(gateway, status=_STATUS, found=_LINKS):
    """A gateway reports and hands over its link test."""
    answer = await gateway.post("/api/gateway/status", json=status)
    assert answer.status_code == 200, answer.text
    assert (await gateway.put("/api/gateway/links", json=found)).status_code == 204
    return answer.json()


async def readiness(server, world, who=None):
    async with server.sign_in(who or world.person(Role.NURSE)) as browser:
        sheets = (await browser.get(case_url(world, "/checklists"))).json()
    return sheets[0]


async def take(server, world, lines, **reasons):
    sheet = await readiness(server, world)
    body = {"version": sheet["version"], "lines": lines, "reasons": reasons}
    async with server.sign_in(world.person(Role.NURSE)) as browser:
        return await browser.post(case_url(world, "/checklists/readiness/measured"), json=body)


async def by_hand(server, world, values, **reasons):
    sheet = await readiness(server, world)
    body = {"version": sheet["version"], "values": values, "reasons": reasons}
    async with server.sign_in(world.person(Role.NURSE)) as browser:
        return await browser.patch(case_url(world, "/checklists/readiness"), json=body)


async def test_each_measured_line_says_what_was_measured_and_whether_it_will_do(server, world, gateway):
    clock = server.stop_clock()
    before = await readiness(server, world)
    assert {key: one["state"] for key, one in before["readings"].items()} == {
        "uplink_a_mbit_s": "not_measured", "uplink_b_mbit_s": "not_measured", "round_trip_ms": "not_measured",
        "loss_percent": "not_measured", "jitter_ms": "not_measured", "clock_offset_ms": "not_measured",
        "feeds_live": "not_measured", "test_series": "not_measured", "recording_space_gb": "not_measured",
        "backup_guide": "not_measured", "recording_consent": "met",
    }  # fmt: skip
    await told(gateway)
    found = (await readiness(server, world))["readings"]
    # Limits of the sheet: ≥20 and ≥10 Mbit/s, ≤200 ms, ≤3 %, ≤50 ms, clock ≤200 ms, ≥50 GB. Of two uplinks the worse.
    assert {key: (one["state"], one["found"] and one["found"]["value"]) for key, one in found.items()} == {
        "uplink_a_mbit_s": ("met", 38.2), "uplink_b_mbit_s": ("not_met", 9.9), "round_trip_ms": ("met", 48.0),
        "loss_percent": ("not_met", 3.5), "jitter_ms": ("met", 6.0), "clock_offset_ms": ("met", 180.0),
        "feeds_live": ("met", True), "test_series": ("not_measured", None),
        "recording_space_gb": ("met", 70.0), "backup_guide": ("not_measured", None),
        "recording_consent": ("met", True),
    }  # fmt: skip
    assert (found["loss_percent"]["found"]["by"], found["loss_percent"]["found"]["by_name"]) == (
        "gateway", "Table 1",
    )  # fmt: skip
    assert [part["value"] for part in found["loss_percent"]["found"]["parts"]] == [0.1, 3.5]
    clock.advance(minutes=2)
    # A gateway that fell silent says nothing of its feeds any more; its clock is believed for ten minutes.
    late = (await readiness(server, world))["readings"]
    assert (late["feeds_live"]["state"], late["clock_offset_ms"]["state"]) == ("stale", "met")
    clock.advance(minutes=59)
    late = (await readiness(server, world))["readings"]
    states = {late[key]["state"] for key in ("uplink_a_mbit_s", "loss_percent", "clock_offset_ms")}
    assert states == {"stale"}


async def test_the_disk_must_hold_the_session_that_is_planned_when_it_is_recorded(server, world, gateway):
    feeds = [{"feed": f"feed-{number}", "state": "live"} for number in range(6)]
    await told(gateway, {**_STATUS, "feeds": feeds})
    free = (await readiness(server, world))["readings"]["recording_space_gb"]
    assert (free["state"], free["found"]["low"]) == ("met", None), "nothing is recorded without consent"
    await consented(server, world, "recording")
    found = (await readiness(server, world))["readings"]
    # Six feeds of 8 Mbit/s for four hours: 6 · 10⁶ B/s · 14 400 s = 86.4 GB.
    assert (found["recording_space_gb"]["state"], found["recording_space_gb"]["found"]["low"]) == (
        "not_met", 86.4,
    )  # fmt: skip
    assert found["recording_consent"]["found"]["parts"][0]["code"] == "recording_consented"


async def test_a_feed_that_is_away_and_a_line_that_is_dead_are_named(server, world, gateway):
    feeds = [{"feed": "ultrasound", "state": "live"}, {"feed": "ct", "state": "no_source"}]
    dead = {"name": "unicom", "up_mbit_s": 0, "down_mbit_s": 0}
    await told(gateway, {**_STATUS, "feeds": feeds}, {"links": [_LINKS["links"][0], dead]})
    found = (await readiness(server, world))["readings"]
    assert found["feeds_live"]["state"] == "not_met"
    assert [(part["name"], part["code"], part["met"]) for part in found["feeds_live"]["found"]["parts"]] == [
        ("ct", "no_source", False), ("ultrasound", "live", True),
    ]  # fmt: skip
    assert (found["uplink_b_mbit_s"]["state"], found["uplink_b_mbit_s"]["found"]["value"]) == ("not_met", 0.0)
    assert (found["loss_percent"]["state"], found["loss_percent"]["found"]["value"]) == ("not_met", 100.0)


async def test_what_was_measured_is_taken_over_and_what_misses_its_limit_needs_a_reason(
    server, world, gateway
):
    clock = server.stop_clock()
    await told(gateway)
    taken = await take(server, world, ["uplink_a_mbit_s", "clock_offset_ms", "feeds_live"])
    mark = taken.json()[0]["marks"]["uplink_a_mbit_s"]
    assert (mark["value"], mark["taken"], mark["measured"]["by_name"], mark["reading"]) == (
        38.2, True, "Table 1", "met",
    )  # fmt: skip
    for answer, code in (
        (await take(server, world, ["uplink_b_mbit_s"]), "checklist_measurement_not_met"),
        (await by_hand(server, world, {"uplink_b_mbit_s": 12}), "checklist_measurement_not_met"),
        (await take(server, world, ["test_series"]), "checklist_not_measured"),
        (await take(server, world, ["power_backup"]), "checklist_not_measured"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, code)
    over = await take(server, world, ["uplink_b_mbit_s"], uplink_b_mbit_s="第二线路仅作备用，语音已验证")
    mark = over.json()[0]["marks"]["uplink_b_mbit_s"]
    assert (mark["value"], mark["reason"]) == (9.9, "第二线路仅作备用，语音已验证")
    of_line = [
        one["code"] for one in over.json()[0]["lacks"] if one["values"].get("line") == "uplink_b_mbit_s"
    ]
    assert of_line == [], "a reasoned line keeps the sheet open no longer"
    slow = await by_hand(server, world, {"uplink_b_mbit_s": 5}, uplink_b_mbit_s="备用线路")
    assert (slow.json()[0]["marks"]["uplink_b_mbit_s"]["taken"]) is False
    hand = await by_hand(server, world, {"test_series": True})
    mark = hand.json()[0]["marks"]["test_series"]
    assert (mark["taken"], mark["reading"], mark["by_name"] != "") == (False, "not_measured", True)
    async with server.sign_in(world.person(Role.AUDITOR, "own")) as auditor:
        entries = (await auditor.get("/api/audit")).json()["entries"]
    overridden = [one for one in entries if one["action"] == "checklists:sheet:override"]
    assert [one["subject"] for one in overridden] == ["readiness"] * 2
    clock.advance(minutes=61)
    late = await take(server, world, ["uplink_a_mbit_s"])
    assert late.json()["error"]["code"] == "checklist_not_measured"


async def test_a_measured_answer_is_confirmed_while_it_is_young(server, world, gateway):
    clock = server.stop_clock()
    walker = Walker(server, world)
    await told(gateway)
    await take(server, world, ["uplink_a_mbit_s"])
    # Everything else by hand, where a measurement stands against it with a reason.
    sheet = await readiness(server, world)
    await _answer_the_rest(walker, sheet, {"uplink_b_mbit_s", "loss_percent"})
    clock.advance(minutes=121)
    old = await _confirm(server, world, Role.NURSE, "nurse")
    assert old.json()["error"]["values"]["lacks"] == [
        {"code": "line_measurement_old", "values": {"line": "uplink_a_mbit_s"}}
    ]
    await told(gateway)
    assert (await take(server, world, ["uplink_a_mbit_s"])).status_code == 200
    confirmed = await _confirm(server, world, Role.NURSE, "nurse")
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json()[0]["readings"] == {}, "what parties have confirmed is not judged anew"
    changed = await take(server, world, ["uplink_a_mbit_s"])
    assert changed.json()["error"]["code"] == "checklist_confirmed"


async def _answer_the_rest(walker, sheet, missed):
    server, world = walker.server, walker.world
    for who, party in ((world.person(Role.NURSE), "nurse"), (world.lead_guide, "guide")):
        sheet = await readiness(server, world)
        values = {}
        for line in sheet["lines"]:
            if line["key"] in sheet["marks"] or (line["parties"] and party not in line["parties"]):
                continue
            number = 25 if line["low"] is None or line["low"] < 25 else 60
            number = 2 if line["high"] is not None and line["high"] < 25 else number
            values[line["key"]] = {"check": True, "text": "无", "number": number}[line["kind"]]
        reasons = dict.fromkeys(missed & values.keys(), "备用线路")
        body = {"version": sheet["version"], "values": values, "reasons": reasons}
        async with server.sign_in(who) as browser:
            answer = await browser.patch(case_url(world, "/checklists/readiness"), json=body)
            assert answer.status_code == 200, answer.text


async def _confirm(server, world, role, party):
    who = world.lead_guide if party == "guide" else world.person(role)
    async with server.sign_in(who) as browser:
        return await browser.post(case_url(world, "/checklists/readiness/confirm"), json={"party": party})


async def test_a_gateway_is_asked_for_a_test_and_not_while_a_procedure_goes_on(server, world, gateway):
    clock = server.stop_clock()
    assert (await told(gateway))["measure_links"], "never measured"
    assert not (await told(gateway))["measure_links"]
    clock.advance(seconds=5)
    async with server.sign_in(world.person(Role.NURSE)) as browser:
        asked = await browser.post(case_url(world, "/checklists/measurements"))
        assert asked.status_code == 204, asked.text
    clock.advance(seconds=5)
    assert (await told(gateway))["measure_links"], "somebody waits for it"
    clock.advance(minutes=16)
    status = await gateway.post("/api/gateway/status", json=_STATUS)
    assert status.json()["measure_links"], "old"
    async with server.sign_in(world.operator) as browser:
        await done(browser, world.case.id, "session.opened")
    status = await gateway.post("/api/gateway/status", json=_STATUS)
    assert not status.json()["measure_links"]


async def test_a_link_test_takes_and_gives_no_more_than_its_limit(gateway):
    taken = await gateway.post("/api/gateway/link-test", content=b"x" * 100_000)
    assert taken.json() == {"received": 100_000}
    given = await gateway.get("/api/gateway/link-test", params={"size": 100_000})
    assert len(given.content) == 100_000
    much = await gateway.post("/api/gateway/link-test", content=b"x" * ((16 << 20) + 1))
    assert (much.status_code, much.json()["error"]["code"]) == (413, "link_test_too_large")
    assert (await gateway.get("/api/gateway/link-test", params={"size": 1 << 30})).status_code == 422


async def test_a_test_series_is_compared_and_not_kept(server, world, gateway):
    root = case_url(world, "/imaging")
    # A phantom's images: in an ordinary push they would wait for a confirmation.
    files = {f"{number}.dcm": content for number, content in enumerate(small_ct(SOMEBODY_ELSE)[:2])}
    for declared, wanted in ((3, "not_met"), (2, "met")):
        body = {"source": f"phantom {declared}", "declared_files": declared, "test": True}
        push = (await gateway.post(f"{root}/pushes", json=body)).json()
        assert push["test"]
        for name, content in files.items():
            path = f"{root}/pushes/{push['push_id']}/files/{quote(name, safe='')}"
            digest = hashlib.sha256(content).hexdigest()
            bare = await gateway.put(path, content=content)
            assert bare.json()["error"]["code"] == "test_series_hash_missing"
            wrong = await gateway.put(path, content=content, params={"sha256": "0" * 64})
            assert wrong.json()["error"]["code"] == "checksum_mismatch"
            sent = await gateway.put(path, content=content, params={"sha256": digest})
            assert [one["sha256"] for one in sent.json()["accepted"]] == [digest], sent.text
        ended = await gateway.post(f"{root}/pushes/{push['push_id']}/finish")
        assert ended.json()["received"] == 2
        reading = (await readiness(server, world))["readings"]["test_series"]
        assert (reading["state"], reading["found"]["by_name"]) == (wanted, "Table 1")
    async with server.sign_in(world.operator) as browser:
        assert (await browser.get(f"{root}/series")).json() == [], "no image of the case"


async def test_the_backup_guide_is_there_while_the_page_is_open(server, world):
    clock = server.stop_clock()
    backup = world.person(Role.BACKUP_GUIDE, "centre")
    async with server.container.database.transaction() as session:
        await SqlPresence(session).note(backup.id, clock.now())
    states = []
    for minutes in (0, 2, 1):
        clock.advance(minutes=minutes)
        states.append((await readiness(server, world))["readings"]["backup_guide"]["state"])
    assert states == ["met", "met", "stale"]
