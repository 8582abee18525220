"""``tongtai backup``: a copy of an installation that has been tried, and the way back from it."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.installation import in_installation
from tongtai.features.audit.api import audit_verifier
from tongtai.formats.whole_folder import check_free, whole_folder
from tongtai.infra.container import Container
from tongtai.infra.settings import Settings

backup_app = typer.Typer(help="Copies of an installation, and the way back.", no_args_is_help=True)
_DATABASE, _BLOBS, _SECRETS, _SUMS, _ABOUT = (
    "tongtai.sqlite3",
    "blobs",
    "secrets",
    "SHA256SUMS",
    "backup.json",
)
Copy = Annotated[Path, typer.Argument(help="Folder of the copy.")]
Secrets = Annotated[
    Path,
    typer.Option(
        help="Folder of the secrets, elsewhere than the copy: without them neither signatures nor the audit log can be checked."
    ),
]


class BackupRefusedError(TongtaiError):
    """An installation of this kind is not copied so; the message says how it is."""

    code = "backup_refused"


class BackupDamagedError(TongtaiError):
    """A file of the copy is missing or is not what was copied; the values name it."""

    code = "backup_damaged"


@backup_app.command("make")
def make(folder: Copy, secrets: Secrets, data: Data = DATA) -> None:
    """Copy database and blobs while the server runs, with a list of hashes; the secrets go to a place of their own."""
    settings = Settings.load(data)
    if settings.database_url or settings.blob_url:
        raise BackupRefusedError(
            "The database or the blobs are elsewhere: use pg_dump and the object store's own copies."
        )
    # Opening a database that is not there would make an empty one, and a sound copy of nothing.
    _must_be_there(settings.data / _DATABASE, settings.data / _SECRETS)
    check_free(secrets)
    began = perf_counter()
    with whole_folder(folder) as making:
        # The database first: a blob is stored before the row that names it is committed.
        with (
            closing(sqlite3.connect(settings.data / _DATABASE)) as source,
            closing(sqlite3.connect(making / _DATABASE)) as target,
        ):
            source.backup(target)
        shutil.copytree(settings.data / _BLOBS, making / _BLOBS, dirs_exist_ok=True)
        about = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": len(list(_files(making))),
        }
        (making / _ABOUT).write_text(json.dumps(about), "utf-8")
        sums = [f"{_sha256(file)}  {file.relative_to(making).as_posix()}\n" for file in _files(making)]
        (making / _SUMS).write_text("".join(sums), "utf-8")
    shutil.copytree(settings.data / _SECRETS, secrets, dirs_exist_ok=True)
    typer.echo(f"{folder}  {len(sums)} files  {perf_counter() - began:.1f} s")


@backup_app.command("restore")
def restore(folder: Copy, secrets: Secrets, data: Data = DATA) -> None:
    """Check a copy and put it into an empty data folder; then the audit log is verified. Says how old it is and how long it took."""
    began = perf_counter()
    _must_be_there(folder, secrets)
    check_copy(folder)
    with whole_folder(data) as making:
        shutil.copy(folder / _DATABASE, making / _DATABASE)
        shutil.copytree(folder / _BLOBS, making / _BLOBS)
        shutil.copytree(secrets, making / _SECRETS)
    entries = in_installation(data, _verified)
    made_at = datetime.fromisoformat(json.loads((folder / _ABOUT).read_text("utf-8"))["made_at"])
    age_min = (datetime.now(UTC) - made_at).total_seconds() / 60
    typer.echo(
        f"{data}  audit log sound, {entries} entries\n"
        f"state of {made_at:%Y-%m-%d %H:%M} UTC: what came in the {age_min:.0f} min since is not in it\n"
        f"restored in {perf_counter() - began:.1f} s"
    )


def _must_be_there(*paths: Path) -> None:
    for path in paths:
        if not path.exists():
            raise BackupRefusedError(f"{path} is not there: name the folder that holds it.")


def check_copy(folder: Path) -> None:
    """Compare every file of a copy with its hash.

    Raises
    ------
    BackupDamagedError
        If one is missing, changed, or not in the list.
    """
    if not (folder / _SUMS).is_file():
        raise BackupDamagedError(file=_SUMS)
    listed: dict[str, str] = {}
    for line in (folder / _SUMS).read_text("utf-8").splitlines():
        digest, name = line.split("  ", 1)
        listed[name] = digest
    found = {file.relative_to(folder).as_posix() for file in _files(folder)} - {_SUMS}
    for name in sorted(found ^ set(listed)):
        raise BackupDamagedError(file=name)
    for name, digest in listed.items():
        if _sha256(folder / name) != digest:
            raise BackupDamagedError(file=name)


async def _verified(container: Container, session: AsyncSession) -> int:
    result = await audit_verifier(container, session).verify()
    if not result.intact:
        raise BackupDamagedError(file=_DATABASE, audit=[str(one) for one in result.findings])
    return result.entries


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
