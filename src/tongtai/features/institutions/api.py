"""Institutions for the request under way.

Their routes are in ``tongtai.features.accounts.api.institutions``: they need a person, and a lower
feature does not know a higher one.
"""

from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.institutions.service import InstitutionService
from tongtai.features.institutions.sql import SqlInstitutions
from tongtai.infra.identifiers import new_id
from tongtai.infra.web import DbSession


def institution_service(session: AsyncSession) -> InstitutionService:
    """The use cases of institutions within this transaction."""
    return InstitutionService(SqlInstitutions(session), new_id)


async def _request_service(session: DbSession) -> InstitutionService:
    return institution_service(session)


InstitutionsDep = Annotated[InstitutionService, Depends(_request_service)]
