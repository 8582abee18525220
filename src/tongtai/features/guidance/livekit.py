"""LiveKit: tokens, rooms and the messages that it sends."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import aiohttp
from livekit import api
from livekit.api.room_service import RoomService
from livekit.protocol.models import DisconnectReason

from tongtai.core.clock import Clock
from tongtai.features.guidance.errors import MediaUnavailableError, WebhookRefusedError
from tongtai.features.guidance.ports import Grants, Occupant

_PATIENCE = aiohttp.ClientTimeout(total=10)
_NOT_FOUND = "not_found"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMessage:
    """Something that happened in a room. ``reason`` is LiveKit's name for why somebody left."""

    kind: str
    room: str
    occupant: Occupant
    reason: str


class LiveKitRooms:
    """The media server.

    Parameters
    ----------
    url : str
        Where pages and gateways connect to.
    api_url : str
        Where this server calls it.
    key, secret : str
        The pair that both servers know.
    clock : Clock
        The server's clock.
    """

    def __init__(self, url: str, api_url: str, *, key: str, secret: str, clock: Clock) -> None:
        self._url = url
        self._api_url = api_url
        self._key = key
        self._secret = secret
        self._clock = clock
        self._receiver = api.WebhookReceiver(api.TokenVerifier(key, secret))
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """Where pages and gateways connect to."""
        return self._url

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

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
        """A token for one room. Every grant is written out: LiveKit allows what is left out."""
        video = api.VideoGrants(
            room_join=True,
            room=room,
            room_create=False,
            room_list=False,
            room_record=False,
            room_admin=False,
            ingress_admin=False,
            hidden=False,
            recorder=False,
            agent=False,
            can_manage_agent_session=False,
            can_subscribe_metrics=False,
            can_update_own_metadata=False,
            can_subscribe=grants.subscribe,
            can_publish=bool(grants.sources),
            can_publish_sources=list(grants.sources),
            can_publish_data=grants.publish_data,
        )
        token = api.AccessToken(self._key, self._secret).with_identity(identity).with_name(name)
        return token.with_attributes(dict(attributes)).with_grants(video).with_ttl(lifetime).to_jwt()

    async def rooms(self) -> list[str]:
        """The names of the rooms that exist."""
        answer = await self._call(self._service().list_rooms(api.ListRoomsRequest()))
        return [room.name for room in answer.rooms] if answer else []

    async def occupants(self, room: str) -> list[Occupant]:
        """Who is in a room; empty when the room does not exist."""
        request = api.ListParticipantsRequest(room=room)
        answer = await self._call(self._service().list_participants(request))
        if answer is None:
            return []
        return [Occupant(identity=p.identity, attributes=dict(p.attributes)) for p in answer.participants]

    async def remove(self, room: str, identity: str) -> None:
        """Throw somebody out, and refuse the tokens that they have."""
        request = api.RoomParticipantIdentity(
            room=room, identity=identity, revoke_token_ts=int(self._clock.now().timestamp())
        )
        await self._call(self._service().remove_participant(request))

    def receive(self, body: str, authorization: str) -> RoomMessage | None:
        """Read a message of the media server; ``None`` when it is about something else.

        Raises
        ------
        WebhookRefusedError
            If its signature, its age or its checksum is wrong.
        """
        try:
            event = self._receiver.receive(body, authorization)
        except Exception as error:
            raise WebhookRefusedError from error
        if event.event not in {"participant_joined", "participant_left"}:
            return None
        participant = event.participant
        return RoomMessage(
            kind=event.event,
            room=event.room.name,
            occupant=Occupant(identity=participant.identity, attributes=dict(participant.attributes)),
            reason=DisconnectReason.Name(participant.disconnect_reason),
        )

    def _service(self) -> RoomService:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        return RoomService(self._session, self._api_url, self._key, self._secret)

    @staticmethod
    async def _call(call: Awaitable[T]) -> T | None:
        try:
            return await call
        except api.TwirpError as error:
            if error.code == _NOT_FOUND:
                return None
            raise MediaUnavailableError(reason=error.code) from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise MediaUnavailableError(reason=type(error).__name__) from error
