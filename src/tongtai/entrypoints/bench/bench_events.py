"""How many events a second the log makes durable, and how soon every page has an event."""

import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from pathlib import Path
from uuid import uuid4

import httpx2
from websockets.asyncio.client import ClientConnection, connect

from tongtai.entrypoints.bench.event_world import (
    EventWorld,
    event_server,
    make_event_world,
    signed_in,
)
from tongtai.entrypoints.bench.row import Row
from tongtai.features.guidance.events import find_fault
from tongtai.features.guidance.model import Actor, ActorKind, Draft, Event, EventType, Side
from tongtai.features.guidance.service import EventWriter, States, Submission
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.infra.clock import SystemClock
from tongtai.infra.database import Database

_EVENTS = 6000
_AT_ONCE = 192
_PAGES = 10
_COMMANDS = 150
_COMMANDS_PER_S = 20.0
_DURABLE_PER_S = 1000.0
_EVENT_TO_PAGES_MS = 100.0
_POINTS = [[round(0.2 + 0.01 * index, 4), round(0.5 + 0.003 * index, 4)] for index in range(24)]


async def rows() -> list[Row]:
    """Measure on an installation of its own, with SQLite, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="tongtai-bench-") as folder:
        world = await make_event_world(Path(folder))
        per_second, committed_ms = await _durable(world)
        alone, together = await asyncio.to_thread(_sqlite_alone, Path(folder) / "alone.sqlite3")
        async with event_server(world) as origin:
            delays_ms = await _to_pages(world, origin)
    return [
        Row(
            name="durable events, SQLite",
            unit="1/s",
            value=round(per_second, 1),
            target=_DURABLE_PER_S,
            better="higher",
            peer=f"SQLite alone, rows as long: {alone:.0f}/s with a commit each, {together:.0f}/s {_AT_ONCE} a commit",
        ),
        Row(
            name=f"acknowledgement at that rate, {_AT_ONCE} commands at once",
            unit="ms",
            value=round(statistics.median(committed_ms), 1),
            p95=round(_p95(committed_ms), 1),
        ),
        Row(
            name=f"event from command to each of {_PAGES} pages",
            unit="ms",
            value=round(statistics.median(delays_ms), 1),
            p95=round(_p95(delays_ms), 1),
            target=_EVENT_TO_PAGES_MS,
        ),
    ]


async def _durable(world: EventWorld) -> tuple[float, list[float]]:
    """Events a second, each in a committed transaction, and how long each was waited for (ms)."""
    database = Database(world.settings.effective_database_url)
    log = SqlEventLog(database)
    writer = EventWriter(log, SystemClock(), States(), _nobody_listens, lambda: str(uuid4()))
    running = asyncio.create_task(writer.run())
    slots, waited_ms = asyncio.Semaphore(_AT_ONCE), list[float]()

    async def append(number: int) -> None:
        async with slots:
            began = time.perf_counter()
            await writer.submit(_stroke(world, number))
            waited_ms.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(append(number) for number in range(_EVENTS)))
    per_second = _EVENTS / (time.perf_counter() - began)
    running.cancel()
    for case_id in world.case_ids:
        fault = find_fault(await log.after(case_id, 0))
        if fault is not None:
            raise RuntimeError(f"the log of {case_id} is broken at {fault.seq}: {fault.reason}")
    await database.close()
    return per_second, waited_ms


def _sqlite_alone(file: Path) -> tuple[float, float]:
    """Rows a second of Python's own sqlite3, as durable: one a commit, and as many as there are commands at once.

    No numbers, hashes, rights or state: what remains of the log's time is the price of those.
    """
    text = json.dumps({"points": _POINTS, "colour": "#38bdf8", "actor": "lead_guide"})
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE events (id TEXT PRIMARY KEY, payload TEXT)")

        def per_second(rows_a_commit: int, count: int) -> float:
            began = time.perf_counter()
            for _ in range(0, count, rows_a_commit):
                database.execute("BEGIN IMMEDIATE")
                for _ in range(rows_a_commit):
                    database.execute("INSERT INTO events VALUES (?, ?)", (str(uuid4()), text))
                database.execute("COMMIT")
            return count / (time.perf_counter() - began)

        return per_second(1, _EVENTS // 4), per_second(_AT_ONCE, _EVENTS // _AT_ONCE * _AT_ONCE)


async def _nobody_listens(_events: Sequence[Event]) -> None:
    return


def _stroke(world: EventWorld, number: int) -> Submission:
    actor = Actor(
        kind=ActorKind.USER,
        id=world.lead.id,
        name=world.lead.display_name,
        name_en=world.lead.display_name_en,
        role="lead_guide",
        side=Side.CENTRE,
    )
    # Added and undone in turn, so that the state stays as small as in a real session.
    payload = {
        "stroke_id": f"s{number // len(world.case_ids) // 2}",
        "surface": {"kind": "feed", "feed": "ultrasound"},
        "tool": "pen",
        "points": _POINTS,
        "colour": "#38bdf8",
        "width": 0.004,
    }
    added = (number // len(world.case_ids)) % 2 == 0
    draft = (
        Draft(type=EventType.DRAW_ADDED, payload=payload)
        if added
        else Draft(type=EventType.DRAW_UNDONE, payload={"stroke_id": payload["stroke_id"]})
    )
    return Submission(
        case_id=world.case_ids[number % len(world.case_ids)],
        actor=actor,
        decide=lambda _state, _now_ms: [draft],
        command_id=str(uuid4()),
    )


async def _to_pages(world: EventWorld, origin: str) -> list[float]:
    """Delay from sending a command to its event on each page, in milliseconds."""
    case_id = world.case_ids[0]
    async with AsyncExitStack() as stack:
        operator = await signed_in(origin, world.operator.login)
        lead = await signed_in(origin, world.lead.login)
        stack.push_async_callback(operator.aclose)
        stack.push_async_callback(lead.aclose)
        await _command(operator, case_id, "session.opened", {})
        snapshot = (await lead.get(f"/api/sessions/{case_id}")).json()
        subscribe = json.dumps({"subscribe": {case_id: snapshot["state"]["seq"]}})
        sent: dict[str, float] = {}
        delays_ms: list[float] = []
        readers = []
        for _ in range(_PAGES):
            page = await stack.enter_async_context(_page(origin, lead))
            await page.send(subscribe)
            readers.append(asyncio.create_task(_read(page, sent, delays_ms)))
        for number in range(_COMMANDS):
            text = f"mark {number}"
            sent[text] = time.perf_counter()
            await _command(operator, case_id, "mark.added", {"text": text})
            await asyncio.sleep(1 / _COMMANDS_PER_S)
        async with asyncio.timeout(30):
            await asyncio.gather(*readers)
    return delays_ms


def _page(origin: str, browser: httpx2.AsyncClient) -> connect:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    address = f"{origin.replace('http', 'ws', 1)}/api/stream"
    return connect(address, additional_headers={"Cookie": cookies, "Origin": origin}, proxy=None)


async def _read(page: ClientConnection, sent: dict[str, float], delays_ms: list[float]) -> None:
    seen = 0
    while seen < _COMMANDS:
        message = json.loads(await page.recv())
        for event in message.get("events", ()):
            if event["type"] == EventType.MARK_ADDED:
                delays_ms.append((time.perf_counter() - sent[event["payload"]["text"]]) * 1000)
                seen += 1


async def _command(browser: httpx2.AsyncClient, case_id: str, kind: str, payload: dict[str, str]) -> None:
    body = {"id": str(uuid4()), "type": kind, "payload": payload}
    answer = await browser.post(f"/api/sessions/{case_id}/commands", json=body)
    answer.raise_for_status()


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
