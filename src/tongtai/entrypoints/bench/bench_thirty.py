"""Thirty rooms in one page: joining, every tile's rate, what the servers need for it."""

from tongtai.entrypoints.bench.bench_live import measure_in_browser, timed
from tongtai.entrypoints.bench.row import Row

_MANY = 30


async def rows() -> list[Row]:
    """Measure in a real Chromium; about four minutes on two cores."""
    seen = await measure_in_browser(_MANY, ("join", "tiles"))
    page = f"{_MANY} rooms in one page"
    return [
        timed(f"join of {_MANY} rooms, address to moving pictures", seen["join_ms"], target=4000),
        Row(
            name=f"{page}: slowest tile",
            unit="pictures/s",
            value=round(min(seen["tile_fps"]), 1),
            target=15,
            better="higher",
        ),
        Row(name=f"{page}: LiveKit", unit="cores", value=round(seen["livekit_cores"][0], 3), target=1.0),
        Row(
            name=f"{page}: application server",
            unit="cores",
            value=round(seen["server_cores"][0], 3),
            target=0.3,
        ),
    ]
