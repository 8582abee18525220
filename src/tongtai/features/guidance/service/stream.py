"""Events on their way to the open pages.

A page is never sent a copy of a queue: it has the number of its last event in each session, is told
that there is more, and reads on from memory or from the log. A slow page therefore costs no memory.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tongtai.features.guidance.events import canonical_json, event_json
from tongtai.features.guidance.model import Event
from tongtai.features.guidance.ports import EventLog

_REMEMBERED = 512
_CHUNK = 200

Line = tuple[int, str]


@dataclass(slots=True, eq=False)
class Subscriber:
    """One open page: whose it is, which sessions it follows and how far it has come."""

    user_id: str
    last: dict[str, int] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    notices: deque[str] = field(default_factory=deque)
    check_access: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class StreamHub:
    """The open pages of this process.

    Parameters
    ----------
    log : EventLog
        Where older events are read from.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._recent: dict[str, deque[Line]] = {}
        self._subscribers: set[Subscriber] = set()

    def connect(self, user_id: str) -> Subscriber:
        """A page opens its stream."""
        subscriber = Subscriber(user_id=user_id)
        self._subscribers.add(subscriber)
        return subscriber

    def disconnect(self, subscriber: Subscriber) -> None:
        """A page's stream has ended."""
        self._subscribers.discard(subscriber)

    def follow(self, subscriber: Subscriber, sessions: Mapping[str, int]) -> None:
        """Follow these sessions too, each from after the given number; the others are followed on."""
        subscriber.last.update(sessions)
        subscriber.ready.update(sessions)
        subscriber.wake.set()

    def publish(self, case_id: str, lines: Sequence[Line]) -> None:
        """Tell the pages that these events are durable."""
        recent = self._recent.setdefault(case_id, deque(maxlen=_REMEMBERED))
        for line in lines:
            if recent and line[0] <= recent[-1][0]:
                continue
            if recent and line[0] != recent[-1][0] + 1:
                # A message between processes was lost: only the log is complete.
                recent.clear()
            recent.append(line)
        for subscriber in self._subscribers:
            if case_id in subscriber.last:
                subscriber.ready.add(case_id)
                subscriber.wake.set()

    def check_access(self, user_id: str | None = None) -> None:
        """Have the pages of a user, or all, prove again that they may listen."""
        for subscriber in self._subscribers:
            if user_id is None or subscriber.user_id == user_id:
                subscriber.check_access = True
                subscriber.wake.set()

    async def catch_up(self, subscriber: Subscriber) -> None:
        """Compare with the log itself, in case a message between processes was lost."""
        heads = await self._log.heads(list(subscriber.last))
        for case_id, head in heads.items():
            if head.seq > subscriber.last.get(case_id, head.seq):
                subscriber.ready.add(case_id)
                self._forget_if_behind(case_id, head.seq)

    def _forget_if_behind(self, case_id: str, seq: int) -> None:
        recent = self._recent.get(case_id)
        if recent and recent[-1][0] < seq:
            recent.clear()

    async def after(self, case_id: str, seq: int) -> list[Line]:
        """Some events after number ``seq`` in order; none when there are no more."""
        recent = self._recent.get(case_id)
        if recent and recent[0][0] <= seq + 1:
            skipped = seq + 1 - recent[0][0]
            return [line for index, line in enumerate(recent) if skipped <= index < skipped + _CHUNK]
        events = await self._log.after(case_id, seq, limit=_CHUNK)
        return [line_of(event) for event in events]


def line_of(event: Event) -> Line:
    """The event's number and its JSON."""
    return event.seq, canonical_json(event_json(event))
