"""``tongtai up`` as a person starts it: what it says when it cannot, and that Ctrl-C ends all of it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.processes import eventually, free_ports

from tongtai.entrypoints.cli.media_server import find_server

_COMMAND = [sys.executable, "-m", "tongtai.entrypoints.cli.main", "up"]


def refused(data: Path, *words: str, **environment: str) -> str:
    """What a start says that must fail before it has begun anything."""
    done = subprocess.run(
        [*_COMMAND, "--data", str(data), *words],
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert not data.exists() or not list(data.glob("*.sqlite3")), "something was begun"
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_taken_port_is_named_in_one_sentence(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused(tmp_path / "data", "--port", str(port))
    sentence = f"Port {port} is used by another program; end it or choose another with --port."
    assert said.strip() == f"tongtai: {sentence}"


def test_a_missing_media_server_is_named_in_one_sentence(tmp_path: Path):
    (port,) = free_ports(1)
    said = refused(
        tmp_path / "data",
        *("--port", str(port)),
        TONGTAI_LIVEKIT_SERVER="",
        PATH=str(tmp_path),
        XDG_CACHE_HOME=str(tmp_path),
    )
    assert said.startswith("tongtai: The LiveKit server was not found; run `make run`")
    assert len(said.strip().splitlines()) == 1


def family(pid: int) -> set[int]:
    """A process, its children and theirs."""
    found, parents = {pid}, {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.media
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_ctrl_c_ends_everything_that_was_started(tmp_path: Path):
    if find_server() is None:
        pytest.skip("the LiveKit server has not been built (make)")
    (port,) = free_ports(1)
    log = tmp_path / "said"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*_COMMAND, "--data", str(tmp_path / "data"), "--port", str(port)],
            stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip

    async def is_ready() -> bool:
        assert process.poll() is None, log.read_text()
        return "is ready after" in log.read_text()

    try:
        await eventually(is_ready)
        started = family(process.pid)
        assert len(started) >= 4, "media server, web server and worker"
        # A terminal sends it to the whole group; the children have groups of their own.
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 0, log.read_text()
    finally:
        process.kill()
    assert not [pid for pid in started if lives(pid)]
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
