"""The demonstration as the command line starts it: sources, enrolment and the list of passwords."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.demo.dress import enrolment_code
from tongtai.entrypoints.demo.seed import Demonstration
from tongtai.entrypoints.gateway.enrolment import enrolled_token
from tongtai.entrypoints.gateway.server import Server

FEEDS = ("ultrasound", "ct", "monitor", "room")
_CLIPS = frozenset({".mp4", ".mov", ".mkv", ".mpeg", ".mpg", ".avi", ".ts", ".webm"})


class NoClipsError(TongtaiError):
    """The folder of --demo-media holds no video clips (mp4, mov, mkv, mpeg, avi, ts, webm)."""

    code = "no_clips"


def demo_sources(folder: Path | None, table: int) -> Mapping[str, str]:
    """The sources of one table's feeds.

    A clip whose name begins with a feed's name is played there; the others are dealt out to the
    ultrasound of one table after the other. What has no clip stays simulated.

    Parameters
    ----------
    folder : Path or None
        Clips; ``None`` simulates everything.
    table : int
        Number of the table, from 0.

    Raises
    ------
    NoClipsError
        If a folder was given and there are none.
    """
    sources = {feed: f"demo:{feed}" for feed in FEEDS}
    # No two patients look alike.
    sources["ultrasound"] += f"@{table + 1}"
    if folder is None:
        return sources
    clips = sorted(path for path in folder.iterdir() if path.suffix.lower() in _CLIPS)
    if not clips:
        raise NoClipsError(folder=folder.name)
    named = {feed: [clip for clip in clips if clip.stem.lower().startswith(feed)] for feed in FEEDS}
    named["ultrasound"] += [clip for clip in clips if not any(clip in own for own in named.values())]
    for feed, own in named.items():
        if own:
            sources[feed] = f"demo:{own[table % len(own)].absolute()}"
    return sources


async def enrol_gateways(url: str, data: Path, demonstration: Demonstration) -> None:
    """Enrol one gateway for each table, as `tongtai gateway --code` does."""
    for table in demonstration.tables:
        code = await enrolment_code(url, demonstration, table)
        server = Server(url)
        try:
            await enrolled_token(server, data=data / "gateways" / table.hospital.key, code=code)
        finally:
            await server.close()


def print_accounts(demonstration: Demonstration, console: Console) -> None:
    """Show every login and password, once."""
    console.print("\n[bold]Accounts of the demonstration[/bold]  (shown once; kept as hashes only)")
    place = None
    for account in demonstration.accounts:
        if account.institution is not place:
            place = account.institution
            console.print(f"\n  {place.name}  {place.name_en}")
        console.print(f"    {account.login:<28} {account.password}  ", highlight=False, soft_wrap=True)
    console.print("\n  A lost password is replaced by: tongtai user reset-password LOGIN", highlight=False)
