"""Use cases of link tests: when a gateway is to measure its uplinks, and what it found."""

from collections.abc import Sequence
from dataclasses import dataclass

from tongtai.core.clock import Clock
from tongtai.features.gateways.model import LINK_TEST_EVERY, AssignedCase, Gateway, Link
from tongtai.features.gateways.ports import LinkTests


@dataclass(slots=True, kw_only=True)
class LinkService:
    """Tests of the lines between an operating room and this server."""

    tests: LinkTests
    clock: Clock

    async def due(self, gateway: Gateway, case: AssignedCase | None) -> bool:
        """Whether the gateway should measure now.

        Never while a procedure goes on: a test takes the whole of a line for a second or two.
        """
        if case is None or case.in_procedure:
            return False
        links = await self.tests.of_gateway(gateway.id)
        last = max((link.measured_at for link in links), default=None)
        if last is None or self.clock.now() - last >= LINK_TEST_EVERY:
            return True
        wanted_at = await self.tests.wanted_at(gateway.operating_room_id)
        return wanted_at is not None and last < wanted_at

    async def note(self, gateway: Gateway, links: Sequence[Link]) -> None:
        """Remember what a gateway found, in the place of what it found before."""
        await self.tests.save(gateway.id, links)

    async def want(self, operating_room_id: str) -> None:
        """Ask the gateways of a room for a test; they hear of it with their next report."""
        await self.tests.want(operating_room_id, self.clock.now())
