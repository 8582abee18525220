"""The numbered log: how an event gets its number and its link, and how the chain is checked."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tongtai.features.guidance.model import Actor, Draft, Event

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last event of a log: its number and its hash."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When something happened. Milliseconds since 1970; offset of the sender's clock in ms."""

    t_server_ms: int
    t_site_ms: int | None = None
    clock_offset_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """The first event at which a log is not what was written."""

    seq: int
    reason: str


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no blanks, the same on every machine.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": "针"})
    '{"a":"针","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def actor_json(actor: Actor) -> dict[str, Any]:
    """The actor as it is hashed, stored and sent."""
    return {
        "kind": actor.kind,
        "id": actor.id,
        "name": actor.name,
        "name_en": actor.name_en,
        "role": actor.role,
        "side": actor.side,
    }


def event_json(event: Event) -> dict[str, Any]:
    """The event as it is sent to pages and exported."""
    return {
        "seq": event.seq,
        "id": event.id,
        "case_id": event.case_id,
        "type": event.type,
        "t_server_ms": event.t_server_ms,
        "t_site_ms": event.t_site_ms,
        "clock_offset_ms": event.clock_offset_ms,
        "actor": actor_json(event.actor),
        "payload": dict(event.payload),
        "prev_hash": event.prev_hash,
        "hash": event.hash,
    }


def link(head: Head, draft: Draft, *, event_id: str, case_id: str, actor: Actor, stamp: Stamp) -> Event:
    """Number ``draft`` and chain it to the log that ends with ``head``."""
    event = Event(
        seq=head.seq + 1,
        id=event_id,
        case_id=case_id,
        type=draft.type,
        t_server_ms=stamp.t_server_ms,
        t_site_ms=stamp.t_site_ms,
        clock_offset_ms=stamp.clock_offset_ms,
        actor=actor,
        payload=draft.payload,
        prev_hash=head.hash,
        hash="",
    )
    return replace(event, hash=hash_of(event))


def hash_of(event: Event) -> str:
    """SHA-256 of the event's canonical JSON without its own hash, in hexadecimal."""
    content = event_json(event)
    del content["hash"]
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def head_of(event: Event) -> Head:
    """The head of a log that ends with ``event``."""
    return Head(seq=event.seq, hash=event.hash)


def find_fault(events: Iterable[Event], head: Head | None = None) -> ChainFault | None:
    """The first place where a log was changed, shortened or re-ordered, if there is one.

    Parameters
    ----------
    events : iterable of Event
        The whole log in the order in which it is stored.
    head : Head, optional
        What the log is known to end with; without it a log cut at its end looks whole.
    """
    last = Head()
    for event in events:
        if event.seq != last.seq + 1:
            return ChainFault(seq=last.seq + 1, reason="missing")
        if event.prev_hash != last.hash:
            return ChainFault(seq=event.seq, reason="link")
        if event.hash != hash_of(event):
            return ChainFault(seq=event.seq, reason="content")
        last = head_of(event)
    if head is not None and head != last:
        return ChainFault(seq=last.seq + 1, reason="end")
    return None
