"""Quality indicators through the whole server: counted, listed, kept up to date, one's own only."""

import json
from datetime import timedelta
from typing import Any

import jsonschema
from tests.support.server import Server
from tests.support.world import Person, World

from tongtai.features.accounts.model import Role


async def _ask(server: Server, person: Person, method: str, path: str, json: object = None) -> Any:
    async with server.sign_in(person) as browser:
        answer = await browser.request(method, path, json=json)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.headers["content-type"] == "application/json" else answer.text


async def _total(server: Server, person: Person, code: str, query: str = "") -> dict[str, Any]:
    found = await _ask(server, person, "GET", f"/api/quality/indicators{query}")
    total: dict[str, Any] = next(one["total"] for one in found["indicators"] if one["code"] == code)
    return total


async def test_f37_indicators_follow_what_is_written(server: Server, world: World):
    clock, operator = server.stop_clock(), world.operator
    quality = world.person(Role.QUALITY_CONTROL)
    follow_up = f"/api/cases/{world.case.id}/follow-up"
    empty = await _total(server, quality, "local_control")
    assert empty == {"numerator": 0, "denominator": 0, "excluded": 0, "rate": None}
    await _ask(server, operator, "POST", f"{follow_up}/orders", {"ended_at": clock.now().isoformat()})
    assert (await _total(server, quality, "local_control"))["excluded"] == 1
    cases = await _ask(server, quality, "GET", "/api/quality/indicators/local_control/cases")
    assert [(one["case_number"], one["mark"]) for one in cases] == [(world.case.number, "too_early")]
    clock.advance(days=20)
    month = {
        "examined_on": clock.now().date().isoformat(),
        "modality": "ct",
        "targets": [{"lesion_id": "L1", "organ": "liver"}],
        "longest_mm": {"L1": 30.0},
        "viable_mm": {"L1": 30.0},
        "complete_ablation": True,
    }
    await _ask(server, operator, "POST", f"{follow_up}/assessments", month)
    done = {"numerator": 1, "denominator": 1, "excluded": 0, "rate": 1.0}
    assert await _total(server, quality, "local_control") == done
    severe = {"kind": "abscess", "grade": 3, "began_on": month["examined_on"], "treated": True}
    assert (await _total(server, quality, "severe_30d"))["excluded"] == 1
    await _ask(server, operator, "POST", f"{follow_up}/complications", severe)
    assert await _total(server, quality, "severe_30d") == done
    # Nothing is written any more, but time passes.
    assert (await _total(server, quality, "mortality_30d"))["excluded"] == 1
    clock.advance(days=15)
    assert await _total(server, quality, "mortality_30d") == {**done, "numerator": 0, "rate": 0.0}
    csv = await _ask(server, quality, "GET", "/api/quality/indicators.csv")
    assert "severe_30d,30 天内严重并发症发生率,,1,1,0,1.000000" in csv


async def test_filters_and_whose_cases_count(server: Server, world: World):
    clock, operator = server.stop_clock(), world.operator
    ended = clock.now()
    follow_up = f"/api/cases/{world.case.id}/follow-up"
    await _ask(server, operator, "POST", f"{follow_up}/orders", {"ended_at": ended.isoformat()})
    clock.advance(days=40)
    day, other = ended.date(), world.person(Role.QUALITY_CONTROL, "other")
    centre = world.person(Role.COORDINATOR, "centre")
    quality = world.person(Role.QUALITY_CONTROL)
    for person, query, count in (
        (quality, f"?since={day}&until={day}&technique=rfa", 1),
        (quality, f"?since={day + timedelta(days=1)}", 0),
        (quality, f"?until={day - timedelta(days=1)}", 0),
        (quality, "?technique=seeds", 0),
        (centre, "", 1),
        (other, "", 0),
    ):
        assert (await _total(server, person, "plan_before", query))["denominator"] == count
    async with server.sign_in(operator) as browser:
        assert (await browser.get("/api/quality/indicators")).status_code == 403
    async with server.sign_in(quality) as browser:
        assert (await browser.get("/api/quality/indicators/nothing/cases")).status_code == 404


async def test_f49_a_supervisor_reads_numbers_and_cases_without_patients(server: Server, world: World):
    clock, quality = server.stop_clock(), world.person(Role.QUALITY_CONTROL)
    ended = {"ended_at": clock.now().isoformat()}
    await _ask(server, world.operator, "POST", f"/api/cases/{world.case.id}/follow-up/orders", ended)
    found = await _ask(server, quality, "GET", "/api/quality/supervision")
    (case,) = found["cases"]
    assert set(case) == {"number", "technique", "month", "marks"}
    assert case["marks"]["local_control"] == "too_early"
    assert {one["code"] for one in found["indicators"]} >= set(case["marks"])
    # The answer is what its schema says, and nothing besides.
    schemas = server.app.openapi()["components"]["schemas"]
    root = {"$ref": "#/components/schemas/SupervisionOut", "components": {"schemas": schemas}}
    jsonschema.validate(found, root)
    case_of, told = world.case, json.dumps(found, ensure_ascii=False)
    for secret in (case_of.id, case_of.number, case_of.patient.name, case_of.patient.hospital_number):
        assert secret not in told
    async with server.sign_in(world.operator) as browser:
        assert (await browser.get("/api/quality/supervision")).status_code == 403
