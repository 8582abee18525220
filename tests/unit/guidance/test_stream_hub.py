"""Pages that are behind: from memory while it reaches, else from the log, and never with a gap."""

import pytest
from tests.contract.session_cases import CASE_ID, OPERATOR
from tests.unit.guidance.walk import Walk, opened

from tongtai.features.guidance.events import Head, head_of
from tongtai.features.guidance.model import Event
from tongtai.features.guidance.service import StreamHub, line_of


class Log:
    """A log in memory that notes who reads it."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.reads: list[int] = []

    async def after(self, _case_id: str, seq: int, *, limit: int) -> list[Event]:
        self.reads.append(seq)
        return self.walk.log[seq : seq + limit]

    async def heads(self, _case_ids: list[str]) -> dict[str, Head]:
        return {CASE_ID: head_of(self.walk.log[-1])}


@pytest.fixture
def walk() -> Walk:
    walk = opened()
    for number in range(700):
        walk.do(OPERATOR, "mark.added", {"text": str(number)})
    return walk


async def seen(hub: StreamHub, after: int) -> list[int]:
    """The numbers that a page gets that was at ``after``."""
    numbers: list[int] = []
    while lines := await hub.after(CASE_ID, numbers[-1] if numbers else after):
        numbers += [seq for seq, _ in lines]
    return numbers


async def test_what_memory_has_forgotten_comes_from_the_log(walk: Walk) -> None:
    log = Log(walk)
    hub = StreamHub(log)  # type: ignore[arg-type]  # the writing half is not needed
    for event in walk.log:
        hub.publish(CASE_ID, [line_of(event)])
    last = len(walk.log)
    assert await seen(hub, last - 50) == list(range(last - 49, last + 1))
    assert log.reads == []
    assert await seen(hub, 3) == list(range(4, last + 1))
    assert log.reads


async def test_a_lost_message_leaves_no_gap(walk: Walk) -> None:
    log = Log(walk)
    hub = StreamHub(log)  # type: ignore[arg-type]
    hub.publish(CASE_ID, [line_of(event) for event in walk.log[:10]])
    hub.publish(CASE_ID, [line_of(event) for event in walk.log[20:30]])
    assert (await seen(hub, 5))[:25] == list(range(6, 31))


async def test_a_page_that_missed_a_message_is_found_behind(walk: Walk) -> None:
    hub = StreamHub(Log(walk))  # type: ignore[arg-type]
    page = hub.connect("user_1")
    hub.follow(page, {CASE_ID: 10})
    page.ready.clear()
    await hub.catch_up(page)
    assert page.ready == {CASE_ID}


def test_a_page_that_follows_one_more_session_follows_the_others_on(walk: Walk) -> None:
    hub = StreamHub(Log(walk))  # type: ignore[arg-type]
    page = hub.connect("user_1")
    hub.follow(page, {CASE_ID: 700})
    page.ready.clear()
    hub.follow(page, {"case_other": 3})
    assert page.last == {CASE_ID: 700, "case_other": 3}
    assert page.ready == {"case_other"}
    hub.publish(CASE_ID, [line_of(walk.log[-1])])
    assert page.ready == {CASE_ID, "case_other"}
