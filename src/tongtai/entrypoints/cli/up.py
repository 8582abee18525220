"""``tongtai up``: media server, web server and, if wanted, the demonstration, in one terminal."""

import asyncio
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import psutil
from rich.console import Console

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.cli.demonstration import demo_sources
from tongtai.entrypoints.cli.media_server import find_server, write_configuration
from tongtai.entrypoints.cli.ports import LOOPBACK, is_free, media_ports
from tongtai.entrypoints.cli.supervisor import Child, Supervisor
from tongtai.entrypoints.demo.people import HOSPITALS, DemoHospital
from tongtai.entrypoints.gateway.enrolment import has_token
from tongtai.infra.settings import Settings

if TYPE_CHECKING:
    from tongtai.entrypoints.cli.first_demonstration import FirstDemonstration

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
    url = f"http://{LOOPBACK}:{settings.port}"
    supervisor = Supervisor(console.print)
    try:
        first = await _first_demonstration(settings, console) if options.demo else None
        console.print("… media server and web server")
        await _start_servers(supervisor, settings, program, list(ports))
        await _until_ready(settings, stop)
        await _start_worker(supervisor, settings)
        if first is not None and not stop.is_set():
            await first.dress(url, console, referrals=options.demo_referrals, plans=options.demo_plans)
        if options.demo and not stop.is_set():
            await _start_gateways(supervisor, settings, options, url)
        if first is not None:
            first.print_accounts(console)
        if not stop.is_set():
            console.print(
                f"\n同台 Tongtai is ready after {time.time() - psutil.Process().create_time():.1f} s: "
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


async def _first_demonstration(settings: Settings, console: Console) -> "FirstDemonstration | None":
    """The demonstration, made in an installation that is still empty."""
    if any(has_token(_gateway_folder(settings, hospital)) for hospital in HOSPITALS):
        return None
    # It loads as much as the server does: only a first start waits for that.
    from tongtai.entrypoints.cli.first_demonstration import FirstDemonstration  # noqa: PLC0415
    from tongtai.infra.migrations import migrate  # noqa: PLC0415

    console.print("… database")
    await asyncio.to_thread(migrate, settings.effective_database_url)
    return await FirstDemonstration.seeded(settings)


async def _start_servers(supervisor: Supervisor, settings: Settings, program: Path, ports: list[int]) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
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


def _gateway_folder(settings: Settings, hospital: DemoHospital) -> Path:
    return settings.data / "gateways" / hospital.key


async def _start_gateways(supervisor: Supervisor, settings: Settings, options: UpOptions, url: str) -> None:
    """Those of the demonstration that were enrolled."""
    for index, hospital in enumerate(HOSPITALS):
        folder = _gateway_folder(settings, hospital)
        if not has_token(folder):
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
