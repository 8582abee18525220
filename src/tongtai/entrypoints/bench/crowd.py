"""Many gateways in one process: load for a wall of thirty rooms.

Each enrols, asks for its case, reports and publishes as ``tongtai gateway`` does. The pictures are
drawn and encoded once for all, and only the low layer is sent, which is what a wall shows: thirty
hospitals have thirty machines for it, a benchmark has one.

Started as ``python -m tongtai.entrypoints.bench.crowd SERVER FOLDER CODE[,CODE…]``.
"""

import asyncio
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

from tongtai.entrypoints.gateway.feed import Feed
from tongtai.entrypoints.gateway.options import GatewayOptions
from tongtai.entrypoints.gateway.run import Gateway
from tongtai.entrypoints.gateway.sender import Sender
from tongtai.entrypoints.gateway.slots import Slot
from tongtai.entrypoints.gateway.sources import Source, open_source
from tongtai.entrypoints.gateway.units import EncodedPicture

_FEED = "ultrasound"
# As large and as often as the low layer of every feed.
_SOURCE = "test:320x180@16"
_APART_S = 0.25


class Fan(Slot):
    """One slot that hands its pictures to the slots of all gateways."""

    def __init__(self, slots: list[Slot]) -> None:
        super().__init__(_FEED, "low")
        self._slots = slots

    @property
    def connected(self) -> bool:
        """Whether anybody has a room to send to."""
        return any(slot.connected for slot in self._slots)

    def wants(self) -> tuple[bool, int | None]:
        """A key picture for all as soon as one needs it."""
        wanted = [slot.wants()[0] for slot in self._slots]
        return any(wanted), None

    def send(self, picture: EncodedPicture) -> None:
        """Hand the picture on."""
        for slot in self._slots:
            slot.send(picture)


class SharedFeed(Feed):
    """A feed whose pictures come from the crowd's one player."""

    def __init__(self, options: GatewayOptions) -> None:
        super().__init__(
            _FEED, "", options=options, case_id=lambda: None, clock_offset_ms=lambda: 0.0, cache=options.data
        )
        low = Slot(_FEED, "low")
        low.size = (320, 180)
        self.slots = (Slot(_FEED, "high"), low)

    def start(self) -> None:
        """The crowd plays."""

    def stop(self) -> None:
        """The crowd stops."""

    def report(self) -> dict[str, str]:
        """Always live."""
        return {"feed": _FEED, "state": "live", "detail": ""}


class CrowdGateway(Gateway):
    """A gateway with a shared feed."""

    def _make_feeds(self) -> list[Feed]:
        self.shared = SharedFeed(self._options)
        return [self.shared]


async def run_crowd(server: str, folder: Path, codes: list[str]) -> None:
    """Publish from as many gateways as there are codes, until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    options = GatewayOptions(server=server, feeds={}, data=folder, encode="pass", record=False)
    gateways = [
        CrowdGateway(replace(options, data=folder / f"gateway-{number}", code=code))
        for number, code in enumerate(codes)
    ]
    source = open_source(_SOURCE, cache=folder / "pictures")
    fan = Fan([gateway.shared.slots[1] for gateway in gateways])
    ended = threading.Event()
    player = threading.Thread(target=_play, args=(source, fan, ended), name="crowd")
    player.start()
    running = []
    for gateway in gateways:
        running.append(asyncio.create_task(gateway.run(stop)))
        await asyncio.sleep(_APART_S)
    await asyncio.gather(*running)
    ended.set()
    await asyncio.to_thread(player.join)


def _play(source: Source, fan: Fan, ended: threading.Event) -> None:
    sender = Sender(source.info, encode="follow", codec="libx264", high=Slot(_FEED, "high"), low=fan)
    for picture in source.pictures(ended):
        sender.take(picture)


if __name__ == "__main__":
    asyncio.run(run_crowd(sys.argv[1], Path(sys.argv[2]), sys.argv[3].split(",")))
