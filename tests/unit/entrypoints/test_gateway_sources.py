"""How a file is played in real time, and what the demonstration's feeds are called."""

from itertools import islice, pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from tongtai.entrypoints.gateway import sources
from tongtai.entrypoints.gateway.simulated import demo_picture
from tongtai.entrypoints.gateway.sources import FileSource, SourceError

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
