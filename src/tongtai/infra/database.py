"""The relational database: SQLite by default, PostgreSQL by URL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any
from weakref import WeakSet

import aiosqlite
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    MetaData,
    TypeDecorator,
    event,
    inspect,
    make_url,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from tongtai.infra.write_turns import take_turns

_SQLITE_PRAGMAS = (
    # First of all, so that the next ones wait too.
    "PRAGMA busy_timeout=10000",
    # The migration has set it before (two connections that both switch at once lock each other out).
    "PRAGMA journal_mode=WAL",
    # FULL, not NORMAL: what was acknowledged must survive a power cut as well as a killed process.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


# A burst waits for its turn; whoever has waited this long is told to come again (503).
_POOL_PATIENCE_S = 30.0
# A connection's thread ends with the statement that it is at, which takes no longer than this.
_FAREWELL_S = 5.0


class Base(DeclarativeBase):
    """The tables of all features."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without time zone cannot be stored")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """An engine and its sessions.

    Parameters
    ----------
    url : str
        SQLAlchemy URL with an asynchronous driver.
    """

    def __init__(self, url: str) -> None:
        # Three pools, taken from in this order only: a request's own transaction, a transaction
        # that it needs meanwhile, and one that must be kept whatever becomes of those. With one
        # pool, as many requests as it has connections could wait for one another for ever.
        self._threads: WeakSet[Thread] = WeakSet()
        self._requests = _engine(url, self._threads, pool_size=10)
        self.engine = _engine(url, self._threads, pool_size=10)
        self._aside = _engine(url, self._threads, pool_size=5)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.sessions = _sessions(self.engine)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back when an error leaves the block."""
        async with self.sessions() as session, session.begin():
            yield session

    @asynccontextmanager
    async def request_transaction(self) -> AsyncIterator[AsyncSession]:
        """The one transaction of a request (``tongtai.infra.web.DbSession``)."""
        async with _sessions(self._requests)() as session, session.begin():
            yield session

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[AsyncSession]:
        """A short transaction that is kept even if the one under way is not; begin none in it."""
        async with _sessions(self._aside)() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Close every connection, and see every thread of SQLite's off.

        A statement whose request was cancelled is still carried out by its connection's thread,
        which then reports to the event loop: not to one that is closed already.
        """
        for engine in (self._requests, self.engine, self._aside):
            await engine.dispose()
        for thread in list(self._threads):
            if thread.is_alive():
                await asyncio.to_thread(thread.join, _FAREWELL_S)


def _engine(url: str, threads: WeakSet[Thread], *, pool_size: int) -> AsyncEngine:
    is_sqlite = url.startswith("sqlite")
    engine = create_async_engine(
        url,
        # Errors are logged, and what is written may be a patient's name.
        hide_parameters=True,
        pool_pre_ping=not is_sqlite,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=_POOL_PATIENCE_S,
        **{"async_creator": _opener(url, threads)} if is_sqlite else {},
    )
    if is_sqlite:
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        take_turns(engine)
    return engine


def _opener(url: str, threads: WeakSet[Thread]) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """Opens connections whose threads are known, also of those that are never finished."""
    file = make_url(url).database or ":memory:"

    async def opened() -> aiosqlite.Connection:
        connection = aiosqlite.connect(file)
        thread = connection._thread  # noqa: SLF001  (it is named nowhere else)
        # A process that ends without closing its database is not kept alive by it.
        thread.daemon = True
        threads.add(thread)
        return await connection

    return opened


async def updated_if(
    session: AsyncSession, table: type[Base], *still: ColumnElement[bool], values: Mapping[str, Any]
) -> bool:
    """Write to the one row that is still as its writer saw it.

    The UPDATE itself compares, so that of two who write at once one is told.

    Parameters
    ----------
    *still
        Which row, and what must still hold of it: its version, its state.
    values
        Columns by name.

    Returns
    -------
    bool
        ``False`` when there is no such row any more: somebody was quicker.
    """
    key = inspect(table).primary_key[0]
    changed = await session.scalar(
        update(table)
        .where(*still)
        .values(**values)
        .returning(key)
        .execution_options(synchronize_session="fetch")
    )
    return changed is not None


def insert_into(
    place: AsyncSession | AsyncConnection, table: type[Base]
) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be told what to do ``on_conflict``: both databases can, each with a class of its own."""
    dialect = place.get_bind().dialect if isinstance(place, AsyncSession) else place.dialect
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=False)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
