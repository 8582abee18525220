"""Use cases of recordings: made at the table, taken over in pieces, verified."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.features.gateways.errors import (
    RecordingHashError,
    RecordingNotFoundError,
    RecordingOffsetError,
    RecordingTooLargeError,
)
from tongtai.features.gateways.model import Gateway, Recording, RecordingState
from tongtai.features.gateways.ports import Pieces, Recordings, RoomCases


@dataclass(slots=True, kw_only=True)
class RecordingService:
    """Recordings made at the table: taken over in pieces, verified, kept by their hash."""

    recordings: Recordings
    rooms: RoomCases
    pieces: Pieces
    clock: Clock
    new_id: Callable[[str], str]
    limit_bytes: int

    async def announce(self, gateway: Gateway, draft: Recording) -> Recording:
        """Begin an upload, or find where an earlier one stopped (``received``).

        Raises
        ------
        RecordingTooLargeError
            If it is larger than the server accepts.
        RecordingNotFoundError
            If its case was never one of the gateway's operating room.
        """
        if draft.size > self.limit_bytes:
            raise RecordingTooLargeError(size=draft.size, limit=self.limit_bytes)
        if not await self.rooms.belongs(draft.case_id, gateway.operating_room_id):
            raise RecordingNotFoundError("The case is not one of this operating room.", case_id=draft.case_id)
        known = await self.recordings.find(gateway.id, draft.feed, draft.segment, draft.sha256)
        if known is None:
            recording = replace(
                draft, id=self.new_id("rec"), gateway_id=gateway.id, created_at=self.clock.now(), received=0
            )
            await self.recordings.save(recording)
            return recording
        if known.state is RecordingState.VERIFIED:
            return known
        return replace(known, received=await self.pieces.size(known.id))

    async def append(self, gateway: Gateway, recording_id: str, content: bytes, *, offset: int) -> int:
        """Store a piece; returns the bytes that are now safe on disk.

        Raises
        ------
        RecordingOffsetError
            If the piece does not begin where the stored bytes end.
        """
        recording = await self._receiving(gateway, recording_id)
        stored = await self.pieces.size(recording.id)
        if offset != stored:
            raise RecordingOffsetError(offset=stored)
        if offset + len(content) > recording.size:
            raise RecordingTooLargeError(size=recording.size)
        return await self.pieces.append(recording.id, content, offset=offset)

    async def verify(self, gateway: Gateway, recording_id: str) -> Recording:
        """Verify the whole and move it to the blobs; `keep` then makes it known.

        Raises
        ------
        RecordingOffsetError
            If bytes are missing.
        RecordingHashError
            If the SHA-256 is not the announced one; the bytes are gone then.
        """
        recording = await self._own(gateway, recording_id)
        if recording.state is RecordingState.VERIFIED:
            return recording
        if not await self.pieces.kept(recording.sha256):
            stored = await self.pieces.size(recording.id)
            if stored != recording.size:
                raise RecordingOffsetError(offset=stored)
            if not await self.pieces.finish(recording.id, recording.sha256):
                raise RecordingHashError(recording_id=recording.id)
        return replace(recording, state=RecordingState.VERIFIED, received=recording.size)

    async def keep(self, recording: Recording) -> None:
        """Note that a verified recording is there."""
        await self.recordings.save(recording)

    async def of_case(self, case_id: str) -> Sequence[Recording]:
        """The case's verified recordings; the caller has checked that the case may be seen."""
        recordings = await self.recordings.of_case(case_id)
        return [recording for recording in recordings if recording.state is RecordingState.VERIFIED]

    async def content_of(self, case_id: str, recording_id: str) -> Recording:
        """A verified recording of this case, for its bytes."""
        recording = await self.recordings.get(recording_id)
        if (
            recording is None
            or recording.case_id != case_id
            or recording.state is not RecordingState.VERIFIED
        ):
            raise RecordingNotFoundError(recording_id=recording_id)
        return recording

    async def _own(self, gateway: Gateway, recording_id: str) -> Recording:
        recording = await self.recordings.get(recording_id)
        if recording is None or recording.gateway_id != gateway.id:
            raise RecordingNotFoundError(recording_id=recording_id)
        return recording

    async def _receiving(self, gateway: Gateway, recording_id: str) -> Recording:
        recording = await self._own(gateway, recording_id)
        if recording.state is RecordingState.VERIFIED:
            raise RecordingOffsetError(offset=recording.size)
        return recording
