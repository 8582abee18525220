"""The fixtures of the other tests, with PostgreSQL below them, whatever ``--database`` says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.databases import OnPostgreSql, inhabited_in
from tests.support.services import PostgreSql, postgresql
from tests.support.world import Inhabited

from tongtai.infra.settings import Settings


@pytest.fixture(scope="session")
def database_server() -> Iterator[PostgreSql]:
    """A PostgreSQL server."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def on_postgresql(database_server: PostgreSql) -> OnPostgreSql:
    """What makes databases on it."""
    return OnPostgreSql(database_server)


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory: pytest.TempPathFactory, on_postgresql: OnPostgreSql) -> Inhabited:
    """The world, made once."""
    return inhabited_in(on_postgresql, tmp_path_factory.mktemp("postgresql"))


@pytest.fixture
def settings(tmp_path: Path, on_postgresql: OnPostgreSql, inhabited: Inhabited) -> Iterator[Settings]:
    """Settings with a data folder and a database of this test's own."""
    data = tmp_path / "data"
    url = on_postgresql.like(inhabited, data)
    yield Settings.load(data, database_url=url, web_dist=tmp_path / "dist", livekit_url="ws://127.0.0.1:9")
    on_postgresql.drop(url)
