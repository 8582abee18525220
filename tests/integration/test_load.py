"""Many at once: nobody waits for ever, nothing fails, and the chain of the audit log stays whole."""

import asyncio

from tests.support.server import Server
from tests.support.world import World

from tongtai.features.audit.api import audit_verifier

_AT_ONCE = 250


async def test_many_refusals_at_once_do_not_wait_for_one_another(server: Server, world: World):
    """A refusal is recorded in a transaction beside the request's own: both need a connection."""
    async with server.sign_in(world.lead_guide) as browser:
        paths = [f"/api/cases/{world.case.id}", "/api/cases/nothing"] * (_AT_ONCE // 2)
        async with asyncio.timeout(120):
            answers = await asyncio.gather(*(browser.get(path) for path in paths))
    assert [answer.status_code for answer in answers] == [200, 404] * (_AT_ONCE // 2)
    async with server.container.database.transaction() as session:
        result = await audit_verifier(server.container, session).verify()
    assert result.intact
