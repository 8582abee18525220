"""Who may do jobs under which name: one worker for a name, as long as it lives.

On SQLite a data folder has one worker, and a lock of the file system says so. On PostgreSQL every worker
holds an advisory lock for its name; the server lets go of it when the worker's connection ends, however
it ends. A name that can be taken has no worker any more, and its jobs are free.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from tongtai.infra.jobs.place import WorkerRunningError

# A machine that lost its power says nothing: after 30 s + 3 × 10 s of silence the server ends the connection.
_KEEPALIVE: Final = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"
_PATIENCE_S: Final = 90.0
_NAME: Final = "hashtextextended('tongtai-worker:' || :name, 0)"


class ExecutorName(Protocol):
    """The name that a worker has for itself."""

    def hold(self) -> None:
        """Take it, or make sure that it is still held.

        Raises
        ------
        WorkerRunningError
            If another worker has it.
        """
        ...

    @contextmanager
    def taken(self, other: str) -> Iterator[bool]:
        """Take another name for as long as the block lasts; whether that was possible."""
        ...


class FolderName:
    """The one worker of a data folder.

    Parameters
    ----------
    data : Path
        The folder.
    """

    def __init__(self, data: Path) -> None:
        self._place = data / "worker.lock"
        self._lock: IO[str] | None = None

    def hold(self) -> None:
        """Lock the folder until the process ends."""
        if self._lock is not None:
            return
        lock = self._place.open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise WorkerRunningError from error
        self._lock = lock

    @contextmanager
    def taken(self, other: str) -> Iterator[bool]:  # noqa: ARG002  (there is no other)
        """Nobody else works here."""
        yield False


class PostgreSqlName:
    """A worker's name among all workers of a database.

    Parameters
    ----------
    url : str
        SQLAlchemy's URL of the database.
    name : str
        The name.
    patience_s : float
        How long an earlier worker of this name may take to be found dead.
    """

    def __init__(self, url: str, name: str, *, patience_s: float = _PATIENCE_S) -> None:
        self._engine: Engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"options": f"{_KEEPALIVE} -c lock_timeout={patience_s:.0f}s"},
        )
        self._name = name
        self._held: Connection | None = None

    def hold(self) -> None:
        """Lock the name until the process ends; again if the connection was lost."""
        if self._held is not None:
            try:
                self._held.execute(text("SELECT 1"))
            except SQLAlchemyError:
                self.release()
            else:
                return
        connection = self._engine.connect()
        try:
            connection.execute(text(f"SELECT pg_advisory_lock({_NAME})"), {"name": self._name})
        except OperationalError as error:
            connection.close()
            raise WorkerRunningError from error
        self._held = connection

    def release(self) -> None:
        """Let go of the name, as the end of the process does."""
        if self._held is not None:
            self._held.invalidate()
            self._held.close()
            self._held = None

    @contextmanager
    def taken(self, other: str) -> Iterator[bool]:
        """Lock another name for a moment: a worker of that name that starts now waits for its jobs' handing over."""
        with self._engine.connect() as connection:
            yield bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({_NAME})"), {"name": other}))


def executor_name(url: str, data: Path, name: str) -> ExecutorName:
    """What stands for a worker's name with this database."""
    return FolderName(data) if url.startswith("sqlite") else PostgreSqlName(url, name)
