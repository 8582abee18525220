"""What the server does about gateways as long as it runs: notice those that fall silent."""

import asyncio

import structlog

from tongtai.core.errors import TongtaiError
from tongtai.features.gateways.model import SILENCE_AFTER
from tongtai.features.gateways.ports import GatewayLinks
from tongtai.features.gateways.sql import SqlGateways
from tongtai.infra.container import Container

log = structlog.get_logger(__name__)

_LOOK_S = 2.0


class SilenceWatch:
    """Calls the feeds of a gateway lost that has stopped reporting; its next report brings them back.

    Several servers may watch at once: the session notes the same change once.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container
        # Nobody could report while no server ran.
        self._watching_since = container.clock.now()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                await self.look()
            except TongtaiError as error:
                log.warning("gateways: will look again", code=error.code)
            except Exception:
                # The watch must outlive a database that is away for a while.
                log.exception("gateways: will look again")

    async def look(self) -> None:
        """Tell of what is lost, then remember that it was told; in between a crash repeats it."""
        silent_since = self._container.clock.now() - SILENCE_AFTER
        if self._watching_since > silent_since:
            return
        database = self._container.database
        async with database.transaction() as session:
            silent = await SqlGateways(session).silent(seen_before=silent_since)
        for gateway in silent:
            for report in gateway.lost:
                events = self._container.get(GatewayLinks).events
                await events.feed_lost(case_id=gateway.case_id, report=report)
            async with database.transaction() as session:
                known = await SqlGateways(session).feeds(gateway.gateway_id)
                lost = {report.feed: report for report in gateway.lost}
                changed = [lost.get(feed.feed, feed) for feed in known]
                await SqlGateways(session).save_feeds(gateway.gateway_id, changed)
