"""What the installation measures of a sheet, asked of the parts of the product that know."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.checklists import SheetForm
from tongtai.core.measured_lines import Measure, MeasuredBy, Measurement, Part, Wanted, recording_need_gb
from tongtai.features.accounts.model import Role
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.cases.model import Case
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.gateways.api import link_service
from tongtai.features.gateways.model import FeedReport, FeedState, Gateway, Link, recording_lacks
from tongtai.features.gateways.sql import SqlGateways, SqlLinkTests
from tongtai.features.guidance.sql import SqlPresence
from tongtai.features.imaging.sql import SqlImages
from tongtai.infra.container import Container

# A gateway that has been away for a day is no part of the room today, unless the room has no other.
_FORGET_AFTER = timedelta(days=1)
_BYTES_PER_GB = 1e9
_ALL_LOST = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """What is known of a case's operating room."""

    case: Case
    now: datetime
    gateways: Sequence[Gateway]
    feeds: Mapping[str, Sequence[FeedReport]]
    links: Sequence[Link]
    links_by: str


class RecordedMeasurements:
    """Measurements, from what gateways, senders and pages have told.

    Parameters
    ----------
    container : Container
        The server's parts.
    session : AsyncSession
        The transaction under way.
    """

    def __init__(self, container: Container, session: AsyncSession) -> None:
        self._container = container
        self._session = session

    async def of_case(self, case: Case, form: SheetForm) -> Mapping[str, Measurement]:
        """The newest measurement of each measured line, those of which there is one."""
        room = await self._room(case)
        found = {}
        for line in form.asked_of(case.technique.value):
            if line.measured is not None:
                measurement = await _MEASURES[line.measured.measure](self._session, room, line.measured)
                if measurement is not None:
                    found[line.key] = measurement
        return found

    async def want(self, case: Case) -> None:
        """Ask the room's gateways for a test of their lines."""
        await link_service(self._container, self._session).want(case.operating_room_id)

    async def _room(self, case: Case) -> _Room:
        now = self._container.clock.now()
        stored = SqlGateways(self._session)
        known = [
            gateway for gateway in await stored.of_operating_room(case.operating_room_id)
            if gateway.last_seen_at is not None
        ]  # fmt: skip
        known.sort(key=lambda gateway: gateway.last_seen_at or now, reverse=True)
        lately = [one for one in known if one.last_seen_at and now - one.last_seen_at < _FORGET_AFTER]
        gateways = lately or known[:1]
        feeds = {gateway.id: await stored.feeds(gateway.id) for gateway in gateways}
        links: Sequence[Link] = ()
        by = ""
        for gateway in gateways:
            found = await SqlLinkTests(self._session).of_gateway(gateway.id)
            # Gateways of a room share its lines: the newest test speaks for them.
            if found and (not links or found[0].measured_at > links[0].measured_at):
                links, by = found, gateway.name
        return _Room(case=case, now=now, gateways=gateways, feeds=feeds, links=links, links_by=by)


async def _uplink_rate(_: AsyncSession, room: _Room, wanted: Wanted) -> Measurement | None:
    link = next((one for one in room.links if one.position == wanted.uplink), None)
    if link is None:
        return None
    part = Part(name=link.name, value=link.up_mbit_s)
    return _by_gateway(room, link.up_mbit_s, link.measured_at, (part,))


async def _round_trip(_: AsyncSession, room: _Room, __: Wanted) -> Measurement | None:
    return _worst_of(room, [(link, link.rtt_ms) for link in room.links])


async def _loss(_: AsyncSession, room: _Room, __: Wanted) -> Measurement | None:
    # Of a line on which nothing comes back, everything is lost.
    return _worst_of(
        room,
        [(link, _ALL_LOST if link.rtt_ms is None else link.loss_percent) for link in room.links],
    )


async def _jitter(_: AsyncSession, room: _Room, __: Wanted) -> Measurement | None:
    return _worst_of(room, [(link, link.jitter_ms) for link in room.links])


def _worst_of(room: _Room, values: Sequence[tuple[Link, float | None]]) -> Measurement | None:
    known = [value for _, value in values if value is not None]
    if not known:
        return None
    parts = tuple(Part(name=link.name, value=value, met=value is not None) for link, value in values)
    return _by_gateway(room, max(known), min(link.measured_at for link, _ in values), parts)


def _by_gateway(room: _Room, value: float, at: datetime, parts: tuple[Part, ...]) -> Measurement:
    return Measurement(value=value, at=at, by=MeasuredBy.GATEWAY, by_name=room.links_by, parts=parts)


async def _clock_offset(_: AsyncSession, room: _Room, __: Wanted) -> Measurement | None:
    offsets = [
        (one.name, abs(one.clock_offset_ms)) for one in room.gateways if one.clock_offset_ms is not None
    ]
    if not offsets:
        return None
    return _of_gateways(
        room,
        max(offset for _, offset in offsets),
        tuple(Part(name=name, value=offset) for name, offset in offsets),
    )


async def _feeds(_: AsyncSession, room: _Room, __: Wanted) -> Measurement | None:
    reports = [report for gateway in room.gateways for report in room.feeds[gateway.id]]
    if not reports:
        return None
    parts = tuple(
        Part(name=one.feed, code=one.state.value, met=one.state is FeedState.LIVE) for one in reports
    )
    return _of_gateways(room, all(part.met for part in parts), parts)


async def _recording_space(session: AsyncSession, room: _Room, wanted: Wanted) -> Measurement | None:
    found = []
    for gateway in room.gateways:
        if gateway.disk_free_bytes is not None:
            need_gb = recording_need_gb(wanted, len(room.feeds[gateway.id]))
            found.append((gateway.name, round(gateway.disk_free_bytes / _BYTES_PER_GB, 1), need_gb))
    if not found:
        return None
    consents = await SqlConsents(session).of_case(room.case.id)
    recorded = not recording_lacks(consents, room.now)
    parts = tuple(Part(name=name, value=free, met=free >= need or not recorded) for name, free, need in found)
    # The gateway with the least to spare speaks for the room.
    _, free_gb, need_gb = min(found, key=lambda one: one[1] - one[2])
    measured = _of_gateways(room, free_gb, parts)
    return Measurement(
        value=measured.value,
        at=measured.at,
        by=measured.by,
        by_name=measured.by_name,
        parts=parts,
        low=need_gb if recorded else None,
    )


def _of_gateways(room: _Room, value: bool | float, parts: tuple[Part, ...]) -> Measurement:
    return Measurement(
        value=value,
        # The one that was heard of longest ago says how old this is.
        at=min(gateway.last_seen_at or room.now for gateway in room.gateways),
        by=MeasuredBy.GATEWAY,
        by_name=", ".join(gateway.name for gateway in room.gateways),
        parts=parts,
    )


async def _test_series(session: AsyncSession, room: _Room, _: Wanted) -> Measurement | None:
    sent = await SqlImages(session).last_test_series(room.case.id)
    if sent is None:
        return None
    parts = [Part(name="", value=sent.equal, code="files_equal")]
    missing = (sent.declared or sent.equal) - sent.equal
    if missing > 0 or sent.other:
        parts.append(Part(name="", value=max(missing, sent.other), code="files_missing", met=False))
    return Measurement(
        value=sent.whole,
        at=sent.finished_at,
        by=MeasuredBy.PUSH,
        by_name=await _sender_name(session, sent.sender_id),
        parts=tuple(parts),
    )


async def _sender_name(session: AsyncSession, sender_id: str) -> str:
    gateway = await SqlGateways(session).get(sender_id)
    if gateway is not None:
        return gateway.name
    user = await SqlUsers(session).find(sender_id)
    return user.display_name if user else ""


async def _backup_guide(session: AsyncSession, room: _Room, _: Wanted) -> Measurement | None:
    backups = {member.user_id for member in room.case.team if member.role is Role.BACKUP_GUIDE}
    seen = await SqlPresence(session).seen(backups)
    if not seen:
        return None
    user_id, at = max(seen.items(), key=lambda one: one[1])
    user = await SqlUsers(session).find(user_id)
    name = user.display_name if user else user_id
    return Measurement(value=True, at=at, by=MeasuredBy.PAGE, by_name=name)


async def _recording_consent(session: AsyncSession, room: _Room, _: Wanted) -> Measurement | None:
    consents = await SqlConsents(session).of_case(room.case.id)
    code = "recording_off" if recording_lacks(consents, room.now) else "recording_consented"
    return Measurement(
        value=True, at=room.now, by=MeasuredBy.CONSENTS, by_name="", parts=(Part(name="", code=code),)
    )


_MEASURES: Mapping[Measure, Callable[[AsyncSession, _Room, Wanted], Awaitable[Measurement | None]]] = (
    MappingProxyType(
        {
            Measure.UPLINK_RATE: _uplink_rate,
            Measure.ROUND_TRIP: _round_trip,
            Measure.LOSS: _loss,
            Measure.JITTER: _jitter,
            Measure.CLOCK_OFFSET: _clock_offset,
            Measure.FEEDS: _feeds,
            Measure.RECORDING_SPACE: _recording_space,
            Measure.TEST_SERIES: _test_series,
            Measure.BACKUP_GUIDE: _backup_guide,
            Measure.RECORDING_CONSENT: _recording_consent,
        }
    )
)
