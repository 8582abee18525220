"""The encoder at the table, with real pictures."""

import av
import numpy as np
import pytest

from tongtai.core.pictures.timecode import draw_timecode, read_timecode
from tongtai.entrypoints.gateway.encoder import FollowEncoder, LowEncoder
from tongtai.entrypoints.gateway.simulated import TestSource


def pictures(count, *, width=1280, height=720):
    random = np.random.default_rng(1)
    texture = random.integers(40, 210, (height // 8, width // 4), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
    for index in range(count):
        planes = np.full((height * 3 // 2, width), 128, np.uint8)
        planes[:height] = texture[:, index * 3 % 600 : index * 3 % 600 + width]
        draw_timecode(planes[:height], index)
        yield av.VideoFrame.from_ndarray(planes, format="yuv420p")


def encode(encoder, *, seconds, target_bps, start_s=0.0):
    made = []
    for index, frame in enumerate(pictures(int(seconds * 30))):
        picture = encoder.encode(frame, target_bps=target_bps, captured_s=start_s + index / 30)
        if picture is not None:
            made.append(picture)
    return made


def rate_bps(made, seconds):
    return sum(len(picture.data) for picture in made) * 8 / seconds


def test_follows_the_link_down_without_a_key_picture_within_a_size():
    encoder = FollowEncoder(width=1280, height=720, frame_rate=30)
    wide = encode(encoder, seconds=4, target_bps=3_000_000)
    narrow = encode(encoder, seconds=3, target_bps=2_000_000, start_s=4)
    assert rate_bps(wide, 4) < 3_000_000
    assert rate_bps(narrow[15:], 2.5) < 2_200_000
    assert not any(picture.key for picture in narrow)


def test_a_thin_link_gets_small_pictures_and_most_of_them():
    encoder = FollowEncoder(width=1280, height=720, frame_rate=30)
    made = encode(encoder, seconds=4, target_bps=600_000)
    assert made[-1].height == 360
    assert rate_bps(made, 4) < 750_000
    assert len(made) > 4 * 30 * 0.8


@pytest.mark.parametrize("target_bps", [200_000, 700_000, 2_500_000])
def test_what_the_link_offers_is_used(target_bps):
    """Below two thirds of its estimate congestion control takes a sender for idle and does not raise it."""
    source = TestSource("1280x720@30")
    encoder = FollowEncoder(width=1280, height=720, frame_rate=30)
    made = [
        encoder.encode(source._draw(index, wall_ms=index * 33), target_bps=target_bps, captured_s=index / 30)
        for index in range(180)
    ]
    assert 0.66 * target_bps < rate_bps([picture for picture in made[60:] if picture], 4) < target_bps


def test_a_key_picture_costs_little_more_than_others():
    encoder = FollowEncoder(width=1280, height=720, frame_rate=30)
    encode(encoder, seconds=2, target_bps=2_000_000)
    encoder.request_key()
    made = encode(encoder, seconds=1, target_bps=2_000_000, start_s=2)
    (key,) = [picture for picture in made if picture.key]
    assert key is made[0]
    assert len(key.data) * 8 < 2_000_000 * 0.3


def test_the_first_picture_is_a_key_picture_and_all_decode():
    encoder = FollowEncoder(width=1280, height=720, frame_rate=30)
    made = encode(encoder, seconds=1, target_bps=3_000_000)
    assert made[0].key
    decoder = av.CodecContext.create("h264", "r")
    shown = [frame for picture in made for frame in decoder.decode(av.Packet(picture.data))]
    lumas = [
        np.asarray(frame.to_ndarray()[: frame.height], np.uint8) for frame in [*shown, *decoder.decode(None)]
    ]
    codes = [code for luma in lumas if (code := read_timecode(luma)) is not None]
    assert len(codes) == len(made)
    assert codes == sorted(codes)


@pytest.mark.parametrize(("source_fps", "low_fps"), [(30, 16), (25, 16), (16, 16), (12, 12)])
def test_the_low_layer_keeps_its_rate_though_no_source_is_regular(source_fps, low_fps):
    encoder, random = LowEncoder(width=320, height=176), np.random.default_rng(4)
    (frame,) = pictures(1, width=320, height=176)
    made = [
        encoder.encode(frame, captured_s=(index + random.uniform(-0.1, 0.1)) / source_fps)
        for index in range(10 * source_fps)
    ]
    assert len([picture for picture in made if picture]) == pytest.approx(10 * low_fps, abs=3)


def test_low_layer_is_small_and_slow():
    encoder = LowEncoder(width=1280, height=720)
    made = [
        picture
        for index, frame in enumerate(pictures(90))
        if (picture := encoder.encode(frame, captured_s=index / 30)) is not None
    ]
    assert (made[0].width, made[0].height) == (320, 180)
    assert 40 <= len(made) <= 50
    assert rate_bps(made, 3) < 180_000
