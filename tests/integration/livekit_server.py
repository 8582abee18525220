"""Fixtures of whole installations: ``installed`` has the server, ``with_media`` LiveKit too.

Use them by ``from tests.integration.livekit_server import installed, with_media``.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.processes import Installation, installation


@pytest.fixture
async def installed(tmp_path: Path, migrated_database: Path) -> AsyncIterator[Installation]:
    """A running server in a process of its own."""
    async with installation(tmp_path / "installed", migrated_database) as made:
        await made.start()
        yield made


@pytest.fixture
async def with_media(installed: Installation) -> Installation:
    """The same with a running LiveKit server."""
    await installed.start_livekit()
    return installed
