"""One line of a session's log."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tongtai.features.guidance.model.catalogue import EventType, Side


class ActorKind(StrEnum):
    """What sort of actor caused an event."""

    USER = "user"
    GATEWAY = "gateway"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who caused an event; names as they were at that moment."""

    kind: ActorKind
    id: str
    name: str
    name_en: str
    role: str
    side: Side | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event that has been decided but has no number yet.

    ``payload`` holds JSON values only.
    """

    type: EventType
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event with its number and its link in the chain of hashes.

    Times are milliseconds since 1970 in UTC: ``t_server_ms`` by the server's clock, which is the
    reference; ``t_site_ms`` by the sender's own clock, which may be wrong, and ``clock_offset_ms``
    what the sender measured its clock to be ahead of the server's.
    """

    seq: int
    id: str
    case_id: str
    type: EventType
    t_server_ms: int
    t_site_ms: int | None
    clock_offset_ms: float | None
    actor: Actor
    payload: Mapping[str, Any]
    prev_hash: str
    hash: str

    @property
    def late_ms(self) -> int | None:
        """How long after it happened it was written, when that is a late entry; else ``None``."""
        return late_ms(self.t_server_ms, self.t_site_ms, self.clock_offset_ms)


# Regulation on the prevention and handling of medical disputes, article 15: what a rescue did not leave time to write
# is written within six hours after it, and marked.
LATE_AFTER_MS = 6 * 3_600_000


def late_ms(t_server_ms: int, t_site_ms: int | None, clock_offset_ms: float | None) -> int | None:
    """How long after it happened something was written, when that is more than six hours.

    Examples
    --------
    >>> late_ms(7 * 3_600_000, 0, None), late_ms(6 * 3_600_000, 0, None)
    (25200000, None)
    """
    if t_site_ms is None:
        return None
    waited = t_server_ms - (t_site_ms - round(clock_offset_ms or 0.0))
    return waited if waited > LATE_AFTER_MS else None
