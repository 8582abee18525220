"""Recordings survive: a kill, a full disk, a source that ends, a network that is away."""

import asyncio
import hashlib
import itertools
import os
import signal
import sys
import threading
import wave
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from tongtai.entrypoints.bench.bench_gateway import make_clip
from tongtai.entrypoints.gateway.feed import Feed
from tongtai.entrypoints.gateway.microphone import Microphone
from tongtai.entrypoints.gateway.options import GatewayOptions, parse_feeds
from tongtai.entrypoints.gateway.recorder import DurableFile, make_recorder
from tongtai.entrypoints.gateway.recordings import Sidecar, recover, sidecars
from tongtai.entrypoints.gateway.server import Server, ServerUnreachableError
from tongtai.entrypoints.gateway.simulated import TestSource
from tongtai.entrypoints.gateway.uploads import upload

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    make_clip(path)
    return path


@pytest.fixture
def run_feed(tmp_path):
    feeds = []

    def start(source, withheld=lambda: False, **changes):
        options = GatewayOptions(server=NOBODY, feeds={}, data=tmp_path, **({"segment_s": 2.0} | changes))
        feed = Feed(
            "ultrasound",
            source,
            options=options,
            case_id=lambda: "case_1",
            withheld=withheld,
            clock_offset_ms=lambda: 3_600_000.0,
            cache=tmp_path / "pictures",
        )
        feed.start()
        feeds.append(feed)
        return feed

    yield start
    for feed in feeds:
        feed.stop()


async def until(condition, *, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


def pictures_in(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def recorded(root: Path) -> list[tuple[Path, Sidecar]]:
    return list(sidecars(root / "recordings"))


async def test_kill_9_costs_a_second_at_most(tmp_path, clip):
    words = ["--server", NOBODY, "--feed", f"ultrasound={clip}", "--data", str(tmp_path), "--code", "none"]
    gateway = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tongtai.entrypoints.gateway", *words, stderr=asyncio.subprocess.DEVNULL
    )
    folder = tmp_path / "recordings" / "ultrasound"
    # Two and a half megabits a second: five seconds or so.
    await until(lambda: sum(p.stat().st_size for p in folder.glob("*.mkv")) > 900_000, seconds=40)
    gateway.send_signal(signal.SIGKILL)
    await gateway.wait()
    ((_, left),) = recorded(tmp_path)
    assert left.state == "open"
    (recovered,) = recover(tmp_path / "recordings")
    path = folder / recovered.file_name
    assert recovered.state == "complete"
    assert recovered.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert pictures_in(path) > 60
    assert recovered.duration_s > 2


async def test_segments_follow_one_another_with_their_clock(tmp_path, clip, run_feed):
    feed = run_feed(str(clip))
    await until(lambda: sum(s.state == "complete" for _, s in recorded(tmp_path)) >= 2)
    assert feed.report()["state"] == "live"
    feed.stop()
    first, second, *_ = [sidecar for _, sidecar in recorded(tmp_path)]
    assert (first.case_id, first.clock_offset_ms, first.codec) == ("case_1", 3_600_000.0, "h264")
    # The original packets: every picture of the clip, none twice.
    for sidecar in (first, second):
        path = tmp_path / "recordings" / "ultrasound" / sidecar.file_name
        assert pictures_in(path) == pytest.approx(sidecar.duration_s * 30 + 1, abs=2)
        assert sidecar.size == path.stat().st_size


async def test_without_the_patients_consent_nothing_is_recorded(tmp_path, clip, run_feed):
    consented = threading.Event()
    feed = run_feed(str(clip), withheld=lambda: not consented.is_set())
    await until(lambda: feed.report()["detail"].startswith("not recorded: the patient"))
    # As it must be: no alarm at the experts' pages, and not a byte on the disk.
    assert feed.report()["state"] == "live"
    assert recorded(tmp_path) == []
    consented.set()
    await until(lambda: [one.state for _, one in recorded(tmp_path)] == ["open"])
    consented.clear()
    await until(lambda: [one.state for _, one in recorded(tmp_path)] == ["complete"])
    assert "not recorded" in feed.report()["detail"]


def tone(path: Path, *, seconds: int) -> None:
    """A sound file of 440 Hz."""
    wave_hz, rate = 440, 16_000
    samples = (8000 * np.sin(2 * np.pi * wave_hz * np.arange(rate * seconds) / rate)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


async def test_the_microphone_is_recorded_without_a_network(tmp_path):
    tone(tmp_path / "tone.wav", seconds=1)
    options = GatewayOptions(server=NOBODY, feeds={}, data=tmp_path, segment_s=1.5)
    recorder = make_recorder(options, "mic", case_id=lambda: "case_1", clock_offset_ms=lambda: -7.0)
    microphone = Microphone(str(tmp_path / "tone.wav"), asyncio.get_running_loop(), recorder)
    microphone.start()
    await until(lambda: sum(s.state == "complete" for _, s in recorded(tmp_path)) >= 1)
    await asyncio.to_thread(microphone.stop)
    first, *_ = [sidecar for _, sidecar in recorded(tmp_path)]
    assert (first.feed, first.codec, first.case_id, first.clock_offset_ms) == ("mic", "opus", "case_1", -7.0)
    with av.open(str(tmp_path / "recordings" / "mic" / first.file_name)) as container:
        assert container.streams.audio[0].codec_context.name == "opus"
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert len(heard) / 48_000 == pytest.approx(first.duration_s, abs=0.1)
    spectrum = np.abs(np.fft.rfft(heard[4800 : 4800 + 24_000]))
    assert np.argmax(spectrum) * 2 == pytest.approx(440, abs=4)


@pytest.fixture
async def run_microphone(tmp_path):
    microphones = []

    def start(source, **options):
        made = GatewayOptions(server=NOBODY, feeds={}, data=tmp_path, **options)
        recorder = make_recorder(made, "mic", case_id=lambda: "case_1", clock_offset_ms=lambda: 0.0)
        microphone = Microphone(str(source), asyncio.get_running_loop(), recorder)
        microphone.start()
        microphones.append(microphone)
        return microphone

    yield start
    for microphone in microphones:
        await asyncio.to_thread(microphone.stop)


async def test_a_microphone_says_what_is_wrong_and_comes_back(tmp_path, run_microphone):
    source = tmp_path / "later.wav"
    microphone = run_microphone(source, record=False)
    await until(lambda: "does not open" in microphone.report()["detail"])
    assert microphone.report()["state"] == "no_source"
    tone(source, seconds=1)
    await until(lambda: microphone.report() == {"feed": "mic", "state": "live", "detail": ""})


async def test_a_microphone_without_sound_is_no_microphone(tmp_path, clip, run_microphone):
    tone(tmp_path / "empty.wav", seconds=0)
    for source in (clip, tmp_path / "empty.wav"):
        microphone = run_microphone(source, record=False)
        await until(lambda mic=microphone: "gives no sound" in mic.report()["detail"])
        assert microphone.report()["state"] == "no_source"


async def test_sound_that_is_not_recorded_is_said(tmp_path, run_microphone):
    tone(tmp_path / "tone.wav", seconds=1)
    microphone = run_microphone(tmp_path / "tone.wav", keep_free_bytes=1 << 62)
    await until(lambda: microphone.report()["state"] == "disk_full")
    assert "live sound goes on" in microphone.report()["detail"]


async def test_a_source_that_ends_says_so(clip, run_feed):
    feed = run_feed(f"once:{clip}")
    await until(lambda: feed.report()["state"] == "ended", seconds=30)


@pytest.mark.parametrize(
    "source", ["/nowhere/at/all.mp4", "rtsp://127.0.0.1:9/live", "/dev/video99", "demo:nothing", "test:big"]
)
async def test_a_source_that_never_starts_says_so(run_feed, source):
    feed = run_feed(source)
    await until(lambda: feed.report()["detail"] != "the source is being opened")
    assert feed.report()["state"] == "no_source"
    assert feed.report()["detail"]


async def test_one_bad_feed_leaves_the_others_alone(tmp_path, clip, run_feed):
    bad, good = run_feed("/nowhere.mp4"), run_feed(str(clip))
    await until(lambda: good.report()["state"] == "live" and bad.report()["state"] == "no_source")
    await until(lambda: recorded(tmp_path))


async def test_a_full_disk_is_said_and_the_picture_goes_on(clip, run_feed):
    feed = run_feed(str(clip), keep_free_bytes=1 << 60)
    await until(lambda: feed.report()["state"] == "disk_full")
    assert "live picture goes on" in feed.report()["detail"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_fills_while_writing_is_noticed_not_raised(tmp_path):
    path = tmp_path / "segment"
    file = DurableFile(path)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, file._file.fileno())
    os.close(full)
    assert file.write(b"picture") == 7
    file.end()
    assert file.error is not None
    assert file.size == 0


class CutServer(Server):
    """Takes pieces, and is cut off after the first."""

    def __init__(self):
        self.content, self.cuts, self.completed = bytearray(), 1, 0

    async def announce(self, recording):
        self.announced = recording
        return "rec_1", len(self.content)

    async def append(self, recording_id, content, *, offset):
        assert offset == len(self.content)
        self.content += content
        if self.cuts:
            self.cuts -= 1
            raise ServerUnreachableError
        return len(self.content)

    async def complete(self, recording_id):
        self.completed += 1


async def test_an_upload_goes_on_where_it_was_cut(tmp_path):
    content = os.urandom((1 << 20) * 2 + 77)
    open_one = Sidecar(
        feed="room", case_id="case_1", segment="s1", started_at=datetime.now(UTC), clock_offset_ms=0.0, codec="h264"
    )  # fmt: skip
    sidecar = open_one.complete(size=len(content), sha256=hashlib.sha256(content).hexdigest(), duration_s=1.0)
    (tmp_path / sidecar.file_name).write_bytes(content)
    server = CutServer()
    with pytest.raises(ServerUnreachableError):
        await upload(server, tmp_path, sidecar)
    assert (tmp_path / sidecar.file_name).exists()
    await upload(server, tmp_path, sidecar)
    assert bytes(server.content) == content
    assert server.completed == 1
    assert not (tmp_path / sidecar.file_name).exists()
    assert Sidecar.load(tmp_path / "s1.json").state == "uploaded"


def test_feeds_are_read_or_refused():
    assert parse_feeds(["ct=test:"]) == {"ct": "test:"}
    for wrong in (["ct"], ["CT=x"], ["ct="], ["a=x", "a=y"], ["../x=y"], ["mic=x"]):
        with pytest.raises(Exception, match="NAME=SOURCE"):
            parse_feeds(wrong)


def test_a_raw_picture_is_recorded_without_being_touched(tmp_path):
    """The sender's encoder has the same picture in another thread: its time stamps broke recordings."""
    source = TestSource("320x180@25")
    options = GatewayOptions(server="http://127.0.0.1:9", feeds={}, data=tmp_path)
    recorder = make_recorder(options, "ultrasound", case_id=lambda: None, clock_offset_ms=lambda: 0.0)
    assert recorder is not None
    (picture,) = itertools.islice(source.pictures(threading.Event()), 1)
    assert picture.frame is not None
    for index in range(30):
        picture.frame.pts = 10**12 - index
        recorder.put(source.info, replace(picture, captured_s=picture.captured_s + index / 25))
    recorder.finish()
    assert recorder.problem is None
    assert picture.frame.pts == 10**12 - 29
    (path,) = tmp_path.rglob("*.mkv")
    assert pictures_in(path) == 30
