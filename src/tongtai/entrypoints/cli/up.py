"""``tongtai up``: media server, web server and, if wanted, the demonstration, in one terminal."""

import asyncio
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from rich.console import Console

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.cli.demonstration import demo_sources, enrol_gateways, print_accounts
from tongtai.entrypoints.cli.media_server import find_server, write_configuration
from tongtai.entrypoints.cli.ports import LOOPBACK, is_free, media_ports
from tongtai.entrypoints.cli.supervisor import Child, Supervisor
from tongtai.entrypoints.demo.dress import ask_for_plan, push_simulated_ct
from tongtai.entrypoints.demo.people import HOSPITALS
from tongtai.entrypoints.demo.referrals import refer_cases
from tongtai.entrypoints.demo.seed import Demonstration, seed
from tongtai.entrypoints.web.app import build_container
from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings

_READY_WITHIN_S = 90.0
_LOOK_EVERY_S = 0.1


class PortTakenError(TongtaiError):
    """Another program uses the port; end it or choose another with --port."""

    code = "port_taken"


class MediaServerMissingError(TongtaiError):
    """The LiveKit server was not found; run `make run`, or set TONGTAI_LIVEKIT_SERVER to its program."""

    code = "media_server_missing"


class NotReadyError(TongtaiError):
    """The server did not become ready; its log says why."""

    code = "not_ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpOptions:
    """What ``tongtai up`` was told."""

    data: Path
    port: int
    demo: bool
    demo_media: Path | None
    demo_feeds: tuple[str, ...]
    demo_plans: bool
    demo_referrals: bool


async def run_up(options: UpOptions, console: Console) -> None:
    """Start everything, say where it is, and keep it running until Ctrl-C."""
    settings, ports = _settings(options)
    program = find_server()
    if program is None:
        raise MediaServerMissingError
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    started = time.monotonic()
    console.print("… database")
    await asyncio.to_thread(migrate, settings.effective_database_url)
    demonstration = await _demonstration(settings) if options.demo else None
    supervisor = Supervisor(console.print)
    try:
        console.print("… media server and web server")
        await _start_servers(supervisor, settings, program, list(ports))
        await _until_ready(settings, stop)
        await _start_worker(supervisor, settings)
        if options.demo and not stop.is_set():
            await _start_demonstration(supervisor, settings, demonstration, options, console)
        if demonstration is not None:
            print_accounts(demonstration, console)
        if not stop.is_set():
            console.print(
                f"\n同台 Tongtai is ready after {time.monotonic() - started:.1f} s: "
                f"[bold]{settings.effective_public_url}[/bold]   (Ctrl-C ends it; logs: {settings.data / 'logs'})"
            )
        await stop.wait()
        console.print("Stopping…")
    finally:
        await supervisor.stop()


def _settings(options: UpOptions) -> tuple[Settings, tuple[int, ...]]:
    if not is_free(options.port):
        raise PortTakenError(
            f"Port {options.port} is used by another program; end it or choose another with --port.",
            port=options.port,
        )
    ports = media_ports(None)
    if ports is None:
        raise PortTakenError("No four free neighbouring ports for the media server were found from 7880 on.")
    overrides: dict[str, object] = {"port": options.port, "livekit_url": f"ws://{LOOPBACK}:{ports[0]}"}
    return Settings.load(options.data, **overrides), tuple(ports)


async def _demonstration(settings: Settings) -> Demonstration | None:
    container = build_container(settings)
    try:
        return await seed(container)
    finally:
        await container.database.close()


async def _start_servers(supervisor: Supervisor, settings: Settings, program: Path, ports: list[int]) -> None:
    configuration = settings.data / "livekit.yaml"
    write_configuration(settings, ports, configuration)
    logs = settings.data / "logs"
    await supervisor.start(
        Child(
            name="media server",
            command=[str(program), "--config", str(configuration)],
            log=logs / "livekit.log",
        )
    )
    await supervisor.start(
        Child(
            name="web server",
            command=[sys.executable, "-m", "tongtai.entrypoints.web"],
            log=logs / "server.log",
            environment={
                "TONGTAI_DATA": str(settings.data),
                "TONGTAI_PORT": str(settings.port),
                "TONGTAI_LIVEKIT_URL": settings.livekit_url,
                "TONGTAI_WEB_DIST": str(settings.web_dist.absolute()),
            },
        )
    )


async def _start_worker(supervisor: Supervisor, settings: Settings) -> None:
    """The process that computes plans; after the servers, so that nobody waits for it."""
    await supervisor.start(
        Child(
            name="planning worker",
            command=[sys.executable, "-m", "tongtai.entrypoints.worker"],
            log=settings.data / "logs" / "worker.log",
            environment={
                "TONGTAI_DATA": str(settings.data),
                "TONGTAI_WEB_DIST": str(settings.web_dist.absolute()),
            },
        )
    )


async def _until_ready(settings: Settings, stop: asyncio.Event) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    async with httpx2.AsyncClient(base_url=f"http://{LOOPBACK}:{settings.port}") as http:
        while time.monotonic() < deadline and not stop.is_set():
            try:
                if (await http.get("/readyz")).is_success:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(_LOOK_EVERY_S)
    if not stop.is_set():
        log = settings.data / "logs" / "server.log"
        raise NotReadyError(f"The server was not ready within {_READY_WITHIN_S:.0f} s; {log} says why.")


async def _start_demonstration(
    supervisor: Supervisor,
    settings: Settings,
    demonstration: Demonstration | None,
    options: UpOptions,
    console: Console,
) -> None:
    url = f"http://{LOOPBACK}:{settings.port}"
    if demonstration is not None:
        console.print("… demonstration: gateways, simulated CT and its plans")
        await enrol_gateways(url, settings.data, demonstration)
        now = datetime.now(UTC)
        await asyncio.gather(
            *(push_simulated_ct(url, demonstration, table, acquired_at=now) for table in demonstration.tables)
        )
        if options.demo_referrals:
            console.print("… demonstration: agreements, referrals, a team meeting")
            await refer_cases(url, demonstration, now)
        if options.demo_plans:
            for table in demonstration.tables:
                await ask_for_plan(url, demonstration, table)
    for index, hospital in enumerate(HOSPITALS):
        folder = settings.data / "gateways" / hospital.key
        if not (folder / "gateway-token").exists():
            continue
        sources = demo_sources(options.demo_media, index)
        feeds = [f"--feed={feed}={sources[feed]}" for feed in options.demo_feeds]
        await supervisor.start(
            Child(
                name=f"gateway of {hospital.name_en}",
                command=[
                    *(sys.executable, "-m", "tongtai.entrypoints.gateway"),
                    *("--server", url, "--data", str(folder)),
                    # All on one machine: the link is no question, the processor is.
                    *("--encode", "pass", "--keep-free-gb", "5"),
                    *feeds,
                ],
                log=settings.data / "logs" / f"gateway-{hospital.key}.log",
            )
        )
