"""What the gateways' use cases need from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tongtai.features.gateways.model import AssignedCase, FeedReport, Gateway, Link, Recording, SilentGateway


class Gateways(Protocol):
    """The stored gateways."""

    async def get(self, gateway_id: str) -> Gateway | None:
        """One gateway."""
        ...

    async def of_institution(self, institution_id: str) -> Sequence[Gateway]:
        """An institution's gateways, by name."""
        ...

    async def by_code(self, digest: str) -> Gateway | None:
        """The gateway that waits for this code."""
        ...

    async def by_token(self, digest: str) -> Gateway | None:
        """The gateway that holds this token."""
        ...

    async def save(self, gateway: Gateway) -> None:
        """Insert or replace."""
        ...

    async def consume_code(self, gateway: Gateway, digest: str) -> bool:
        """Store the enrolled gateway only when the code is still there; tell whether it was."""
        ...

    async def feeds(self, gateway_id: str) -> Sequence[FeedReport]:
        """What it last said of each feed."""
        ...

    async def silent(self, *, seen_before: datetime) -> Sequence[SilentGateway]:
        """Gateways that were last seen before an instant, with feeds that are neither off nor lost."""
        ...

    async def save_feeds(self, gateway_id: str, feeds: Sequence[FeedReport]) -> None:
        """Replace what it said."""
        ...


class Recordings(Protocol):
    """The stored descriptions of recordings."""

    async def get(self, recording_id: str) -> Recording | None:
        """One recording."""
        ...

    async def find(self, gateway_id: str, feed: str, segment: str, sha256: str) -> Recording | None:
        """The same segment, announced before."""
        ...

    async def of_case(self, case_id: str) -> Sequence[Recording]:
        """A case's recordings by feed and time."""
        ...

    async def save(self, recording: Recording) -> None:
        """Insert or replace."""
        ...


class LinkTests(Protocol):
    """What gateways measured of their uplinks, and who waits for it."""

    async def of_gateway(self, gateway_id: str) -> Sequence[Link]:
        """What it last found, by position."""
        ...

    async def save(self, gateway_id: str, links: Sequence[Link]) -> None:
        """Replace what it found."""
        ...

    async def wanted_at(self, operating_room_id: str) -> datetime | None:
        """When somebody last asked for a test of this room."""
        ...

    async def want(self, operating_room_id: str, at: datetime) -> None:
        """Ask for a test of this room."""
        ...


class RoomCases(Protocol):
    """Operating rooms and their cases."""

    async def institution_of(self, operating_room_id: str) -> str | None:
        """Whose room it is."""
        ...

    async def current(self, operating_room_id: str) -> AssignedCase | None:
        """The case that the room has now."""
        ...

    async def numbered(self, number: str, operating_room_id: str) -> AssignedCase | None:
        """The case of this room with this number."""
        ...

    async def belongs(self, case_id: str, operating_room_id: str) -> bool:
        """Whether the case is one of this room."""
        ...


class RoomMedia(Protocol):
    """The media server, for gateways."""

    @property
    def url(self) -> str:
        """Where gateways connect to."""
        ...

    def token(self, *, gateway: Gateway, case_id: str, room: str, identity: str, lifetime: timedelta) -> str:
        """A token for one room that allows to publish pictures and sound and to answer pings."""
        ...

    async def remove(self, gateway_id: str) -> None:
        """Throw the gateway out of every room, now."""
        ...


class Pieces(Protocol):
    """Uploads in progress: bytes that survive a crash of either side."""

    async def size(self, name: str) -> int:
        """Bytes that are safe on disk."""
        ...

    async def append(self, name: str, content: bytes, *, offset: int) -> int:
        """Store a piece behind ``offset`` bytes; returns the new size."""
        ...

    async def finish(self, name: str, sha256: str) -> bool:
        """Move a complete upload to the blobs; false, and discarded, when its hash is another."""
        ...

    async def kept(self, sha256: str) -> bool:
        """Whether a whole upload with this hash is in the blobs."""
        ...


class FeedEvents(Protocol):
    """Where changes at the table are told: the case's session, which lies above this feature."""

    async def feed_changed(
        self, *, case_id: str, gateway: Gateway, report: FeedReport, clock_offset_ms: float
    ) -> None:
        """A feed changed its state."""
        ...

    async def feed_lost(self, *, case_id: str, report: FeedReport) -> None:
        """Nothing is heard of a feed's gateway any more; telling it twice must be the same as once."""
        ...

    async def recording_uploaded(self, *, case_id: str, gateway: Gateway, recording: Recording) -> None:
        """A recording is verified; telling it twice must be the same as once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLinks:
    """What lies above this feature or outside the server, under a type that a container can be asked for."""

    events: FeedEvents
    media: RoomMedia
