"""Real processes: the server, which can be killed, and LiveKit."""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.support.world import PASSWORD, Person, World, cheap_passwords, make_world
from websockets.asyncio.client import ClientConnection, connect

from tongtai.entrypoints.cli.media_server import find_server, write_configuration
from tongtai.entrypoints.web.app import build_container
from tongtai.infra.credentials import Passwords
from tongtai.infra.settings import Settings

_PATIENCE_S = 90.0


async def eventually(
    check: Callable[[], Awaitable[bool]], seconds: float = _PATIENCE_S, *, pause_s: float = 0.02
) -> None:
    """Wait until ``check`` is true; fail when it takes too long."""
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(pause_s)


def plain_client(base_url: str = "", **more: Any) -> httpx2.AsyncClient:
    """A client without TLS and proxies: loading the certificates takes longer than most requests."""
    return httpx2.AsyncClient(base_url=base_url, trust_env=False, verify=False, timeout=30, **more)


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody uses."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Process:
    """A program of this test."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self._command = command
        self._log = log
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self, url: str) -> None:
        """Start, unless it runs; return when its HTTP address answers."""
        if self._process is not None and self._process.poll() is None:
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdout=log,
                stderr=log,
                env={**os.environ, **self._environment},
                start_new_session=True,
            )

        async def answers() -> bool:
            assert self._process is not None
            assert self._process.poll() is None, self._log.read_text()[-3000:]
            with contextlib.suppress(httpx2.HTTPError):
                return (await client.get(url)).status_code < 500
            return False

        async with plain_client() as client:
            await eventually(answers, pause_s=0.1)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Kill it, by default as a power cut does; return when it is gone."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(timeout=_PATIENCE_S)


class Installation:
    """A server process with its own data, LiveKit when asked for, and people who use it over the network.

    It lives for many tests: starting it takes longer than most of them. Each test calls `move_in` and
    has a world of its own in it.
    """

    def __init__(self, data: Path, **more_settings: object) -> None:
        port, *self._livekit_ports = free_ports(5)
        ports: dict[str, object] = {"port": port, "livekit_url": f"ws://127.0.0.1:{self._livekit_ports[0]}"}
        self.settings = Settings.load(data, **(ports | more_settings))
        self.origin = f"http://127.0.0.1:{port}"
        self.server = Process(
            [sys.executable, "-m", "tongtai.entrypoints.web"], data / "server.log", self.environment
        )
        self.livekit: Process | None = None
        self.world: World
        self._worlds = itertools.count(1)

    @property
    def environment(self) -> dict[str, str]:
        """What tells a program of this installation where it is."""
        settings = self.settings
        return {
            "TONGTAI_DATA": str(settings.data),
            "TONGTAI_PORT": str(settings.port),
            "TONGTAI_DATABASE_URL": settings.database_url,
            "TONGTAI_REDIS_URL": settings.redis_url,
            "TONGTAI_LIVEKIT_URL": settings.livekit_url,
            "TONGTAI_LOG_LEVEL": "warning",
        }

    async def move_in(self) -> None:
        """Make a world that no other test uses, and start what an earlier test has killed."""
        container = build_container(self.settings)
        container.services[Passwords] = cheap_passwords()
        try:
            self.world = await make_world(container, f".{next(self._worlds)}")
        finally:
            await container.database.close()
        await self.start()

    async def start(self) -> None:
        """Start the server, unless it runs."""
        await self.server.start(f"{self.origin}/healthz")

    async def start_livekit(self) -> None:
        """Start LiveKit, unless it runs; skip the test where it has not been built."""
        program = find_server()
        if program is None:
            pytest.skip("the LiveKit server has not been built (make)")
        if self.livekit is None:
            path = self.settings.data / "livekit.yaml"
            write_configuration(self.settings, self._livekit_ports, path)
            command = [str(program), "--config", str(path)]
            self.livekit = Process(command, self.settings.data / "livekit.log", {})
        await self.livekit.start(f"http://127.0.0.1:{self._livekit_ports[0]}")

    async def command(self, *words: str) -> str:
        """Run ``tongtai`` on this installation; return what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tongtai.entrypoints.cli.main", *words,
            env={**os.environ, **self.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        printed, complaint = await process.communicate()
        assert process.returncode == 0, complaint.decode()
        return printed.decode()

    def stop(self) -> None:
        """End every process."""
        self.server.kill(signal.SIGTERM)
        if self.livekit is not None:
            self.livekit.kill()

    @asynccontextmanager
    async def sign_in(self, person: Person) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser in which this person is signed in."""
        async with plain_client(self.origin, headers={"Origin": self.origin}) as client:
            answer = await client.post("/api/auth/login", json={"login": person.login, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            yield client

    def stream(self, browser: httpx2.AsyncClient, origin: str | None = None) -> connect:
        """The browser's WebSocket of events."""
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        return connect(
            f"{self.origin.replace('http', 'ws', 1)}/api/stream",
            additional_headers={"Cookie": cookies, "Origin": origin or self.origin},
            proxy=None,
        )


__all__ = ["ClientConnection", "Installation", "Process", "eventually", "free_ports"]
