"""Streams from the network as a gateway takes them: MPEG-TS over UDP, and over SRT with its own tools."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

from tongtai.entrypoints.gateway.sources import SourceError, open_source

_RATE, _SIZE = 25, (320, 240)
_TOOL = "srt-live-transmit"

needs_srt = pytest.mark.skipif(
    shutil.which(_TOOL) is None, reason=f"{_TOOL} is not on PATH (Debian: apt install srt-tools)"
)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _sent(address: str) -> Iterator[None]:
    """A camera that sends H.264 in MPEG-TS to a UDP address, at its rate, until the end."""
    stop = threading.Event()

    def send() -> None:
        with av.open(f"{address}?pkt_size=1316", "w", format="mpegts") as container:
            stream = container.add_stream("libx264", rate=_RATE)
            stream.width, stream.height = _SIZE
            stream.pix_fmt, stream.options = "yuv420p", {"tune": "zerolatency", "g": str(_RATE)}
            for index in range(10_000):
                grey = np.full((_SIZE[1], _SIZE[0], 3), index % 256, np.uint8)
                picture = VideoFrame.from_ndarray(grey, format="rgb24")
                picture.pts, picture.time_base = index, Fraction(1, _RATE)
                container.mux(stream.encode(picture))
                if stop.wait(1 / _RATE):
                    return

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _srt_camera(more: str = "") -> Iterator[str]:
    """A camera that waits for one listener of its SRT stream; gives the address to listen at."""
    inner, outer = _free_port(), _free_port()
    served = f"srt://127.0.0.1:{outer}?mode=listener{more}"
    words = [_TOOL, "-quiet", f"udp://127.0.0.1:{inner}", served]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as tool:
        try:
            with _sent(f"udp://127.0.0.1:{inner}"):
                yield f"srt://127.0.0.1:{outer}"
        finally:
            tool.kill()


def _taken(address: str, cache: Path) -> list[float]:
    """The times of two seconds of pictures."""
    source = open_source(address, cache=cache)
    try:
        assert (source.info.codec, source.info.width, source.info.height) == ("h264", *_SIZE)
        return [picture.time_s for picture in islice(source.pictures(threading.Event()), 2 * _RATE)]
    finally:
        source.close()


def _at_its_rate(times_s: list[float]) -> bool:
    steps = np.diff(times_s)
    return len(times_s) == 2 * _RATE and bool(np.allclose(steps, 1 / _RATE, atol=1e-3))


def test_a_stream_over_udp(tmp_path: Path):
    address = f"udp://127.0.0.1:{_free_port()}"
    with _sent(address):
        assert _at_its_rate(_taken(address, tmp_path))


@needs_srt
@pytest.mark.parametrize("secret", ["", "&passphrase=invented-for-this&pbkeylen=32"])
def test_a_stream_over_srt(tmp_path: Path, secret: str):
    with _srt_camera(secret) as address:
        assert _at_its_rate(_taken(f"{address}?mode=caller{secret}", tmp_path))


@needs_srt
def test_an_srt_stream_with_another_secret_is_not_taken(tmp_path: Path):
    with _srt_camera("&passphrase=invented-for-this") as address, pytest.raises(SourceError):
        open_source(f"{address}?passphrase=another-invention", cache=tmp_path)


@needs_srt
def test_nobody_at_the_other_end_of_srt_is_said(tmp_path: Path):
    with pytest.raises(SourceError, match="nobody sends there"):
        open_source(f"srt://127.0.0.1:{_free_port()}", cache=tmp_path)


def test_without_the_tool_for_srt_its_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="apt install srt-tools"):
        open_source("srt://127.0.0.1:9", cache=tmp_path)
