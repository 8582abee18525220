"""From the draft to the archive through the whole server, with the refusals on the way."""

import hashlib

import pytest
from tests.integration.workflow.steps import case_url, consented, moved, seen, stated, submitted
from tests.integration.workflow.walk import Walker, answers, attach
from tests.support.plans import planned
from tests.support.seed_plans import seeded
from tests.support.server import Server
from tests.support.world import PASSWORD, World

from tongtai.core.checklists import Sheet
from tongtai.features.accounts.model import Role
from tongtai.features.cases.api import case_service
from tongtai.features.cases.model import RecordState
from tongtai.formats.plan_json import plan_bytes
from tongtai.formats.seed_plan_json import seed_plan_bytes


@pytest.fixture
def walker(server: Server, world: World) -> Walker:
    """Takes the case along its way."""
    return Walker(server, world)


async def test_the_whole_way_to_the_table(server: Server, world: World, walker: Walker):
    await walker.to_ready()
    nurse = world.person(Role.NURSE)
    assert "line_missing" in await walker.refused(world.operator, "sign_in")
    await walker.check(Sheet.SIGN_IN)
    assert await walker.move(nurse, "sign_in") == "signed_in"
    await walker.check(Sheet.TIME_OUT)
    assert await walker.move(world.operator, "time_out") == "time_out_ok"
    assert await walker.refused(world.operator, "begin_procedure") == {"physician_absent", "media_not_live"}
    await stated(server, world, world.operator, "present")
    await stated(server, world, world.operator, "local_only", text="链路维护")
    assert await walker.move(world.operator, "begin_procedure") == "in_procedure"
    await walker.check(Sheet.SIGN_OUT)
    assert await walker.move(world.operator, "sign_out") == "signed_out"
    async with server.sign_in(world.attending) as browser:
        state = await seen(browser, world)
    acts = [move["act"] for move in state["moves"]]
    assert acts == ["begin", "submit", "accept", "schedule_mdt", "decide_mdt", "begin_planning", "approve_plan", "issue_opinion", "decide", "schedule", "make_ready", "sign_in", "time_out", "begin_procedure", "sign_out"]  # fmt: skip
    assert len({move["hash"] for move in state["moves"]}) == len(acts)


@pytest.mark.parametrize("technique", ["rfa", "mwa", "seeds"])
async def test_from_the_draft_to_the_archive(server: Server, world: World, technique: str):
    content = seed_plan_bytes(seeded().plan) if technique == "seeds" else plan_bytes(planned().plan)
    walker, attending = Walker(server, world, technique, content), world.attending
    version = (await walker.listed(attending, ""))["version"]
    await walker.post(attending, "", {"version": version, "technique": technique}, method="PATCH")
    await walker.to_ready()
    await walker.operate()
    assert await walker.refused(attending, "order_care") == {"warnings_not_judged"}
    facts = {"facts": {"bilioenteric_anastomosis": True}}
    warned = (await walker.post(attending, "/warnings", facts))["judgement"]["warnings"]
    await walker.post(attending, "/follow-up/orders", {"ended_at": server.container.clock.now().isoformat()})
    assert await walker.move(attending, "order_care") == "post_op"
    # The abscess warning that nobody has taken note of, no record, no bundle.
    missing = {"warning_unacknowledged", "statement_missing", "bundle_missing"}
    assert await walker.refused(attending, "report") == missing
    for one in warned:
        await walker.post(attending, f"/warnings/{one['rule_id']}/acknowledge", {"note": "方案已开"})
    await stated(server, world, world.operator, "record_written", text="手术记录已存入病历")
    assert await walker.refused(attending, "report") == {"receipt_missing"}
    first = await walker.receive()
    assert await walker.move(attending, "report") == "reported"
    await stated(server, world, attending, "discharged")
    assert await walker.move(attending, "begin_follow_up") == "follow_up"
    assert await walker.refused(attending, "close") == {"statement_missing"}
    await stated(server, world, attending, "follow_up_ended", text="术后 24 个月无复发")
    assert await walker.move(attending, "close") == "closed"
    # What came after the report is in a bundle of its own, linked to the one before: its receipts are asked for anew.
    assert await walker.refused(attending, "archive") == {"receipt_missing"}
    last = await walker.receive()
    assert (last["number"], last["previous_sha256"]) == (2, first["sha256"])
    assert await walker.move(attending, "archive") == "archived"
    async with server.sign_in(attending) as browser:
        state = await seen(browser, world)
        late = await browser.patch(case_url(world, "/intake"), json={"version": 1, "answers": {}})
    assert (state["ways"], late.json()["error"]["code"]) == ([], "record_locked")


async def test_f15_material_is_returned_once_with_the_whole_list(
    server: Server, world: World, walker: Walker
):
    await submitted(server, world)
    missing = await walker.refused(world.coordinator, "accept")
    assert missing == {"item_missing"}
    returned = await moved(server, world, world.coordinator, "return")
    gaps = returned.json()["moves"][-1]["values"]["gaps"]
    named = {gap["values"]["item"] for gap in gaps}
    assert {"platelets", "bilio_enteric_anastomosis", "ecg"} <= named
    assert "afp" not in named
    await walker.move(world.attending, "submit")
    again = await moved(server, world, world.coordinator, "return")
    assert again.json()["error"]["code"] == "reason_missing"
    assert await walker.move(world.coordinator, "return") == "returned"
    await walker.fill_in()
    await walker.move(world.attending, "submit")
    assert await walker.refused(world.coordinator, "return") == {"no_gaps"}
    assert await walker.move(world.coordinator, "accept") == "accepted"


async def test_the_centre_reads_the_form_without_the_patients_telephone(
    server: Server, world: World, walker: Walker
):
    await walker.fill_in()
    async with server.sign_in(world.lead_guide) as browser:
        theirs = (await browser.get(case_url(world, "/intake"))).json()
    async with server.sign_in(world.attending) as browser:
        ours = (await browser.get(case_url(world, "/intake"))).json()
    assert set(ours["answers"]) - set(theirs["answers"]) == {"id_type", "id_last4", "phone", "next_of_kin"}
    assert theirs["today"]["present"] == ours["today"]["present"]


async def test_drafts_keep_what_was_typed_and_two_who_save_are_told(server: Server, world: World):
    url = case_url(world, "/intake")
    async with server.sign_in(world.attending) as one, server.sign_in(world.operator) as two:
        first = await one.patch(url, json={"version": 0, "answers": {"reason": {"value": "求会诊"}}})
        assert first.json()["answers"]["reason"]["value"] == "求会诊"
        stale = await two.patch(url, json={"version": 0, "answers": {"purpose": {"value": "x"}}})
        assert stale.json()["error"]["code"] == "intake_changed"
        bilirubin = {"value": 1.2, "unit": "mg/dL", "observed_on": "2026-05-01"}
        second = await two.patch(url, json={"version": 1, "answers": {"bilirubin": bilirubin}})
        kept = second.json()["answers"]["bilirubin"]
        assert (round(kept["value"], 1), kept["unit"], kept["given_value"]) == (20.5, "umol/L", "1.2")
        wrong = await two.patch(url, json={"version": 2, "answers": {"bilirubin": {"value": 1, "unit": "x"}}})
        assert wrong.json()["error"]["code"] == "intake_unit_unknown"
        gone = await two.patch(url, json={"version": 2, "answers": {"reason": {"value": None}}})
        assert set(gone.json()["answers"]) == {"bilirubin"}


async def test_results_are_imported_line_by_line(server: Server, world: World):
    table = (
        "loinc,value,unit,date\n777-3,182,10*9/L,2026-05-01\n777-3,90,10*9/L,2026-04-01\n"
        "99999-9,1,,2026-05-01\n1751-7,3.6,g/dL,2026-05-01\n14631-6,1,furlong,2026-05-01\n"
    )
    async with server.sign_in(world.person(Role.NURSE)) as browser:
        answer = await browser.post(
            case_url(world, "/intake/results"),
            params={"kind": "csv", "version": "0"},
            content=table.encode(),
            headers={"content-type": "application/octet-stream"},
        )
    assert answer.status_code == 200, answer.text
    assert [(line["code"], line["outcome"]) for line in answer.json()["lines"]] == [
        ("777-3", "taken"),
        ("777-3", "older"),
        ("99999-9", "unknown"),
        ("1751-7", "taken"),
        ("14631-6", "refused"),
    ]
    assert answer.json()["intake"]["answers"]["albumin"]["value"] == 36.0


async def test_attachments_are_looked_at_and_served_harmlessly(server: Server, world: World):
    async with server.sign_in(world.attending) as browser:
        refused = await attach(browser, world, "ecg", b"<script>alert(1)</script>")
        assert refused.json()["error"]["code"] == "attachment_refused"
        made = (await attach(browser, world, "ecg", b"%PDF-1.4\nx\n%%EOF")).json()
        (file,) = made["attachments"]
        found = await browser.get(case_url(world, f"/intake/attachments/{file['id']}"))
        assert (found.headers["content-type"], found.content) == ("application/pdf", b"%PDF-1.4\nx\n%%EOF")
        assert found.headers["content-security-policy"] == "sandbox"


async def test_f36_late_votes_and_small_panels_are_refused(server: Server, world: World, walker: Walker):
    alone = [{"user_id": world.lead_guide.id, "specialty": "interventional"}]
    async with server.sign_in(world.coordinator) as browser:
        small = await browser.post(
            case_url(world, "/mdt"), json={"scheduled_at": "2030-01-01T08:00:00Z", "panel": alone}
        )
        assert small.json()["error"]["code"] == "mdt_refused"
        assert {lack["code"] for lack in small.json()["error"]["values"]["lacks"]} == {"specialty_missing"}
    await walker.meet()
    (meeting,) = await walker.listed(world.coordinator, "/mdt")
    assert (meeting["conclusion"]["verdict"], len(meeting["signatures"])) == ("rfa", 3)
    async with server.sign_in(world.lead_guide) as browser:
        late = await browser.post(
            case_url(world, f"/mdt/{meeting['id']}/votes"), json={"verdict": "mwa", "reason": "改主意"}
        )
        assert (late.status_code, late.json()["error"]["code"]) == (409, "mdt_decided")


async def test_f18_the_centre_cannot_decide_and_what_is_not_adopted_has_a_reason(
    server: Server, world: World, walker: Walker
):
    await submitted(server, world)
    guide = world.lead_guide
    parts = {"findings": "a", "diagnosis": "b", "recommendation": "c"}
    opinion = await walker.post(guide, "/opinions", {"parts": parts, "experts": [guide.id]})
    assert (opinion["service_type"], opinion["liable"]) == ("consultation", ["inviting"])
    body = {
        "opinion_id": opinion["id"],
        "outcome": "not_adopted",
        "operates": False,
        "password": PASSWORD,
    }
    async with server.sign_in(world.attending) as site, server.sign_in(guide) as centre:
        url = case_url(world, "/decisions")
        assert (await centre.post(url, json=body)).status_code == 403
        early = (await site.post(url, json=body)).json()["error"]["values"]["lacks"]
        assert {lack["code"] for lack in early} == {"opinion_unsigned", "decision_reason_missing"}
        sign = case_url(world, f"/opinions/{opinion['id']}/sign")
        assert (await site.post(sign, json={"password": PASSWORD})).status_code == 403
        assert (await centre.post(sign, json={"password": PASSWORD})).json()["issued"]
        changed = await centre.put(
            case_url(world, f"/opinions/{opinion['id']}"),
            json={"version": 2, "parts": parts, "experts": []},
        )
        assert changed.json()["error"]["code"] == "opinion_signed"
        made = await site.post(url, json=body | {"reason": "家属选择手术切除"})
        assert (made.status_code, made.json()["outcome"]) == (201, "not_adopted")


async def test_f35_sheets_come_in_their_order_and_a_pin_speaks_for_its_owner(
    server: Server, world: World, walker: Walker
):
    nurse, anaesthetist = world.person(Role.NURSE), world.person(Role.ANAESTHETIST)
    async with server.sign_in(nurse) as tablet:
        early = await tablet.patch(
            case_url(world, "/checklists/sign_in"), json={"version": 0, "values": {"procedure": True}}
        )
        assert early.json()["error"]["code"] == "checklist_order"
    await walker.check(Sheet.READINESS)
    await walker.check(Sheet.SIGN_IN, without="fasting")
    async with server.sign_in(anaesthetist, password=PASSWORD) as browser:
        weak = await browser.put("/api/checklists/pin", json={"password": PASSWORD, "pin": "123456"})
        assert weak.json()["error"]["code"] == "pin_too_weak"
        set_ = await browser.put("/api/checklists/pin", json={"password": PASSWORD, "pin": "482915"})
        assert set_.status_code == 204
    url = case_url(world, "/checklists/sign_in")
    async with server.sign_in(nurse) as tablet:
        body = {"party": "anaesthesia", "login": anaesthetist.login, "pin": "482915"}
        incomplete = await tablet.post(url + "/confirm", json=body)
        assert incomplete.json()["error"]["code"] == "checklist_incomplete"
        sheets = (await tablet.get(case_url(world, "/checklists"))).json()
        version = next(one["version"] for one in sheets if one["sheet"] == "sign_in")
        await tablet.patch(url, json={"version": version, "values": {"fasting": True}})
        wrong = await tablet.post(url + "/confirm", json=body | {"pin": "482916"})
        assert wrong.json()["error"]["code"] == "pin_wrong"
        own = await tablet.post(url + "/confirm", json={"party": "anaesthesia"})
        assert own.status_code == 403
        sheets = (await tablet.post(url + "/confirm", json=body)).json()
        sign_in = next(one for one in sheets if one["sheet"] == "sign_in")
        by = sign_in["confirmations"]["anaesthesia"]
        assert (by["user_id"], by["means"]) == (anaesthetist.id, "pin")
        late = await tablet.patch(url, json={"version": sign_in["version"], "values": {"fasting": False}})
        assert late.json()["error"]["code"] == "checklist_confirmed"
        reopened = await tablet.post(url + "/reopen", json={"reason": "患者推迟"})
        sign_in = next(one for one in reopened.json() if one["sheet"] == "sign_in")
        assert (sign_in["round"], sign_in["confirmations"], sign_in["marks"]) == (2, {}, {})


async def test_f20_f22_f23_bundles_receipts_versions_and_seals(server: Server, world: World, walker: Walker):
    await submitted(server, world)
    await walker.fill_in()
    made = await walker.post(world.attending, "/archive", {})
    assert {part["name"] for part in made["parts"]} >= {"workflow.json", "intake.json", "events.json"}
    url = f"/archive/bundles/{made['id']}"
    async with server.sign_in(world.coordinator) as centre:
        for part in made["parts"]:
            content = (await centre.get(case_url(world, f"{url}/parts/{part['name']}"))).content
            assert hashlib.sha256(content).hexdigest() == part["sha256"]
        wrong = await centre.post(case_url(world, url + "/receipts"), json={"sha256": "0" * 64})
        assert wrong.json()["error"]["code"] == "receipt_refused"
    received = made
    for who in (world.coordinator, world.attending):
        received = await walker.post(who, url + "/receipts", {"sha256": made["sha256"]})
    assert {one["sha256"] for one in received["receipts"]} == {made["sha256"]}
    async with server.sign_in(world.attending) as site:
        silent = await site.post(case_url(world, "/archive"), json={})
        assert silent.json()["error"]["code"] == "seal_refused"
    later = await walker.post(world.attending, "/archive", {"reason": "补记", "addendum": "术后第 3 天补记"})
    assert (later["number"], later["previous_sha256"]) == (2, made["sha256"])
    head = world.person(Role.MEDICAL_AFFAIRS)
    body = {"patient_side": "王小红", "relation": "女儿", "password": PASSWORD}
    sealed = await walker.post(head, "/archive/seal", body)
    assert sealed["bundle_sha256"] == later["sha256"]
    async with server.sign_in(world.attending) as site:
        refused = await site.patch(
            case_url(world, "/intake"), json={"version": 1, "answers": {"reason": {"value": "x"}}}
        )
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "record_locked")
        version = (await seen(site, world))["version"]
        stuck = await site.post(
            case_url(world, "/workflow/moves"), json={"act": "cancel", "version": version, "reason": "x"}
        )
        assert stuck.json()["error"]["code"] == "case_sealed"
    async with server.sign_in(head) as site:
        early = await site.post(case_url(world, "/archive/unseal"), json={"settled": False, "reason": "想看"})
        assert early.json()["error"]["values"]["reason"] == "dispute_not_settled"
    await walker.post(head, "/archive/unseal", {"settled": True, "reason": "已调解"})
    assert (await walker.listed(world.attending, "/workflow"))["legal"] == "normal"


async def test_f22_an_archived_record_does_not_change(server: Server, world: World):
    async with server.container.database.transaction() as session:
        await case_service(server.container, session).lock(world.case.id, RecordState.ARCHIVED)
    async with server.sign_in(world.attending) as browser:
        for method, part, body in (
            ("PATCH", "/intake", {"version": 0, "answers": {}}),
            ("PATCH", "", {"version": 1, "lesion": "x"}),
            ("PUT", "/team", {"team": []}),
        ):
            answer = await browser.request(method, case_url(world, part), json=body)
            assert (part, answer.json()["error"]["code"]) == (part, "record_locked")
    async with server.sign_in(world.lead_guide) as browser:
        for part in ("/plans/jobs", "/plans/plan_1/review", "/plans/plan_1/approve"):
            answer = await browser.post(case_url(world, part), json={"series_uid": "1.2.3"})
            assert (part, answer.json()["error"]["code"]) == (part, "record_locked")


async def test_the_queue_sorts_filters_pages_and_remembers(server: Server, world: World, walker: Walker):
    await submitted(server, world)
    async with server.sign_in(world.coordinator) as browser:
        await walker.fill_in()
        page = (await browser.get("/api/workflow/queue", params={"state": "submitted"})).json()
        (row,) = page["cases"]
        assert (page["total"], row["case_id"], row["state"]) == (1, world.case.id, "submitted")
        assert (row["present"], row["missing"], row["timer"]) == (row["total"], [], "first_answer")
        assert row["patient"]["name"] == "王**"
        for params in ({"state": "draft"}, {"q": "小明"}, {"technique": "seeds"}, {"urgent": "true"}):
            other = (await browser.get("/api/workflow/queue", params=params)).json()
            assert (params, other) == (params, {"cases": [], "total": 0})
        found = await browser.get("/api/workflow/queue", params={"q": world.case.number})
        assert found.json()["total"] == 1
        view = {"query": {"state": ["submitted"], "order": "waiting"}}
        assert (await browser.put("/api/workflow/views/今天", json=view)).status_code == 204
        assert (await browser.get("/api/workflow/views")).json() == {"今天": view["query"]}
        assert (await browser.delete("/api/workflow/views/今天")).status_code == 204
    async with server.sign_in(world.person(Role.ATTENDING, "other")) as browser:
        assert (await browser.get("/api/workflow/queue")).json() == {"cases": [], "total": 0}
    await consented(server, world)
    assert answers(server.container.clock.now().date())


async def test_a_meeting_called_after_a_decision_changes_nothing_until_it_concludes(
    server: Server, world: World, walker: Walker
):
    await walker.fill_in()
    await submitted(server, world)
    await walker.move(world.coordinator, "accept")
    await walker.convene()
    await walker.move(world.coordinator, "schedule_mdt")
    await walker.meet()
    await walker.move(world.coordinator, "decide_mdt")
    await walker.send_images()
    await walker.convene()
    assert len(await walker.listed(world.coordinator, "/mdt")) == 2
    assert await walker.move(world.lead_guide, "begin_planning") == "planning"
