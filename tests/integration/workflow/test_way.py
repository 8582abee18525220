"""The way of a case through the whole server: gates, refusals, records, timers."""

import asyncio
from datetime import timedelta

import pytest
from tests.integration.workflow.steps import (
    REQUEST,
    begun,
    case_url,
    consented,
    lacks,
    moved,
    seen,
    stated,
    submitted,
)
from tests.support.papers import consent_body, furnish
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.accounts.model import Role
from tongtai.features.audit.api import audit_log
from tongtai.features.audit.model import AuditQuery
from tongtai.features.workflow.tasks import TimerWatch


async def test_f10_no_case_without_an_agreement(server: Server, world: World):
    async with server.sign_in(world.attending) as browser:
        answer = await browser.post(case_url(world, "/workflow"), json={})
        assert lacks(answer) == {"agreement_missing"}
        await furnish(server.container, world)
        made = (await browser.post(case_url(world, "/workflow"), json={})).json()
        assert (made["state"], made["liable"], made["dispute_authority"]) == (
            "draft",
            ["inviting"],
            "山城市卫生健康委员会",
        )
        again = await browser.post(case_url(world, "/workflow"), json={})
        assert again.json()["error"]["code"] == "workflow_begun"


async def test_refusal_lists_everything_that_is_missing(server: Server, world: World):
    await begun(server, world)
    answer = await moved(server, world, world.attending, "submit")
    assert lacks(answer) == {"consent_missing", "statement_missing"}
    await consented(server, world, "telemedicine", "data_sharing")
    assert lacks(await moved(server, world, world.attending, "submit")) == {"statement_missing"}
    async with server.sign_in(world.attending) as browser:
        state = await seen(browser, world)
    submit = next(way for way in state["ways"] if way["act"] == "submit")
    assert submit["allowed"]
    assert [lack["values"] for lack in submit["lacks"]] == [{"kind": "request_approved"}]
    assert "request_approved" not in state["may_state"]
    async with server.sign_in(world.person(Role.MEDICAL_AFFAIRS)) as browser:
        assert (await seen(browser, world))["may_state"] == ["request_approved", "broadcast_approved"]


async def test_f11_without_consent_the_centre_sees_nothing_of_the_case(server: Server, world: World):
    await begun(server, world)
    paths = ("", "/workflow", "/imaging/series", "/plans", "/consents", "/dicomweb/studies")
    async with server.sign_in(world.lead_guide) as centre:
        for path in paths:
            refused = await centre.get(case_url(world, path))
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "consent_missing")
        refused = await centre.get(f"/api/sessions/{world.case.id}")
        assert refused.status_code == 403
        listed = [case["id"] for case in (await centre.get("/api/cases")).json()]
        assert world.case.id not in listed
    async with server.container.database.transaction() as session:
        query = AuditQuery(institution_id=world.hospitals[0].id, case_id=world.case.id, limit=500)
        entries = await audit_log(server.container, session).page(query)
    denied = [entry for entry in entries if entry.outcome == "denied"]
    assert len(denied) == len(paths) + 1
    await consented(server, world, "telemedicine")
    async with server.sign_in(world.lead_guide) as centre:
        assert (await centre.get(case_url(world))).status_code == 403
    await consented(server, world, "data_sharing")
    async with server.sign_in(world.lead_guide) as centre:
        assert (await centre.get(case_url(world))).status_code == 200


async def test_f13_withdrawal_suspends_and_the_centre_reads_nothing_more(server: Server, world: World):
    await submitted(server, world)
    async with server.sign_in(world.attending) as site:
        consents = (await site.get(case_url(world, "/consents"))).json()["consents"]
        sharing = next(one["id"] for one in consents if one["kind"] == "data_sharing")
        withdraw = case_url(world, f"/consents/{sharing}/withdraw")
        answer = await site.post(withdraw, json={"reason": "患者改变主意"})
        assert answer.json()["effect"] == "suspend", answer.text
        assert (await site.post(withdraw, json={})).json()["error"]["code"] == "consent_withdrawn"
        state = await seen(site, world)
        assert (state["state"], state["consent"], state["suspended_from"]) == (
            "suspended",
            "withdrawn",
            "submitted",
        )
        kept = (await site.get(case_url(world, "/consents"))).json()["consents"]
        assert next(one for one in kept if one["id"] == sharing)["withdrawal_reason"] == "患者改变主意"
    async with server.sign_in(world.coordinator) as centre:
        assert (await centre.get(case_url(world))).status_code == 403
    refused = await moved(server, world, world.attending, "resume", reason="再次同意")
    assert lacks(refused) == {"consent_withdrawn"}
    await consented(server, world, "data_sharing")
    back = await moved(server, world, world.attending, "resume", reason="再次同意")
    assert back.json()["state"] == "submitted"


async def test_f16_decline_needs_a_reason(server: Server, world: World):
    await submitted(server, world)
    refused = await moved(server, world, world.coordinator, "decline")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "reason_missing")
    declined = await moved(server, world, world.coordinator, "decline", reason="设备检修")
    assert declined.json()["state"] == "declined"
    assert declined.json()["moves"][-1]["reason"] == "设备检修"
    again = await moved(server, world, world.attending, "revise", reason="改期")
    assert again.json()["state"] == "draft"


async def test_f16_overdue_answer_calls_the_coordinator_then_the_guides(server: Server, world: World):
    clock = server.stop_clock()
    await submitted(server, world)
    watch = TimerWatch(server.container)
    assert await watch.look() == []
    clock.advance(minutes=30)
    assert [(notice.code, notice.level) for notice in await watch.look()] == [("first_answer", 0)]
    assert await watch.look() == []
    async with server.sign_in(world.coordinator) as browser:
        (notice,) = (await browser.get("/api/workflow/notices")).json()
        assert (notice["case_id"], notice["code"]) == (world.case.id, "first_answer")
    async with server.sign_in(world.lead_guide) as browser:
        assert (await browser.get("/api/workflow/notices")).json() == []
        foreign = await browser.post(f"/api/workflow/notices/{notice['id']}/read")
        assert foreign.json()["error"]["code"] == "notice_not_found"
    async with server.sign_in(world.coordinator) as browser:
        assert (await browser.post(f"/api/workflow/notices/{notice['id']}/read")).status_code == 204
        assert (await browser.get("/api/workflow/notices")).json() == []
    clock.advance(minutes=30)
    assert [(notice.code, notice.level) for notice in await watch.look()] == [("first_answer", 1)]
    async with server.sign_in(world.lead_guide) as browser:
        assert len((await browser.get("/api/workflow/notices")).json()) == 1


async def test_each_move_is_a_chained_event_with_who_and_where(server: Server, world: World):
    await submitted(server, world)
    async with server.sign_in(world.attending) as browser:
        moves = (await seen(browser, world))["moves"]
    assert [(move["act"], move["after"]) for move in moves] == [("begin", "draft"), ("submit", "submitted")]
    assert moves[1]["prev_hash"] == moves[0]["hash"]
    assert moves[1]["mover"] == {
        "user_id": world.attending.id,
        "name": "山城医院attending",
        "name_en": "Shancheng Hospital attending",
        "role": "attending",
        "institution_id": world.hospitals[0].id,
    }


async def test_of_two_who_move_at_once_one_is_told(server: Server, world: World):
    await submitted(server, world)
    answers = await asyncio.gather(
        moved(server, world, world.coordinator, "decline", reason="一", version=2),
        moved(server, world, world.lead_guide, "decline", reason="二", version=2),
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert lost.json()["error"]["code"] == "workflow_changed"
    async with server.sign_in(world.attending) as browser:
        state = await seen(browser, world)
    assert (state["version"], len(state["moves"])) == (3, 3)


@pytest.mark.parametrize("field", sorted(REQUEST))
async def test_f14_an_invitation_without_this_is_not_sent(server: Server, world: World, field: str):
    await begun(server, world)
    await consented(server, world, "telemedicine", "data_sharing")
    await stated(server, world, world.person(Role.MEDICAL_AFFAIRS), "request_approved")
    async with server.sign_in(world.attending) as browser:
        gone = {"version": 1, "answers": {field: {"value": None}}}
        assert (await browser.patch(case_url(world, "/intake"), json=gone)).status_code == 200
    answer = await moved(server, world, world.attending, "submit")
    named = [lack["values"]["item"] for lack in answer.json()["error"]["values"]["lacks"]]
    assert (answer.status_code, named) == (409, [field])


@pytest.mark.parametrize(
    ("role", "where"),
    [(Role.NURSE, "own"), (Role.OPERATOR, "own"), (Role.COORDINATOR, "centre"), (Role.LEAD_GUIDE, "centre")],
)
async def test_nobody_but_the_attending_doctor_submits(server: Server, world: World, role: Role, where: str):
    await begun(server, world)
    await consented(server, world, "telemedicine", "data_sharing")
    answer = await moved(server, world, world.person(role, where), "submit")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


async def test_a_step_of_another_state_says_what_is_possible(server: Server, world: World):
    await begun(server, world)
    answer = await moved(server, world, world.attending, "begin_procedure")
    assert lacks(answer) == {"no_such_way"}
    possible = answer.json()["error"]["values"]["lacks"][0]["values"]["possible"]
    assert possible == ["cancel", "submit", "suspend"]


async def test_f06_f33_experts_are_checked_when_the_centre_accepts(server: Server, world: World):
    await begun(server, world, papers=True)
    async with server.sign_in(world.person(Role.ADMINISTRATOR, "centre")) as browser:
        known = (await browser.get("/api/qualifications")).json()
        training = next(
            one for one in known if one["kind"] == "training" and one["user_id"] == world.lead_guide.id
        )
        revoked = await browser.post(f"/api/qualifications/{training['id']}/revoke")
        assert revoked.json()["revoked_at"]
    await consented(server, world, "telemedicine", "data_sharing")
    await stated(server, world, world.person(Role.MEDICAL_AFFAIRS), "request_approved")
    await moved(server, world, world.attending, "submit")
    assert "training_missing" in lacks(await moved(server, world, world.coordinator, "accept"))


async def test_f12_f32_f42_refused_consents_name_what_is_missing(server: Server, world: World):
    now = server.container.clock.now()
    async with server.sign_in(world.attending) as browser:

        async def refused(**body: object) -> set[str]:
            answer = await browser.post(case_url(world, "/consents"), json=body)
            assert answer.status_code == 422, answer.text
            return {lack["code"] for lack in answer.json()["error"]["values"]["lacks"]}

        assert await refused(**consent_body("telemedicine", now, fee_line="")) == {"fee_line_missing"}
        assert await refused(**consent_body("surgery", now, relation="spouse")) == {"proxy_reason_missing"}
        later = (now + timedelta(hours=1)).isoformat()
        assert await refused(**consent_body("surgery", now, signed_at=later)) == {"signed_in_future"}
        abroad = consent_body("data_sharing", now, recipients=["inst_nowhere"])
        assert await refused(**abroad) == {"recipient_unknown"}
        head = consent_body("surgery", now, relation="institution_head", proxy_reason="昏迷")
        answer = await browser.post(case_url(world, "/consents"), json=head)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    async with server.sign_in(world.person(Role.MEDICAL_AFFAIRS)) as browser:
        answer = await browser.post(case_url(world, "/consents"), json=head)
        assert answer.status_code == 201


async def test_the_centre_sees_who_signed_only_where_it_sees_the_patient(server: Server, world: World):
    await begun(server, world)
    await consented(server, world, "telemedicine", "data_sharing")
    async with server.sign_in(world.lead_guide) as browser:
        consents = (await browser.get(case_url(world, "/consents"))).json()["consents"]
    assert {one["signer_name"] for one in consents} == {None}
    async with server.sign_in(world.attending) as browser:
        consents = (await browser.get(case_url(world, "/consents"))).json()["consents"]
    assert {one["signer_name"] for one in consents} == {"王小明"}


async def test_statements_need_the_right_person_and_words(server: Server, world: World):
    await begun(server, world)
    wrong = await stated(server, world, world.attending, "request_approved")
    assert wrong.status_code == 403
    silent = await stated(server, world, world.operator, "local_only")
    assert silent.json()["error"]["values"] == {"kind": "local_only", "reason": "words_missing"}
    nothing = await stated(server, world, world.operator, "plan_read")
    assert nothing.json()["error"]["values"]["reason"] == "plan_missing"


async def test_the_list_says_how_far_each_case_is(server: Server, world: World):
    async def listed() -> dict[str, str | None]:
        async with server.sign_in(world.operator) as browser:
            return {case["id"]: case["clinical_state"] for case in (await browser.get("/api/cases")).json()}

    assert (await listed())[world.case.id] is None
    await submitted(server, world)
    assert (await listed())[world.case.id] == "submitted"
