"""Impact assessments through the whole server and the deployment's check."""

import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.integration.test_doctor import examined, migrated, sound
from tests.support.server import Server, SteppedClock
from tests.support.world import Inhabited, Person, World
from tests.unit.privacy.test_assessments import WHOLE

from tongtai.entrypoints.demo.seed import seed
from tongtai.features.accounts.model import Role
from tongtai.features.privacy.model import Standing, standing
from tongtai.features.privacy.sql import SqlPrivacy, unassessed
from tongtai.infra.container import Container

__all__ = ["migrated", "sound"]

SHA256 = "ab" * 32


async def _ask(server: Server, who: Person, method: str, path: str, json: object = None) -> httpx2.Response:
    async with server.sign_in(who) as browser:
        return await browser.request(method, f"/api/privacy{path}", json=json)


async def _assessed(server: Server, author: Person, approver: Person) -> dict[str, Any]:
    values = WHOLE | {"assessed_on": server.container.clock.now().date().isoformat()}
    body = {"values": values, "file_name": "评估报告.pdf", "file_sha256": SHA256}
    draft = await _ask(server, author, "POST", "/assessments", body)
    assert draft.status_code == 201, draft.text
    url = f"/assessments/{draft.json()['id']}/approve"
    approved = await _ask(server, approver, "POST", url, {"version": draft.json()["version"]})
    assert approved.status_code == 200, approved.text
    found: dict[str, Any] = approved.json()
    return found


async def _deployment(server: Server) -> httpx2.Response:
    async with server.browser() as browser:
        return await browser.get("/deploymentz")


async def test_f43_written_by_one_approved_by_another_kept_for_three_years(server: Server, world: World):
    clock, author = server.stop_clock(), world.person(Role.ADMINISTRATOR)
    office, other = world.person(Role.MEDICAL_AFFAIRS), world.person(Role.ADMINISTRATOR, "other")
    assert (await _ask(server, author, "GET", "")).json()["standing"] == "missing"
    draft = (await _ask(server, author, "POST", "/assessments", {"values": {"purpose": "远程指导"}})).json()
    url = f"/assessments/{draft['id']}"
    refused = (await _ask(server, author, "POST", f"{url}/approve", {"version": 1})).json()["error"]
    codes = {one["code"] for one in refused["values"]["lacks"]}
    assert codes == {"record_field_missing", "own_assessment"}
    whole = {"values": WHOLE, "version": 1, "file_name": "评估报告.pdf", "file_sha256": SHA256}
    whole["values"] = WHOLE | {"assessed_on": clock.now().date().isoformat()}
    assert (await _ask(server, other, "PUT", url, whole)).status_code == 404
    assert (await _ask(server, author, "PUT", url, whole)).status_code == 200
    assert (await _ask(server, author, "PUT", url, whole)).json()["error"][
        "code"
    ] == "impact_assessment_changed"
    approved = await _ask(server, office, "POST", f"{url}/approve", {"version": 2})
    assert (approved.status_code, approved.json()["file_sha256"]) == (200, SHA256)
    assert (await _ask(server, author, "GET", "")).json()["standing"] == "current"
    assert (await _ask(server, author, "PUT", url, {**whole, "version": 3})).status_code == 409
    await _kept(server, clock, author, url)


async def _kept(server: Server, clock: SteppedClock, author: Person, url: str) -> None:
    # Nobody deletes it before its time, whoever asks.
    clock.advance(days=3 * 365)
    assert (await _ask(server, author, "DELETE", url)).json()["error"]["code"] == "record_kept"
    clock.advance(days=3)
    assert (await _ask(server, author, "DELETE", url)).status_code == 204


async def test_f43_the_deployment_fails_until_everybody_has_one_newer_than_their_last_change(
    server: Server, world: World
):
    clock = server.stop_clock()
    answer = await _deployment(server)
    assert (answer.status_code, answer.json()["checks"]["impact_assessments"]["detail"][:6]) == (
        503,
        "3 of 3",
    )
    for where in ("own", "other", "centre"):
        second = Role.QUALITY_CONTROL
        await _assessed(server, world.person(Role.ADMINISTRATOR, where), world.person(second, where))
    assert (await _deployment(server)).json()["ready"] is True
    clock.advance(days=40)
    office = world.person(Role.ADMINISTRATOR)
    change = {"changed_on": clock.now().date().isoformat(), "text": "开放教学直播"}
    assert (await _ask(server, office, "POST", "/purposes", change)).status_code == 201
    assert (await _ask(server, office, "GET", "")).json()["standing"] == "outdated"
    answer = await _deployment(server)
    assert (answer.status_code, answer.json()["checks"]["impact_assessments"]["detail"][:6]) == (
        503,
        "1 of 3",
    )
    assert world.hospitals[0].name not in answer.text
    clock.advance(minutes=1)
    await _assessed(server, office, world.person(Role.MEDICAL_AFFAIRS))
    assert (await _deployment(server)).status_code == 200
    # The check's query and the rule say the same.
    async with server.container.database.transaction() as session:
        store, institution = SqlPrivacy(session), world.hospitals[0].id
        changes, assessments = await store.changes(institution), await store.assessments(institution)
        assert standing(changes, assessments) is Standing.CURRENT
        assert await unassessed(session) == ([], 3)


async def test_f43_the_demonstration_has_its_own_and_says_so(server: Server):
    container: Container = server.container
    assert await seed(container) is not None
    assert (await _deployment(server)).status_code == 200
    async with container.database.transaction() as session:
        assert (await unassessed(session))[1] == 4


@pytest.mark.sqlite
def test_f43_the_doctor_names_who_has_none(sound: Path, inhabited: Inhabited) -> None:
    shutil.copy(inhabited.data / "tongtai.sqlite3", sound / "tongtai.sqlite3")
    code, broken = examined(sound)
    assert code == 1
    (found,) = broken
    assert all(one.name in found for one in (*inhabited.world.hospitals, inhabited.world.centre))
    assert "a second person there approves it" in found
