"""Connects the gateways at the tables with the live sessions above them and the media server."""

from datetime import timedelta

from tongtai.features.gateways.model import FeedReport, Gateway, Recording
from tongtai.features.gateways.ports import GatewayLinks
from tongtai.features.gateways.sql import SqlGateways
from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.features.guidance.model import Actor, ActorKind, Draft, EventType, SessionState, Side
from tongtai.features.guidance.ports import Grants
from tongtai.features.guidance.service import RoomService, SessionService
from tongtai.infra.container import Container

# A gateway sends pictures and sound, and answers pings, for which it must be able to receive data.
_GRANTS = Grants(subscribe=True, publish_data=True, sources=("camera", "screen_share", "microphone"))


class ActiveGateways:
    """Which gateways are welcome in media rooms.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._database = container.database

    async def active(self, gateway_id: str) -> bool:
        """Whether the gateway is enrolled and not revoked."""
        async with self._database.transaction() as session:
            gateway = await SqlGateways(session).get(gateway_id)
        return gateway is not None and gateway.active


class TableMedia:
    """The media server, for gateways.

    Parameters
    ----------
    media : LiveKitRooms
        Makes the tokens.
    rooms : RoomService
        Throws gateways out.
    """

    def __init__(self, media: LiveKitRooms, rooms: RoomService) -> None:
        self._media = media
        self._rooms = rooms

    @property
    def url(self) -> str:
        """Where gateways connect to."""
        return self._media.url

    def token(self, *, gateway: Gateway, case_id: str, room: str, identity: str, lifetime: timedelta) -> str:
        """A token for one room that allows to publish pictures and sound and to answer pings."""
        attributes = {
            "gateway_id": gateway.id,
            "name": gateway.name,
            "name_en": gateway.name,
            "role": "gateway",
            "side": Side.SITE.value,
            "case_id": case_id,
        }
        return self._media.token(
            room=room,
            identity=identity,
            name=gateway.name,
            attributes=attributes,
            grants=_GRANTS,
            lifetime=lifetime,
        )

    async def remove(self, gateway_id: str) -> None:
        """Throw the gateway out of every room, now."""
        await self._rooms.remove_gateway(gateway_id)


class TableEvents:
    """Tells a case's session what changes at the table.

    Parameters
    ----------
    sessions : SessionService
        The live sessions.
    """

    def __init__(self, sessions: SessionService) -> None:
        self._sessions = sessions

    async def feed_changed(
        self, *, case_id: str, gateway: Gateway, report: FeedReport, clock_offset_ms: float
    ) -> None:
        """A feed changed its state."""
        payload = {"feed": report.feed, "state": report.state.value, "detail": report.detail}
        await self._sessions.feed_changed(case_id, _actor(gateway), payload, clock_offset_ms)

    async def feed_lost(self, *, case_id: str, report: FeedReport) -> None:
        """A feed's gateway is silent: the server says so, for nobody else does."""
        await self._sessions.feed_lost(case_id, report.feed, report.detail)

    async def recording_uploaded(self, *, case_id: str, gateway: Gateway, recording: Recording) -> None:
        """A recording is verified; told twice, it is noted once."""
        payload = {
            "feed": recording.feed,
            "segment": recording.segment,
            "sha256": recording.sha256,
            "size": recording.size,
        }

        def decide(state: SessionState, _now_ms: int) -> list[Draft]:
            if any(known.sha256 == recording.sha256 for known in state.recordings):
                return []
            return [Draft(type=EventType.RECORDING_UPLOADED, payload=payload)]

        await self._sessions.append(case_id, decide, _actor(gateway), recording.clock_offset_ms)


def link_gateways(container: Container) -> None:
    """Give gateways the live parts that they need; call once the live sessions are there."""
    container.services[GatewayLinks] = GatewayLinks(
        events=TableEvents(container.get(SessionService)),
        media=TableMedia(container.get(LiveKitRooms), container.get(RoomService)),
    )


def _actor(gateway: Gateway) -> Actor:
    return Actor(
        kind=ActorKind.GATEWAY,
        id=gateway.id,
        name=gateway.name,
        name_en=gateway.name,
        role="gateway",
        side=Side.SITE,
    )
