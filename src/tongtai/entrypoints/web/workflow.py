"""What the way of cases runs for as long as the server runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tongtai.features.incidents.tasks import look_at_incidents
from tongtai.features.quality.tasks import look_at_findings
from tongtai.features.workflow.tasks import TimerWatch
from tongtai.infra.container import Container


@asynccontextmanager
async def workflow_timers(container: Container) -> AsyncIterator[None]:
    """Look at the clocks of cases, incidents and findings."""
    watching = asyncio.create_task(TimerWatch(container, also=(look_at_incidents, look_at_findings)).run(), name="workflow.timers")
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
