"""One transaction per request: it commits once, before the answer leaves."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.infra.container import Container, http_container

ContainerDep = Annotated[Container, Depends(http_container)]


async def _session(container: ContainerDep) -> AsyncIterator[AsyncSession]:
    async with container.database.request_transaction() as session:
        yield session


# scope="function": the block above ends, and so commits, before the answer is sent. An answer that
# has left is therefore always true.
DbSession = Annotated[AsyncSession, Depends(_session, scope="function")]
