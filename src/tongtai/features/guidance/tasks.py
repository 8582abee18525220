"""What the server does for live sessions as long as it runs: write, receive, keep time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import uuid4

import structlog

from tongtai.core.clock import Clock
from tongtai.core.errors import TongtaiError
from tongtai.features.accounts.events import UserRevoked
from tongtai.features.accounts.service import RevocationHub, Revocations
from tongtai.features.accounts.sql import SqlPendingNotices
from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.features.guidance.model import Event, EventType
from tongtai.features.guidance.ports import GatewayGate, ProcedureGate
from tongtai.features.guidance.service import (
    MEDIA_TOPIC,
    EventWriter,
    RoomService,
    SessionService,
    States,
    StreamHub,
    line_of,
)
from tongtai.features.guidance.sql import (
    SqlCaseFacts,
    SqlEventLog,
    SqlFinishedIdentities,
    SqlLeadership,
)
from tongtai.infra.bus import Bus, bus_for
from tongtai.infra.container import Container
from tongtai.infra.database import Database
from tongtai.infra.settings import Settings

log = structlog.get_logger(__name__)

EVENTS_TOPIC, REVOKED_TOPIC = "guidance.events", "guidance.revoked"
_TICK_S = 1.0
_RECONCILE_EVERY_TICKS = 10
# After these, who leads where in which step may have changed: look at once, not at the next tick.
_CHANGES_LEAD = frozenset(
    {
        EventType.SESSION_OPENED,
        EventType.SESSION_CLOSED,
        EventType.STEP_MARKED,
        EventType.LEAD_ASSIGNED,
        EventType.HANDOVER_ACCEPTED,
    }
)


class _ServerClock:
    """The container's clock, whichever it is at the moment."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def now(self) -> datetime:
        """The present instant."""
        return self._container.clock.now()


def _milliseconds(clock: Clock) -> Callable[[], int]:
    return lambda: int(clock.now().timestamp() * 1000)


def _media_server(settings: Settings, clock: Clock) -> LiveKitRooms:
    return LiveKitRooms(
        settings.livekit_url,
        settings.effective_livekit_api_url,
        key=settings.livekit_api_key,
        secret=settings.effective_livekit_secret,
        clock=clock,
    )


class Guidance:
    """The live parts of one server process, connected.

    Parameters
    ----------
    container : Container
        The server's parts; this adds its own services to it.
    gateways : GatewayGate
        Which gateways are welcome in media rooms.
    procedures : ProcedureGate
        What the workflow of a case allows.
    """

    def __init__(self, container: Container, gateways: GatewayGate, procedures: ProcedureGate) -> None:
        settings, clock = container.settings, _ServerClock(container)
        # Connections of its own: the writer must never wait for those of requests that wait for it.
        self._database = Database(settings.effective_database_url)
        self._log = SqlEventLog(self._database)
        self._hub = StreamHub(self._log)
        self._bus = bus_for(settings.redis_url)
        self._nudge = asyncio.Event()
        self._leadership = SqlLeadership(self._database)
        self._media = _media_server(settings, clock)
        states, facts = States(), SqlCaseFacts(self._database)
        self._writer = EventWriter(self._log, clock, states, self._publish, lambda: str(uuid4()))
        now_ms = _milliseconds(clock)
        self._sessions = SessionService(self._writer, states, self._log, facts, self._bus, now_ms, procedures)
        self._rooms = RoomService(
            media=self._media,
            finished=SqlFinishedIdentities(self._database, clock),
            facts=facts,
            gateways=gateways,
            sessions=self._sessions,
        )
        self._revocations = Revocations(
            hub=container.get(RevocationHub), notices=SqlPendingNotices(self._database), clock=clock
        )
        self._bus.subscribe(EVENTS_TOPIC, self._on_events)
        self._bus.subscribe(REVOKED_TOPIC, self._on_revoked)
        self._bus.subscribe(MEDIA_TOPIC, self._sessions.on_media_report)
        container.services |= {
            Bus: self._bus,
            StreamHub: self._hub,
            SessionService: self._sessions,
            RoomService: self._rooms,
            LiveKitRooms: self._media,
            SqlEventLog: self._log,
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run until the block ends."""
        unsubscribe = self._revocations.hub.subscribe(self._user_revoked)
        tasks = [
            asyncio.create_task(self._writer.run(), name="guidance.writer"),
            asyncio.create_task(self._bus.run(), name="guidance.bus"),
            asyncio.create_task(self._keep_time(), name="guidance.timers"),
        ]
        try:
            yield
        finally:
            unsubscribe()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._leadership.release()
            await self._media.close()
            await self._database.close()

    async def _publish(self, events: Sequence[Event]) -> None:
        lines: dict[str, list[tuple[int, str]]] = {}
        for event in events:
            lines.setdefault(event.case_id, []).append(line_of(event))
        await self._bus.publish(EVENTS_TOPIC, json.dumps(lines, ensure_ascii=False))
        if any(event.type in _CHANGES_LEAD for event in events):
            self._nudge.set()

    async def _on_events(self, message: str) -> None:
        for case_id, lines in json.loads(message).items():
            self._hub.publish(case_id, [(seq, text) for seq, text in lines])

    async def _on_revoked(self, user_id: str) -> None:
        self._hub.check_access(user_id)

    async def _user_revoked(self, event: UserRevoked) -> None:
        """Close the person's streams, throw them out of every room, and note it in the logs."""
        await self._bus.publish(REVOKED_TOPIC, event.user_id)
        try:
            await self._rooms.remove_user(event.user_id)
        finally:
            await self._sessions.user_revoked(event.user_id, event.notice_id)

    async def _keep_time(self) -> None:
        tick = 0
        while True:
            self._nudge.clear()
            try:
                if await self._leadership.held():
                    await self._revocations.tell_due()
                    await self._sessions.tick()
                    if tick % _RECONCILE_EVERY_TICKS == 0:
                        await self._rooms.reconcile(await self._log.open_cases())
            except TongtaiError as error:
                log.warning("timers: will try again", code=error.code)
            except Exception:
                # The timers must outlive a database that is away for a while.
                log.exception("timers: will try again")
            tick += 1
            try:
                async with asyncio.timeout(_TICK_S):
                    await self._nudge.wait()
            except TimeoutError:
                continue
