"""What the server does about findings as long as it runs: look at their days."""

from tongtai.features.quality.service import FindingTimers
from tongtai.features.quality.sql import SqlReviews
from tongtai.features.workflow.model import Notice
from tongtai.features.workflow.sql import SqlWorkflows
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id


async def look_at_findings(container: Container) -> list[Notice]:
    """Make the calls whose time has come; return the new ones."""
    async with container.database.transaction() as session:
        return await FindingTimers(
            store=SqlReviews(session),
            calls=SqlWorkflows(session),
            clock=container.clock,
            new_id=new_id,
        ).tick()
