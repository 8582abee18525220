"""Processes that a media measurement starts: LiveKit, the stand-in server, gateways, a viewer."""

import asyncio
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.bench.receiver import count_pictures
from tongtai.entrypoints.bench.table_server import media_token

_KEY = "bench"
_READY_S = 60.0
# Waits inside the namespace, where this process is not.
_WAIT = """
import socket, sys, time
while True:
    try:
        socket.create_connection((sys.argv[1], int(sys.argv[2])), 1).close()
        break
    except OSError:
        time.sleep(0.1)
"""


class BenchImpossibleError(TongtaiError):
    """The measurement cannot be made on this machine."""

    code = "bench_impossible"


@dataclass(slots=True)
class Stage:
    """A LiveKit server and a stand-in for the application server, with whoever is started on it.

    Parameters
    ----------
    livekit : Path
        LiveKit's program.
    host, interface : str
        Where both listen.
    namespaces : str, optional
        Prefix of the network lab's namespaces, when there is one.
    """

    livekit: Path
    host: str = "127.0.0.1"
    interface: str = "lo"
    namespaces: str | None = None
    secret: str = field(default_factory=lambda: secrets.token_hex(20))
    ports: tuple[int, int, int, int] = (0, 0, 0, 0)
    folder: Path = Path()
    _gateways: list[asyncio.subprocess.Process] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        """Start both servers."""
        self.folder = Path(tempfile.mkdtemp(prefix="tongtai-bench-"))
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.ports = free_ports()
        try:
            await self._start_servers()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """End everything that was started."""
        await self._stack.aclose()

    @property
    def livekit_url(self) -> str:
        """Where clients connect to."""
        return f"ws://{self.host}:{self.ports[0]}"

    async def gateway(self, room: str, *arguments: str, place: str = "") -> asyncio.subprocess.Process:
        """Start a gateway that publishes in ``room``; it is ended with the stage."""
        server = f"http://{self.host}:{self.ports[3]}"
        command = [sys.executable, "-m", "tongtai.entrypoints.gateway", "--server", server, "--code", room]
        process = await self.start(*command, "--data", str(self.folder / room), *arguments, place=place)
        self._gateways.append(process)
        return process

    async def end_gateways(self) -> None:
        """End the gateways, so that their recordings are whole."""
        await asyncio.gather(*map(_end, self._gateways))

    async def plain_table(self, room: str, source: str, *, place: str = "") -> None:
        """Start a table that has libwebrtc encode its pictures."""
        module = "tongtai.entrypoints.bench.plain_table"
        command = [sys.executable, "-m", module, self.livekit_url, _KEY, self.secret, room, source]
        await self.start(*command, place=place)

    async def view(self, rooms: Sequence[str], *, seconds: float, place: str = "") -> list[dict[str, Any]]:
        """View rooms for a while; see :mod:`tongtai.entrypoints.bench.receiver`."""
        command = [
            sys.executable,
            "-m",
            "tongtai.entrypoints.bench.receiver",
            self.livekit_url,
            _KEY,
            self.secret,
        ]
        viewer = await self.start(*command, ",".join(rooms), str(seconds), place=place)
        output, _ = await viewer.communicate()
        if viewer.returncode != 0:
            raise BenchImpossibleError("The viewer of the measurement failed.")
        result: list[dict[str, Any]] = json.loads(output)
        return result

    async def pictures_of(self, name: str, *, seconds: float) -> dict[str, int]:
        """Decoded pictures of every video track of a room, by the track's name."""
        token = media_token(key=_KEY, secret=self.secret, room=name, identity="user.count", publish=False)
        return await count_pictures(self.livekit_url, token, seconds=seconds)

    async def start(self, *command: str, place: str = "") -> asyncio.subprocess.Process:
        """Start a process, in a namespace when the stage has some."""
        prefix = ("ip", "netns", "exec", f"{self.namespaces}{place}") if self.namespaces and place else ()
        process = await asyncio.create_subprocess_exec(
            *prefix, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        self._stack.push_async_callback(_end, process)
        return process

    async def _start_servers(self) -> None:
        port, tcp, udp, web = self.ports
        configuration = {
            "port": port,
            "bind_addresses": [self.host],
            "rtc": {
                "node_ip": self.host,
                "use_external_ip": False,
                "interfaces": {"includes": [self.interface]},
                "enable_loopback_candidate": self.interface == "lo",
                "tcp_port": tcp,
                "udp_port": udp,
            },
            "room": {"auto_create": True, "playout_delay": {"enabled": True, "min": 0, "max": 0}},
            "keys": {_KEY: self.secret},
            "logging": {"level": "error"},
        }
        path = self.folder / "livekit.json"
        path.write_text(json.dumps(configuration), encoding="utf-8")
        await self.start(str(self.livekit), "--config", str(path), place="sfu")
        module = "tongtai.entrypoints.bench.table_server"
        server = [sys.executable, "-m", module, self.host, str(web), self.livekit_url, _KEY, self.secret]
        await self.start(*server, place="sfu")
        for number in (port, web):
            await self._until_listening(number)

    async def _until_listening(self, port: int) -> None:
        waiter = await self.start(sys.executable, "-c", _WAIT, self.host, str(port), place="sfu")
        async with asyncio.timeout(_READY_S):
            await waiter.wait()


def find_livekit() -> Path:
    """LiveKit's program: TONGTAI_LIVEKIT_SERVER, PATH, or what ``make`` built into the cache.

    Raises
    ------
    BenchImpossibleError
        If it is not there.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tongtai"
    candidates = [os.environ.get("TONGTAI_LIVEKIT_SERVER"), shutil.which("livekit-server")]
    candidates += [str(path) for path in sorted(cache.glob("livekit-*/server"), reverse=True)]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise BenchImpossibleError("LiveKit's server is not here; `make` builds it at the first start.")


def free_ports() -> tuple[int, int, int, int]:
    """Four ports that nobody uses at present."""
    sockets = [socket.socket() for _ in range(4)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        first, second, third, fourth = (int(one.getsockname()[1]) for one in sockets)
    finally:
        for one in sockets:
            one.close()
    return first, second, third, fourth


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(8):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
