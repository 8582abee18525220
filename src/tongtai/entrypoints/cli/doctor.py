"""``tongtai doctor``: look at everything an installation needs, and say how to mend it."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tongtai.entrypoints.cli.media_server import find_server
from tongtai.infra.database import Database
from tongtai.infra.migrations import migrations_folder
from tongtai.infra.settings import Settings

_LEAST_FREE_BYTES = 5_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    sound: bool
    mend: str = ""


def doctor(
    data: Annotated[
        Path, typer.Option(help="Folder of the database, blobs and secrets.", envvar="TONGTAI_DATA")
    ] = Path("data"),
) -> None:
    """Check this installation; exit with 1 when something must be mended."""
    findings = list(examine(Settings.load(data)))
    for finding in findings:
        typer.echo(
            f"{'✓' if finding.sound else '✗'} {finding.what}{'' if finding.sound else ': ' + finding.mend}"
        )
    if not all(finding.sound for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at one thing after the other; nothing is changed."""
    yield Finding(
        what="LiveKit server program",
        sound=find_server() is not None,
        mend="run `make run` once, or set TONGTAI_LIVEKIT_SERVER to its path",
    )
    yield Finding(
        what=f"web application in {settings.web_dist}",
        sound=(settings.web_dist / "index.html").is_file(),
        mend="run `make run` once, or set TONGTAI_WEB_DIST to the built folder",
    )
    yield Finding(
        what=f"data folder {settings.data}",
        sound=settings.data.is_dir(),
        mend="start with `tongtai up`, or set TONGTAI_DATA to the folder",
    )
    folder = settings.data if settings.data.is_dir() else Path.cwd()
    free = shutil.disk_usage(folder).free
    yield Finding(
        what=f"free disk: {free / 1e9:.0f} GB",
        sound=free >= _LEAST_FREE_BYTES,
        mend=f"free at least {_LEAST_FREE_BYTES / 1e9:.0f} GB, or move the data folder",
    )
    for path in sorted((settings.data / "secrets").glob("*")):
        yield Finding(
            what=f"secret {path.name} readable by its owner alone",
            sound=path.stat().st_mode & 0o077 == 0,
            mend=f"chmod 600 {path}",
        )
    yield asyncio.run(_database(settings))


async def _database(settings: Settings) -> Finding:
    head = ScriptDirectory(str(migrations_folder())).get_current_head()
    database = Database(settings.effective_database_url)
    try:
        async with database.engine.connect() as connection:
            version = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        version = None
    finally:
        await database.close()
    return Finding(
        what=f"database at version {version or 'unknown'}",
        sound=version == head,
        mend="run `tongtai db upgrade`; if that fails, check TONGTAI_DATABASE_URL",
    )
