"""Messages between the server's processes: in process, or by Redis. A message may be lost."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

Handler = Callable[[str], Awaitable[None]]
_CHANNEL = "tongtai"
_RETRY_S = 1.0


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


class RedisBus(Bus):
    """A bus of several processes.

    Parameters
    ----------
    url : str
        Redis URL.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._redis = Redis.from_url(url)
        self._origin = secrets.token_hex(8)

    async def publish(self, topic: str, message: str) -> None:
        """Deliver here at once, then to the others."""
        await self._deliver(topic, message)
        envelope = json.dumps({"origin": self._origin, "topic": topic, "message": message})
        try:
            await self._redis.publish(_CHANNEL, envelope)
        except (RedisError, OSError) as error:
            log.warning("message not sent to the other processes", topic=topic, reason=str(error))

    async def run(self) -> None:
        """Receive until cancelled; connects again by itself."""
        try:
            while True:
                try:
                    await self._receive()
                except (RedisError, OSError) as error:
                    log.warning("redis is away", reason=str(error))
                    await asyncio.sleep(_RETRY_S)
        finally:
            await self._redis.aclose()

    async def _receive(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.subscribe(_CHANNEL)
            async for entry in channel.listen():
                if entry["type"] != "message":
                    continue
                envelope = json.loads(entry["data"])
                if envelope["origin"] != self._origin:
                    await self._deliver(envelope["topic"], envelope["message"])


def bus_for(redis_url: str) -> Bus:
    """The bus of this installation."""
    return RedisBus(redis_url) if redis_url else Bus()
