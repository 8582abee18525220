"""The papers of a case, composed from its records."""

import hashlib
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.guidance.commands import advice, done
from tests.integration.test_gateway_api import Door, Ear, announce, machine
from tests.integration.workflow.walk import SHEETS, Walker, value_of
from tests.support.pdf_text import pdf_text
from tests.support.server import Server
from tests.support.world import PASSWORD, Person, World

from tongtai.core.checklists import Sheet
from tongtai.features.accounts.model import Role
from tongtai.features.gateways.ports import GatewayLinks
from tongtai.infra.settings import Settings

FONTS = Path("web/node_modules/@expo-google-fonts/noto-sans-sc")
# Kind, subject, language, and words that its record holds; the first is the paper's own title.
PAPERS = [
    ("centre", "opinion", "", "zh", ["远程会诊意见书", "S8单发", "肝细胞癌", "责任主体：邀请方"]),
    ("centre", "opinion", "", "en", ["Opinionoftheconsultedexperts", "肝细胞癌"]),
    ("centre", "mdt_record", "", "zh", ["多学科讨论", "介入", "射频消融"]),
    ("site", "decision", "", "zh", ["邀请方诊疗决定", "采纳", "同意"]),
    ("site", "consent", "surgery", "zh", ["手术知情同意书", "患者本人", "日期：年月日"]),
    ("site", "safety_checklist", "", "zh", ["手术安全核查表", "手术室护士"]),
    ("site", "safety_checklist", "", "en", ["Surgicalsafetychecklist"]),
    (
        "site",
        "referral",
        "",
        "zh",
        [
            "远程会诊申请单",
            "请求远程指导",
            "血小板",
            "责任主体：邀请方",
            "计算评分",
            "Child-Pugh",
            "公式：胆红素<2",
            "出处：PughRNH",
        ],
    ),
    (
        "site",
        "referral",
        "",
        "en",
        [
            "Requestforremoteconsultation",
            "Platelets",
            "Computedscores",
            "Formula:bilirubin<2",
            "Source:PughRNH",
        ],
    ),
]


@pytest.fixture(autouse=True)
def fonts(settings: Settings) -> None:
    folder = settings.web_dist / "fonts"
    folder.mkdir(parents=True)
    for face in ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf"):
        shutil.copy(FONTS / face, folder)


async def paper(server: Server, world: World, who: Person, **body: str) -> tuple[dict, str]:
    documents = f"/api/cases/{world.case.id}/documents"
    async with server.sign_in(who) as browser:
        made = await browser.post(documents, json=body)
        assert made.status_code == 201, made.text
        pdf = (await browser.get(f"{documents}/{made.json()['id']}/pdf")).content
    return made.json(), "".join(pdf_text(pdf).split())


async def test_f17_f18_f19_papers_say_what_the_records_say(server: Server, world: World):
    walker = Walker(server, world)
    await walker.to_ready()
    for sheet in (Sheet.SIGN_IN, Sheet.TIME_OUT, Sheet.SIGN_OUT):
        await walker.check(sheet)
    makers = {"centre": world.lead_guide, "site": world.attending}
    ids = {}
    for side, kind, subject, language, told in PAPERS:
        who = world.operator if kind == "safety_checklist" else makers[side]
        made, text = await paper(server, world, who, kind=kind, subject=subject, language=language)
        ids[kind] = made["id"]
        assert made["signers"], kind
        for words in told:
            assert words in text, (kind, words)
    documents = f"/api/cases/{world.case.id}/documents"
    async with server.sign_in(world.lead_guide) as browser:
        seen = {each["kind"] for each in (await browser.get(documents)).json()["documents"]}
        assert seen == {"opinion", "mdt_record", "decision", "referral"}, (
            "consent and checklists stay at the hospital"
        )
        hidden = await browser.get(f"{documents}/{ids['consent']}/pdf")
        assert hidden.json()["error"]["code"] == "document_not_found"
        foreign = await browser.post(documents, json={"kind": "decision"})
        assert foreign.json()["error"]["code"] == "document_not_yours"
    async with server.sign_in(world.attending) as browser:
        answer = await browser.post(f"{documents}/{ids['decision']}/sign", json={"password": PASSWORD})
        assert answer.json()["state"] == "issued"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", ["术前准备核查", "线路二上行实测：9.9Mbit/s", "实测9.9Mbit/s", "未达标", "继续的理由：仅作备用", "人工填写；未实测", "实测，网关Table1"]),
        ("en", ["UplinkB,measured:9.9Mbit/s", "missesthelimit", "wentonbecause:仅作备用", "answeredbyhand;notmeasured", "gatewayTable1"]),
    ],
)  # fmt: skip
async def test_the_printed_list_says_what_was_measured_and_what_went_on_against_it(
    server: Server, world: World, language: str, told: list[str]
):
    walker = Walker(server, world)
    await _measured(server, world)
    over = {"uplink_b_mbit_s": "仅作备用"}
    lines = ["uplink_a_mbit_s", "uplink_b_mbit_s"]
    body = {"version": 0, "lines": lines, "reasons": over}
    await walker.post(world.person(Role.NURSE), "/checklists/readiness/measured", body)
    rest = [line for line in SHEETS[Sheet.READINESS].asked_of("rfa") if line.key not in lines]
    people = {"nurse": world.person(Role.NURSE), "guide": world.lead_guide}
    for party, who in people.items():
        mine = {
            "nurse": [one for one in rest if not one.parties],
            "guide": [one for one in rest if one.parties],
        }
        sheets = await walker.listed(who, "/checklists")
        values = {line.key: value_of(line) for line in mine[party]}
        answers = {
            "version": sheets[0]["version"],
            "values": values,
            "reasons": {"recording_space_gb": "外接硬盘"},
        }
        await walker.post(who, "/checklists/readiness", answers, method="PATCH")
    for party, who in people.items():
        await walker.post(who, "/checklists/readiness/confirm", {"party": party})
    for each in (Sheet.SIGN_IN, Sheet.TIME_OUT, Sheet.SIGN_OUT):
        await walker.check(each)
    order = {"kind": "safety_checklist", "subject": "", "language": language}
    _, text = await paper(server, world, world.operator, **order)
    for words in told:
        assert words in text, (words, text[:3000])


async def _measured(server: Server, world: World) -> None:
    """A gateway has reported; its second line is too slow, and its disk is full."""
    server.container.services[GatewayLinks] = GatewayLinks(events=Ear(), media=Door())
    made = await announce(server, world)
    async with machine(server, made["code"]) as gateway:
        status = {"feeds": [], "clock_offset_ms": 3, "disk_free_bytes": 1}
        await gateway.post("/api/gateway/status", json=status)
        names = (("telecom", 38.0), ("unicom", 9.9))
        links = [{"name": name, "rtt_ms": 9, "up_mbit_s": rate, "down_mbit_s": 9} for name, rate in names]
        await gateway.put("/api/gateway/links", json={"links": links})


@pytest.mark.parametrize(
    ("kind", "who", "missing"),
    [
        ("opinion", Role.LEAD_GUIDE, "opinion_missing"),
        ("mdt_record", Role.LEAD_GUIDE, "mdt_not_concluded"),
        ("decision", Role.ATTENDING, "opinion_missing"),
        ("consent", Role.ATTENDING, "consent_missing"),
        ("safety_checklist", Role.OPERATOR, "sign_in"),
        ("referral", Role.ATTENDING, "item_reason"),
        ("operation_record", Role.OPERATOR, "session_ended"),
        ("follow_up", Role.ATTENDING, "follow_up_missing"),
    ],
)
async def test_a_paper_without_its_record_is_not_made(
    server: Server, world: World, kind: str, who: Role, missing: str
):
    person = world.person(who, "centre" if who is Role.LEAD_GUIDE else "own")
    async with server.sign_in(person) as browser:
        answer = await browser.post(f"/api/cases/{world.case.id}/documents", json={"kind": kind})
    assert answer.status_code == 409, answer.text
    assert missing in answer.json()["error"]["values"]["missing"]


ENGLISH = [
    ("centre", "mdt_record", ""),
    ("centre", "opinion", ""),
    ("site", "decision", ""),
    ("site", "referral", ""),
    ("operator", "safety_checklist", ""),
    *(("site", "consent", kind) for kind in ("telemedicine", "data_sharing", "surgery", "anaesthesia")),
]


def all_english(text: str) -> None:
    """People, houses and codes are named in English; times are local ones, which is said once."""
    for house in ("山城", "云岭"):
        assert house not in text
    codes = {code for code in re.findall(r"[a-z]{2,}(?:_[a-z]+)+", text) if not code.startswith("doc_")}
    # The world's people are called by their roles' codes.
    assert all(any(role.value in code for role in Role) for code in codes), codes
    assert re.findall(r"UTC.", text) == ["UTC+"]


async def test_english_papers_name_people_houses_and_codes_in_english(server: Server, world: World):
    walker = Walker(server, world)
    await walker.to_ready()
    for sheet in (Sheet.SIGN_IN, Sheet.TIME_OUT, Sheet.SIGN_OUT):
        await walker.check(sheet)
    makers = {"centre": world.lead_guide, "site": world.attending, "operator": world.operator}
    for side, kind, subject in ENGLISH:
        _, text = await paper(server, world, makers[side], kind=kind, subject=subject, language="en")
        all_english(text)


async def test_english_records_of_an_operation_name_them_in_english_too(server: Server, world: World):
    case_id = world.case.id
    async with server.sign_in(world.operator) as operator, server.sign_in(world.lead_guide) as lead:
        await done(operator, case_id, "session.opened")
        for step in ("positioning", "planning_scan"):
            await done(operator, case_id, "step.marked", {"step": step})
        await done(lead, case_id, "advice.given", advice())
        await done(operator, case_id, "advice.read_back", {"advice_id": "advice_1"})
        for needle in ("N10", "N2"):
            await done(operator, case_id, "needle.punctured", {"needle_id": needle})
            await done(operator, case_id, "needle.confirmed", {"needle_id": needle, "depth_mm": 82.0})
        started = {"run_id": "r1", "device": "G", "mode": "auto", "power_w": 60.0, "planned_s": 600.0}
        await done(operator, case_id, "energy.started", {"needle_id": "N2"} | started)
        stopped = {"run_id": "r1", "time_s": 500.0, "reason": "stop_called"}
        await done(operator, case_id, "energy.stopped", stopped)
        await done(operator, case_id, "session.closed", {"reason": "done"})
    _, operation = await paper(server, world, world.operator, kind="operation_record", language="en")
    _, guidance = await paper(server, world, world.lead_guide, kind="guidance_record", language="en")
    for text in (operation, guidance):
        all_english(text)
        assert "STOPcalled" in text
    assert operation.index("N2") < operation.index("N10"), "as people count"
    assert "needleN10·depth82mm" in guidance


async def test_the_operation_record_and_the_follow_up_say_what_was_written_down(server: Server, world: World):
    case_id = world.case.id
    async with server.sign_in(world.operator) as operator:
        await done(operator, case_id, "session.opened")
        await done(operator, case_id, "step.marked", {"step": "positioning"})
        async with server.sign_in(world.person(Role.ANAESTHETIST)) as anaesthetist:
            await done(anaesthetist, case_id, "vitals.taken", {"heart_rate_bpm": 72.0})
        await done(operator, case_id, "session.closed", {"reason": "结束"})
    today = server.container.clock.now().date()
    sizes = {"longest_mm": {"1": 23.0}, "viable_mm": {"1": 23.0}}
    baseline = {
        "examined_on": (today - timedelta(days=40)).isoformat(),
        "modality": "ct",
        "targets": [{"lesion_id": "1", "organ": "liver"}],
        **sizes,
    }
    after = {
        "examined_on": today.isoformat(),
        "modality": "ct",
        "longest_mm": {"1": 30.0},
        "viable_mm": {"1": 0.0},
        "complete_ablation": True,
    }
    async with server.sign_in(world.attending) as attending:
        for body in (baseline, after):
            answer = await attending.post(f"/api/cases/{case_id}/follow-up/assessments", json=body)
            assert answer.status_code == 201, answer.text
    made, text = await paper(server, world, world.operator, kind="operation_record")
    assert [one["role"] for one in made["signers"]] == ["operator"]
    for words in ("手术记录", "摆位", "哈希链完整", "生命体征", "心率72次/分"):
        assert words in text, words
    _, english = await paper(server, world, world.attending, kind="follow_up", language="en")
    # No enhancing tissue is left: complete by mRECIST; by RECIST 1.1 23 to 30 mm is a rise of 30 %: progressive.
    for words in ("Follow-uprecord", "mRECIST", "CR", "PD"):
        assert words in english, words


async def test_f20_the_bundle_holds_issued_papers_and_nothing_that_only_the_hospital_reads(
    server: Server, world: World
):
    walker = Walker(server, world)
    await walker.to_ready()
    made, _ = await paper(server, world, world.attending, kind="decision")
    documents = f"/api/cases/{world.case.id}/documents"
    async with server.sign_in(world.attending) as browser:
        signed = await browser.post(f"{documents}/{made['id']}/sign", json={"password": PASSWORD})
        assert signed.json()["state"] == "issued"
        await browser.post(documents, json={"kind": "consent", "subject": "surgery"})
        bundle = (await browser.post(f"/api/cases/{world.case.id}/archive", json={})).json()
        issued = (await browser.get(f"{documents}/{made['id']}/pdf")).content
    names = {part["name"]: part for part in bundle["parts"]}
    name = f"papers/decision-{made['id']}.pdf"
    assert [one for one in names if one.startswith("papers/")] == [name], (
        "drafts and the hospital's own stay out"
    )
    url = f"/api/cases/{world.case.id}/archive/bundles/{bundle['id']}/parts"
    async with server.sign_in(world.lead_guide) as browser:
        content = (await browser.get(f"{url}/{name}")).content
        assert content == issued
        assert hashlib.sha256(content).hexdigest() == names[name]["sha256"]
        intake = (await browser.get(f"{url}/intake.json")).json()
        consents = (await browser.get(f"{url}/consents.json")).json()
    assert not {"phone", "next_of_kin", "id_last4"} & set(intake["answers"])
    assert "platelets" in intake["answers"]
    assert consents
    assert all("signer_name" not in one for one in consents)
