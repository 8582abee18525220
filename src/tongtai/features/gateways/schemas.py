"""Wire types of gateways."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tongtai.features.gateways.model import AssignedCase, FeedReport, FeedState, Gateway, Link, Recording

FeedName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
OffsetMs = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Bytes = Annotated[int, Field(ge=0, le=1 << 62)]
_Delay = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
_Rate = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class GatewayIn(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    operating_room_id: Annotated[str, Field(max_length=64)]


class FeedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    feed: str
    state: FeedState
    detail: str


class GatewayOut(BaseModel):
    id: str
    name: str
    operating_room_id: str
    created_at: datetime
    enrolled_at: datetime | None
    revoked_at: datetime | None
    last_seen_at: datetime | None
    online: bool
    clock_offset_ms: float | None
    disk_free_bytes: int | None
    feeds: list[FeedOut]

    @classmethod
    def of(cls, gateway: Gateway, feeds: list[FeedReport], *, at: datetime) -> Self:
        return cls(
            id=gateway.id,
            name=gateway.name,
            operating_room_id=gateway.operating_room_id,
            created_at=gateway.created_at,
            enrolled_at=gateway.enrolled_at,
            revoked_at=gateway.revoked_at,
            last_seen_at=gateway.last_seen_at,
            online=gateway.online(at=at),
            clock_offset_ms=gateway.clock_offset_ms,
            disk_free_bytes=gateway.disk_free_bytes,
            feeds=[FeedOut.model_validate(feed) for feed in feeds],
        )


class GatewayCaseOut(BaseModel):
    case_id: str
    number: str


class CodeOut(BaseModel):
    """A one-time code; it is shown this once."""

    id: str
    code: str
    expires_at: datetime | None


class EnrolIn(BaseModel):
    code: Annotated[str, Field(min_length=1, max_length=64)]


class EnrolledOut(BaseModel):
    """The gateway's token; it is shown this once."""

    gateway_id: str
    token: str


class AssignmentOut(BaseModel):
    """The room's case; ``recording`` is false when its patient has not consented to it: nothing is recorded then.

    ``measure_links``: the gateway should test its uplinks now.
    """

    case_id: str | None
    number: str | None
    recording: bool
    measure_links: bool

    @classmethod
    def of(cls, case: AssignedCase | None, *, measure_links: bool) -> Self:
        """What a gateway is told of its room's case, none included."""
        if case is None:
            return cls(case_id=None, number=None, recording=False, measure_links=False)
        return cls(
            case_id=case.case_id, number=case.number, recording=case.recording, measure_links=measure_links
        )


class LinkIn(BaseModel):
    """What a gateway measured of one uplink; ``None`` where nothing came back, or it cannot be measured."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    rtt_ms: _Delay | None = None
    jitter_ms: _Delay | None = None
    loss_percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    up_mbit_s: _Rate
    down_mbit_s: _Rate


class LinksIn(BaseModel):
    """Every uplink of a gateway, in its order."""

    links: Annotated[list[LinkIn], Field(min_length=1, max_length=8)]

    def models(self, at: datetime) -> list[Link]:
        """The links as measured just now."""
        return [
            Link(position=position, measured_at=at, **link.model_dump())
            for position, link in enumerate(self.links, 1)
        ]


class LinkTestOut(BaseModel):
    """How much of a test's bytes arrived."""

    received: int


class TicketOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    url: str
    token: str
    room: str
    identity: str


class FeedIn(BaseModel):
    feed: FeedName
    # That a gateway is lost is nothing that it can say itself.
    state: Literal[
        FeedState.LIVE,
        FeedState.NO_SOURCE,
        FeedState.ENDED,
        FeedState.DISK_FULL,
        FeedState.ERROR,
        FeedState.OFF,
    ]
    detail: Annotated[str, Field(max_length=300)] = ""

    def model(self) -> FeedReport:
        return FeedReport(feed=self.feed, state=self.state, detail=self.detail)


class StatusIn(BaseModel):
    feeds: Annotated[list[FeedIn], Field(max_length=50)]
    clock_offset_ms: OffsetMs
    disk_free_bytes: Bytes


class RecordingIn(BaseModel):
    case_id: Annotated[str, Field(max_length=64)]
    feed: FeedName
    segment: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
    size: Bytes
    sha256: Sha256
    started_at: AwareDatetime
    duration_s: Annotated[float, Field(ge=0, le=1e7, allow_inf_nan=False)]
    clock_offset_ms: OffsetMs

    def draft(self, gateway: Gateway) -> Recording:
        """The recording as announced; the service gives it its identifier and its time."""
        return Recording(id="", gateway_id=gateway.id, created_at=self.started_at, **self.model_dump())


class UploadOut(BaseModel):
    """Where the upload goes on: so many bytes are safe on the server's disk."""

    id: str
    offset: int


class RecordingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    feed: str
    segment: str
    size: int
    sha256: str
    started_at: datetime
    duration_s: float
    clock_offset_ms: float
