"""The record of a session, for machines and for people."""

import shutil
from pathlib import Path

import pytest
from tests.integration.guidance.commands import advice, done, guide, refused
from tests.support.databases import REFUSALS, opened_by_hand, vandal
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.accounts.model import Role
from tongtai.features.guidance.schemas.report import report_of
from tongtai.features.guidance.schemas.snapshot import SessionExport
from tongtai.infra.settings import Settings

FONTS = Path("web/node_modules/@expo-google-fonts/noto-sans-sc")


async def a_session(server: Server, world: World) -> str:
    case = world.case.id
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as lead:
        await done(site, case, "session.opened")
        await done(lead, case, "advice.given", advice(text="向头侧 5°"))
        await done(site, case, "advice.declined", {"advice_id": "advice_1", "reason": "已避开血管"})
    return case


async def test_the_json_is_whole_and_proves_it(server: Server, world: World) -> None:
    case = await a_session(server, world)
    async with server.sign_in(guide(world)) as lead:
        export = (await lead.get(f"/api/sessions/{case}/export.json")).json()
    assert export["chain_intact"]
    assert [event["seq"] for event in export["events"]] == [1, 2, 3, 4]
    assert export["case"]["patient"]["name"] == "王**"
    assert export["state"]["advice"][0]["reason"] == "已避开血管"


async def test_an_event_that_somebody_changed_is_named(
    server: Server, world: World, settings: Settings
) -> None:
    case = await a_session(server, world)
    for change in ("UPDATE guidance_events SET payload = '{}' WHERE seq = 3", "DELETE FROM guidance_events"):
        with (
            opened_by_hand(settings.database_url) as database,
            pytest.raises(REFUSALS, match="append-only"),
        ):
            database.execute(change)
    with vandal(settings.database_url) as database:
        database.execute("UPDATE guidance_events SET payload = replace(payload, '5', '9') WHERE seq = 3")
    async with server.sign_in(guide(world)) as lead:
        export = (await lead.get(f"/api/sessions/{case}/export.json")).json()
    assert not export["chain_intact"]
    assert export["fault"] == {"seq": 3, "reason": "content"}


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_pdf_is_typeset_in_both_languages(
    server: Server, world: World, settings: Settings, language: str
) -> None:
    case = await a_session(server, world)
    fonts = settings.web_dist / "fonts"
    fonts.mkdir(parents=True)
    for face in ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf"):
        shutil.copy(FONTS / face, fonts)
    async with server.sign_in(guide(world)) as lead:
        answer = await lead.get(f"/api/sessions/{case}/export.pdf?lang={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert b"NotoSansSC" in answer.content


async def test_who_left_is_named_as_at_the_joining(server: Server, world: World) -> None:
    case = await a_session(server, world)
    async with server.sign_in(guide(world)) as lead:
        export = (await lead.get(f"/api/sessions/{case}/export.json")).json()
    told = [
        ("participant.joined", {"identity": "user_9", "name": "周映"}),
        ("participant.left", {"identity": "user_9"}),
        ("participant.left", {"identity": "never_seen"}),
    ]
    export["events"] = [export["events"][0] | {"type": kind, "payload": payload} for kind, payload in told]
    rows = report_of(SessionExport.model_validate(export), "en")["events"]
    assert [row[-1] for row in rows] == ["周映", "周映", ""]


async def test_without_fonts_the_pdf_says_what_to_do(server: Server, world: World) -> None:
    case = await a_session(server, world)
    async with server.sign_in(guide(world)) as lead:
        refused(await lead.get(f"/api/sessions/{case}/export.pdf"), 503, "report_font_missing")


async def test_a_nurse_takes_no_record_away(server: Server, world: World) -> None:
    case = await a_session(server, world)
    async with server.sign_in(world.person(Role.NURSE)) as nurse:
        for name in ("export.json", "export.pdf"):
            refused(await nurse.get(f"/api/sessions/{case}/{name}"), 403, "forbidden")
