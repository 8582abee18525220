"""The fixtures of the other tests, with PostgreSQL below them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.services import PostgreSql, postgresql
from tests.support.world import World, inhabit

from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings


@pytest.fixture(scope="session")
def database_server() -> Iterator[PostgreSql]:
    """A PostgreSQL server."""
    with postgresql() as server:
        yield server


@dataclass(frozen=True, slots=True)
class Template:
    """A data folder, and the database with the world in it, to be copied."""

    data: Path
    world: World
    database: str


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory: pytest.TempPathFactory, database_server: PostgreSql) -> Template:
    """The world, made once."""
    data = tmp_path_factory.mktemp("postgresql")
    name = database_server.create("inhabited")
    url = database_server.url(name)
    migrate(url)
    return Template(data, inhabit(Settings.load(data, database_url=url)), name)


@pytest.fixture
def settings(tmp_path: Path, database_server: PostgreSql, inhabited: Template) -> Iterator[Settings]:
    """Settings with a data folder and a database of this test's own."""
    data = tmp_path / "data"
    shutil.copytree(inhabited.data, data)
    name = database_server.create(like=inhabited.database)
    yield Settings.load(
        data,
        database_url=database_server.url(name),
        web_dist=tmp_path / "dist",
        livekit_url="ws://127.0.0.1:9",
    )
    database_server.drop(name)
