"""Bring a database to the version of this program."""

import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url


def migrate(database_url: str) -> None:
    """Apply every migration that the database lacks. Blocks; runs its own event loop.

    Parameters
    ----------
    database_url : str
        SQLAlchemy URL with an asynchronous driver.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    command.upgrade(config, "head")
    if url.get_backend_name() == "sqlite" and url.database:
        with closing(sqlite3.connect(url.database)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")


def migrations_folder() -> Path:
    """Where the migrations are: inside the installed package, or beside the source tree."""
    inside = Path(str(resources.files("tongtai"))) / "migrations"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "migrations"
