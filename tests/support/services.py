"""Redis and PostgreSQL for tests, where their programs are on this machine; elsewhere tests are skipped."""

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
import pytest
from tests.support.processes import free_ports

_PATIENCE_S = 60.0
_USER = "tongtai"


@contextmanager
def _running(process: subprocess.Popen[bytes], output: IO[bytes] | None) -> Iterator[None]:
    """The block runs while the program does, from when it says that it is ready."""
    assert output is not None
    # At the deadline the program is killed, which ends its output and so the reading below.
    deadline = threading.Timer(_PATIENCE_S, process.kill)
    deadline.start()
    # What it says later is read and forgotten, or it would stand still with a full pipe.
    rest = threading.Thread(target=output.read, daemon=True)
    said: list[bytes] = []
    try:
        for line in output:
            said.append(line)
            if b"ready to accept connections" in line.lower():
                break
        else:
            pytest.fail(f"it ended while starting: {b''.join(said).decode(errors='replace')}")
        deadline.cancel()
        rest.start()
        yield
    finally:
        deadline.cancel()
        process.terminate()
        process.wait(_PATIENCE_S)
        if rest.ident is not None:
            rest.join(_PATIENCE_S)
        output.close()


@contextmanager
def redis() -> Iterator[str]:
    """A Redis of one's own; yields its URL."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not on PATH (Debian: apt install redis-server)")
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdout=subprocess.PIPE,
        )
        with _running(process, process.stdout):
            yield f"redis://127.0.0.1:{port}/0"


class PostgreSql:
    """A PostgreSQL server with databases that come and go."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._made = 0

    def url(self, database: str) -> str:
        """SQLAlchemy's URL of a database."""
        return f"postgresql+psycopg://{_USER}@127.0.0.1:{self._port}/{database}"

    def create(self, name: str | None = None, *, like: str = "template1") -> str:
        """Make a database, as a copy of another one that nobody uses; return its name."""
        self._made += 1
        name = name or f"test_{self._made}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, with whoever is still connected."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        address = f"postgresql://{_USER}@127.0.0.1:{self._port}/postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


def _program(name: str) -> str:
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next(map(str, packaged), None)
    if found is None:
        pytest.skip(f"{name} is not here (Debian: apt install postgresql)")
    return found


@contextmanager
def postgresql() -> Iterator[PostgreSql]:
    """A PostgreSQL server of one's own. It refuses to run as root, so then the user postgres runs it."""
    initdb, server = _program("initdb"), _program("postgres")
    # Not in pytest's folder, which other users cannot enter.
    folder = Path(tempfile.mkdtemp(prefix="tongtai-postgresql-"))
    user: str | None = None
    if os.geteuid() == 0:
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = "postgres"
    (port,) = free_ports(1)
    try:
        subprocess.run(
            [initdb, "--pgdata", folder, "--username", _USER, "--auth", "trust", "--no-sync", "-E", "UTF8"],
            check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder,
        )  # fmt: skip
        process = subprocess.Popen(
            [server, "-D", folder, "-k", folder, "-h", "127.0.0.1", "-p", str(port), "-c", "fsync=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, user=user, cwd=folder,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        with _running(process, process.stderr):
            yield PostgreSql(port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
