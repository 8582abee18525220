"""The LiveKit server of one machine: where its program is, and its configuration."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tongtai.entrypoints.cli.ports import LOOPBACK
from tongtai.infra.settings import Settings

# The same as in setup/livekit_server.py, which builds it (a test compares the two).
LIVEKIT_VERSION = "1.13.5"


def find_server() -> Path | None:
    """The program: TONGTAI_LIVEKIT_SERVER, else livekit-server on PATH, else what ``make`` built."""
    named = os.environ.get("TONGTAI_LIVEKIT_SERVER")
    if named:
        return Path(named) if os.access(named, os.X_OK) else None
    on_path = shutil.which("livekit-server")
    if on_path:
        return Path(on_path)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    built = cache / "tongtai" / f"livekit-{LIVEKIT_VERSION}" / "server"
    return built if os.access(built, os.X_OK) else None


def write_configuration(settings: Settings, ports: Sequence[int], path: Path) -> None:
    """Write the file that the server is started with; only its owner can read it.

    Parameters
    ----------
    settings : Settings
        Key, secret and the address of the web server, which is told who joins and leaves.
    ports : sequence of 4 int
        As from `media_ports`.
    path : Path
        The file.
    """
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    # JSON is YAML too, and needs no library to be written rightly.
    draft.write_text(json.dumps(configuration(settings, ports), indent=1), encoding="utf-8")
    draft.replace(path)


def configuration(settings: Settings, ports: Sequence[int]) -> dict[str, Any]:
    """LiveKit's configuration for one machine: everything on the loopback interface.

    Parameters
    ----------
    settings : Settings
        As above.
    ports : sequence of 4 int
        Signalling, ICE over TCP, media over UDP, metrics.
    """
    signalling, tcp, udp, metrics = ports
    return {
        "port": signalling,
        "bind_addresses": [LOOPBACK],
        "prometheus": {"port": metrics},
        "rtc": {
            "node_ip": LOOPBACK,
            "use_external_ip": False,
            "interfaces": {"includes": ["lo"]},
            "enable_loopback_candidate": True,
            "tcp_port": tcp,
            "udp_port": udp,
        },
        # Rooms are made by our server alone; a room that everybody left ends itself.
        "room": {
            "auto_create": True,
            "empty_timeout": 300,
            "departure_timeout": 20,
            # Pictures are shown the moment they are decoded: for a needle, late is worse than uneven.
            "playout_delay": {"enabled": True, "min": 0, "max": 0},
        },
        "keys": {settings.livekit_api_key: settings.effective_livekit_secret},
        "webhook": {
            "api_key": settings.livekit_api_key,
            "urls": [f"http://{LOOPBACK}:{settings.port}/api/livekit/webhook"],
        },
        "logging": {"level": "info", "json": settings.log_format == "json"},
    }
