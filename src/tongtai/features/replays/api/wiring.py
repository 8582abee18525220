"""What the routes are made of."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.audit.api import audit_log
from tongtai.features.cases.api import case_access
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.gateways.api import recording_service
from tongtai.features.guidance.model import Event
from tongtai.features.guidance.sql import SqlEventLog
from tongtai.features.replays.api.shelf import Shelf
from tongtai.features.replays.service import ReplayService
from tongtai.features.replays.sql import SqlApprovals, SqlPlays
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession


class WholeLog:
    """The logs of sessions, read from their beginning.

    Parameters
    ----------
    log : SqlEventLog
        The sessions' logs.
    """

    def __init__(self, log: SqlEventLog) -> None:
        self._log = log

    async def of_case(self, case_id: str) -> Sequence[Event]:
        """Every event so far, in order."""
        head = (await self._log.heads([case_id])).get(case_id)
        return await self._log.after(case_id, 0, limit=head.seq) if head else ()


def replay_service(container: Container, session: AsyncSession) -> ReplayService:
    """The use cases of replays within this transaction."""
    return ReplayService(
        plays=SqlPlays(session),
        approvals=SqlApprovals(session),
        consents=SqlConsents(session),
        recordings=recording_service(container, session),
        log=WholeLog(container.get(SqlEventLog)),
        access=case_access(container, session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


def shelf_of(container: Container) -> Shelf:
    """The process's shelf of playable copies."""
    if Shelf not in container.services:
        container.services[Shelf] = Shelf(container.blobs, container.settings.data / "replay-copies")
    return container.get(Shelf)


async def _request_service(container: ContainerDep, session: DbSession) -> ReplayService:
    return replay_service(container, session)


ReplaysDep = Annotated[ReplayService, Depends(_request_service)]
