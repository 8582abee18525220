"""Warnings of complications, orders, reminders, assessments: through the whole server."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.support.plans import planned
from tests.support.server import Server
from tests.support.world import Person, World

from tongtai.features.accounts.model import Role
from tongtai.features.cases.api import case_access, case_service
from tongtai.features.cases.model import RecordState
from tongtai.features.followup.api import IntakeHistory, PackagedRules, StoredPlans
from tongtai.features.followup.service import WarningService
from tongtai.features.followup.sql import SqlFollowUp
from tongtai.features.plans.model import JobRecord, PlanOrder, PlanPerson, PlanRecord, PlanState, numbers_of
from tongtai.features.plans.sql import SqlPlans
from tongtai.features.workflow.api.checks import RecordedGuards
from tongtai.features.workflow.model import Guard
from tongtai.features.workflow.ports import Scene
from tongtai.formats.plan_json import plan_bytes, plan_sha256
from tongtai.infra.identifiers import new_id

ABSCESS = {"facts": {"bilioenteric_anastomosis": True, "tumour_kind": "hcc"}}


def _of(answer: dict[str, Any], rule_id: str) -> dict[str, Any]:
    return next(one for one in answer["judgement"]["warnings"] if one["rule_id"] == rule_id)


async def _missing(server: Server, world: World) -> tuple[str, ...]:
    """What the state machine asks before a case is reported."""
    container = server.container
    async with container.database.transaction() as session:
        access = case_access(container, session)
        return await WarningService(
            store=SqlFollowUp(session),
            plans=StoredPlans(session, container.blobs),
            history=IntakeHistory(session),
            house=PackagedRules(),
            access=access,
            audit=access.audit,
            clock=container.clock,
            new_id=new_id,
        ).missing_for_report(world.case.id)


async def test_the_abscess_rule_fires_on_what_the_intake_form_says(server: Server, world: World):
    case = f"/api/cases/{world.case.id}"
    answers = {"bilio_enteric_anastomosis": {"value": "yes"}, "diagnosis": {"value": "C22.0"}}
    async with server.sign_in(world.attending) as attending:
        saved = await attending.patch(f"{case}/intake", json={"version": 0, "answers": answers})
        assert saved.status_code == 200, saved.text
        judged = (await attending.post(f"{case}/warnings", json={})).json()
        assert _of(judged, "R1")["level"] == "red"
        assert judged["judgement"]["facts"]["tumour_kind"] == "hcc"
        # What a physician says goes before the form.
        said = {"facts": {"bilioenteric_anastomosis": False}}
        again = (await attending.post(f"{case}/warnings", json=said)).json()
    assert "R1" not in {one["rule_id"] for one in again["judgement"]["warnings"]}


async def test_the_abscess_warning_of_the_reference_case_holds_the_report_up(server: Server, world: World):
    warnings = f"/api/cases/{world.case.id}/warnings"
    assert await _missing(server, world) == ("not_judged",)
    async with server.sign_in(world.lead_guide) as guide:
        judged = (await guide.post(warnings, json=ABSCESS)).json()
        abscess = _of(judged, "R1")
        assert (abscess["level"], abscess["reasons"][0]["note_zh"]) == ("red", "极高危")
        assert abscess["reasons"][0]["value"] is True
        assert "Iida 2014" in abscess["reasons"][0]["source"]
        assert set(judged["missing_for_report"]) == {"R1", "R8"}
        # The centre may warn; taking note is for the site's physician.
        assert (await guide.post(f"{warnings}/R1/acknowledge", json={})).status_code == 403
    async with server.sign_in(world.operator) as operator:
        for rule_id in ("R1", "R8"):
            answer = await operator.post(f"{warnings}/{rule_id}/acknowledge", json={"note": "方案已开"})
            assert answer.status_code == 200
        again = await operator.post(f"{warnings}/R1/acknowledge", json={})
        assert (again.status_code, again.json()["error"]["code"]) == (409, "warning_acknowledged")
        assert (await operator.post(f"{warnings}/R2/acknowledge", json={})).status_code == 404
        tasks = (await operator.get(f"/api/cases/{world.case.id}/follow-up")).json()["tasks"]
    assert {"antibiotic_plan", "abscess_imaging", "pad_check"} <= {task["code"] for task in tasks}
    assert await _missing(server, world) == ()


@pytest.mark.parametrize("acknowledged", [False, True])
async def test_the_state_machine_asks_for_the_warnings(server: Server, world: World, *, acknowledged: bool):
    """``REPORTED`` is behind these guards: not judged, not acknowledged, acknowledged."""
    container = server.container
    warnings = f"/api/cases/{world.case.id}/warnings"

    async def lacks(guard: Guard) -> list[tuple[str, object]]:
        async with container.database.transaction() as session:
            scene = cast("Scene", SimpleNamespace(case=world.case))
            found = await RecordedGuards(container, session).lacks(guard, scene)
        return [(one.code, one.values.get("rule")) for one in found]

    assert await lacks(Guard.WARNINGS_RUN) == [("warnings_not_judged", None)]
    async with server.sign_in(world.operator) as operator:
        await operator.post(warnings, json=ABSCESS)
        assert await lacks(Guard.WARNINGS_RUN) == []
        if acknowledged:
            for rule_id in ("R1", "R8"):
                await operator.post(f"{warnings}/{rule_id}/acknowledge", json={})
    expected = [] if acknowledged else [("warning_unacknowledged", rule) for rule in ("R1", "R8")]
    assert await lacks(Guard.WARNINGS_ACKNOWLEDGED) == expected


async def test_a_new_judgement_keeps_what_says_the_same_and_asks_anew_for_the_rest(
    server: Server, world: World
):
    warnings = f"/api/cases/{world.case.id}/warnings"
    async with server.sign_in(world.operator) as operator:
        await operator.post(warnings, json={"facts": {"diabetes": True}})
        for rule_id in ("R1", "R8"):
            await operator.post(f"{warnings}/{rule_id}/acknowledge", json={})
        same = (await operator.post(warnings, json={"facts": {"diabetes": True}})).json()
        assert same["judgement"]["version"] == 2
        assert same["missing_for_report"] == []
        worse = (await operator.post(warnings, json={"facts": {"diabetes": True, "ptbd": True}})).json()
    assert worse["missing_for_report"] == ["R1"]


async def test_two_physicians_at_once_acknowledge_once(server: Server, world: World):
    warnings = f"/api/cases/{world.case.id}/warnings"
    async with server.sign_in(world.operator) as operator, server.sign_in(world.attending) as attending:
        await operator.post(warnings, json=ABSCESS)
        answers = await asyncio.gather(
            *(browser.post(f"{warnings}/R1/acknowledge", json={}) for browser in (operator, attending))
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.parametrize("facts", [{"unknown": True}, {"diabetes": 1.5}, {"ascites": "much"}])
async def test_facts_that_cannot_be_meant(server: Server, world: World, facts: dict[str, object]):
    async with server.sign_in(world.operator) as operator:
        answer = await operator.post(f"/api/cases/{world.case.id}/warnings", json={"facts": facts})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "complication_fact")


async def _store_plan(server: Server, world: World) -> str:
    plan = planned().plan
    who = PlanPerson(user_id=world.lead_guide.id, name="规划", name_en="Planner")
    now = server.container.clock.now()
    await server.container.blobs.put(plan_bytes(plan))
    async with server.container.database.transaction() as session:
        plans = SqlPlans(session)
        order = PlanOrder(series_uid="1.2.3", technique="mwa")
        job = JobRecord(id="job_9", case_id=world.case.id, order=order, requested_by=who, requested_at=now)
        await plans.add_job(job)
        await plans.add(
            PlanRecord(
                id="plan_9",
                case_id=world.case.id,
                job_id="job_9",
                version=1,
                state=PlanState.DRAFT,
                numbers=numbers_of(plan),
                series_uid="1.2.3",
                series_description="",
                plan_sha256=plan_sha256(plan),
                pages_sha256="0" * 64,
                language="zh",
                made_by=who,
                made_at=now,
            ),
            [],
        )
    return plan_sha256(plan)


async def test_distances_of_the_plan_are_used_and_named(server: Server, world: World):
    sha256 = await _store_plan(server, world)
    async with server.sign_in(world.operator) as operator:
        judged = (
            await operator.post(f"/api/cases/{world.case.id}/warnings", json={"facts": {"margin_mm": 99.0}})
        ).json()["judgement"]
    plan = planned().plan
    assert plan.coverage is not None
    assert judged["plan_sha256"] == sha256
    # What is measured on the plan goes before what somebody wrote.
    assert judged["facts"]["margin_mm"] == pytest.approx(plan.coverage.minimum_margin_mm, abs=1e-5)
    assert judged["facts"]["tumour_ml"] == pytest.approx(plan.target.tumour_ml, abs=1e-5)


async def _ask(server: Server, person: Person, method: str, path: str, json: object = None) -> Any:
    """Sign in anew: these tests' days are longer than a sign-in lasts."""
    async with server.sign_in(person) as browser:
        answer = await browser.request(method, path, json=json)
        return answer.status_code, answer.json()


async def _reminded(server: Server, person: Person) -> set[str]:
    _, answer = await _ask(server, person, "GET", "/api/reminders")
    assert answer["count"] == len(answer["reminders"])
    return {one["task"]["code"] for one in answer["reminders"]}


async def test_orders_date_every_task_and_remind_and_escalate(server: Server, world: World):
    clock = server.stop_clock()
    case, operator = f"/api/cases/{world.case.id}", world.operator
    orders = f"{case}/follow-up/orders"
    affairs, quality = world.person(Role.MEDICAL_AFFAIRS), world.person(Role.QUALITY_CONTROL)
    await _ask(server, operator, "POST", f"{case}/warnings", ABSCESS)
    clock.advance(hours=3)
    ended = clock.now()
    future = {"ended_at": (ended + timedelta(minutes=1)).isoformat()}
    assert (await _ask(server, operator, "POST", orders, future))[0] == 422
    now = {"ended_at": ended.isoformat()}
    _, ordered = await _ask(server, operator, "POST", orders, now)
    due = {task["code"]: task["due_at"] for task in ordered["tasks"]}
    assert due["abscess_imaging"] == _iso(ended + timedelta(hours=168))
    assert due["assessment_1m"] == _iso(ended + timedelta(hours=720))
    assert due["antibiotic_plan"] < _iso(ended)
    assert (await _ask(server, operator, "POST", orders, now))[1]["error"]["code"] == "care_ordered"
    assert "abscess_imaging" not in await _reminded(server, operator)
    clock.advance(hours=145)
    assert "abscess_imaging" in await _reminded(server, operator)
    assert "abscess_imaging" not in await _reminded(server, affairs)
    clock.advance(hours=23 + 24)
    assert "abscess_imaging" in await _reminded(server, affairs)
    assert "abscess_imaging" not in await _reminded(server, quality)
    clock.advance(hours=48)
    assert "abscess_imaging" in await _reminded(server, quality)
    task = next(one for one in ordered["tasks"] if one["code"] == "abscess_imaging")
    finish, done = f"{case}/follow-up/tasks/{task['id']}/finish", {"state": "done", "result": "无积液"}
    assert (await _ask(server, operator, "POST", finish, done))[1]["finished"]["role"] == "operator"
    assert (await _ask(server, operator, "POST", finish, done))[0] == 409
    assert "abscess_imaging" not in await _reminded(server, quality)


async def test_what_an_archived_or_sealed_record_can_no_longer_answer_reminds_nobody(
    server: Server, world: World
):
    clock = server.stop_clock()
    case, operator = f"/api/cases/{world.case.id}", world.operator
    ended = {"ended_at": clock.now().isoformat()}
    _, ordered = await _ask(server, operator, "POST", f"{case}/follow-up/orders", ended)
    clock.advance(hours=24 * 40)
    finish = f"{case}/follow-up/tasks/{ordered['tasks'][0]['id']}/finish"
    done = {"state": "not_needed", "result": "已失访"}
    people = (operator, world.person(Role.MEDICAL_AFFAIRS), world.person(Role.QUALITY_CONTROL))
    for record, reminded in (
        (RecordState.OPEN, True),
        (RecordState.SEALED, False),
        # Unsealed, what was left open is to be answered again.
        (RecordState.OPEN, True),
        (RecordState.ARCHIVED, False),
    ):
        async with server.container.database.transaction() as session:
            await case_service(server.container, session).lock(world.case.id, record)
        assert [bool(await _reminded(server, one)) for one in people] == [reminded] * 3, record
    # Follow-up goes on until the case is closed; an archived record takes no answer any more.
    images, start = f"{case}/imaging/pushes", {"source": "late"}
    for path, body in ((finish, done), (f"{case}/warnings", ABSCESS), (images, start)):
        assert (await _ask(server, operator, "POST", path, body))[1]["error"]["code"] == "record_locked"


def _iso(instant: Any) -> str:
    text: str = instant.isoformat().replace("+00:00", "Z")
    return text


async def test_assessments_give_responses(server: Server, world: World):
    clock = server.stop_clock()
    follow_up = f"/api/cases/{world.case.id}/follow-up"
    today = clock.now().date()
    baseline: dict[str, Any] = {
        "examined_on": (today - timedelta(days=10)).isoformat(),
        "modality": "ct",
        "targets": [{"lesion_id": "L1", "organ": "liver"}],
        "longest_mm": {"L1": 30.0},
        "viable_mm": {"L1": 30.0},
    }
    async with server.sign_in(world.operator) as operator:
        assert (await operator.post(f"{follow_up}/assessments", json=baseline)).status_code == 201
        # The zone is larger than the tumour was; nothing enhances any more.
        month = {
            "examined_on": today.isoformat(),
            "modality": "ct",
            "longest_mm": {"L1": 45.0},
            "viable_mm": {"L1": 0.0},
            "complete_ablation": True,
        }
        found = (await operator.post(f"{follow_up}/assessments", json=month)).json()
        assert found["responses"]["mrecist"][0]["overall"] == "CR"
        assert found["responses"]["recist_1_1"][0]["overall"] == "PD"
        again = await operator.post(f"{follow_up}/assessments", json=month)
        assert again.json()["error"]["code"] == "assessment_refused"
        other = {**month, "examined_on": (today + timedelta(days=1)).isoformat()}
        assert (await operator.post(f"{follow_up}/assessments", json=other)).status_code == 422
    clock.advance(days=1)
    strange = {**other, "viable_mm": {"L9": 5.0}}
    _, refused = await _ask(server, world.operator, "POST", f"{follow_up}/assessments", strange)
    assert refused["error"]["code"] == "response_input"


async def test_loss_to_follow_up_is_seen_and_death_ends_it(server: Server, world: World):
    clock, operator = server.stop_clock(), world.operator
    follow_up = f"/api/cases/{world.case.id}/follow-up"
    await _ask(server, operator, "POST", f"{follow_up}/orders", {"ended_at": clock.now().isoformat()})
    clock.advance(days=89)
    assert not (await _ask(server, operator, "GET", follow_up))[1]["presumed_lost"]
    clock.advance(days=2)
    assert (await _ask(server, operator, "GET", follow_up))[1]["presumed_lost"]
    dead = {"vital": "dead", "on": clock.now().date().isoformat()}
    assert not (await _ask(server, operator, "POST", f"{follow_up}/status", dead))[1]["presumed_lost"]
    clock.advance(days=1)
    late = {"vital": "alive", "on": clock.now().date().isoformat()}
    assert (await _ask(server, operator, "POST", f"{follow_up}/status", late))[0] == 422


@pytest.mark.parametrize("question", ["care_raised", "stay_longer", "treated", "disabled", "died", None])
async def test_a_complication_is_severe_by_the_national_definition(
    server: Server, world: World, question: str | None
):
    follow_up = f"/api/cases/{world.case.id}/follow-up"
    day = server.container.clock.now().date().isoformat()
    body: dict[str, object] = {"kind": "liver_abscess", "grade": 3, "began_on": day}
    async with server.sign_in(world.operator) as operator:
        answer = await operator.post(
            f"{follow_up}/complications", json=body | ({question: True} if question else {})
        )
    assert len(answer.json()["severe"]) == (0 if question is None else 1)


async def test_seeds_have_their_dose_verified(server: Server, world: World):
    codes = {order.code for order in PackagedRules().orders("seeds")}
    assert "seed_dose_verification" in codes
    assert "seed_dose_verification" not in {order.code for order in PackagedRules().orders("rfa")}
