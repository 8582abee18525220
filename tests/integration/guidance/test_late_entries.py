"""What was written long after it happened says so in the record."""

from typing import Literal

import pytest
from tests.integration.guidance.commands import as_operator, done
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.guidance.schemas.report import report_of
from tongtai.features.guidance.schemas.snapshot import SessionExport

_HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("hours", "offset_ms", "marked"), [(7, 0, True), (5.9, 0, False), (5, 3e6, False), (5, 5e6, True)]
)
async def test_f24_an_entry_more_than_six_hours_after_is_marked_late(
    server: Server, world: World, hours: float, offset_ms: float, marked: bool
):
    case, now_ms = world.case.id, int(server.container.clock.now().timestamp() * 1000)
    then = {"t_site_ms": now_ms - round(hours * _HOUR_MS), "clock_offset_ms": offset_ms}
    async with as_operator(server, world) as browser:
        await done(browser, case, "session.opened")
        await done(browser, case, "help.called", {"reason": "抢救"}, **then)
        export = (await browser.get(f"/api/sessions/{case}/export.json")).json()
    read = SessionExport.model_validate(export)
    marks: tuple[tuple[Literal["zh", "en"], str], ...] = (("zh", "【补记：晚 "), ("en", "[late entry, "))
    for language, mark in marks:
        last = [row for row in report_of(read, language)["events"] if "抢救" in row[-1]]
        assert [row[-1].startswith(mark) for row in last] == [marked]
