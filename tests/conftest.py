"""What the tests of several features share: a migrated database, the server, people and cases.

async def test_something(server, world):
    async with server.sign_in(world.operator) as browser:
        answer = await browser.get(f"/api/cases/{world.case.id}")
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from tests.support.media import EmptyRooms
from tests.support.server import Server
from tests.support.world import World, make_world

from tongtai.entrypoints.web.app import create_app
from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.infra.container import Container
from tongtai.infra.credentials import Passwords
from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "tongtai.sqlite3"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def settings(tmp_path: Path, migrated_database: Path) -> Settings:
    """Settings with a data folder and a migrated database of this test's own."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "tongtai.sqlite3").write_bytes(migrated_database.read_bytes())
    return Settings.load(data, web_dist=tmp_path / "dist", livekit_url="ws://127.0.0.1:9")


@pytest.fixture
def media_rooms(monkeypatch: pytest.MonkeyPatch) -> EmptyRooms:
    """A media server without rooms, instead of LiveKit."""
    rooms = EmptyRooms()
    for name in ("rooms", "occupants", "remove"):
        monkeypatch.setattr(LiveKitRooms, name, getattr(rooms, name))
    return rooms


@pytest.fixture
async def server(settings: Settings, media_rooms: EmptyRooms) -> AsyncIterator[Server]:
    """The whole application, started, without a network."""
    app = create_app(settings)
    container: Container = app.state.container
    # Argon2 at its cheapest: what it costs is not what these tests are about.
    container.services[Passwords] = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    async with app.router.lifespan_context(app):
        yield Server(app, container)


@pytest.fixture
async def world(server: Server) -> World:
    """An expert centre, two hospitals, a user of each role in each, and a case of each hospital."""
    return await make_world(server.container)
