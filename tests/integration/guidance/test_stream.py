"""The stream of a real server: order, resumption, isolation, revocation, death."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest
from tests.contract.session_cases import state_json
from tests.integration.guidance.commands import advice, done, guide, stroke
from tests.integration.livekit_server import house, installed
from tests.support.processes import ClientConnection, Installation
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tongtai.features.accounts.model import Role
from tongtai.features.guidance.model import (
    Actor,
    ActorKind,
    Draft,
    Event,
    EventType,
    SessionState,
    Side,
)
from tongtai.features.guidance.service import EventWriter, States
from tongtai.features.guidance.service.context import SYSTEM
from tongtai.features.guidance.service.writer import Submission
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.infra.clock import SystemClock
from tongtai.infra.database import Database

__all__ = ["house", "installed"]


async def events_until(stream: ClientConnection, case_id: str, seq: int) -> list[dict[str, Any]]:
    """The events of a session that the stream brings, up to number ``seq``."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while not found or found[-1]["seq"] < seq:
            message = json.loads(await stream.recv())
            found += [e for e in message.get("events", []) if e["case_id"] == case_id]
    return found


def event_of(wire: dict[str, Any]) -> Event:
    """What a page does: the event from the wire."""
    actor = wire["actor"]
    side = Side(actor["side"]) if actor["side"] else None
    return Event(
        **{
            **wire,
            "type": EventType(wire["type"]),
            "actor": Actor(**{**actor, "kind": ActorKind(actor["kind"]), "side": side}),
        }
    )


def applied(state: SessionState, wires: list[dict[str, Any]]) -> SessionState:
    """The state after these events."""
    for wire in wires:
        state = state.apply(event_of(wire))
    return state


async def test_a_page_that_applied_the_events_equals_a_page_just_opened(
    installed: Installation,
) -> None:
    world = installed.world
    case = world.case.id
    backup = guide(world, Role.BACKUP_GUIDE)
    story: list[tuple[str, str, dict[str, Any]]] = [
        ("site", "session.opened", {}),
        ("site", "step.marked", {"step": "puncture", "note": "1"}),
        ("lead", "advice.given", advice("a1")),
        ("site", "advice.read_back", {"advice_id": "a1"}),
        ("site", "advice.accepted", {"advice_id": "a1"}),
        ("site", "advice.done", {"advice_id": "a1"}),
        ("lead", "advice.given", advice("a2")),
        ("site", "advice.declined", {"advice_id": "a2", "reason": "r"}),
        ("lead", "advice.given", advice("a3")),
        ("lead", "advice.given", advice("a4") | {"supersedes": "a3"}),
        ("lead", "advice.given", advice("a5", "stop")),
        ("site", "advice.accepted", {"advice_id": "a5"}),
        ("site", "session.resumed", {}),
        ("lead", "draw.added", stroke("s1")),
        ("backup", "draw.added", stroke("s2")),
        ("lead", "draw.undone", {"stroke_id": "s1"}),
        ("lead", "picture.frozen", {"freeze_id": "f1", "feed": "ultrasound"}),
        (
            "lead",
            "draw.added",
            stroke("s3") | {"surface": {"kind": "feed", "feed": "ultrasound", "frozen": "f1"}},
        ),
        ("lead", "picture.unfrozen", {"freeze_id": "f1"}),
        ("lead", "draw.cleared", {"surface": {"kind": "feed", "feed": "ultrasound"}, "mine_only": False}),
        (
            "lead",
            "ct.shown",
            {
                "study_uid": "1.2",
                "series_uid": "1.2.3",
                "sop_uid": "1.2.3.4",
                "frame": 1,
                "window": {"center": 60, "width": 400},
            },
        ),
        ("lead", "ct.hidden", {}),
        ("site", "help.called", {"reason": "r"}),
        ("backup", "help.answered", {}),
        ("lead", "handover.offered", {"to_user_id": backup.id}),
        ("backup", "handover.declined", {"reason": "r"}),
        ("lead", "handover.offered", {"to_user_id": backup.id}),
        ("backup", "handover.accepted", {}),
        ("site", "mark.added", {"text": "标记"}),
        ("site", "step.marked", {"step": "withdraw"}),
        ("site", "session.closed", {"reason": "done"}),
        ("site", "session.opened", {}),
    ]
    async with (
        installed.sign_in(world.operator) as site,
        installed.sign_in(guide(world)) as lead,
        installed.sign_in(backup) as second,
        installed.stream(lead) as stream,
    ):
        browsers = {"site": site, "lead": lead, "backup": second}
        await stream.send(json.dumps({"subscribe": {case: 0}}))
        page = SessionState()
        for who, kind, payload in story:
            events = await done(browsers[who], case, kind, payload)
            page = applied(page, await events_until(stream, case, events[-1]["seq"]))
            fresh = (await lead.get(f"/api/sessions/{case}")).json()["state"]
            assert state_json(page) == fresh, kind


async def test_readiness_sees_the_backup_guide_whose_page_is_open(installed: Installation) -> None:
    world = installed.world
    sheets = f"/api/cases/{world.case.id}/checklists"
    async with installed.sign_in(world.operator) as site, installed.sign_in(guide(world)) as lead:
        async with installed.stream(lead), installed.stream(site):
            others = (await site.get(sheets)).json()[0]["readings"]["backup_guide"]
        assert others["state"] == "not_measured"
        async with (
            installed.sign_in(guide(world, Role.BACKUP_GUIDE)) as backup,
            installed.stream(backup) as stream,
        ):
            await stream.recv()
            await stream.send(json.dumps({"subscribe": {}}))
            async with asyncio.timeout(20):
                while (found := (await site.get(sheets)).json()[0]["readings"]["backup_guide"])[
                    "found"
                ] is None:
                    await asyncio.sleep(0)
    assert (found["state"], found["found"]["by"]) == ("met", "page")


async def test_a_stream_resumes_at_the_number_where_it_was(installed: Installation) -> None:
    case = installed.world.case.id
    async with installed.sign_in(installed.world.operator) as site:
        await done(site, case, "session.opened")
        async with installed.stream(site) as stream:
            await stream.send(json.dumps({"subscribe": {case: 0}}))
            assert [e["seq"] for e in await events_until(stream, case, 2)] == [1, 2]
        # Some that the server has to read from the log, and some that it remembers.
        await marks_of_another_process(installed, case, 300)
        for number in range(20):
            await done(site, case, "mark.added", {"text": str(number)})
        async with installed.stream(site) as stream:
            await stream.send(json.dumps({"subscribe": {case: 2}}))
            seqs = [e["seq"] for e in await events_until(stream, case, 322)]
            assert seqs == list(range(3, 323))


async def marks_of_another_process(made: Installation, case_id: str, count: int) -> None:
    """Append to the log as a second server would."""

    async def nobody_listens(_events: Sequence[Event]) -> None:
        return

    database = Database(made.settings.effective_database_url)
    writer = EventWriter(SqlEventLog(database), SystemClock(), States(), nobody_listens, lambda: str(uuid4()))
    writing = asyncio.create_task(writer.run())
    mark = Draft(type=EventType.MARK_ADDED, payload={"text": "x"})
    entries = [Submission(case_id=case_id, actor=SYSTEM, decide=lambda *_: [mark]) for _ in range(count)]
    await asyncio.gather(*(writer.submit(entry) for entry in entries))
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await database.close()


async def test_what_was_acknowledged_survives_a_killed_server(installed: Installation) -> None:
    case = installed.world.case.id
    async with installed.sign_in(installed.world.operator) as site:
        await done(site, case, "session.opened")
        acknowledged: list[int] = []

        async def mark(number: int) -> None:
            [event] = await done(site, case, "mark.added", {"text": str(number)})
            acknowledged.append(event["seq"])

        marks = [asyncio.create_task(mark(number)) for number in range(200)]
        while len(acknowledged) < 50:
            await asyncio.sleep(0.001)
        installed.server.kill()
        await asyncio.gather(*marks, return_exceptions=True)
        await installed.start()
        events = (await site.get(f"/api/sessions/{case}/events?limit=1000")).json()
        assert set(acknowledged) <= {event["seq"] for event in events}
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        export = (await site.get(f"/api/sessions/{case}/export.json")).json()
        assert export["chain_intact"]
        async with installed.stream(site) as stream:
            await stream.send(json.dumps({"subscribe": {case: 2}}))
            assert await events_until(stream, case, events[-1]["seq"])


async def test_a_hospital_hears_nothing_of_another(installed: Installation) -> None:
    world = installed.world
    own, other = world.case.id, world.other_case.id
    async with (
        installed.sign_in(world.operator) as site,
        installed.sign_in(world.other_operator) as elsewhere,
        installed.stream(site) as stream,
    ):
        await stream.send(json.dumps({"subscribe": {own: 0, other: 0}}))
        assert "hello" in json.loads(await stream.recv())
        refusal = json.loads(await stream.recv())
        assert refusal == {"error": {"case_id": other, "code": "case_not_found"}}
        await done(elsewhere, other, "session.opened")
        await done(elsewhere, other, "mark.added", {"text": "秘密"})
        await done(site, own, "session.opened")
        heard = json.loads(await stream.recv())
        assert {event["case_id"] for event in heard["events"]} == {own}
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await stream.recv()


async def test_a_foreign_page_and_a_stranger_get_no_stream(installed: Installation) -> None:
    async with installed.sign_in(installed.world.operator) as site:
        with pytest.raises(InvalidStatus):
            async with installed.stream(site, origin="http://evil.example"):
                pass
        site.cookies.clear()
        async with installed.stream(site) as stream:
            assert json.loads(await stream.recv()) == {"revoked": True}
            with pytest.raises(ConnectionClosed) as closed:
                await stream.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


async def test_a_revoked_user_is_cut_off_at_once(installed: Installation) -> None:
    world = installed.world
    await installed.start_livekit()
    administrator = world.person(Role.ADMINISTRATOR, "centre")
    async with (
        installed.sign_in(world.operator) as site,
        installed.sign_in(guide(world)) as lead,
        installed.sign_in(administrator) as admin,
        installed.stream(lead) as stream,
        installed.stream(site) as room,
    ):
        await done(site, world.case.id, "session.opened")
        await room.send(json.dumps({"subscribe": {world.case.id: 2}}))
        await stream.send(json.dumps({"subscribe": {world.case.id: 2}}))
        answer = await admin.post(f"/api/users/{guide(world).id}/revoke")
        assert answer.status_code < 300, answer.text
        async with asyncio.timeout(2):
            with pytest.raises(ConnectionClosed) as closed:  # noqa: PT012
                while True:
                    await stream.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401
        events = await events_until(room, world.case.id, 4)
        assert [event["type"] for event in events] == ["member.revoked", "lead.assigned"]
        assert events[1]["payload"]["user_id"] == guide(world, Role.BACKUP_GUIDE).id
