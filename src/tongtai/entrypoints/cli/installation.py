"""Work of the command line in an installation, as the server itself would do it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.web.app import build_container
from tongtai.infra.container import Container
from tongtai.infra.settings import Settings


def in_installation(data: Path, work: Callable[[Container, AsyncSession], Awaitable[str]]) -> str:
    """Do ``work`` in one transaction of the installation; return what it says."""

    async def run() -> str:
        container = build_container(Settings.load(data))
        try:
            async with container.database.transaction() as session:
                return await work(container, session)
        finally:
            await container.database.close()

    return asyncio.run(run())
