"""Work of the command line in an installation, as the server itself would do it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.web.app import build_container
from tongtai.infra.container import Container
from tongtai.infra.settings import Settings

T = TypeVar("T")


def in_installation(data: Path, work: Callable[[Container, AsyncSession], Awaitable[T]]) -> T:
    """Do ``work`` in one transaction of the installation; return what it finds."""

    async def run() -> T:
        container = build_container(Settings.load(data))
        try:
            async with container.database.transaction() as session:
                return await work(container, session)
        finally:
            await container.database.close()

    return asyncio.run(run())
