"""Statistics, the library of experts, leaves that block, and ratings, through the whole server."""

from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import update
from tests.integration.workflow.steps import begun, case_url, lacks, moved, submitted
from tests.support.server import Server
from tests.support.world import Person, World

from tongtai.features.accounts.model import Role
from tongtai.features.cases.sql import CaseRow, CaseTeamRow
from tongtai.formats.record_forms import packaged_record_form

SCORES = {field.key: 4 for field in packaged_record_form("session_evaluation").fields}


async def _ask(server: Server, who: Person, method: str, path: str, json: object = None) -> httpx2.Response:
    async with server.sign_in(who) as browser:
        return await browser.request(method, path, json=json)


async def _expert(server: Server, who: Person, user_id: str) -> dict[str, Any]:
    found = (await _ask(server, who, "GET", "/api/experts")).json()
    (one,) = [each for each in found if each["user_id"] == user_id]
    expert: dict[str, Any] = one
    return expert


async def _finish(server: Server, world: World) -> None:
    async with server.container.database.transaction() as session:
        await session.execute(update(CaseRow).where(CaseRow.id == world.case.id).values(state="closed"))


async def test_f46_the_library_says_who_they_are_and_what_they_may(server: Server, world: World):
    guide, planner = world.lead_guide, world.person(Role.PLANNER, "centre")
    entry = {"title": "主任医师", "specialties": ["interventional"], "languages": ["普通话", "粤语"]}
    assert (await _ask(server, guide, "PUT", f"/api/experts/{guide.id}", entry)).status_code == 204
    assert (await _ask(server, planner, "PUT", f"/api/experts/{guide.id}", entry)).status_code == 403
    stranger = world.person(Role.ADMINISTRATOR)
    assert (await _ask(server, stranger, "PUT", f"/api/experts/{guide.id}", entry)).status_code == 404
    training = {"kind": "training", "code": "guided_ablation", "user_id": guide.id, "since": "2020-01-01"}
    training["valid_until"] = "2021-01-01"
    office = world.person(Role.ADMINISTRATOR, "centre")
    assert (await _ask(server, office, "POST", "/api/qualifications", training)).status_code == 201
    await _finish(server, world)
    seen = await _expert(server, world.attending, guide.id)
    assert {key: seen[key] for key in entry} == entry
    assert (seen["led"], seen["backed_up"], seen["may_edit"]) == (1, 0, False)
    assert seen["evidence"] == [
        {"kind": "training", "code": "guided_ablation", "valid_until": "2021-01-01", "valid": False}
    ]
    assert (await _expert(server, guide, guide.id))["may_edit"] is True
    # A hospital's own people are none of its experts, and another hospital's nobody's.
    everybody = {one["user_id"] for one in (await _ask(server, guide, "GET", "/api/experts")).json()}
    assert world.operator.id not in everybody


async def test_f46_who_is_away_is_not_assigned_and_the_answer_says_why(server: Server, world: World):
    clock, guide, coordinator = server.stop_clock(), world.lead_guide, world.coordinator
    case = (await _ask(server, world.attending, "GET", case_url(world))).json()
    at = datetime.fromisoformat(case["scheduled_at"])
    leave = {
        "since": (at - timedelta(hours=1)).isoformat(),
        "until": (at + timedelta(days=1)).isoformat(),
        "reason": "学术会议",
    }
    url = f"/api/experts/{guide.id}/leaves"
    assert (
        await _ask(server, coordinator, "POST", url, {**leave, "until": leave["since"]})
    ).status_code == 422
    taken = await _ask(server, coordinator, "POST", url, leave)
    assert taken.status_code == 201, taken.text
    team = [
        {"user_id": one["user_id"], "role": one["role"]} for one in case["team"] if one["side"] == "centre"
    ]
    without = [one for one in team if one["user_id"] != guide.id]
    # Who is in the team already stays; taken out, they cannot come back in.
    put = case_url(world, "/team")
    assert (await _ask(server, coordinator, "PUT", put, {"team": without})).status_code == 200
    refused = (await _ask(server, coordinator, "PUT", put, {"team": team})).json()["error"]
    assert refused["code"] == "expert_away"
    assert refused["values"]["name"].endswith("lead_guide")
    assert datetime.fromisoformat(refused["values"]["until"]) == datetime.fromisoformat(leave["until"])
    # Moved to after the leave they can; and then not back into it.
    later = await _move(server, world, at + timedelta(days=2))
    assert later.status_code == 200, later.text
    assert (await _ask(server, coordinator, "PUT", put, {"team": team})).status_code == 200
    assert (await _move(server, world, at + timedelta(hours=2))).json()["error"]["code"] == "expert_away"
    # Why is for the centre.
    assert (await _expert(server, coordinator, guide.id))["leaves"][0]["reason"] == "学术会议"
    assert (await _expert(server, world.attending, guide.id))["leaves"][0]["reason"] == ""
    assert (await _ask(server, guide, "DELETE", f"{url}/{taken.json()['id']}")).status_code == 204
    assert (await _move(server, world, at + timedelta(hours=2))).status_code == 200
    assert clock.now() < at


async def _move(server: Server, world: World, at: datetime) -> httpx2.Response:
    version = (await _ask(server, world.attending, "GET", case_url(world))).json()["version"]
    body = {"version": version, "scheduled_at": at.isoformat()}
    return await _ask(server, world.attending, "PATCH", case_url(world), body)


async def test_f46_the_centre_does_not_accept_for_somebody_who_is_away(server: Server, world: World):
    await submitted(server, world)
    at = datetime.fromisoformat(
        (await _ask(server, world.attending, "GET", case_url(world))).json()["scheduled_at"]
    )
    leave = {"since": at.isoformat(), "until": (at + timedelta(days=1)).isoformat()}
    url = f"/api/experts/{world.lead_guide.id}/leaves"
    assert (await _ask(server, world.lead_guide, "POST", url, leave)).status_code == 201
    assert "expert_on_leave" in lacks(await moved(server, world, world.coordinator, "accept"))


async def test_f46_the_hospital_rates_once_and_the_centre_reads_averages(server: Server, world: World):
    url, office = case_url(world, "/evaluation"), world.person(Role.QUALITY_CONTROL, "centre")
    rated = {"values": SCORES}
    assert (await _ask(server, world.operator, "POST", url, rated)).json()["error"]["values"] == {
        "reason": "not_over"
    }
    await _finish(server, world)
    assert (await _ask(server, world.lead_guide, "POST", url, rated)).status_code == 403
    for wrong, status in (({}, 409), (SCORES | {"advice": 4.5}, 409), (SCORES | {"advice": 6}, 422)):
        assert (await _ask(server, world.operator, "POST", url, {"values": wrong})).status_code == status
    assert (await _ask(server, world.operator, "POST", url, rated)).status_code == 201
    assert (await _ask(server, world.attending, "POST", url, rated)).status_code == 409
    seen = (await _ask(server, world.attending, "GET", url)).json()["evaluation"]
    assert seen["scores"] == SCORES
    # One rating would name who gave it.
    averages = (await _ask(server, office, "GET", "/api/quality/evaluations")).json()
    assert {(one["count"], one["mean"]) for one in averages} == {(1, None)}


@pytest.mark.parametrize(("scores", "mean"), [((5, 4), None), ((5, 4, 3), 4.0), ((5, 4, 3, 2), 3.5)])
async def test_f46_averages_of_three_ratings_and_more(
    server: Server, world: World, scores: tuple[int, ...], mean: float | None
):
    await _finish(server, world)
    async with server.container.database.transaction() as session:
        case = await session.get_one(CaseRow, world.case.id)
        columns = {column.key: getattr(case, column.key) for column in CaseRow.__table__.columns}
        for number in range(len(scores)):
            session.add(CaseRow(**columns | {"id": f"case_r{number}", "number": f"R-{number}"}))
        await session.flush()
        for number in range(len(scores)):
            session.add(
                CaseTeamRow(case_id=f"case_r{number}", user_id=world.operator.id, role="operator", place=0)
            )
    for number, score in enumerate(scores):
        body = {"values": dict.fromkeys(SCORES, score)}
        answer = await _ask(server, world.operator, "POST", f"/api/cases/case_r{number}/evaluation", body)
        assert answer.status_code == 201, answer.text
    office = world.person(Role.QUALITY_CONTROL, "centre")
    averages = (await _ask(server, office, "GET", "/api/quality/evaluations")).json()
    assert {(one["count"], one["mean"]) for one in averages} == {(len(scores), mean)}
    other = world.person(Role.QUALITY_CONTROL, "other")
    nothing = (await _ask(server, other, "GET", "/api/quality/evaluations")).json()
    assert {(one["count"], one["mean"]) for one in nothing} == {(0, None)}


async def test_f46_cases_counted_by_month_technique_service_and_institution(server: Server, world: World):
    clock, quality = server.stop_clock(), world.person(Role.QUALITY_CONTROL)
    await begun(server, world, papers=True)
    ended = {"ended_at": clock.now().isoformat()}
    await _ask(server, world.operator, "POST", case_url(world, "/follow-up/orders"), ended)
    (counted,) = (await _ask(server, quality, "GET", "/api/quality/statistics")).json()
    assert (counted["month"], counted["technique"]) == (f"{clock.now():%Y-%m}", "rfa")
    assert (counted["service_type"], counted["count"]) == ("consultation", 1)
    assert counted["institution"]["id"] == world.centre.id
    coordinator = world.coordinator
    (theirs,) = (await _ask(server, coordinator, "GET", "/api/quality/statistics")).json()
    assert theirs["institution"]["id"] == world.hospitals[0].id
    assert (await _ask(server, quality, "GET", "/api/quality/statistics?technique=mwa")).json() == []
    other = world.person(Role.QUALITY_CONTROL, "other")
    assert (await _ask(server, other, "GET", "/api/quality/statistics")).json() == []
    table = (await _ask(server, quality, "GET", "/api/quality/statistics.csv")).text
    assert f"{clock.now():%Y-%m},rfa,consultation,{world.centre.name},1" in table
    assert (await _ask(server, world.operator, "GET", "/api/quality/statistics")).status_code == 403


async def _leave_over_the_operation(
    server: Server, world: World, reason: str
) -> tuple[datetime, dict[str, str]]:
    """When the case is scheduled, and a leave from an hour before until the day after."""
    case = (await _ask(server, world.attending, "GET", case_url(world))).json()
    at = datetime.fromisoformat(case["scheduled_at"])
    since, until = at - timedelta(hours=1), at + timedelta(days=1)
    return at, {"since": since.isoformat(), "until": until.isoformat(), "reason": reason}


async def test_leaves_stand_in_the_calendar_of_both_sides_and_only_ones_own_with_their_reason(
    server: Server, world: World
):
    server.stop_clock()
    guide, coordinator = world.lead_guide, world.coordinator
    at, leave = await _leave_over_the_operation(server, world, "学术会议")
    # Somebody of the centre who is in none of the hospital's cases: no business of the hospital.
    office = world.person(Role.ADMINISTRATOR, "centre")
    for who in (guide, office):
        taken = await _ask(server, office, "POST", f"/api/experts/{who.id}/leaves", leave)
        assert taken.status_code == 201, taken.text

    async def seen(who: Person, since: datetime, until: datetime) -> dict[str, str | None]:
        async with server.sign_in(who) as browser:
            span = {"since": since.isoformat(), "until": until.isoformat()}
            answer = await browser.get("/api/workflow/leaves", params=span)
        return {one["user_id"]: one["reason"] for one in answer.json()}

    month = (at - timedelta(days=9), at + timedelta(days=9))
    assert await seen(coordinator, *month) == {guide.id: "学术会议", office.id: "学术会议"}
    assert await seen(world.attending, *month) == {guide.id: None}
    assert await seen(world.attending, at + timedelta(days=1), month[1]) == {}, "until is the first day back"
    # Of an institution without a case in common nothing is said; the engineer sees no case.
    assert await seen(world.person(Role.ENGINEER), *month) == {}


async def test_scheduling_while_a_guide_is_away_warns(server: Server, world: World):
    server.stop_clock()
    guide, coordinator = world.lead_guide, world.coordinator
    at, leave = await _leave_over_the_operation(server, world, "")
    await _ask(server, coordinator, "POST", f"/api/experts/{guide.id}/leaves", leave)

    async def away(when: datetime) -> list[tuple[str, str]]:
        async with server.sign_in(world.attending) as browser:
            answer = await browser.get(case_url(world, "/away"), params={"at": when.isoformat()})
        return [(one["user_id"], one["role"]) for one in answer.json()]

    assert await away(at) == [(guide.id, "lead_guide")]
    assert await away(at + timedelta(days=1)) == []
    backup = world.person(Role.BACKUP_GUIDE, "centre")
    await _ask(server, coordinator, "POST", f"/api/experts/{backup.id}/leaves", leave)
    assert set(await away(at)) == {(guide.id, "lead_guide"), (backup.id, "backup_guide")}
