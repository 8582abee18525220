"""A viewer that reads the time code from every decoded picture.

    python -m tongtai.entrypoints.bench.receiver --url ws://… --key … --secret … --rooms a,b --seconds 40

prints one JSON object a room. It is LiveKit's own client with libwebrtc's jitter buffer and decoder,
as in a browser, and counts what a screen of 60 pictures a second would show; what it lacks is the page's
painting (up to one picture of the screen, 17 ms).
"""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import typer
from livekit import rtc
from scipy.signal import resample_poly

from tongtai.core.pictures.timecode import elapsed_ms, read_timecode
from tongtai.core.sound.intelligibility import RATE_HZ, heard_of_loop
from tongtai.entrypoints.bench.spoken import SPOKEN_RATE_HZ, spoken
from tongtai.entrypoints.bench.table_server import media_token

_SETTLE_S = 10.0
_LONG_GAP_S = 0.5
_SOUND_RATE_HZ = 16_000
_SCREEN_HZ = 60


@dataclass(slots=True)
class Viewing:
    """What was seen of one room's high layer; times in seconds of the monotonic clock."""

    delays_ms: list[float] = field(default_factory=list)
    shown_at_s: list[float] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)
    sound_at_s: list[float] = field(default_factory=list)
    sound: list[np.ndarray[tuple[int, ...], np.dtype[np.int16]]] = field(default_factory=list)
    unreadable: int = 0
    last_code: int = -1

    def see(self, luma: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
        """Note one decoded picture."""
        code = read_timecode(luma)
        if code is None:
            self.unreadable += 1
            return
        if code == self.last_code:
            return
        self.last_code = code
        now_s = time.monotonic()
        if self.shown_at_s and int(now_s * _SCREEN_HZ) == int(self.shown_at_s[-1] * _SCREEN_HZ):
            # A burst after an outage: a screen shows the last of the pictures that come between two of its own.
            for seen in (self.delays_ms, self.shown_at_s, self.heights):
                seen.pop()
        self.delays_ms.append(elapsed_ms(code, time.time_ns() // 1_000_000))
        self.shown_at_s.append(now_s)
        self.heights.append(luma.shape[0])


async def watch(url: str, token: str, viewing: Viewing, *, seconds: float) -> None:
    """View one room for a while; the first ten seconds are not counted."""
    room = rtc.Room()
    tasks: list[asyncio.Task[None]] = []

    def subscribed(
        track: rtc.Track, publication: rtc.RemoteTrackPublication, _: rtc.RemoteParticipant
    ) -> None:
        if track.kind == rtc.TrackKind.KIND_VIDEO:
            tasks.append(asyncio.create_task(_pictures(track, viewing)))
        elif publication.name == "mic":
            tasks.append(asyncio.create_task(_sound(track, viewing)))

    def published(publication: rtc.RemoteTrackPublication, _: rtc.RemoteParticipant) -> None:
        if publication.name.endswith(".high") or publication.name == "mic":
            publication.set_subscribed(True)

    room.on("track_subscribed", subscribed)
    room.on("track_published", published)
    await room.connect(url, token, rtc.RoomOptions(auto_subscribe=False))
    for participant in room.remote_participants.values():
        for publication in participant.track_publications.values():
            published(publication, participant)
    try:
        await asyncio.sleep(seconds)
    finally:
        # Also when nobody wants to see more: a room that is left alone tries to come back for ever.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await room.disconnect()


async def _pictures(track: rtc.Track, viewing: Viewing) -> None:
    async for event in rtc.VideoStream(track, format=rtc.VideoBufferType.I420):
        frame = event.frame
        planes = np.frombuffer(frame.data, np.uint8)
        viewing.see(planes[: frame.width * frame.height].reshape(frame.height, frame.width))


async def _sound(track: rtc.Track, viewing: Viewing) -> None:
    async for event in rtc.AudioStream(track, sample_rate=_SOUND_RATE_HZ, num_channels=1):
        viewing.sound_at_s.append(time.monotonic())
        viewing.sound.append(np.frombuffer(event.frame.data, np.int16).copy())


async def count_pictures(url: str, token: str, *, seconds: float) -> dict[str, int]:
    """Decoded pictures of every video track of a room within a time, by the track's name."""
    counts: Counter[str] = Counter()
    room = rtc.Room()
    tasks: list[asyncio.Task[None]] = []

    async def count(track: rtc.Track, name: str) -> None:
        async for _ in rtc.VideoStream(track):
            counts[name] += 1

    def subscribed(track: rtc.Track, publication: rtc.RemoteTrackPublication, _: object) -> None:
        if track.kind == rtc.TrackKind.KIND_VIDEO:
            tasks.append(asyncio.create_task(count(track, publication.name)))

    room.on("track_subscribed", subscribed)
    await room.connect(url, token)
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await room.disconnect()
    return dict(counts)


def summary(viewing: Viewing, *, began_s: float, ended_s: float) -> dict[str, Any]:
    """Percentiles of the delay, pictures a second, longest freeze, how much of speech is understood."""
    shown = np.array(viewing.shown_at_s)
    counted = (shown >= began_s) & (shown <= ended_s)
    delays, times = np.array(viewing.delays_ms)[counted], shown[counted]
    duration = ended_s - began_s
    if len(times) < 2:
        return {"p50_ms": float("inf"), "p95_ms": float("inf"), "fps": 0.0, "freeze_s": duration, "height": 0.0, "speech": 0.0}  # fmt: skip
    gaps = np.diff(np.concatenate([[began_s], times, [ended_s]]))
    return {
        "p50_ms": float(np.percentile(delays, 50)),
        "p95_ms": float(np.percentile(delays, 95)),
        "p99_ms": float(np.percentile(delays, 99)),
        "fps": float(len(times) / duration),
        "freeze_s": float(gaps.max()),
        "gaps": _long_gaps(times),
        "height": float(np.median(np.array(viewing.heights)[counted])),
        "speech": _understood(viewing, began_s=began_s, ended_s=ended_s),
    }


def _understood(viewing: Viewing, *, began_s: float, ended_s: float) -> float:
    """Mean intelligibility over the seconds, 0…1; 0 for those in which nothing came."""
    pieces = [
        samples
        for at_s, samples in zip(viewing.sound_at_s, viewing.sound, strict=True)
        if began_s <= at_s <= ended_s
    ]
    if not pieces:
        return 0.0
    heard = resample_poly(np.concatenate(pieces).astype(np.float64), RATE_HZ, _SOUND_RATE_HZ)
    values = heard_of_loop(resample_poly(spoken(), RATE_HZ, SPOKEN_RATE_HZ), heard)
    whole_s = max(round(ended_s - began_s), len(values))
    return float(sum(values) / whole_s)


def _long_gaps(times: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[list[float]]:
    """Freezes over half a second: when they began and ended, by the machine's monotonic clock."""
    return [[float(a), float(b)] for a, b in pairwise(times) if b - a > _LONG_GAP_S]


async def measure(url: str, key: str, secret: str, rooms: list[str], seconds: float) -> list[dict[str, Any]]:
    """View several rooms at once."""
    viewings = [Viewing() for _ in rooms]
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for room, viewing in zip(rooms, viewings, strict=True):
            token = media_token(key=key, secret=secret, room=room, identity=f"user.{room}", publish=False)
            group.create_task(watch(url, token, viewing, seconds=seconds))
    return [summary(v, began_s=began + _SETTLE_S, ended_s=began + seconds) for v in viewings]


def main(url: str, key: str, secret: str, rooms: str, seconds: float) -> None:
    """Measure and print."""
    typer.echo(json.dumps(asyncio.run(measure(url, key, secret, rooms.split(","), seconds))))


if __name__ == "__main__":
    typer.run(main)
