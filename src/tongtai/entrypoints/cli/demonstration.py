"""What the gateways of the demonstration play."""

from collections.abc import Mapping
from pathlib import Path

from tongtai.core.errors import TongtaiError

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
