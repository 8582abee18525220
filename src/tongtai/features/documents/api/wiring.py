"""What the routes are made of."""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.audit.api import AuditDep
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.documents.api.composing import ComposerTable, Sources
from tongtai.features.documents.api.press import KeyRingSignatures, ServerPress
from tongtai.features.documents.service import DocumentService
from tongtai.features.documents.sql import SqlDocuments, SqlKeys
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.signing.keyring import KeyRing
from tongtai.infra.web import ContainerDep, DbSession


def key_ring(container: Container, session: AsyncSession) -> KeyRing:
    """The installation's keys, within this transaction."""
    return KeyRing(SqlKeys(session), container.settings, container.clock)


async def _key_ring(container: ContainerDep, session: DbSession) -> KeyRing:
    return key_ring(container, session)


KeyRingDep = Annotated[KeyRing, Depends(_key_ring)]


async def _documents(
    container: ContainerDep, session: DbSession, access: CaseAccessDep, audit: AuditDep, keys: KeyRingDep
) -> DocumentService:
    return DocumentService(
        documents=SqlDocuments(session),
        composer=ComposerTable(Sources(container=container, session=session)),
        press=ServerPress(container.blobs, container.settings.web_dist / "fonts"),
        signatures=KeyRingSignatures(keys),
        access=access,
        users=SqlUsers(session),
        audit=audit,
        clock=container.clock,
        new_id=new_id,
        zone=container.settings.zone,
    )


DocumentsDep = Annotated[DocumentService, Depends(_documents)]
