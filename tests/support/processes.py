"""Real processes: the server, which can be killed, and LiveKit."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher
from tests.support.world import PASSWORD, Person, World, make_world
from websockets.asyncio.client import ClientConnection, connect

from tongtai.entrypoints.cli.media_server import find_server, write_configuration
from tongtai.entrypoints.web.app import create_app
from tongtai.infra.credentials import Passwords
from tongtai.infra.settings import Settings

_PATIENCE_S = 90.0


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = _PATIENCE_S) -> None:
    """Wait until ``check`` is true; fail when it takes too long."""
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.02)


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
        """Start; return when its HTTP address answers."""
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
                async with httpx2.AsyncClient(trust_env=False) as client:
                    return (await client.get(url)).status_code < 500
            return False

        await eventually(answers)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Kill it, by default as a power cut does; return when it is gone."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(timeout=_PATIENCE_S)


class Installation:
    """A server process with its own data, and people who use it over the network."""

    def __init__(self, settings: Settings, world: World, livekit_ports: list[int]) -> None:
        self.settings = settings
        self.world = world
        self.origin = f"http://127.0.0.1:{settings.port}"
        environment = {
            "TONGTAI_DATA": str(settings.data),
            "TONGTAI_PORT": str(settings.port),
            "TONGTAI_LIVEKIT_URL": settings.livekit_url,
            "TONGTAI_LOG_LEVEL": "warning",
        }
        command = [sys.executable, "-m", "tongtai.entrypoints.web"]
        self.server = Process(command, settings.data / "server.log", environment)
        self._livekit_ports = livekit_ports
        self.livekit: Process | None = None

    async def start(self) -> None:
        """Start the server."""
        await self.server.start(f"{self.origin}/healthz")

    async def start_livekit(self) -> None:
        """Start LiveKit, or skip the test where it has not been built."""
        program = find_server()
        if program is None:
            pytest.skip("the LiveKit server has not been built (make)")
        if self.livekit is None:
            path = self.settings.data / "livekit.yaml"
            write_configuration(self.settings, self._livekit_ports, path)
            command = [str(program), "--config", str(path)]
            self.livekit = Process(command, self.settings.data / "livekit.log", {})
        await self.livekit.start(f"http://127.0.0.1:{self._livekit_ports[0]}")

    def stop(self) -> None:
        """End every process."""
        self.server.kill(signal.SIGTERM)
        if self.livekit is not None:
            self.livekit.kill()

    @asynccontextmanager
    async def sign_in(self, person: Person) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser in which this person is signed in."""
        async with httpx2.AsyncClient(
            base_url=self.origin, headers={"Origin": self.origin}, trust_env=False, timeout=30
        ) as client:
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


@asynccontextmanager
async def installation(data: Path, migrated_database: Path) -> AsyncIterator[Installation]:
    """An installation with the tests' world; its server is not started yet."""
    data.mkdir(exist_ok=True)
    (data / "tongtai.sqlite3").write_bytes(migrated_database.read_bytes())
    port, *livekit_ports = free_ports(5)
    settings = Settings.load(data, port=port, livekit_url=f"ws://127.0.0.1:{livekit_ports[0]}")
    app = create_app(settings)
    # Argon2 at its cheapest: what it costs is not what these tests are about.
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    app.state.container.services[Passwords] = Passwords(cheap)
    world = await make_world(app.state.container)
    await app.state.container.database.close()
    made = Installation(settings, world, livekit_ports)
    try:
        yield made
    finally:
        made.stop()


__all__ = ["ClientConnection", "Installation", "Process", "eventually", "free_ports", "installation"]
