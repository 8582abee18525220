"""Brings a source's pictures into the room: as they are, or encoded for the link."""

from typing import Any

import av
from av.bitstream import BitStreamFilterContext
from av.video.frame import VideoFrame

from tongtai.entrypoints.gateway.encoder import FollowEncoder, LowEncoder
from tongtai.entrypoints.gateway.options import Encode
from tongtai.entrypoints.gateway.rate import LinkFit
from tongtai.entrypoints.gateway.slots import Slot
from tongtai.entrypoints.gateway.units import EncodedPicture, Picture, StreamInfo, now_s

# A machine that is further behind than this leaves out encoding a picture, to be in time with the next.
_TOO_LATE_S = 0.2


class Sender:
    """One source on its way to the two layers of its feed.

    Parameters
    ----------
    info : StreamInfo
        What the source delivers.
    encode : Encode
        ``pass`` sends H.264 as it is, ``follow`` encodes for the link, ``auto`` chooses.
    codec : str
        The encoder.
    high, low : Slot
        Where the two layers go.
    """

    def __init__(self, info: StreamInfo, *, encode: Encode, codec: str, high: Slot, low: Slot) -> None:
        self._info = info
        self._high, self._low = high, low
        passable = info.codec == "h264" and not info.reorders and not info.raw
        self._fit = LinkFit() if passable and encode == "auto" else None
        self._passing = passable and encode == "pass"
        self.note = "" if passable or encode != "pass" else "the source must be encoded anew"
        self._codec = codec
        self._follow: FollowEncoder | None = None
        self._low_encoder = (
            None if info.brings_low else LowEncoder(width=info.width, height=info.height, codec=codec)
        )
        self._number = 0
        # Decoding begins with a key picture.
        self._decodable = False
        self._annex_b: dict[int, BitStreamFilterContext] = {}
        high.size = (info.width, info.height)
        low.size = self._low_encoder.size if self._low_encoder else (320, 180)

    @property
    def passing(self) -> bool:
        """Whether the source's own packets are sent."""
        return self._passing

    def take(self, picture: Picture) -> None:
        """Send one picture."""
        if picture.layer == "low":
            self._pass_on(picture, self._low)
            return
        key_wanted, target_bps = self._high.wants()
        if self._fit is not None and picture.packet is not None:
            self._choose(picture, target_bps)
        self._high.follows = not self._passing
        if self._passing:
            self._pass_on(picture, self._high)
        if self._passing and self._low_encoder is None:
            return
        if not self._high.connected and not self._low.connected:
            # Nobody is there: decoding would cost more than everything else together.
            self._decodable = False
            return
        self._decodable = self._decodable or picture.key
        if not self._decodable:
            return
        for frame in self._frames(picture):
            late = now_s() - picture.captured_s > _TOO_LATE_S
            if not late or key_wanted:
                self._encode(frame, picture, key_wanted=key_wanted, target_bps=target_bps)

    def _choose(self, picture: Picture, target_bps: int | None) -> None:
        packet = picture.packet
        if self._fit is None or packet is None:
            return
        fits = self._fit.update(
            size_bytes=packet.size, key=picture.key, target_bps=target_bps, now_s=picture.captured_s
        )
        # Only a key picture can follow pictures of another encoder.
        if fits != self._passing and (picture.key or not fits):
            self._passing = fits
            self._follow = None

    def _encode(
        self, frame: VideoFrame, picture: Picture, *, key_wanted: bool, target_bps: int | None
    ) -> None:
        # Left out before encoding, a picture leaves no gap: the next one refers to the last one sent.
        # The low layer goes on: its few packets are what tells that the link speaks again.
        self._number += 1
        silence = self._high.silence
        silent = silence.leaves_out(self._number, now_s=picture.captured_s)
        if not self._passing and self._high.connected and not silent:
            encoder = self._follow = self._follow or self._make_follow()
            if key_wanted:
                encoder.request_key()
            encoded = encoder.encode(
                frame,
                target_bps=target_bps,
                captured_s=picture.captured_s,
                silence_s=silence.lasts_s(now_s=picture.captured_s),
            )
            if encoded is not None:
                self._high.send(encoded)
        if self._low_encoder is not None and self._low.connected:
            if self._low.wants()[0]:
                self._low_encoder.request_key()
            encoded = self._low_encoder.encode(frame, captured_s=picture.captured_s)
            if encoded is not None:
                self._low.send(encoded)

    def _frames(self, picture: Picture) -> list[VideoFrame]:
        if picture.frame is not None:
            return [picture.frame]
        if picture.packet is None:
            return []
        try:
            return list(picture.packet.decode())
        except av.error.FFmpegError:
            # Damaged on the way from the camera: the next key picture mends it.
            return []

    def _pass_on(self, picture: Picture, slot: Slot) -> None:
        if picture.packet is None or not slot.connected:
            return
        width, height = slot.size or (self._info.width, self._info.height)
        data = self._to_annex_b(picture.packet)
        if data:
            slot.wants()
            slot.send(
                EncodedPicture(
                    data=data, width=width, height=height, key=picture.key, captured_s=picture.captured_s
                )
            )

    def _to_annex_b(self, packet: "av.Packet[Any]") -> bytes:
        stream = packet.stream
        converter = self._annex_b.get(id(stream))
        if converter is None:
            converter = self._annex_b[id(stream)] = BitStreamFilterContext("h264_mp4toannexb", stream)
        copy = av.Packet(bytes(packet))
        copy.pts, copy.dts, copy.time_base, copy.is_keyframe = (
            packet.pts,
            packet.dts,
            packet.time_base,
            packet.is_keyframe,
        )
        return b"".join(bytes(part) for part in converter.filter(copy))

    def _make_follow(self) -> FollowEncoder:
        return FollowEncoder(
            width=self._info.width,
            height=self._info.height,
            frame_rate=self._info.frame_rate,
            codec=self._codec,
        )
