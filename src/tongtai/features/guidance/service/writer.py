"""The log's writer: one transaction for all commands that wait, an answer only after the commit."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tongtai.core.clock import Clock
from tongtai.features.guidance.errors import CommandIdReusedError, DeviceReusedError, LogUnavailableError
from tongtai.features.guidance.events import Head, Stamp, head_of, link
from tongtai.features.guidance.model import Actor, Draft, Event, SessionState
from tongtai.features.guidance.ports import EventLog, LogWriting

_BATCH = 256
_CACHED_STATES = 256

Decide = Callable[[SessionState, int], Sequence[Draft]]
Publish = Callable[[Sequence[Event]], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Submission:
    """Something that wants to append to a session.

    ``decide`` gets the state as it then is and the time (server milliseconds), and returns what
    happens, or raises why not.
    """

    case_id: str
    actor: Actor
    decide: Decide
    command_id: str | None = None
    t_site_ms: int | None = None
    clock_offset_ms: float | None = None
    # The UDI of a single-use device that the command says was used.
    single_use: str | None = None
    done: asyncio.Future[list[Event]] = field(init=False)


class States:
    """The sessions' states as this process last saw them; the log is the truth."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[SessionState, Head]] = OrderedDict()

    def get(self, case_id: str) -> tuple[SessionState, Head]:
        """The known state, perhaps an old one, perhaps the initial one."""
        return self._known.get(case_id, (SessionState(), Head()))

    def put(self, case_id: str, state: SessionState, head: Head) -> None:
        """Remember, unless something newer is known."""
        if head.seq >= self.get(case_id)[1].seq:
            self._known[case_id] = (state, head)
            self._known.move_to_end(case_id)
            if len(self._known) > _CACHED_STATES:
                self._known.popitem(last=False)


@dataclass(slots=True)
class _Batch:
    """What one transaction is going to append."""

    states: dict[str, SessionState]
    heads: dict[str, Head]
    answers: dict[tuple[str, str], list[Event]]
    used: set[str]
    events: list[tuple[Event, str | None]] = field(default_factory=list)


class EventWriter:
    """Appends to the sessions' logs in the order in which commands arrive.

    Parameters
    ----------
    log : EventLog
        Where events are kept.
    clock : Clock
        The server's clock.
    states : States
        Known states; kept up to date.
    publish : callable
        Gets events as soon as they are durable.
    new_event_id : callable
        Makes an identifier for an event.
    """

    def __init__(
        self,
        log: EventLog,
        clock: Clock,
        states: States,
        publish: Publish,
        new_event_id: Callable[[], str],
    ) -> None:
        self._log = log
        self._clock = clock
        self._states = states
        self._publish = publish
        self._new_event_id = new_event_id
        self._waiting: asyncio.Queue[Submission] = asyncio.Queue()

    async def submit(self, submission: Submission) -> list[Event]:
        """Append; return the events, which are durable then.

        Raises
        ------
        LogUnavailableError
            If the transaction failed; the same command may be sent again.
        """
        submission.done = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait(submission)
        return await submission.done

    async def run(self) -> None:
        """Write until cancelled. One task of the server owns this."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < _BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._write([entry for entry in batch if not entry.done.done()])

    async def _write(self, batch: Sequence[Submission]) -> None:
        results: list[tuple[Submission, list[Event] | Exception]] = []
        try:
            async with self._log.writing() as tx:
                work = await self._prepare(tx, batch)
                results = [(entry, self._attempt(entry, work)) for entry in batch]
                if work.events:
                    touched = {event.case_id for event, _ in work.events}
                    await tx.append(work.events, {c: work.states[c] for c in touched})
        except Exception as error:  # noqa: BLE001  (the driver's own; every caller must be told)
            self._fail(batch, error)
            return
        for case_id, state in work.states.items():
            self._states.put(case_id, state, work.heads[case_id])
        for entry, result in results:
            if entry.done.done():
                continue
            if isinstance(result, Exception):
                entry.done.set_exception(result)
            else:
                entry.done.set_result(result)
        if work.events:
            await self._publish([event for event, _ in work.events])

    @staticmethod
    def _fail(batch: Sequence[Submission], error: Exception) -> None:
        for entry in batch:
            if not entry.done.done():
                failure = LogUnavailableError()
                failure.__cause__ = error
                entry.done.set_exception(failure)

    async def _prepare(self, tx: LogWriting, batch: Sequence[Submission]) -> _Batch:
        heads = await tx.lock(sorted({entry.case_id for entry in batch}))
        keys = [(entry.case_id, entry.command_id) for entry in batch if entry.command_id]
        states = {}
        for case_id, head in heads.items():
            state, known = self._states.get(case_id)
            if known != head:
                # Another process has appended, or this one has just started.
                state = state if known.seq < head.seq else SessionState()
                for event in await tx.after(case_id, state.seq):
                    state = state.apply(event)
            states[case_id] = state
        answers = await tx.of_commands(keys) if keys else {}
        udis = [entry.single_use for entry in batch if entry.single_use]
        used = await tx.used_devices(udis) if udis else set()
        return _Batch(states=states, heads=heads, answers=answers, used=used)

    def _attempt(self, entry: Submission, work: _Batch) -> list[Event] | Exception:
        try:
            return self._append(entry, work)
        except Exception as error:  # noqa: BLE001  (one bad command must not stop the others)
            return error

    def _append(self, entry: Submission, work: _Batch) -> list[Event]:
        key = (entry.case_id, entry.command_id or "")
        if key in work.answers:
            return _same_answer(entry, work.answers[key])
        if entry.single_use in work.used:
            raise DeviceReusedError
        now_ms = int(self._clock.now().timestamp() * 1000)
        state, head = work.states[entry.case_id], work.heads[entry.case_id]
        stamp = Stamp(t_server_ms=now_ms, t_site_ms=entry.t_site_ms, clock_offset_ms=entry.clock_offset_ms)
        events = []
        for draft in entry.decide(state, now_ms):
            event = link(
                head,
                draft,
                event_id=self._new_event_id(),
                case_id=entry.case_id,
                actor=entry.actor,
                stamp=stamp,
            )
            state, head = state.apply(event), head_of(event)
            events.append(event)
        work.states[entry.case_id], work.heads[entry.case_id] = state, head
        work.events.extend((event, entry.command_id) for event in events)
        if entry.single_use and events:
            work.used.add(entry.single_use)
        if entry.command_id and events:
            work.answers[key] = events
        return events


def _same_answer(entry: Submission, events: list[Event]) -> list[Event]:
    if events[0].actor.id != entry.actor.id:
        raise CommandIdReusedError(command_id=entry.command_id)
    return events
