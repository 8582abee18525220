"""How a file is played in real time, and what the demonstration's feeds are called."""

import threading
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from tongtai.entrypoints.gateway import sources
from tongtai.entrypoints.gateway.simulated import demo_picture
from tongtai.entrypoints.gateway.sources import FileSource, LiveSource, SourceError, open_source

_RATE = 25


class Clock:
    """Time that goes on only when the player waits, or when the machine is held up."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def wait(self, timeout: float) -> bool:
        """Stands for the event that ends the player."""
        self.now_s += timeout
        return False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sources, "now_s", lambda: clock.now_s)
    return clock


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=_RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.options = {"tune": "zerolatency"}
        for index in range(50):
            picture = VideoFrame.from_ndarray(np.full((48, 64, 3), index, np.uint8), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def test_a_file_is_played_at_its_rate_again_and_again(clip, clock):
    pictures = list(islice(FileSource(str(clip), loop=True).pictures(clock), 120))
    assert [round(b.time_s - a.time_s, 6) for a, b in pairwise(pictures)] == [1 / _RATE] * 119
    assert clock.now_s == pytest.approx(100 + 119 / _RATE)
    assert all(p.captured_s == pytest.approx(100 + p.time_s) for p in pictures)


def test_a_player_that_was_held_up_does_not_carry_the_delay_for_ever(clip, clock):
    playing = FileSource(str(clip), loop=True).pictures(clock)
    next(playing)
    clock.now_s += 360.0
    after = [next(playing) for _ in range(3)]
    assert clock.now_s - after[-1].captured_s < 0.1
    # It goes on where it was, at its rate.
    assert [round(p.time_s * _RATE) for p in after] == [1, 2, 3]
    assert after[2].captured_s - after[1].captured_s == pytest.approx(1 / _RATE)


def test_the_demonstrations_feeds_have_names_and_the_ultrasound_has_scenes():
    assert not np.array_equal(demo_picture("ultrasound@1")(0.0), demo_picture("ultrasound@2")(0.0))
    for wrong in ("nothing", "ct@1", "ultrasound@x"):
        with pytest.raises(SourceError):
            demo_picture(wrong)


@pytest.mark.parametrize("pixels", ["yuyv422", "bgr24"])
def test_raw_pictures_as_cameras_deliver_them_are_frames(tmp_path, pixels):
    path = tmp_path / "camera.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("rawvideo", rate=_RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixels
        for level in range(20, 220, 10):
            grey = VideoFrame.from_ndarray(np.full((48, 64, 3), level, np.uint8), format="rgb24")
            container.mux(stream.encode(grey.reformat(format=pixels)))
        container.mux(stream.encode(None))
    camera = LiveSource(f"file://{path}")
    assert camera.info.raw
    # What was read to find the format out is left out: a camera goes on.
    pictures = list(islice(camera.pictures(threading.Event()), 10))
    frames = [picture.frame for picture in pictures if picture.frame is not None and picture.key]
    levels = [frame.reformat(format="rgb24").to_ndarray().mean() for frame in frames]
    assert np.diff(levels) == pytest.approx([10.0] * 9, abs=2)
    assert np.diff([picture.time_s for picture in pictures]) == pytest.approx([1 / _RATE] * 9)


def test_a_cameras_settings_reach_it(monkeypatch, tmp_path):
    asked: dict[str, Any] = {}

    def opened(place, mode, **more):
        asked.update(more, place=place, mode=mode)
        raise OSError(19, "No such device")

    monkeypatch.setattr(av, "open", opened)
    with pytest.raises(SourceError, match="No such device"):
        open_source("/dev/video0?video_size=1920x1080&framerate=30&input_format=mjpeg", cache=tmp_path)
    assert (asked["place"], asked["format"]) == ("/dev/video0", "v4l2")
    assert asked["options"] == {"video_size": "1920x1080", "framerate": "30", "input_format": "mjpeg"}
    with pytest.raises(SourceError, match="no setting zoom; there are channel, framerate"):
        open_source("/dev/video0?zoom=2", cache=tmp_path)
