"""Fixtures of whole installations: ``installed`` has the server, ``with_media`` LiveKit too.

Use them by ``from tests.integration.livekit_server import house, installed, with_media``.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.processes import Installation


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[Installation]:
    """An installation in processes of its own, for all tests of a file."""
    data = tmp_path_factory.mktemp("installed")
    (data / "tongtai.sqlite3").write_bytes(migrated_database.read_bytes())
    made = Installation(data)
    yield made
    made.stop()


@pytest.fixture
async def installed(house: Installation) -> Installation:
    """The installation, running, with a world of this test's own."""
    await house.move_in()
    return house


@pytest.fixture
async def with_media(installed: Installation) -> Installation:
    """The same with a running LiveKit server."""
    await installed.start_livekit()
    return installed
