"""The gateway in its case's media room: tracks, pings, coming back by itself."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from livekit import rtc
from livekit.rtc.participant import PublishDataError, PublishTrackError

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.gateway.microphone import Microphone
from tongtai.entrypoints.gateway.rate import Silence
from tongtai.entrypoints.gateway.server import Server, ServerRefusedError, Ticket
from tongtai.entrypoints.gateway.slots import Slot
from tongtai.entrypoints.gateway.units import now_s

_RETRY_S, _NO_CASE_S = 0.5, 2.0
_LOOK_S = 0.2
_CONNECT_TIMEOUT_S = 4.0
# LiveKit's client tries longer and longer pauses; after this time a fresh entry is quicker.
_GIVE_UP_S = 1.5
_LISTEN_S = 0.05
_log = structlog.get_logger("tongtai.gateway.publisher")


class Publisher:
    """Keeps the slots published in the room of the present case.

    Parameters
    ----------
    server : Server
        Gives entry to the room.
    slots : sequence of Slot
        What to publish, as soon as its size is known.
    microphone : Microphone | None
        The room's sound.
    case_id : callable
        The present case; when it changes, the old room is left.
    """

    def __init__(
        self,
        server: Server,
        slots: Sequence[Slot],
        *,
        microphone: Microphone | None,
        case_id: Callable[[], str | None],
    ) -> None:
        self._server = server
        self._slots = slots
        self._microphone = microphone
        self._case_id = case_id
        self._room: rtc.Room | None = None
        self._answers: set[asyncio.Task[None]] = set()
        self.state = "off"

    async def run(self) -> None:
        """Be in the room, for ever."""
        while True:
            if self._case_id() is None:
                self.state = "off"
                await asyncio.sleep(_RETRY_S)
                continue
            pause_s = _RETRY_S
            try:
                self.state = "connecting"
                await self._stay(await self._server.ticket(), self._case_id())
            except ServerRefusedError as error:
                self.state = f"refused: {error}"
                pause_s = _NO_CASE_S
            except (TongtaiError, rtc.ConnectError, PublishTrackError, TimeoutError) as error:
                self.state = f"away: {error}"
            await asyncio.sleep(pause_s)

    async def _stay(self, ticket: Ticket, case_id: str | None) -> None:
        room = self._room = rtc.Room()
        gone = asyncio.Event()
        room.on("disconnected", lambda *_: gone.set())
        room.on("data_received", lambda packet: self._on_data(room, packet))
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT_S):
                options = rtc.RoomOptions(auto_subscribe=False, connect_timeout=_CONNECT_TIMEOUT_S)
                await room.connect(ticket.url, ticket.token, options)
            _log.info("room_entered", room=ticket.room)
            self.state = "live"
            listening = asyncio.create_task(self._listen(room), name="publisher.listen")
            try:
                await self._serve(room, gone, case_id)
            finally:
                listening.cancel()
        finally:
            for slot in self._slots:
                slot.detach()
            if self._microphone is not None:
                self._microphone.detach()
            self._room = None
            with suppress(Exception):
                # A room that is lost cannot be left politely; it must not keep us from the next one.
                async with asyncio.timeout(1.0):
                    await room.disconnect()
            _log.info("room_left", room=ticket.room)

    async def _serve(self, room: rtc.Room, gone: asyncio.Event, case_id: str | None) -> None:
        published: set[str] = set()
        lost_since_s: float | None = None
        while not gone.is_set() and self._case_id() == case_id:
            connected = room.connection_state == rtc.ConnectionState.CONN_CONNECTED
            lost_since_s = None if connected else (lost_since_s or now_s())
            if lost_since_s is not None and now_s() - lost_since_s > _GIVE_UP_S:
                return
            if connected:
                await self._publish_new(room, published)
            with suppress(TimeoutError):
                await asyncio.wait_for(gone.wait(), _LOOK_S)

    async def _listen(self, room: rtc.Room) -> None:
        """Note when the other side was heard last; each slot leaves out pictures accordingly."""
        silence = Silence()
        for slot in self._slots:
            slot.silence = silence
        # Ends with the room, or when the connection is being made anew.
        with suppress(RuntimeError):
            while True:
                # Statistics are dear; packets that are passed on as they are go out whatever they say.
                if any(slot.follows for slot in self._slots):
                    silence.hear(await _packets_received(room), now_s=now_s())
                await asyncio.sleep(_LISTEN_S)

    async def _publish_new(self, room: rtc.Room, published: set[str]) -> None:
        if self._microphone is not None and "mic" not in published:
            published.add("mic")
            sound = rtc.LocalAudioTrack.create_audio_track("mic", self._microphone.attach())
            options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
            await room.local_participant.publish_track(sound, options)
        for slot in self._slots:
            if slot.size is None or slot.name in published:
                continue
            published.add(slot.name)
            track = rtc.LocalVideoTrack.create_video_track(slot.name, slot.attach())
            await room.local_participant.publish_track(track, _video_options())

    def _on_data(self, room: rtc.Room, packet: rtc.DataPacket) -> None:
        if packet.topic != "ping" or packet.participant is None:
            return
        try:
            ping = json.loads(packet.data)
            answer = {"t": ping["t"], "id": ping["id"]}
        except (ValueError, KeyError, TypeError):
            return
        answer["t_site_ms"] = time.time_ns() // 1_000_000
        answer["capture_to_send_ms"] = {
            slot.feed: round(slot.capture_to_send_ms, 1)
            for slot in self._slots
            if slot.layer == "high" and slot.capture_to_send_ms is not None
        }
        task = asyncio.create_task(_pong(room, answer, packet.participant.identity))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)


async def _packets_received(room: rtc.Room) -> int:
    stats = await room.get_rtc_stats()
    transports = (one.transport.transport for one in stats.publisher_stats if one.HasField("transport"))
    return sum(transport.packets_received for transport in transports)


async def _pong(room: rtc.Room, answer: dict[str, object], identity: str) -> None:
    # A lost answer is a lost measurement, no more.
    with suppress(PublishDataError):
        await room.local_participant.publish_data(
            json.dumps(answer), reliable=False, topic="pong", destination_identities=[identity]
        )


def _video_options() -> rtc.TrackPublishOptions:
    return rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_CAMERA,
        video_codec=rtc.VideoCodec.Value("H264"),
        simulcast=False,
        video_encoder=rtc.VideoEncoderBackend.Value("ENCODER_BACKEND_PRE_ENCODED"),
    )
