"""Bring a database to the version of this program."""

import asyncio
import sqlite3
from contextlib import closing
from functools import lru_cache
from importlib import resources
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine


def migrate(database_url: str) -> None:
    """Apply every migration that the database lacks, if it lacks any. Blocks; runs its own event loop.

    Parameters
    ----------
    database_url : str
        SQLAlchemy URL with an asynchronous driver.
    """
    url = make_url(database_url)
    is_new = url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists()
    if not is_new and asyncio.run(_revision_of(database_url)) == newest_revision():
        return
    # A quarter of a second with all that it brings, which a server that starts again need not spend.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.upgrade(config, "head")
    if url.get_backend_name() == "sqlite" and url.database:
        with closing(sqlite3.connect(url.database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")


async def present_revision(connection: AsyncConnection) -> str | None:
    """The newest migration that a database has had; ``None`` when it has had none."""
    try:
        version: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        return None
    return version


@lru_cache
def newest_revision() -> str:
    """The newest migration of this program. They are one line, and each bears the name of its file."""
    return max(path.stem for path in (migrations_folder() / "versions").glob("[0-9]*.py"))


async def _revision_of(database_url: str) -> str | None:
    engine = create_async_engine(database_url)
    try:
        async with engine.connect() as connection:
            return await present_revision(connection)
    finally:
        await engine.dispose()


def migrations_folder() -> Path:
    """Where the migrations are: inside the installed package, or beside the source tree."""
    inside = Path(str(resources.files("tongtai"))) / "migrations"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "migrations"
