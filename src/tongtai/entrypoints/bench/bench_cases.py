"""How long lists, the search and the queue of 100,000 generated cases take, audit entries included."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from tongtai.entrypoints.bench.many_cases import CASES, Filled, fill
from tongtai.entrypoints.bench.row import Row
from tongtai.entrypoints.web.app import build_container
from tongtai.features.accounts.model import Permission, Principal, Role
from tongtai.features.audit.api import audit_log
from tongtai.features.cases.api import case_access
from tongtai.features.cases.model import CaseQuery
from tongtai.features.cases.schemas import CaseSummary
from tongtai.features.institutions.api import institution_service
from tongtai.features.workflow.api.queue import list_queue
from tongtai.features.workflow.model import ClinicalState, QueueOrder, QueueQuery
from tongtai.infra.container import Container
from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings

_REPEATS = 9
_TARGET_S = 0.2
_PAGE = 50
# What is looked for, and why it is here.
_WORDS = {
    "a rare name of one character": "𬱖",
    "a minority name": "阿卜杜热西提",
    "a foreign name": "o'neill anna",
    "nothing that exists": "不存在的人",
    "a case number": f"{CASES // 3:06d}",
}


async def rows() -> list[Row]:
    """Fill a database, then list, search and queue as a coordinator and as an expert."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(Path(folder))
        await asyncio.to_thread(migrate, settings.effective_database_url)
        container = build_container(settings)
        try:
            async with container.database.transaction() as session:
                filled = await fill(session)
            return await _measure(container, filled)
        finally:
            await container.database.close()


async def _measure(container: Container, filled: Filled) -> list[Row]:
    coordinator = _person(filled, "user_coordinator", Role.COORDINATOR)
    expert = _person(filled, filled.expert_id, Role.LEAD_GUIDE)
    open_states = frozenset({ClinicalState.SUBMITTED, ClinicalState.ACCEPTED})
    measured = [
        await _row("list, first page", partial(_list, container, coordinator, "")),
        await _row("list of an expert, first page", partial(_list, container, expert, "")),
    ]
    for what, word in _WORDS.items():
        measured.append(await _row(f"search: {what}", partial(_list, container, coordinator, word)))
    rare = next(iter(_WORDS.values()))
    measured.append(await _row("search of an expert", partial(_list, container, expert, rare)))
    for what, query in {
        "queue: submitted and accepted": QueueQuery(states=open_states, limit=_PAGE),
        "queue: everything by number": QueueQuery(order=QueueOrder.NUMBER, limit=_PAGE),
        "queue: a name": QueueQuery(text="买买提", limit=_PAGE),
    }.items():
        measured.append(await _row(what, partial(_queue, container, coordinator, query)))
    return measured


async def _list(container: Container, who: Principal, text: str) -> None:
    query = CaseQuery(text=text, limit=_PAGE)
    async with container.database.transaction() as session:
        views = await case_access(container, session).page(who, Permission.CASE_READ, query)
        [CaseSummary.of(view).model_dump_json() for view in views]


async def _queue(container: Container, who: Principal, query: QueueQuery) -> None:
    async with container.database.transaction() as session:
        found = await list_queue(
            who, session, institution_service(session), audit_log(container, session), container, query
        )
        found.model_dump_json()


async def _row(name: str, act: Callable[[], Awaitable[None]]) -> Row:
    times_s = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        await act()
        times_s.append(time.perf_counter() - began)
    return Row(
        name=f"{CASES:,} cases: {name}",
        unit="s",
        value=round(statistics.median(times_s), 3),
        p95=round(max(times_s), 3),
        target=_TARGET_S,
    )


def _person(filled: Filled, user_id: str, role: Role) -> Principal:
    return Principal(
        user_id=user_id,
        institution_id=filled.centre_id,
        roles=frozenset({role}),
        display_name="",
        display_name_en="",
        session_id="",
    )
