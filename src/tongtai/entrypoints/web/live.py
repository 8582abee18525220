"""Connects the live sessions with the features below them, which do not know of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from tongtai.features.accounts.model import Principal
from tongtai.features.accounts.service import RevocationHub
from tongtai.features.gateways.model import FeedReport, Gateway, Recording
from tongtai.features.gateways.sql import SqlGateways
from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.features.guidance.model import Actor, ActorKind, Draft, EventType, Side
from tongtai.features.guidance.service import GATEWAY_GRANTS, RoomService, SessionService
from tongtai.features.guidance.tasks import Guidance
from tongtai.features.imaging.events import PushFinished, PushStarted, SeriesProgress
from tongtai.infra.container import Container


class ActiveGateways:
    """Which gateways are welcome in media rooms.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container

    async def active(self, gateway_id: str) -> bool:
        """Whether the gateway is enrolled and not revoked."""
        async with self._container.database.sessions() as session:
            gateway = await SqlGateways(session).get(gateway_id)
        return gateway is not None and gateway.active


@asynccontextmanager
async def live_sessions(container: Container) -> AsyncIterator[None]:
    """Everything that live sessions run for as long as the server runs."""
    guidance = Guidance(container, ActiveGateways(container))
    async with guidance.running(container.get(RevocationHub)):
        yield


class GatewayMedia:
    """The media server, for gateways.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container

    @property
    def url(self) -> str:
        """Where gateways connect to."""
        return self._container.get(LiveKitRooms).url

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
        return self._container.get(LiveKitRooms).token(
            room=room,
            identity=identity,
            name=gateway.name,
            attributes=attributes,
            grants=GATEWAY_GRANTS,
            lifetime=lifetime,
        )

    async def remove(self, gateway_id: str) -> None:
        """Throw the gateway out of every room, now."""
        await self._container.get(RoomService).remove_gateway(gateway_id)


class SessionFeedEvents:
    """Tells a case's session what happens at the table.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container

    async def feed_changed(self, *, case_id: str, gateway: Gateway, report: FeedReport) -> None:
        """A feed begins, fails or ends."""
        payload = {"feed": report.feed, "state": report.state.value, "detail": report.detail}
        sessions = self._container.get(SessionService)
        await sessions.feed_changed(case_id, _actor(gateway), payload, gateway.clock_offset_ms)

    async def recording_uploaded(self, *, case_id: str, gateway: Gateway, recording: Recording) -> None:
        """A recording is here, and is what the table recorded."""
        payload = {
            "feed": recording.feed,
            "segment": recording.segment,
            "sha256": recording.sha256,
            "size": recording.size,
        }
        await self._container.get(SessionService).append(
            case_id,
            lambda _state, _now_ms: [Draft(type=EventType.RECORDING_UPLOADED, payload=payload)],
            _actor(gateway),
            gateway.clock_offset_ms,
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


class SessionImagingEvents:
    """Tells a case's session that images arrive.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container

    async def push_started(self, principal: Principal, event: PushStarted) -> None:
        """Somebody began to send images."""
        payload = {
            "push_id": event.push_id,
            "source": event.source,
            "declared_files": event.declared_files,
        }
        await self._append(principal, event.case_id, EventType.CT_PUSH_STARTED, payload)

    async def series_progress(self, principal: Principal, event: SeriesProgress) -> None:
        """More images of a series can be seen."""
        payload = {
            "push_id": event.push_id,
            "study_uid": event.study_uid,
            "series_uid": event.series_uid,
            "description": event.description,
            "received": event.received,
        }
        await self._append(principal, event.case_id, EventType.CT_SERIES_PROGRESS, payload)

    async def push_finished(self, principal: Principal, event: PushFinished) -> None:
        """A push has ended."""
        payload = {
            "push_id": event.push_id,
            "received": event.received,
            "rejected": event.rejected,
            "duplicates": event.duplicates,
            "seconds": round(event.seconds, 3),
        }
        await self._append(principal, event.case_id, EventType.CT_PUSH_FINISHED, payload)

    async def _append(
        self, principal: Principal, case_id: str, kind: EventType, payload: Mapping[str, object]
    ) -> None:
        sessions = self._container.get(SessionService)
        await sessions.imaging(principal, case_id, kind, payload)
