"""What the server does about incidents as long as it runs: look at their clocks."""

from tongtai.features.incidents.service import IncidentTimers
from tongtai.features.incidents.sql import SqlIncidents
from tongtai.features.workflow.model import Notice
from tongtai.features.workflow.sql import SqlWorkflows
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id


async def look_at_incidents(container: Container) -> list[Notice]:
    """Make the calls whose time has come; return the new ones."""
    async with container.database.transaction() as session:
        return await IncidentTimers(
            store=SqlIncidents(session),
            calls=SqlWorkflows(session),
            clock=container.clock,
            new_id=new_id,
        ).tick()
