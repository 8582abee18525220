"""The migrations make the tables that the program describes, forwards and back, on both databases."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from tests.support.services import PostgreSql

from tongtai.entrypoints.web import features
from tongtai.infra.database import Base
from tongtai.infra.migrations import migrate, migrations_folder, newest_revision

# Importing the features is what makes their tables known.
assert features.FEATURES


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: PostgreSql = request.getfixturevalue("database_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


def _differences(url: str) -> list[object]:
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        # SQLite has one kind of number for all that we call a float.
        options = {"compare_type": connection.dialect.name != "sqlite"}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    engine.dispose()
    return list(found)


def test_the_tables_are_those_that_the_program_describes(url: str) -> None:
    migrate(url)
    assert _differences(url) == []


def test_back_and_forth(url: str) -> None:
    migrate(url)
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("sqlalchemy.url", url)
    command.downgrade(config, "base")
    migrate(url)
    assert _differences(url) == []


def test_the_newest_by_name_is_the_newest_of_the_chain() -> None:
    assert newest_revision() == ScriptDirectory(str(migrations_folder())).get_current_head()


async def test_where_nothing_is_missing_alembic_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'x.sqlite3'}"
    await asyncio.to_thread(migrate, url)
    monkeypatch.setattr(command, "upgrade", lambda *_: pytest.fail("asked"))
    await asyncio.to_thread(migrate, url)
