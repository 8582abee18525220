"""``tongtai doctor``: a sound installation passes, and each thing that is broken is named with the way to mend it."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.livekit_server import house, installed, with_media
from tests.support.databases import OnSqlite
from tests.support.processes import Installation, free_ports
from tests.support.services import redis
from typer.testing import CliRunner

from tongtai.entrypoints.cli import doctor as doctor_module
from tongtai.entrypoints.cli.main import app
from tongtai.infra.settings import Settings

__all__ = ["house", "installed", "with_media"]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file."""
    return OnSqlite(tmp_path_factory.mktemp("migrated")).migrated


@pytest.fixture
def sound(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder and everything else that the doctor looks for, on a machine that may have none of it."""
    web, program = tmp_path / "web", tmp_path / "livekit-server"
    (web / "fonts").mkdir(parents=True)
    (web / "index.html").touch()
    (web / "fonts" / "a.ttf").touch()
    program.touch(mode=0o755)
    for name in [name for name in os.environ if name.startswith("TONGTAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TONGTAI_WEB_DIST", str(web))
    monkeypatch.setenv("TONGTAI_LIVEKIT_SERVER", str(program))
    monkeypatch.setattr(doctor_module, "_LEAST_FREE_BYTES", 1)
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated, data)
    Settings.load(data).secret("audit")
    Settings.load(data).secret("livekit")
    return data


def examined(data: Path) -> tuple[int, list[str]]:
    """The exit code, and what the doctor finds broken."""
    done = CliRunner().invoke(app, ["doctor", "--data", str(data)])
    lines = done.output.splitlines()
    assert all(line[:2] in {"✓ ", "✗ "} for line in lines), done.output
    return done.exit_code, [line for line in lines if line.startswith("✗")]


def test_a_sound_installation_passes(sound: Path) -> None:
    assert examined(sound) == (0, [])


def _no_web(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (Path(os.environ["TONGTAI_WEB_DIST"]) / "index.html").unlink()


def _no_fonts(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(Path(os.environ["TONGTAI_WEB_DIST"]) / "fonts")


def _no_media_program(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(os.environ["TONGTAI_LIVEKIT_SERVER"]).chmod(0o644)


def _no_encoder(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_module, "_ENCODER", "libnothing")


def _full_disk(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_module, "_LEAST_FREE_BYTES", 10**18)


def _open_secret(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "secrets" / "audit").chmod(0o644)


def _open_page(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGTAI_PUBLIC_URL", "http://tongtai.example.org")


def _open_cookies(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGTAI_PUBLIC_URL", "https://tongtai.example.org")


def _no_database(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGTAI_DATABASE_URL", f"sqlite+aiosqlite:///{data / 'other.sqlite3'}")


def _no_redis(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGTAI_REDIS_URL", f"redis://127.0.0.1:{free_ports(1)[0]}/0")


def _no_store(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGTAI_BLOB_URL", "nothing://bucket")


def _no_media_server(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGTAI_LIVEKIT_URL", f"ws://127.0.0.1:{free_ports(1)[0]}")


@pytest.mark.parametrize(
    ("break_it", "thing", "mend"),
    [
        (_no_web, "web application", "make run"),
        (_no_fonts, "fonts", "make run"),
        (_no_media_program, "LiveKit server program", "TONGTAI_LIVEKIT_SERVER"),
        (_no_encoder, "video encoder", "pip install"),
        (_full_disk, "free disk", "move the data folder"),
        (_open_secret, "secret audit", "chmod 600"),
        (_open_page, "address of the pages", "TONGTAI_PUBLIC_URL"),
        (_open_cookies, "cookies", "TONGTAI_COOKIE_SECURE=true"),
        (_no_database, "database at version unknown", "tongtai db upgrade"),
        (_no_redis, "Redis", "TONGTAI_REDIS_URL"),
        (_no_store, "object store", "TONGTAI_BLOB_URL"),
        (_no_media_server, "media server", "TONGTAI_LIVEKIT_API_SECRET"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else None,
)
def test_what_is_broken_is_named_with_the_way_to_mend_it(
    sound: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[Path, pytest.MonkeyPatch], None],
    thing: str,
    mend: str,
) -> None:
    break_it(sound, monkeypatch)
    code, broken = examined(sound)
    assert code == 1
    (line,) = broken
    assert thing in line.split(": ")[0]
    assert mend in line


def test_looking_at_a_folder_that_is_not_there_makes_nothing(sound: Path, tmp_path: Path) -> None:
    code, broken = examined(tmp_path / "none")
    assert code == 1
    assert [line.split(" ")[1] for line in broken] == ["data", "database"]
    assert not (tmp_path / "none").exists()


def test_a_setting_that_cannot_be_is_one_sentence(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGTAI_JOBS_AT_ONCE", "many")
    done = CliRunner().invoke(app, ["doctor", "--data", str(sound)])
    assert str(done.exception).startswith("TONGTAI_JOBS_AT_ONCE: ")
    assert "many" not in str(done.exception)


async def test_what_a_larger_installation_names_is_asked(
    with_media: Installation, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = with_media.settings
    with redis() as address:
        monkeypatch.setenv("TONGTAI_REDIS_URL", address)
        monkeypatch.setenv("TONGTAI_BLOB_URL", "memory:///")
        monkeypatch.setenv("TONGTAI_LIVEKIT_URL", settings.livekit_url)
        monkeypatch.setenv("TONGTAI_LIVEKIT_API_SECRET", settings.effective_livekit_secret)
        assert await asyncio.to_thread(examined, sound) == (0, [])
        monkeypatch.setenv("TONGTAI_LIVEKIT_API_SECRET", "another secret, as long as the right one")
        code, (line,) = await asyncio.to_thread(examined, sound)
    assert code == 1
    assert "refuses our key" in line
