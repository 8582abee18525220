"""The two databases below the integration tests: SQLite, or PostgreSQL with ``pytest --database postgresql``."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy.engine import make_url
from tests.support.services import PostgreSql
from tests.support.world import Inhabited, inhabit

from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings


class Databases(Protocol):
    """Makes databases, each for one data folder. All give SQLAlchemy's URL."""

    def empty(self, data: Path) -> str:
        """Make the folder ``data`` and a migrated database with nothing in it."""

    def like(self, inhabited: Inhabited, data: Path) -> str:
        """Make the folder ``data`` and a database as copies of the inhabited ones."""

    def drop(self, url: str) -> None:
        """Throw away what a test has used."""


class OnSqlite:
    """SQLite: a file in each data folder."""

    def __init__(self, folder: Path) -> None:
        self.migrated = folder / "tongtai.sqlite3"
        migrate(_sqlite(folder))

    def empty(self, data: Path) -> str:
        """A copy of the migrated file."""
        data.mkdir(exist_ok=True)
        shutil.copy(self.migrated, data)
        return _sqlite(data)

    def like(self, inhabited: Inhabited, data: Path) -> str:
        """A copy of the folder."""
        shutil.copytree(inhabited.data, data)
        return _sqlite(data)

    def drop(self, url: str) -> None:
        """The file goes with its folder."""


class OnPostgreSql:
    """PostgreSQL: a database of the server for each data folder, copied by the server."""

    def __init__(self, server: PostgreSql) -> None:
        self._server = server
        self._migrated = server.create("migrated")
        migrate(server.url(self._migrated))

    def empty(self, data: Path) -> str:
        """A copy of the migrated database."""
        data.mkdir(exist_ok=True)
        return self._server.url(self._server.create(like=self._migrated))

    def like(self, inhabited: Inhabited, data: Path) -> str:
        """A copy of the folder and of the database."""
        shutil.copytree(inhabited.data, data)
        return self._server.url(self._server.create(like=str(make_url(inhabited.url).database)))

    def drop(self, url: str) -> None:
        """Drop the database, with whoever is still connected."""
        self._server.drop(str(make_url(url).database))


def inhabited_in(databases: Databases, data: Path) -> Inhabited:
    """A data folder and a database with the world in them."""
    url = databases.empty(data)
    return Inhabited(data, url, inhabit(Settings.load(data, database_url=url)))


@contextmanager
def opened_by_hand(url: str) -> Iterator[Any]:
    """The driver's own connection, past the product: ``execute`` and ``commit``."""
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(place.database))) as file:
            yield file
        return
    with psycopg.connect(url.replace("+psycopg", "")) as session:
        yield session


@contextmanager
def vandal(url: str) -> Iterator[Any]:
    """Somebody with rights over the database, who removes the triggers first."""
    lite = make_url(url).get_backend_name() == "sqlite"
    with opened_by_hand(url) as database:
        if lite:
            triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                database.execute(f"DROP TRIGGER {name}")
        else:
            database.execute("SET session_replication_role = replica")
        yield database
        database.commit()


def all_rows(database: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in an `opened_by_hand` database, by the tables' names."""
    catalogue = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if isinstance(database, psycopg.Connection):
        catalogue = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    names = [name for (name,) in database.execute(catalogue).fetchall()]
    return {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608 (ours)


# What a database's refusal is called by the two drivers.
REFUSALS = (sqlite3.IntegrityError, psycopg.DatabaseError)


def _sqlite(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'tongtai.sqlite3'}"
