"""Messages between the server's processes: in process, or by Redis. A message may be lost."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

Handler = Callable[[str], Awaitable[None]]


class Bus:
    """Delivers a message to every subscriber of its topic in this process.

    Whoever cannot bear a lost message asks the database as well.
    """

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}

    def subscribe(self, topic: str, handler: Handler) -> None:
        """Call ``handler`` with each message of ``topic``."""
        self._handlers.setdefault(topic, []).append(handler)

    async def publish(self, topic: str, message: str) -> None:
        """Send to every process, this one included."""
        await self._deliver(topic, message)

    async def run(self) -> None:
        """Receive until cancelled; one task of the server owns this."""
        await asyncio.Event().wait()

    async def _deliver(self, topic: str, message: str) -> None:
        for handler in self._handlers.get(topic, ()):
            await handler(message)


def bus_for(redis_url: str) -> Bus:
    """The bus of this installation."""
    if not redis_url:
        return Bus()
    from tongtai.infra.redis_bus import RedisBus  # noqa: PLC0415  (it loads Redis's client)

    return RedisBus(redis_url)
