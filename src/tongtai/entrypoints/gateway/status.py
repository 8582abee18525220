"""What the person at the table sees of the gateway: a small screen that is always true."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

_STYLE = {
    "live": "green",
    "no_source": "yellow",
    "ended": "yellow",
    "disk_full": "bold red",
    "error": "bold red",
}
_SIGN = {"live": "●", "no_source": "○", "ended": "■", "disk_full": "!", "error": "!"}


def screen(
    *,
    case_number: str | None,
    room_state: str,
    server_state: str,
    feeds: Sequence[Mapping[str, str]],
    clock_offset_ms: float,
    disk_free_bytes: int,
    waiting_uploads: int,
) -> Group:
    """The screen's content; a sign and words beside every colour."""
    head = Text.assemble(
        ("Tongtai gateway  ", "bold"),
        f"case {case_number or '—'}  ·  server {server_state}  ·  room {room_state}",
    )
    table = Table("", "feed", "state", "detail", expand=True)
    for feed in feeds:
        state = feed["state"]
        style = _STYLE.get(state, "")
        table.add_row(Text(_SIGN.get(state, "?"), style), feed["feed"], Text(state, style), feed["detail"])
    foot = (
        f"clock {clock_offset_ms:+.0f} ms  ·  disk free {disk_free_bytes / 1e9:.1f} GB"
        f"  ·  recordings to upload {waiting_uploads}"
    )
    return Group(head, table, Text(foot, "dim"))


def disk_free_bytes(folder: Path) -> int:
    """Bytes free where recordings go."""
    return shutil.disk_usage(folder).free
