"""What the server does by the clock, in the whole application."""

from typing import Any

from tests.integration.guidance.commands import Browser, done, guide
from tests.support.processes import eventually
from tests.support.server import Server
from tests.support.world import World


async def state_of(browser: Browser, case_id: str) -> dict[str, Any]:
    state: dict[str, Any] = (await browser.get(f"/api/sessions/{case_id}")).json()["state"]
    return state


async def reported_media(browser: Browser, case_id: str, report: dict[str, Any]) -> None:
    answer = await browser.post("/api/sessions/media-reports", json={"reports": {case_id: report}})
    assert answer.json() == {"refused": []}


async def test_an_unanswered_call_pages_the_backup_and_then_tells_the_site(
    server: Server, world: World
) -> None:
    case, clock = world.case.id, server.stop_clock()
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as lead:
        await done(site, case, "session.opened")
        await done(site, case, "help.called", {"reason": "出血"})

        async def alarmed(codes: set[str]) -> bool:
            state = await state_of(site, case)
            return {alarm["code"] for alarm in state["alarms"]} == codes

        clock.advance(seconds=31)
        await eventually(lambda: alarmed({"help_unanswered"}))
        clock.advance(seconds=60)
        await eventually(lambda: alarmed({"help_unanswered", "no_guide"}))
        await done(lead, case, "help.answered")
        assert await alarmed(set())


async def test_a_page_may_say_that_it_does_not_know_the_delay(server: Server, world: World) -> None:
    case = world.case.id
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as lead:
        await done(site, case, "session.opened")
        report = {"delay_ms": None, "loss": None, "fps": 28.0, "freeze_s": 0}
        await reported_media(lead, case, report)

        async def live() -> bool:
            return (await state_of(lead, case))["media"]["state"] == "live"

        await eventually(live)
        media = (await state_of(lead, case))["media"]
        assert (media["delay_ms"], media["loss"], media["fps"]) == (None, None, 28.0)


async def test_a_lead_in_two_critical_rooms_is_told_without_naming_the_other(
    server: Server, world: World
) -> None:
    first, second = world.case.id, world.other_case.id
    async with (
        server.sign_in(world.operator) as site,
        server.sign_in(world.other_operator) as elsewhere,
    ):
        await done(site, first, "session.opened")
        await done(site, first, "step.marked", {"step": "puncture"})
        await done(elsewhere, second, "session.opened")
        await done(elsewhere, second, "step.marked", {"step": "puncture"})

        async def told() -> bool:
            return (await state_of(elsewhere, second))["arbitration"] is not None

        async def free() -> bool:
            return (await state_of(elsewhere, second))["arbitration"] is None

        await eventually(told)
        assert (await state_of(site, first))["arbitration"] is None
        everything = (await elsewhere.get(f"/api/sessions/{second}/events")).text
        assert first not in everything
        assert world.hospitals[0].name not in everything
        await done(elsewhere, second, "arbitration.overridden", {"reason": "针已到位"})
        assert (await state_of(elsewhere, second))["arbitration"]["status"] == "overridden"
        await done(site, first, "step.marked", {"step": "withdraw"})
        await eventually(free)


async def test_a_picture_that_stands_is_lost_for_everybody(server: Server, world: World) -> None:
    case = world.case.id
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as lead:
        await done(site, case, "session.opened")

        async def reported(freeze_s: float, wanted: str) -> bool:
            report = {"delay_ms": 90, "loss": 0, "fps": 30, "freeze_s": freeze_s}
            await reported_media(lead, case, report)
            return bool((await state_of(site, case))["media"]["state"] == wanted)

        await eventually(lambda: reported(0, "live"))
        await eventually(lambda: reported(4, "lost"))
        await eventually(lambda: reported(0, "live"))


async def test_measurements_of_a_foreign_case_are_refused_and_change_nothing(
    server: Server, world: World
) -> None:
    case = world.case.id
    report = {"delay_ms": 90, "loss": 0, "fps": 30, "freeze_s": 0}
    async with server.sign_in(world.operator) as site, server.sign_in(guide(world)) as lead:
        await done(site, case, "session.opened")
        body = {"reports": {case: report, "of-nobody": report}}
        answer = await lead.post("/api/sessions/media-reports", json=body)
        assert answer.json() == {"refused": ["of-nobody"]}
        assert (await site.post("/api/sessions/media-reports", json=body)).status_code == 403
