"""Commands over HTTP: who may, what happens, and what is refused."""

import asyncio
from uuid import uuid4

import pytest
from tests.integration.guidance.commands import advice, done, guide, refused, send, stroke
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.accounts.model import Role


async def test_an_advice_is_given_read_back_accepted_and_done(server: Server, world: World) -> None:
    case = world.case.id
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as expert:
        opened = await done(site, case, "session.opened")
        assert [event["type"] for event in opened] == ["session.opened", "lead.assigned"]
        assert opened[1]["payload"]["user_id"] == guide(world).id
        await done(expert, case, "advice.given", advice())
        await done(site, case, "advice.read_back", {"advice_id": "advice_1"})
        await done(site, case, "advice.accepted", {"advice_id": "advice_1"})
        await done(site, case, "advice.done", {"advice_id": "advice_1"})
        snapshot = (await expert.get(f"/api/sessions/{case}")).json()
        assert [a["status"] for a in snapshot["state"]["advice"]] == ["done"]
        assert snapshot["case"]["patient"]["name"] == "王**"


async def test_only_the_operator_answers(server: Server, world: World) -> None:
    case = world.case.id
    nurse = world.person(Role.NURSE)
    async with (
        server.sign_in(world.operator) as site,
        server.sign_in(guide(world)) as expert,
        server.sign_in(nurse) as table,
    ):
        await done(site, case, "session.opened")
        await done(expert, case, "advice.given", advice())
        answer = {"advice_id": "advice_1"}
        refused(await send(expert, case, "advice.accepted", answer), 403, "forbidden")
        refused(await send(table, case, "advice.accepted", answer), 403, "forbidden")
        refused(await send(site, case, "advice.given", advice("advice_2")), 403, "forbidden")
        refused(await send(site, case, "advice.declined", answer), 422, "invalid_request")


async def test_stop_pauses_until_the_operator_resumes(server: Server, world: World) -> None:
    case = world.case.id
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as expert:
        await done(site, case, "session.opened")
        await done(expert, case, "advice.given", advice("stop_1", "stop", "停"))
        replaced = {"advice_id": "stop_1", "by": "advice_9"}
        refused(await send(expert, case, "advice.superseded", replaced), 409, "transition_refused")
        await done(site, case, "advice.accepted", {"advice_id": "stop_1"})
        assert (await site.get(f"/api/sessions/{case}")).json()["state"]["paused"]
        refused(await send(expert, case, "session.resumed"), 403, "forbidden")
        await done(site, case, "session.resumed")
        state = (await site.get(f"/api/sessions/{case}")).json()["state"]
        assert not state["paused"]
        assert state["advice"][0]["status"] == "done"


async def test_the_same_command_twice_is_done_once(server: Server, world: World) -> None:
    case = world.case.id
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as expert:
        body = {"id": str(uuid4()), "type": "session.opened", "payload": {}}
        url = f"/api/sessions/{case}/commands"
        answers = await asyncio.gather(*(site.post(url, json=body) for _ in range(5)))
        assert all(answer.json() == answers[0].json() for answer in answers)
        assert len((await site.get(f"/api/sessions/{case}/events")).json()) == 2
        mark = {"id": str(uuid4()), "type": "mark.added", "payload": {"text": "A"}}
        await site.post(url, json=mark)
        refused(await expert.post(url, json=mark), 409, "command_id_reused")


async def test_two_experts_draw_and_advise_at_the_same_time(server: Server, world: World) -> None:
    case = world.case.id
    backup = guide(world, Role.BACKUP_GUIDE)
    async with (
        server.sign_in(world.operator) as site,
        server.sign_in(guide(world)) as lead,
        server.sign_in(backup) as second,
    ):
        await done(site, case, "session.opened")
        await asyncio.gather(
            *(done(lead, case, "draw.added", stroke(f"lead_{n}")) for n in range(20)),
            *(done(second, case, "draw.added", stroke(f"second_{n}")) for n in range(20)),
            done(lead, case, "advice.given", advice("advice_lead")),
            done(second, case, "advice.given", advice("advice_second")),
        )
        events = (await site.get(f"/api/sessions/{case}/events")).json()
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        state = (await site.get(f"/api/sessions/{case}")).json()["state"]
        assert len(state["strokes"]) == 40
        assert {a["advice_id"] for a in state["advice"]} == {"advice_lead", "advice_second"}
        surface = {"surface": {"kind": "feed", "feed": "ultrasound"}, "mine_only": True}
        await done(lead, case, "draw.cleared", surface)
        state = (await site.get(f"/api/sessions/{case}")).json()["state"]
        assert {s["by_id"] for s in state["strokes"]} == {backup.id}
        refused(await send(lead, case, "draw.undone", {"stroke_id": "second_1"}), 404, "stroke_not_found")


async def test_a_site_clock_that_is_an_hour_wrong_changes_no_order(server: Server, world: World) -> None:
    case, hour_ms = world.case.id, 3_600_000
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as expert:
        await done(site, case, "session.opened")
        now_ms = int(server.container.clock.now().timestamp() * 1000)
        [marked] = await done(
            site,
            case,
            "step.marked",
            {"step": "positioning"},
            t_site_ms=now_ms - hour_ms,
            clock_offset_ms=-hour_ms,
        )
        [given] = await done(expert, case, "advice.given", advice())
    assert abs(marked["t_server_ms"] - now_ms) < 60_000
    assert marked["t_site_ms"] == now_ms - hour_ms
    assert marked["clock_offset_ms"] == -hour_ms
    assert given["t_server_ms"] >= marked["t_server_ms"]


async def test_a_hospital_cannot_touch_another_ones_session(server: Server, world: World) -> None:
    other = world.other_case.id
    async with server.sign_in(world.operator) as site:
        for answer in (
            await site.get(f"/api/sessions/{other}"),
            await site.get(f"/api/sessions/{other}/events"),
            await site.get(f"/api/sessions/{other}/export.json"),
            await site.post(f"/api/sessions/{other}/join"),
            await send(site, other, "mark.added", {"text": "x"}),
        ):
            refused(answer, 404, "case_not_found")
        listed = (await site.get("/api/sessions")).json()
        assert [snapshot["case"]["id"] for snapshot in listed] == [world.case.id]


async def test_handover_is_offered_by_the_lead_and_taken_by_the_backup(server: Server, world: World) -> None:
    case, backup = world.case.id, guide(world, Role.BACKUP_GUIDE)
    async with (
        server.sign_in(world.operator) as site,
        server.sign_in(guide(world)) as lead,
        server.sign_in(backup) as second,
    ):
        await done(site, case, "session.opened")
        offer = {"to_user_id": backup.id}
        refused(await send(second, case, "handover.offered", offer), 409, "not_your_turn")
        [offered] = await done(lead, case, "handover.offered", offer)
        assert offered["payload"]["to_name"]
        refused(await send(lead, case, "handover.accepted"), 409, "not_your_turn")
        await done(second, case, "handover.accepted")
        state = (await site.get(f"/api/sessions/{case}")).json()["state"]
        assert (state["lead_guide_id"], state["handover"]) == (backup.id, None)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("draw.added", stroke() | {"points": [[float("1e9"), 0]]}),
        ("draw.added", stroke() | {"colour": "red; background: url(x)"}),
        ("picture.frozen", {"freeze_id": "f", "feed": "ultrasound", "jpeg_data_url": "data:text/html;x"}),
        ("step.marked", {"step": "lunch"}),
        ("ct.push_finished", {"push_id": "p"}),
        ("member.revoked", {"user_id": "u"}),
        ("mark.added", {"text": " "}),
        ("mark.added", {"text": "a", "seq": 7}),
    ],
)
async def test_a_malformed_command_is_refused(
    server: Server, world: World, kind: str, payload: dict[str, object]
) -> None:
    async with server.sign_in(world.operator) as site:
        await done(site, world.case.id, "session.opened")
        refused(await send(site, world.case.id, kind, payload), 422, "invalid_request")


async def test_nothing_happens_before_the_session_is_open(server: Server, world: World) -> None:
    async with server.sign_in(world.operator) as site:
        refused(
            await send(site, world.case.id, "step.marked", {"step": "positioning"}),
            409,
            "session_not_open",
        )
