"""A wall of many rooms to look at: ``python -m tongtai.entrypoints.bench.many_rooms NUMBER``.

Prints one line of JSON with the page's address and the expert's account as soon as all tables send,
and keeps everything running until SIGTERM or SIGINT.
"""

import asyncio
import json
import signal
import sys
import tempfile
from pathlib import Path

from tongtai.entrypoints.bench.bench_live import gateways
from tongtai.entrypoints.bench.event_world import PASSWORD
from tongtai.entrypoints.bench.live_world import enrolment_codes, make_live_world, product


async def show(tables: int) -> None:
    """Run an installation with ``tables`` hospitals until somebody ends it."""
    stop = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    with tempfile.TemporaryDirectory(prefix="tongtai-rooms-") as name:
        world = await make_live_world(Path(name) / "data", tables=tables)
        async with product(world) as (origin, _):
            codes = await enrolment_codes(origin, world.tables)
            async with gateways(origin, Path(name), codes):
                print(json.dumps({"url": origin, "login": world.guide, "password": PASSWORD}), flush=True)
                await stop.wait()


if __name__ == "__main__":
    asyncio.run(show(int(sys.argv[1])))
