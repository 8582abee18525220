"""Gateways, their feeds and their recordings."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tongtai.core.lacks import Lack
from tongtai.features.audit.model import Actor
from tongtai.features.consents.model import Consent, ConsentKind, lacks_of_kinds
from tongtai.features.gateways.errors import InvalidFeedError

CODE_LIFETIME = timedelta(hours=24)
MEDIA_TOKEN_LIFETIME = timedelta(minutes=2)
# A gateway reports every five seconds; three missed reports mean that it is away.
SILENCE_AFTER = timedelta(seconds=15)
# While a case is being prepared its lines are measured again and again.
LINK_TEST_EVERY = timedelta(minutes=15)
FEED_NAME = re.compile(r"[a-z0-9-]{1,20}")


class FeedState(StrEnum):
    """What a feed is doing, as the gateway sees it; ``LOST`` is the server's word for one that is silent."""

    LIVE = "live"
    NO_SOURCE = "no_source"
    ENDED = "ended"
    DISK_FULL = "disk_full"
    ERROR = "error"
    OFF = "off"
    LOST = "lost"


class RecordingState(StrEnum):
    """How far the upload of a recording is."""

    RECEIVING = "receiving"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A process at one operating table.

    ``code_digest`` and ``token_digest`` are SHA-256 sums: the secrets themselves are shown once
    and kept nowhere on the server.
    """

    id: str
    name: str
    operating_room_id: str
    institution_id: str
    created_at: datetime
    code_digest: str | None = None
    code_expires_at: datetime | None = None
    token_digest: str | None = None
    enrolled_at: datetime | None = None
    revoked_at: datetime | None = None
    last_seen_at: datetime | None = None
    clock_offset_ms: float | None = None
    disk_free_bytes: int | None = None
    reported_case_id: str | None = None

    @property
    def active(self) -> bool:
        """Whether its token is good."""
        return self.revoked_at is None and self.token_digest is not None

    @property
    def actor(self) -> Actor:
        """The gateway, as the audit log names it."""
        return Actor(kind="gateway", id=self.id, name=self.name, institution_id=self.institution_id)

    def online(self, *, at: datetime) -> bool:
        """Whether it reported lately."""
        return self.active and self.last_seen_at is not None and at - self.last_seen_at < SILENCE_AFTER

    def may_enrol(self, *, at: datetime) -> bool:
        """Whether its one-time code is still good."""
        return self.revoked_at is None and self.code_expires_at is not None and at < self.code_expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """The state of one feed; ``detail`` is one English sentence for the log and the page."""

    feed: str
    state: FeedState
    detail: str = ""

    def __post_init__(self) -> None:
        if not FEED_NAME.fullmatch(self.feed):
            raise InvalidFeedError(feed=self.feed)


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentGateway:
    """A gateway that has stopped reporting, the case that it last reported to, and its feeds then."""

    gateway_id: str
    case_id: str
    feeds: Sequence[FeedReport]

    @property
    def lost(self) -> Sequence[FeedReport]:
        """What is to be said of its feeds now."""
        detail = "the gateway does not report"
        return [FeedReport(feed=feed.feed, state=FeedState.LOST, detail=detail) for feed in self.feeds]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedCase:
    """The case that an operating room has now, as its gateway needs to know it.

    ``recording``: whether the patient has consented to it.
    """

    case_id: str
    number: str
    recording: bool
    in_procedure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a gateway measured of one uplink, its way to the server.

    Attributes
    ----------
    position
        From 1, in the order in which the gateway was told of its uplinks.
    rtt_ms, jitter_ms
        Median time there and back, mean change from one to the next; ``None`` when nothing came back.
    loss_percent
        Share of segments that had to be sent again at a steady rate; ``None`` where it cannot be measured.
    up_mbit_s, down_mbit_s
        What went through; 0 when nothing did.
    """

    position: int
    name: str
    measured_at: datetime
    rtt_ms: float | None
    jitter_ms: float | None
    loss_percent: float | None
    up_mbit_s: float
    down_mbit_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a gateway measured of its machine: what to add to its clock to get the server's, room on its disk."""

    clock_offset_ms: float
    disk_free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One segment of one feed, recorded at the table before the network.

    ``clock_offset_ms`` is what must be added to the gateway's clock (``started_at``) to get the
    server's; ``received`` counts the bytes that are safe on the server's disk.
    """

    id: str
    gateway_id: str
    case_id: str
    feed: str
    segment: str
    size: int
    sha256: str
    started_at: datetime
    duration_s: float
    clock_offset_ms: float
    created_at: datetime
    received: int = 0
    state: RecordingState = RecordingState.RECEIVING

    def __post_init__(self) -> None:
        if not FEED_NAME.fullmatch(self.feed):
            raise InvalidFeedError(feed=self.feed)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaTicket:
    """What a gateway needs to enter its case's room."""

    url: str
    token: str
    room: str
    identity: str


def recording_lacks(consents: Iterable[Consent], now: datetime) -> tuple[Lack, ...]:
    """Why a patient's pictures may be neither recorded nor given out; nothing when they may."""
    return lacks_of_kinds(list(consents), (ConsentKind.RECORDING,), now.date())
