"""The audit log for the request under way.

Its routes are in ``tongtai.features.cases.api.audit``: they need a person and the numbers of cases, and a
lower feature does not know a higher one.
"""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.audit.model import AuditChain
from tongtai.features.audit.service import AuditLog, AuditVerifier
from tongtai.features.audit.sql import SqlAuditStore
from tongtai.infra.container import Container
from tongtai.infra.web import ContainerDep, DbSession


def audit_log(container: Container, session: AsyncSession) -> AuditLog:
    """The audit log that writes with this transaction."""
    return AuditLog(_store(container, session), container.clock)


def audit_verifier(container: Container, session: AsyncSession) -> AuditVerifier:
    """The check of the whole log; use it once."""
    return AuditVerifier(_store(container, session), _chain(container))


def _store(container: Container, session: AsyncSession) -> SqlAuditStore:
    return SqlAuditStore(session, container.database, _chain(container))


def _chain(container: Container) -> AuditChain:
    return AuditChain(container.settings.secret("audit"))


async def _request_log(container: ContainerDep, session: DbSession) -> AuditLog:
    return audit_log(container, session)


AuditDep = Annotated[AuditLog, Depends(_request_log)]
