"""What the server does about the way of cases as long as it runs: look at the clocks."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from tongtai.core.errors import TongtaiError
from tongtai.features.guidance.model import Gated
from tongtai.features.guidance.service import SessionService
from tongtai.features.policies.sql import SqlPolicies
from tongtai.features.workflow.model import ALLOWED_IN, Notice
from tongtai.features.workflow.service import RoomWatch, WorkflowTimers, call, settle
from tongtai.features.workflow.sql import SqlCaseReader, SqlWorkflows
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id

log = structlog.get_logger(__name__)

# What is to be seen within a minute is looked for four times in it.
_LOOK_S = 15.0
Look = Callable[[Container], Awaitable[list[Notice]]]


class TimerWatch:
    """Calls people when a case stands somewhere too long.

    Several servers may watch at once: a call is made once.

    Parameters
    ----------
    container : Container
        The server's parts.
    also
        Other clocks that are looked at in the same turn.
    """

    def __init__(self, container: Container, *, also: Iterable[Look] = ()) -> None:
        self._container = container
        self._also = tuple(also)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                await self.look()
            except TongtaiError as error:
                log.warning("workflow: will look again", code=error.code)
            except Exception:
                # The watch must outlive a database that is away for a while.
                log.exception("workflow: will look again")

    async def look(self) -> list[Notice]:
        """Make the calls whose time has come; return the new ones."""
        async with self._container.database.transaction() as session:
            made = await WorkflowTimers(
                store=SqlWorkflows(session),
                cases=SqlCaseReader(session),
                rules=SqlPolicies(session),
                clock=self._container.clock,
                new_id=new_id,
            ).tick()
        for look in self._also:
            made += await look(self._container)
        return made + await self._look_at_rooms()

    async def _look_at_rooms(self) -> list[Notice]:
        """Reading, alarms and calls are apart: the log's writer must not wait for this transaction."""
        rooms = self._container.get(SessionService)
        async with self._container.database.sessions() as session:
            findings = await RoomWatch(
                rooms=rooms,
                store=SqlWorkflows(session),
                cases=SqlCaseReader(session),
                rules=SqlPolicies(session),
                clock=self._container.clock,
                new_id=new_id,
            ).findings()
        for found in findings:
            await settle(rooms, found)
        async with self._container.database.transaction() as session:
            return await call(SqlWorkflows(session), findings)


class WorkflowGate:
    """Tells a live session what the workflow of its case allows.

    Parameters
    ----------
    container : Container
        The server's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container

    async def standing_in_the_way(self, case_id: str, act: Gated) -> str | None:
        """The state that forbids the act; nothing for a case that is not in the workflow."""
        async with self._container.database.transaction() as session:
            dossier = await SqlWorkflows(session).find(case_id)
        if dossier is None or dossier.state in ALLOWED_IN[act]:
            return None
        return dossier.state.value
