"""Fixtures of whole installations: ``installed`` has the server, ``with_media`` LiveKit too.

Use them by ``from tests.integration.livekit_server import house, installed, with_media``.
"""

from collections.abc import Iterator

import pytest
from tests.support.databases import Databases
from tests.support.processes import Installation


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Iterator[Installation]:
    """An installation in processes of its own, for all tests of a file."""
    data = tmp_path_factory.mktemp("installed")
    made = Installation(data, database_url=databases.empty(data))
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
