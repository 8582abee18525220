"""What the use cases of guidance need from outside."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from tongtai.features.guidance.events import Head
from tongtai.features.guidance.model import CaseFacts, Event, Gated, SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """What a token allows; nothing is allowed that is not written here."""

    subscribe: bool
    publish_data: bool
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupant:
    """Somebody, or a gateway, in a media room, with what our token says of them."""

    identity: str
    attributes: Mapping[str, str]


class LogWriting(Protocol):
    """One transaction of the log."""

    async def lock(self, case_ids: Sequence[str]) -> dict[str, Head]:
        """The heads of these logs; nobody else appends to them until the transaction ends."""
        ...

    async def after(self, case_id: str, seq: int) -> list[Event]:
        """The events after number ``seq``."""
        ...

    async def of_commands(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[Event]]:
        """The events that these commands (case, command id) have caused already."""
        ...

    async def used_devices(self, udis: Sequence[str]) -> set[str]:
        """Which of these single-use devices were used before, in any session."""
        ...

    async def append(
        self, events: Sequence[tuple[Event, str | None]], states: Mapping[str, SessionState]
    ) -> None:
        """Append events with the command that caused each, and note the new states' heads."""
        ...


class EventLog(Protocol):
    """The numbered logs of all sessions. What a transaction appended is durable when it ends."""

    def writing(self) -> AbstractAsyncContextManager[LogWriting]:
        """Begin a transaction."""
        ...

    async def after(self, case_id: str, seq: int, *, limit: int | None = None) -> list[Event]:
        """The events after number ``seq``, in order."""
        ...

    async def heads(self, case_ids: Sequence[str]) -> dict[str, Head]:
        """The heads of these logs; a log without events is left out."""
        ...

    async def open_cases(self) -> list[str]:
        """The cases whose session is open."""
        ...


class CaseFactsReader(Protocol):
    """What the server must know of cases and people for its own acts."""

    async def of_case(self, case_id: str) -> CaseFacts | None:
        """The facts of a case."""
        ...

    async def admitted(self, user_id: str, case_id: str | None) -> bool:
        """Whether this person may be in the room of this case, or in the experts' when ``None``."""
        ...


class GatewayGate(Protocol):
    """Which gateways are welcome."""

    async def active(self, gateway_id: str) -> bool:
        """Whether the gateway is enrolled and not revoked."""
        ...


class FinishedIdentities(Protocol):
    """Identities in media rooms that must not come back: they left, or were removed."""

    async def add(self, identities: Sequence[str]) -> None:
        """Finish these."""
        ...

    async def contains(self, identity: str) -> bool:
        """Whether this one is finished."""
        ...


class MediaRooms(Protocol):
    """The media server."""

    @property
    def url(self) -> str:
        """Where pages and gateways connect to."""
        ...

    def token(
        self,
        *,
        room: str,
        identity: str,
        name: str,
        attributes: Mapping[str, str],
        grants: Grants,
        lifetime: timedelta,
    ) -> str:
        """A token for one room."""
        ...

    async def rooms(self) -> list[str]:
        """The names of the rooms that exist."""
        ...

    async def occupants(self, room: str) -> list[Occupant]:
        """Who is in a room; empty when the room does not exist."""
        ...

    async def remove(self, room: str, identity: str) -> None:
        """Throw somebody out; nothing happens when they are not there."""
        ...


class Leadership(Protocol):
    """Among several server processes, the one that runs the timers."""

    async def held(self) -> bool:
        """Whether this process is the one now."""
        ...


class Bus(Protocol):
    """Messages to every server process, this one included. A message may be lost."""

    async def publish(self, topic: str, message: str) -> None:
        """Send."""
        ...


class ProcedureGate(Protocol):
    """What the workflow of a case says to its session."""

    async def standing_in_the_way(self, case_id: str, act: Gated) -> str | None:
        """The state in which this is not allowed yet, or any more; ``None`` when it is allowed.

        A case that nobody has taken into the workflow allows everything.
        """
        ...
