"""What the routes are made of."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.audit.api import audit_log
from tongtai.features.cases.api import case_access, case_service
from tongtai.features.workflow.api.checks import RecordedGuards
from tongtai.features.workflow.service import NoticeService, WorkflowService
from tongtai.features.workflow.sql import SqlWorkflows
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import ContainerDep, DbSession


def workflow_service(container: Container, session: AsyncSession) -> WorkflowService:
    """The use cases of the way of cases within this transaction."""
    return WorkflowService(
        store=SqlWorkflows(session),
        guards=RecordedGuards(container, session),
        access=case_access(container, session),
        cases=case_service(container, session),
        audit=audit_log(container, session),
        clock=container.clock,
        new_id=new_id,
    )


async def _workflow(container: ContainerDep, session: DbSession) -> WorkflowService:
    return workflow_service(container, session)


async def _notices(container: ContainerDep, session: DbSession) -> NoticeService:
    return NoticeService(
        store=SqlWorkflows(session), access=case_access(container, session), clock=container.clock
    )


WorkflowDep = Annotated[WorkflowService, Depends(_workflow)]
NoticesDep = Annotated[NoticeService, Depends(_notices)]
