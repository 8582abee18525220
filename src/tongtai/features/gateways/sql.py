"""Gateways and recordings in the database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CursorResult,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tongtai.features.gateways.model import (
    FeedReport,
    FeedState,
    Gateway,
    Link,
    Recording,
    RecordingState,
    SilentGateway,
)
from tongtai.infra.database import Base, UtcDateTime


class GatewayRow(Base):
    """A gateway; secrets are there as SHA-256 only."""

    __tablename__ = "gateways"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    operating_room_id: Mapped[str] = mapped_column(ForeignKey("operating_rooms.id"))
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock_offset_ms: Mapped[float | None]
    disk_free_bytes: Mapped[int | None] = mapped_column(BigInteger)
    reported_case_id: Mapped[str | None] = mapped_column(String(64))


class GatewayFeedRow(Base):
    """What a gateway last said of a feed."""

    __tablename__ = "gateway_feeds"

    gateway_id: Mapped[str] = mapped_column(ForeignKey("gateways.id"), primary_key=True)
    feed: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(300))


class GatewayLinkRow(Base):
    """What a gateway last measured of an uplink."""

    __tablename__ = "gateway_links"

    gateway_id: Mapped[str] = mapped_column(ForeignKey("gateways.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rtt_ms: Mapped[float | None]
    jitter_ms: Mapped[float | None]
    loss_percent: Mapped[float | None]
    up_mbit_s: Mapped[float]
    down_mbit_s: Mapped[float]


class LinkTestRequestRow(Base):
    """When somebody last asked for a test of a room's lines."""

    __tablename__ = "link_test_requests"

    operating_room_id: Mapped[str] = mapped_column(ForeignKey("operating_rooms.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecordingRow(Base):
    """A recorded segment; its bytes are the blob ``sha256`` once it is verified."""

    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("gateway_id", "feed", "segment", "sha256", name="uq_recordings_segment"),
        Index("ix_recordings_case", "case_id", "feed", "started_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    gateway_id: Mapped[str] = mapped_column(ForeignKey("gateways.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    feed: Mapped[str] = mapped_column(String(20))
    segment: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    duration_s: Mapped[float]
    clock_offset_ms: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16))


_GATEWAY_FIELDS = tuple(Gateway.__dataclass_fields__)
_LINK_FIELDS = tuple(Link.__dataclass_fields__)
_RECORDING_FIELDS = tuple(Recording.__dataclass_fields__)


class SqlGateways:
    """Gateways in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, gateway_id: str) -> Gateway | None:
        """One gateway."""
        row = await self._session.get(GatewayRow, gateway_id)
        return _gateway(row) if row else None

    async def of_institution(self, institution_id: str) -> Sequence[Gateway]:
        """An institution's gateways, by name."""
        query = select(GatewayRow).where(GatewayRow.institution_id == institution_id)
        rows = await self._session.scalars(query.order_by(GatewayRow.name, GatewayRow.id))
        return [_gateway(row) for row in rows]

    async def of_operating_room(self, operating_room_id: str) -> Sequence[Gateway]:
        """The gateways of a room whose tokens are good, by name."""
        query = select(GatewayRow).where(
            GatewayRow.operating_room_id == operating_room_id,
            GatewayRow.revoked_at.is_(None),
            GatewayRow.token_digest.is_not(None),
        )
        rows = await self._session.scalars(query.order_by(GatewayRow.name, GatewayRow.id))
        return [_gateway(row) for row in rows]

    async def by_code(self, digest: str) -> Gateway | None:
        """The gateway that waits for this code."""
        row = await self._session.scalar(select(GatewayRow).where(GatewayRow.code_digest == digest))
        return _gateway(row) if row else None

    async def by_token(self, digest: str) -> Gateway | None:
        """The gateway that holds this token."""
        row = await self._session.scalar(select(GatewayRow).where(GatewayRow.token_digest == digest))
        return _gateway(row) if row else None

    async def save(self, gateway: Gateway) -> None:
        """Insert or replace."""
        await self._session.merge(GatewayRow(**asdict(gateway)))
        await self._session.flush()

    async def consume_code(self, gateway: Gateway, digest: str) -> bool:
        """Store the enrolled gateway only when the code is still there; tell whether it was."""
        statement = update(GatewayRow).where(GatewayRow.id == gateway.id, GatewayRow.code_digest == digest)
        result = await self._session.execute(statement.values(**asdict(gateway)))
        return isinstance(result, CursorResult) and result.rowcount == 1

    async def feeds(self, gateway_id: str) -> Sequence[FeedReport]:
        """What it last said of each feed."""
        query = select(GatewayFeedRow).where(GatewayFeedRow.gateway_id == gateway_id)
        rows = await self._session.scalars(query.order_by(GatewayFeedRow.feed))
        return [_feed(row) for row in rows]

    async def silent(self, *, seen_before: datetime) -> Sequence[SilentGateway]:
        """Gateways that were last seen before an instant, with feeds that are neither off nor lost."""
        quiet = (FeedState.OFF.value, FeedState.LOST.value)
        query = (
            select(GatewayRow.id, GatewayRow.reported_case_id, GatewayFeedRow)
            .join(GatewayFeedRow, GatewayFeedRow.gateway_id == GatewayRow.id)
            .where(GatewayRow.last_seen_at < seen_before, GatewayRow.reported_case_id.is_not(None))
            .where(GatewayFeedRow.state.not_in(quiet))
            .order_by(GatewayRow.id, GatewayFeedRow.feed)
        )
        found: dict[tuple[str, str], list[FeedReport]] = {}
        for gateway_id, case_id, feed in await self._session.execute(query):
            found.setdefault((gateway_id, case_id or ""), []).append(_feed(feed))
        return [
            SilentGateway(gateway_id=gateway_id, case_id=case_id, feeds=feeds)
            for (gateway_id, case_id), feeds in found.items()
        ]

    async def save_feeds(self, gateway_id: str, feeds: Sequence[FeedReport]) -> None:
        """Replace what it said; the same again is not written again."""
        if set(await self.feeds(gateway_id)) == set(feeds):
            return
        await self._session.execute(delete(GatewayFeedRow).where(GatewayFeedRow.gateway_id == gateway_id))
        self._session.add_all(
            GatewayFeedRow(
                gateway_id=gateway_id, feed=report.feed, state=report.state.value, detail=report.detail
            )
            for report in feeds
        )
        await self._session.flush()


class SqlLinkTests:
    """Link tests in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_gateway(self, gateway_id: str) -> Sequence[Link]:
        """What it last found, by position."""
        query = select(GatewayLinkRow).where(GatewayLinkRow.gateway_id == gateway_id)
        rows = await self._session.scalars(query.order_by(GatewayLinkRow.position))
        return [Link(**{name: getattr(row, name) for name in _LINK_FIELDS}) for row in rows]

    async def save(self, gateway_id: str, links: Sequence[Link]) -> None:
        """Replace what it found."""
        await self._session.execute(delete(GatewayLinkRow).where(GatewayLinkRow.gateway_id == gateway_id))
        self._session.add_all(GatewayLinkRow(gateway_id=gateway_id, **asdict(link)) for link in links)
        await self._session.flush()

    async def wanted_at(self, operating_room_id: str) -> datetime | None:
        """When somebody last asked for a test of this room."""
        row = await self._session.get(LinkTestRequestRow, operating_room_id)
        return row.at if row else None

    async def want(self, operating_room_id: str, at: datetime) -> None:
        """Ask for a test of this room."""
        await self._session.merge(LinkTestRequestRow(operating_room_id=operating_room_id, at=at))
        await self._session.flush()


class SqlRecordings:
    """Descriptions of recordings in the database.

    Parameters
    ----------
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, recording_id: str) -> Recording | None:
        """One recording."""
        row = await self._session.get(RecordingRow, recording_id)
        return _recording(row) if row else None

    async def find(self, gateway_id: str, feed: str, segment: str, sha256: str) -> Recording | None:
        """The same segment, announced before."""
        query = select(RecordingRow).filter_by(
            gateway_id=gateway_id, feed=feed, segment=segment, sha256=sha256
        )
        row = await self._session.scalar(query)
        return _recording(row) if row else None

    async def of_case(self, case_id: str) -> Sequence[Recording]:
        """A case's recordings by feed and time."""
        query = select(RecordingRow).where(RecordingRow.case_id == case_id)
        rows = await self._session.scalars(query.order_by(RecordingRow.feed, RecordingRow.started_at))
        return [_recording(row) for row in rows]

    async def save(self, recording: Recording) -> None:
        """Insert or replace."""
        await self._session.merge(RecordingRow(**(asdict(recording) | {"state": recording.state.value})))
        await self._session.flush()


def _feed(row: GatewayFeedRow) -> FeedReport:
    return FeedReport(feed=row.feed, state=FeedState(row.state), detail=row.detail)


def _gateway(row: GatewayRow) -> Gateway:
    return Gateway(**{name: getattr(row, name) for name in _GATEWAY_FIELDS})


def _recording(row: RecordingRow) -> Recording:
    values = {name: getattr(row, name) for name in _RECORDING_FIELDS}
    return Recording(**(values | {"state": RecordingState(row.state)}))
