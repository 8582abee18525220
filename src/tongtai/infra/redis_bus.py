"""Messages between the server's processes by Redis."""

import asyncio
import json
import secrets

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tongtai.infra.bus import Bus

log = structlog.get_logger(__name__)

_CHANNEL = "tongtai"
_RETRY_S = 1.0


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
