"""Documents of a case: made from what is known, signed by name, issued, checked."""

import asyncio
import re
import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.integration.guidance.commands import advice, done, guide, refused
from tests.support.databases import opened_by_hand
from tests.support.pdf_text import pdf_text
from tests.support.server import Server
from tests.support.world import PASSWORD, World

from tongtai.features.accounts.model import Role
from tongtai.formats.case_documents import CopyMark, marked_copy
from tongtai.infra.settings import Settings

FONTS = Path("web/node_modules/@expo-google-fonts/noto-sans-sc")


@pytest.fixture(autouse=True)
def fonts(settings: Settings) -> None:
    folder = settings.web_dist / "fonts"
    folder.mkdir(parents=True)
    for face in ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf"):
        shutil.copy(FONTS / face, folder)


async def guided(server: Server, world: World) -> str:
    """A session that has ended."""
    case = world.case.id
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as lead:
        await done(site, case, "session.opened")
        await done(lead, case, "advice.given", advice(text="向头侧 5°"))
        await done(site, case, "advice.declined", {"advice_id": "advice_1", "reason": "已避开血管"})
        await done(site, case, "session.closed", {"reason": "done"})
    return f"/api/cases/{case}/documents"


async def made(browser: httpx2.AsyncClient, documents: str, **body: Any) -> dict[str, Any]:
    answer = await browser.post(documents, json={"kind": "guidance_record"} | body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def signed(browser: httpx2.AsyncClient, place: str) -> dict[str, Any]:
    answer = await browser.post(f"{place}/sign", json={"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_f17_a_record_is_issued_by_the_last_of_its_signatures_and_a_changed_byte_shows(
    server: Server, world: World
):
    documents = await guided(server, world)
    async with server.sign_in(guide(world)) as lead, server.sign_in(world.operator) as site:
        draft = await made(lead, documents)
        place = f"{documents}/{draft['id']}"
        assert draft["state"] == "draft"
        assert [signer["role"] for signer in draft["signers"]] == ["lead_guide", "operator"]
        text = pdf_text((await lead.get(f"{place}/pdf")).content)
        assert "草稿" in text
        assert "已避开血管" in "".join(text.split())
        assert "王小明" not in text, "both sides read it: it shows what the case discloses"
        waiting = (await site.get("/api/documents/waiting")).json()["documents"]
        assert [each["id"] for each in waiting] == [draft["id"]]

        once = await signed(lead, place)
        assert once["state"] == "draft"
        issued = await signed(site, place)
        assert issued["state"] == "issued"
        assert (await site.get("/api/documents/waiting")).json()["documents"] == []

        pdf = (await site.get(f"{place}/pdf")).content
        checked = await check(site, pdf)
        assert (checked["good"], checked["known"], checked["same_bytes"]) == (True, "issued", True)
        assert [each["test_only"] for each in checked["signatures"]] == [True, True]
        assert checked["record_sha256"] == issued["record_sha256"]

        changed = bytearray(pdf)
        changed[_inside_a_stream(pdf)] ^= 1
        assert not (await check(site, bytes(changed)))["good"]

        # A signed paper is of a newer version of PDF than the others; it is copied like them.
        mark = CopyMark(across="复制件", foot="非原件", at=server.container.clock.now())
        copy = marked_copy(pdf, mark, fonts=server.container.settings.web_dist / "fonts")
        assert "复制件" in pdf_text(copy)


def _inside_a_stream(pdf: bytes) -> int:
    """A place in the longest stream, a font: the file stays readable, whatever byte is changed there."""
    streams = re.finditer(rb"\bstream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    longest = max(streams, key=lambda found: len(found[1]))
    return (longest.start(1) + longest.end(1)) // 2


async def check(browser: httpx2.AsyncClient, pdf: bytes) -> dict[str, Any]:
    answer = await browser.post(
        "/api/documents/check", content=pdf, headers={"content-type": "application/pdf"}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_nobody_signs_without_the_password_twice_or_in_anothers_place(server: Server, world: World):
    documents = await guided(server, world)
    async with server.sign_in(guide(world)) as lead, server.sign_in(world.attending) as attending:
        place = f"{documents}/{(await made(lead, documents))['id']}"
        refused(await lead.post(f"{place}/sign", json={"password": "wrong"}), 422, "password_wrong")
        refused(await attending.post(f"{place}/sign", json={"password": PASSWORD}), 403, "document_not_yours")
        await signed(lead, place)
        refused(await lead.post(f"{place}/sign", json={"password": PASSWORD}), 409, "document_state")


async def test_of_two_who_sign_at_once_neither_is_lost(server: Server, world: World):
    documents = await guided(server, world)
    async with server.sign_in(guide(world)) as lead, server.sign_in(world.operator) as site:
        place = f"{documents}/{(await made(lead, documents))['id']}"
        answers = await asyncio.gather(
            *(browser.post(f"{place}/sign", json={"password": PASSWORD}) for browser in (lead, site))
        )
        for browser, answer in zip((lead, site), answers, strict=True):
            if answer.status_code != 200:
                refused(answer, 409, "document_state")
                await signed(browser, place)
        (document,) = (await lead.get(documents)).json()["documents"]
        assert document["state"] == "issued"
        assert (await check(lead, (await lead.get(f"{place}/pdf")).content))["good"]


async def test_a_new_version_supersedes_the_issued_one_and_a_withdrawn_draft_nothing(
    server: Server, world: World
):
    documents = await guided(server, world)
    async with server.sign_in(guide(world)) as lead, server.sign_in(world.operator) as site:
        first = await made(lead, documents)
        for browser in (lead, site):
            await signed(browser, f"{documents}/{first['id']}")
        dropped = await made(lead, documents)
        await lead.post(f"{documents}/{dropped['id']}/withdraw")
        second = await made(lead, documents, language="en")
        for browser in (lead, site):
            await signed(browser, f"{documents}/{second['id']}")
        states = {each["version"]: each["state"] for each in (await lead.get(documents)).json()["documents"]}
    assert states == {1: "superseded", 2: "withdrawn", 3: "issued"}


async def test_what_is_missing_is_said(server: Server, world: World):
    documents = f"/api/cases/{world.case.id}/documents"
    async with server.sign_in(guide(world)) as lead:
        answer = await lead.post(documents, json={"kind": "guidance_record"})
        refused(answer, 409, "document_incomplete")
        assert answer.json()["error"]["values"]["missing"] == ["session_ended"]
        answer = await lead.post(documents, json={"kind": "plan_book"})
        assert answer.json()["error"]["values"]["missing"] == ["approved_plan"]


async def test_another_hospital_knows_nothing_of_it(server: Server, world: World):
    documents = await guided(server, world)
    async with server.sign_in(guide(world)) as lead:
        place = f"{documents}/{(await made(lead, documents))['id']}"
    async with server.sign_in(world.other_operator) as other:
        for answer in (
            await other.get(documents),
            await other.get(f"{place}/pdf"),
            await other.post(f"{place}/sign", json={"password": PASSWORD}),
        ):
            refused(answer, 404, "case_not_found")
        mine = f"/api/cases/{world.other_case.id}/documents/{place.rpartition('/')[2]}"
        refused(await other.get(f"{mine}/pdf"), 404, "document_not_found")


async def test_private_keys_are_sealed_and_the_authority_can_be_taken_along(
    server: Server, world: World, settings: Settings
):
    documents = await guided(server, world)
    async with server.sign_in(guide(world)) as lead:
        place = f"{documents}/{(await made(lead, documents))['id']}"
        await signed(lead, place)
        assert b"BEGIN CERTIFICATE" in (await lead.get("/api/documents/authority.pem")).content
        assert (await lead.get("/api/documents/authority.crl")).content[:1] == b"\x30"
    with opened_by_hand(settings.database_url) as database:
        rows = database.execute("SELECT subject, key_sealed FROM signing_keys").fetchall()
    assert {subject for subject, _ in rows} >= {"authority", "timestamps"}
    assert not any("PRIVATE KEY" in sealed for _, sealed in rows)


@pytest.mark.parametrize("content", [b"nothing", b"%PDF-1.7\n" + b"\x00" * 100])
async def test_what_is_no_pdf_is_refused(server: Server, world: World, content: bytes):
    async with server.sign_in(world.person(Role.NURSE)) as nurse:
        answer = await nurse.post(
            "/api/documents/check", content=content, headers={"content-type": "application/pdf"}
        )
    refused(answer, 422, "not_a_pdf")
