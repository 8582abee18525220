"""A copy of a running installation comes back whole, and a damaged one does not come back at all."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from tests.integration.workflow.walk import Walker
from tests.support.server import Server
from tests.support.world import World
from typer.testing import CliRunner, Result

from tongtai.entrypoints.cli.backups import BackupDamagedError, BackupRefusedError
from tongtai.entrypoints.cli.main import app
from tongtai.formats.whole_folder import FolderNotEmptyError

pytestmark = pytest.mark.sqlite


async def _run(*arguments: str | Path) -> Result:
    command = ["backup", *map(str, arguments)]
    return await asyncio.to_thread(CliRunner().invoke, app, command, env={"COLUMNS": "300"})


def _tables(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(database) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608


def _blobs(data: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (data / "blobs").rglob("*") if file.is_file()}


async def test_f45_a_copy_of_a_running_installation_comes_back_whole(
    server: Server, world: World, tmp_path: Path
):
    await Walker(server, world).fill_in()
    data, copy, keys = server.container.settings.data, tmp_path / "copy", tmp_path / "keys"
    made = await _run("make", copy, "--secrets", keys, "--data", data)
    assert made.exit_code == 0, made.output
    assert not list(copy.rglob("audit*"))
    before = _tables(data / "tongtai.sqlite3")
    back = await _run("restore", copy, "--secrets", keys, "--data", tmp_path / "back")
    assert back.exit_code == 0, (back.output, back.exception)
    assert "audit log sound" in back.output
    assert "restored in" in back.output
    assert _tables(tmp_path / "back" / "tongtai.sqlite3") == before
    assert _blobs(tmp_path / "back") == _blobs(data)
    assert len(_blobs(data)) > 0
    again = await _run("restore", copy, "--secrets", keys, "--data", tmp_path / "back")
    assert isinstance(again.exception, FolderNotEmptyError)


@pytest.mark.parametrize("harm", ["changed", "missing", "added"])
async def test_a_damaged_copy_is_refused_and_leaves_nothing(
    server: Server, world: World, tmp_path: Path, harm: str
):
    await Walker(server, world).fill_in()
    copy, keys = tmp_path / "copy", tmp_path / "keys"
    await _run("make", copy, "--secrets", keys, "--data", server.container.settings.data)
    blob = next(file for file in (copy / "blobs").rglob("*") if file.is_file())
    match harm:
        case "changed":
            content = bytearray(blob.read_bytes())
            content[len(content) // 2] ^= 1
            blob.write_bytes(content)
        case "missing":
            blob.unlink()
        case _:
            (copy / "blobs" / "more").write_bytes(b"x")
    refused = await _run("restore", copy, "--secrets", keys, "--data", tmp_path / "back")
    assert isinstance(refused.exception, BackupDamagedError)
    assert not (tmp_path / "back").exists()


async def test_an_empty_folder_is_not_copied_and_keys_that_are_not_there_are_named(
    server: Server, tmp_path: Path
):
    empty, copy, keys = tmp_path / "empty", tmp_path / "copy", tmp_path / "keys"
    empty.mkdir()
    made = await _run("make", copy, "--secrets", keys, "--data", empty)
    assert isinstance(made.exception, BackupRefusedError)
    assert not copy.exists()
    assert not keys.exists()
    assert not (empty / "tongtai.sqlite3").exists()
    await _run("make", copy, "--secrets", keys, "--data", server.container.settings.data)
    back = await _run("restore", copy, "--secrets", tmp_path / "none", "--data", tmp_path / "back")
    assert isinstance(back.exception, BackupRefusedError)
    assert str(tmp_path / "none") in str(back.exception)
    assert not (tmp_path / "back").exists()
