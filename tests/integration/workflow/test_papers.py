"""The papers of a case, composed from its records."""

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.guidance.commands import done
from tests.integration.workflow.walk import Walker
from tests.support.pdf_text import pdf_text
from tests.support.server import Server
from tests.support.world import PASSWORD, Person, World

from tongtai.core.checklists import Sheet
from tongtai.features.accounts.model import Role
from tongtai.infra.settings import Settings

FONTS = Path("web/node_modules/@expo-google-fonts/noto-sans-sc")
# Kind, subject, language, and words that its record holds; the first is the paper's own title.
PAPERS = [
    ("centre", "opinion", "", "zh", ["远程会诊意见书", "S8单发", "肝细胞癌", "责任主体：邀请方"]),
    ("centre", "opinion", "", "en", ["Opinionoftheconsultedexperts", "肝细胞癌"]),
    ("centre", "mdt_record", "", "zh", ["多学科讨论", "介入", "射频消融"]),
    ("site", "decision", "", "zh", ["邀请方诊疗决定", "采纳", "同意"]),
    ("site", "consent", "surgery", "zh", ["知情同意书", "手术", "患者本人"]),
    ("site", "safety_checklist", "", "zh", ["手术安全核查表", "手术室护士"]),
    ("site", "safety_checklist", "", "en", ["Surgicalsafetychecklist"]),
    ("site", "referral", "", "zh", ["远程会诊申请单", "请求远程指导", "血小板", "责任主体：邀请方"]),
    ("site", "referral", "", "en", ["Requestforremoteconsultation", "Platelets"]),
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


async def test_the_operation_record_and_the_follow_up_say_what_was_written_down(server: Server, world: World):
    case_id = world.case.id
    async with server.sign_in(world.operator) as operator:
        await done(operator, case_id, "session.opened")
        await done(operator, case_id, "step.marked", {"step": "positioning"})
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
    for words in ("手术记录", "摆位", "哈希链完整"):
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
