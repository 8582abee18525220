"""Many gateways in one process, each as ``tongtai gateway`` runs it: load for a wall of thirty rooms.

python -m tongtai.entrypoints.bench.crowd SERVER FOLDER FEED CODE[,CODE…]
"""

import asyncio
import signal
import sys
from pathlib import Path

from tongtai.entrypoints.gateway.options import GatewayOptions, parse_feeds
from tongtai.entrypoints.gateway.run import Gateway


async def run_crowd(server: str, folder: Path, feed: str, codes: list[str]) -> None:
    """Publish one feed from as many gateways as there are codes, until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    gateways = [
        Gateway(
            GatewayOptions(
                server=server,
                feeds=parse_feeds([feed]),
                data=folder / f"gateway-{number}",
                encode="pass",
                code=code,
                record=False,
            )
        )
        for number, code in enumerate(codes)
    ]
    await asyncio.gather(*(gateway.run(stop) for gateway in gateways))


if __name__ == "__main__":
    asyncio.run(run_crowd(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4].split(",")))
