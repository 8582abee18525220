"""A table that sends as any program with LiveKit's library does: libwebrtc encodes. What the gateway is compared with.

    python -m tongtai.entrypoints.bench.plain_table ws://… KEY SECRET ROOM SOURCE

publishes the pictures of a ``test:`` source as one H.264 track until it is ended.
"""

import asyncio
import threading
from pathlib import Path

import typer
from livekit import rtc

from tongtai.entrypoints.bench.table_server import media_token
from tongtai.entrypoints.gateway.sources import open_source

_LONGEST_BPS = 4_000_000


async def publish(url: str, key: str, secret: str, room_name: str, source_name: str) -> None:
    """Publish until cancelled; comes back as LiveKit's library does by itself."""
    source = open_source(source_name, cache=Path())
    size = source.info.width, source.info.height
    room, video = rtc.Room(), rtc.VideoSource(*size)
    token = media_token(key=key, secret=secret, room=room_name, identity=f"plain.{room_name}", publish=True)
    await room.connect(url, token, rtc.RoomOptions(auto_subscribe=False))
    track = rtc.LocalVideoTrack.create_video_track("ultrasound.high", video)
    await room.local_participant.publish_track(track, _options(source.info.frame_rate))
    stop = threading.Event()

    def play() -> None:
        for picture in source.pictures(stop):
            if picture.frame is not None:
                planes = picture.frame.to_ndarray().tobytes()
                video.capture_frame(rtc.VideoFrame(*size, rtc.VideoBufferType.I420, planes))

    try:
        await asyncio.to_thread(play)
    finally:
        stop.set()
        await room.disconnect()


def _options(frame_rate: float) -> rtc.TrackPublishOptions:
    encoding = rtc.VideoEncoding(max_bitrate=_LONGEST_BPS, max_framerate=frame_rate)
    return rtc.TrackPublishOptions(
        source=rtc.TrackSource.SOURCE_CAMERA,
        video_codec=rtc.VideoCodec.Value("H264"),
        simulcast=False,
        video_encoding=encoding,
    )


def main(url: str, key: str, secret: str, room: str, source: str) -> None:
    """Publish until killed."""
    asyncio.run(publish(url, key, secret, room, source))


if __name__ == "__main__":
    typer.run(main)
