"""Quality control through the whole server: draw, review, finding, mended, confirmed by somebody else."""

from datetime import datetime, timedelta
from typing import Any

import httpx2
from tests.support.server import Server
from tests.support.world import PASSWORD, Person, World

from tongtai.core.case_review import sampled
from tongtai.features.accounts.api import account_service
from tongtai.features.accounts.model import Role
from tongtai.features.accounts.service import NewUser
from tongtai.features.cases.sql.rows import CaseRow, CaseTeamRow
from tongtai.features.quality.sql import SqlReviews
from tongtai.features.quality.tasks import look_at_findings
from tongtai.features.workflow.sql import MoveRow, WorkflowRow
from tongtai.formats.review_points import packaged_points

MET = {point.key: "met" for point in packaged_points()}


async def _close(server: Server, world: World, count: int, at: datetime) -> None:
    """So many closed cases like the first hospital's, as the workflow leaves them."""
    async with server.container.database.transaction() as session:
        case = await session.get_one(CaseRow, world.case.id)
        columns = {column.key: getattr(case, column.key) for column in CaseRow.__table__.columns}
        for number in range(count):
            case_id = f"case_closed_{at:%H%M}_{number}"
            session.add(CaseRow(**columns | {"id": case_id, "number": f"T-{at:%H%M}-{number}"}))
            await session.flush()
            session.add(
                WorkflowRow(
                    case_id=case_id,
                    state="archived",
                    entered_at=at,
                    began_at=at,
                    service_type="consultation",
                    urgent=False,
                    legal="normal",
                    returns=0,
                    version=3,
                )
            )
            await session.flush()
            for seq, after in enumerate(("closed", "archived"), start=1):
                session.add(
                    MoveRow(
                        case_id=case_id,
                        seq=seq,
                        at=at,
                        act=after,
                        before=None,
                        after=after,
                        mover_json="{}",
                        reason="",
                        values_json="{}",
                        prev_hash="",
                        hash=f"{case_id}{seq}",
                    )
                )


async def _colleague(server: Server, world: World) -> Person:
    """A second person of quality control of the first hospital."""
    async with server.container.database.transaction() as session:
        user, _ = await account_service(server.container, session).create(
            NewUser(
                login="own.quality2",
                display_name="质控二",
                display_name_en="Second of quality control",
                institution_id=world.hospitals[0].id,
                roles=frozenset({Role.QUALITY_CONTROL}),
            ),
            password=PASSWORD,
        )
    return Person(user.id, user.login, user.institution_id, Role.QUALITY_CONTROL)


async def _ask(server: Server, who: Person, method: str, path: str, json: object = None) -> httpx2.Response:
    async with server.sign_in(who) as browser:
        return await browser.request(method, f"/api/quality{path}", json=json)


async def _done(server: Server, who: Person, method: str, path: str, json: object = None) -> Any:
    answer = await _ask(server, who, method, path, json)
    assert answer.status_code < 300, answer.text
    return answer.json()


async def test_f28_one_in_ten_is_drawn_and_anybody_with_the_seed_draws_the_same(server: Server, world: World):
    clock, quality = server.stop_clock(), world.person(Role.QUALITY_CONTROL)
    assert (await _ask(server, quality, "POST", "/reviews/draws")).json()["error"][
        "code"
    ] == "nothing_to_draw"
    await _close(server, world, 25, clock.now())
    draw = await _done(server, quality, "POST", "/reviews/draws")
    assert (draw["percent"], draw["population"], draw["drawn"], draw["number"]) == (10, 25, 3, 1)
    queue = await _done(server, quality, "GET", "/reviews")
    async with server.container.database.transaction() as session:
        closed = await SqlReviews(session).closed(
            world.hospitals[0].id,
            after=datetime.fromisoformat(draw["since"]),
            until=datetime.fromisoformat(draw["until"]),
        )
    again = sampled([one.case_id for one in closed], seed=draw["seed"], percent=draw["percent"])
    assert {one["case_id"] for one in queue} == set(again)
    # A case has its chance once; the next draw takes what was closed since, by the house's own share.
    assert (await _ask(server, quality, "POST", "/reviews/draws")).status_code == 409
    clock.advance(hours=1)
    await _close(server, world, 4, clock.now())
    rule = {"value": 50, "reason": "加强抽查", "number": 0}
    async with server.sign_in(world.person(Role.ADMINISTRATOR)) as browser:
        assert (await browser.put("/api/policies/review_percent", json=rule)).status_code == 200
    second = await _done(server, quality, "POST", "/reviews/draws")
    assert (second["population"], second["drawn"]) == (4, 2)
    # The centre draws for itself, and the other hospital has nothing to draw from.
    centre = await _done(server, world.person(Role.QUALITY_CONTROL, "centre"), "POST", "/reviews/draws")
    assert centre["population"] == 29
    other = world.person(Role.QUALITY_CONTROL, "other")
    assert (await _ask(server, other, "POST", "/reviews/draws")).status_code == 409
    assert await _done(server, other, "GET", "/reviews") == []


async def test_f28_a_finding_is_mended_and_confirmed_by_somebody_else(server: Server, world: World):
    clock, quality, doctor = server.stop_clock(), world.person(Role.QUALITY_CONTROL), world.attending
    await _close(server, world, 1, clock.now())
    await _done(server, quality, "POST", "/reviews/draws")
    (review,) = await _done(server, quality, "GET", "/reviews")
    url, body = f"/reviews/{review['id']}", {"version": 1, "verdicts": MET | {"consents": "finding"}}
    refused = (await _ask(server, quality, "POST", url, body)).json()["error"]
    assert [one["code"] for one in refused["values"]["lacks"]] == ["finding_text_missing"]
    body["findings"] = [{"point": "consents", "grade": "major", "text": "=知情同意书缺费用说明"}]
    await _done(server, quality, "POST", url, body)
    assert (await _ask(server, quality, "POST", url, body)).status_code == 409
    (finding,) = await _done(server, quality, "GET", "/findings")
    assert (finding["state"], finding["grade"], finding["overdue"]) == ("open", "major", False)

    async def act(who: Person, name: str, version: int, **more: object) -> httpx2.Response:
        asked = {"act": name, "version": version, "text": "补签并培训", **more}
        return await _ask(server, who, "POST", f"/findings/{finding['id']}/acts", asked)

    due = (clock.now() + timedelta(days=7)).date().isoformat()
    stranger = {"responsible_id": world.lead_guide.id, "due_on": due}
    assert (await act(quality, "assign", 1, **stranger)).status_code == 409
    assert (await act(quality, "assign", 1, responsible_id=doctor.id, due_on=due)).status_code == 200
    assert [one["id"] for one in await _done(server, doctor, "GET", "/findings/mine")] == [finding["id"]]
    clock.advance(days=8)
    assert [one["overdue"] for one in await _done(server, quality, "GET", "/findings")] == [True]
    assert (await act(world.operator, "finish", 2)).status_code == 403
    assert (await act(doctor, "finish", 1)).json()["error"]["code"] == "review_changed"
    assert (await act(doctor, "finish", 2)).status_code == 200
    assert (await act(doctor, "confirm", 3)).status_code == 403
    assert (await act(quality, "send_back", 3)).status_code == 200
    # Quality control reports for the doctor: then it is the other one's to confirm.
    assert (await act(quality, "finish", 4)).status_code == 200
    assert (await act(quality, "confirm", 5)).json()["error"]["values"]["reason"] == "own_work"
    confirmed = await act(await _colleague(server, world), "confirm", 5)
    assert confirmed.json()["state"] == "confirmed"
    acts = [one["act"] for one in confirmed.json()["steps"]]
    assert acts == ["assign", "finish", "send_back", "finish", "confirm"]
    assert (await _ask(server, world.person(Role.QUALITY_CONTROL, "other"), "GET", "/findings")).json() == []
    await _exported(server, quality, finding["case_number"])


class _Desk:
    """A finding that the doctor is to mend within two days, and who is called for it."""

    def __init__(self, server: Server, world: World) -> None:
        self.server, self.quality, self.doctor = server, world.person(Role.QUALITY_CONTROL), world.attending
        self.id = ""

    async def assign(self, world: World, now: datetime) -> None:
        await _close(self.server, world, 1, now)
        await _done(self.server, self.quality, "POST", "/reviews/draws")
        (review,) = await _done(self.server, self.quality, "GET", "/reviews")
        found = {"point": "consents", "grade": "major", "text": "知情同意书缺费用说明"}
        body = {"version": 1, "verdicts": MET | {"consents": "finding"}, "findings": [found]}
        await _done(self.server, self.quality, "POST", f"/reviews/{review['id']}", body)
        (finding,) = await _done(self.server, self.quality, "GET", "/findings")
        self.id = finding["id"]
        due = (now.date() + timedelta(days=2)).isoformat()
        await self.act(self.quality, "assign", 1, responsible_id=self.doctor.id, due_on=due)

    async def act(self, who: Person, name: str, version: int, **more: object) -> None:
        asked = {"act": name, "version": version, "text": "补签并培训", **more}
        answer = await _ask(self.server, who, "POST", f"/findings/{self.id}/acts", asked)
        assert answer.status_code == 200, answer.text

    async def told(self, who: Person) -> list[tuple[str, int]]:
        async with self.server.sign_in(who) as browser:
            notices = (await browser.get("/api/workflow/notices")).json()
        return [(one["finding_id"], one["level"]) for one in notices if one["code"] == "finding_overdue"]

    async def looked(self) -> list[int]:
        # A server that was started anew knows nothing but the database: a call is made once all the same.
        return [one.level for one in await look_at_findings(self.server.container)]


async def test_f28_a_finding_that_runs_over_calls_who_must_act_once_and_then_others(
    server: Server, world: World
):
    clock, desk = server.stop_clock(), _Desk(server, world)
    await desk.assign(world, clock.now())
    clock.advance(days=2)
    assert (await desk.looked(), await desk.told(desk.doctor)) == ([], []), (
        "the day itself is still to be used"
    )
    clock.advance(days=1)
    assert (await desk.looked(), await desk.looked()) == ([0], [])
    office = world.person(Role.ADMINISTRATOR)
    assert await desk.told(desk.doctor) == [(desk.id, 0)]
    others = [await desk.told(one) for one in (desk.quality, world.operator, office)]
    assert others == [[], [], []], "who is responsible is called, nobody else"
    clock.advance(days=1)
    assert (await desk.looked(), await desk.told(desk.quality)) == ([1], [(desk.id, 1)])
    clock.advance(days=6)
    assert (await desk.looked(), await desk.told(office)) == ([2], [(desk.id, 2)])
    assert await desk.told(world.person(Role.QUALITY_CONTROL, "other")) == []
    await desk.act(desk.doctor, "finish", 2)
    assert await desk.looked() == []
    await desk.act(desk.quality, "send_back", 3)
    assert await desk.looked() == [0, 1, 2], "sent back, its day is over anew"


async def test_a_call_of_one_person_is_seen_to_by_that_person_alone(server: Server, world: World):
    clock, desk = server.stop_clock(), _Desk(server, world)
    await desk.assign(world, clock.now())
    clock.advance(days=3)
    await desk.looked()
    async with server.sign_in(desk.doctor) as browser, server.sign_in(world.operator) as other:
        (mine,) = [one for one in (await browser.get("/api/workflow/notices")).json() if one["finding_id"]]
        read = f"/api/workflow/notices/{mine['id']}/read"
        assert (await other.post(read)).status_code == 404
        assert (await browser.post(read)).status_code < 300
    assert await desk.told(desk.doctor) == []


async def _exported(server: Server, quality: Person, number: str) -> None:
    table = (await _ask(server, quality, "GET", "/findings.csv")).text
    assert f"{number}," in table
    # Words that begin like a formula are none in a spreadsheet.
    assert ",'=知情同意书缺费用说明,confirmed," in table


async def test_f28_nobody_reviews_a_case_that_they_treated(server: Server, world: World):
    clock, quality = server.stop_clock(), world.person(Role.QUALITY_CONTROL)
    await _close(server, world, 1, clock.now())
    await _done(server, quality, "POST", "/reviews/draws")
    (review,) = await _done(server, quality, "GET", "/reviews")
    async with server.container.database.transaction() as session:
        session.add(CaseTeamRow(case_id=review["case_id"], user_id=quality.id, role="operator", place=0))
    refused = await _ask(server, quality, "POST", f"/reviews/{review['id']}", {"version": 1, "verdicts": MET})
    assert refused.json()["error"]["values"]["reason"] == "own_case"
