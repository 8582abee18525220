"""``tongtai doctor``: look at everything an installation needs, and say how to mend it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import urlsplit

import av.codec
import typer
from obstore.exceptions import BaseError as StoreError
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from tongtai.entrypoints.cli.media_server import find_server
from tongtai.features.guidance.errors import MediaUnavailableError
from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.features.privacy.sql import unassessed
from tongtai.formats.plan_book.errors import BookFontMissingError
from tongtai.formats.plan_book.fonts import book_fonts
from tongtai.infra.blobs import Blobs
from tongtai.infra.clock import SystemClock
from tongtai.infra.database import Database
from tongtai.infra.migrations import newest_revision, present_revision
from tongtai.infra.settings import Settings

_LEAST_FREE_BYTES = 5_000_000_000
_ENCODER = "libx264"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# An object that nobody has: asking for it shows that the store answers.
_NO_OBJECT = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    sound: bool
    mend: str = ""

    def __str__(self) -> str:
        """One line: the thing, and how to mend it when it is broken."""
        return f"✓ {self.what}" if self.sound else f"✗ {self.what}: {self.mend}"


def doctor(
    data: Annotated[
        Path, typer.Option(help="Folder of the database, blobs and secrets.", envvar="TONGTAI_DATA")
    ] = Path("data"),
) -> None:
    """Check this installation; exit with 1 when something must be mended."""
    findings = asyncio.run(_all(Settings.load(data)))
    for finding in findings:
        typer.echo(str(finding))
    if not all(finding.sound for finding in findings):
        raise typer.Exit(1)


async def _all(settings: Settings) -> list[Finding]:
    return [finding async for finding in examine(settings)]


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at one thing after the other; nothing is changed."""
    for finding in (*_programs(settings), *_folder(settings), *_addresses(settings)):
        yield finding
    database = await _database(settings)
    yield database
    if database.sound:
        yield await _impact_assessments(settings)
    if settings.redis_url:
        yield await _redis(settings.redis_url)
    if settings.blob_url:
        yield await _object_store(settings.blob_url)
    if "livekit_url" in settings.model_fields_set:
        yield await _media_server(settings)


def _programs(settings: Settings) -> Iterator[Finding]:
    # An installation that names a media server has it somewhere else: it is asked below.
    if "livekit_url" not in settings.model_fields_set:
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
        what="fonts of printed documents",
        sound=_has_fonts(settings.web_dist),
        mend="they come with the web application: build it again with `make run`",
    )
    yield Finding(
        what=f"video encoder {_ENCODER}",
        sound=_ENCODER in av.codec.codecs_available,
        mend="install PyAV from its own wheel: `pip install --force-reinstall --only-binary=av av`",
    )


def _has_fonts(web_dist: Path) -> bool:
    try:
        return book_fonts(web_dist).is_dir()
    except BookFontMissingError:
        return False


def _folder(settings: Settings) -> Iterator[Finding]:
    data = settings.data
    yield Finding(
        what=f"data folder {data}",
        sound=data.is_dir() and os.access(data, os.W_OK | os.X_OK),
        mend="start with `tongtai up`, or set TONGTAI_DATA to a folder that you may write",
    )
    free = shutil.disk_usage(data if data.is_dir() else Path.cwd()).free
    yield Finding(
        what=f"free disk: {free / 1e9:.0f} GB",
        sound=free >= _LEAST_FREE_BYTES,
        mend=f"free at least {_LEAST_FREE_BYTES / 1e9:.0f} GB, or move the data folder",
    )
    for path in sorted((data / "secrets").glob("*")):
        yield Finding(
            what=f"secret {path.name} readable by its owner alone",
            sound=path.stat().st_mode & 0o077 == 0,
            mend=f"chmod 600 {path}",
        )


def _addresses(settings: Settings) -> Iterator[Finding]:
    address = urlsplit(settings.effective_public_url)
    tls = address.scheme == "https"
    yield Finding(
        what=f"address of the pages, {settings.effective_public_url}",
        sound=tls or address.hostname in _LOOPBACK,
        mend="browsers give camera and microphone over TLS only: set TONGTAI_PUBLIC_URL to https://…, behind a proxy",
    )
    if tls:
        yield Finding(
            what="cookies over TLS only",
            sound=settings.cookie_secure,
            mend="set TONGTAI_COOKIE_SECURE=true",
        )


async def _database(settings: Settings) -> Finding:
    head = newest_revision()
    address = settings.effective_database_url
    version = await _database_version(address) if _is_there(address) else None
    return Finding(
        what=f"database at version {version or 'unknown'}",
        sound=version == head,
        mend=f"run `tongtai db upgrade` (to {head}); if that fails, check TONGTAI_DATABASE_URL",
    )


def _is_there(address: str) -> bool:
    # SQLite would make a file that is not there.
    url = make_url(address)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


async def _database_version(address: str) -> str | None:
    database = Database(address)
    try:
        async with database.engine.connect() as connection:
            return await present_revision(connection)
    except SQLAlchemyError:
        return None
    finally:
        await database.close()


async def _impact_assessments(settings: Settings) -> Finding:
    database = Database(settings.effective_database_url)
    try:
        async with database.sessions() as session:
            without, _ = await unassessed(session)
    finally:
        await database.close()
    return Finding(
        what="impact assessment of each institution (PIPL 55, 56), newer than its last change of purpose",
        sound=not without,
        mend=(
            f'missing or outdated: {", ".join(without)}. An administrator of each writes one under "Data protection", '
            "and a second person there approves it"
        ),
    )


async def _redis(address: str) -> Finding:
    client = Redis.from_url(address, socket_connect_timeout=5, socket_timeout=5)
    try:
        sound = bool(await cast("object", client.ping()))  # type: ignore[misc]  # typed for both worlds
    except (RedisError, OSError):
        sound = False
    finally:
        await client.aclose()
    return Finding(
        what="Redis",
        sound=sound,
        mend="check that it runs, and address and password in TONGTAI_REDIS_URL",
    )


async def _object_store(address: str) -> Finding:
    try:
        await Blobs(address).exists(_NO_OBJECT)
        sound = True
    except (StoreError, ValueError, OSError):
        sound = False
    return Finding(
        what="object store",
        sound=sound,
        mend="check address, key and secret of TONGTAI_BLOB_URL's store",
    )


async def _media_server(settings: Settings) -> Finding:
    what = f"media server at {settings.effective_livekit_api_url}"
    # Asked for where there is none, a secret would be made.
    if not settings.livekit_api_secret and not (settings.data / "secrets" / "livekit").is_file():
        return Finding(what=what, sound=False, mend="set TONGTAI_LIVEKIT_API_SECRET to the secret of its key")
    rooms = LiveKitRooms(
        settings.livekit_url,
        settings.effective_livekit_api_url,
        key=settings.livekit_api_key,
        secret=settings.effective_livekit_secret,
        clock=SystemClock(),
    )
    reason = ""
    try:
        await rooms.rooms()
    except MediaUnavailableError as error:
        reason = str(error.values["reason"])
    finally:
        await rooms.close()
    return Finding(
        what=what,
        sound=not reason,
        mend=(
            f"it does not answer, or refuses our key ({reason}): check that LiveKit runs there, and "
            "TONGTAI_LIVEKIT_API_SECRET against its own"
        ),
    )
