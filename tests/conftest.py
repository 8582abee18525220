"""What the tests of several features share: a migrated database, the server, people and cases.

async def test_something(server, world):
    async with server.sign_in(world.operator) as browser:
        answer = await browser.get(f"/api/cases/{world.case.id}")
"""

import shutil
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any

import pytest
from tests.support.images import SHARED
from tests.support.media import EmptyRooms
from tests.support.scheduling import ByFile, longest_first
from tests.support.server import Server, application
from tests.support.world import Inhabited, World, inhabit

from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.infra.container import Container
from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings

# What a machine may lack although everything was set up; any other skip hides a part that must be there.
_MAY_BE_ABSENT = (
    "redis-server is not on PATH",
    "(Debian: apt install postgresql)",
    "(Debian: apt install poppler-utils)",
    "(Debian: apt install softhsm2 opensc)",
    "(Debian: apt install srt-tools)",
    "(Debian: apt install libasound2-data)",
    "(Debian: apt install pulseaudio libasound2-plugins)",
    "(Debian: apt install default-jdk-headless maven)",
    "veraPDF could not be fetched from Maven Central",
    "PostgreSQL does not run as root",
    "has no build for this machine",
    "needs /dev/full",
    "systemd-analyze is not on PATH",
    *(() if SHARED.is_dir() else ("../shared",)),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--complete``: after a whole set-up, as in ``make test``."""
    parser.addoption(
        "--complete", action="store_true", help="a test that is skipped for want of set-up fails"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests first."""
    items[:] = longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """With ``-n``: whole files to each worker, in this order."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``--complete``, a skip that set-up should have made needless is a failure."""
    report = yield
    if report.skipped and item.config.getoption("--complete") and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value) if call.excinfo else ""
        if not any(known in reason for known in _MAY_BE_ABSENT):
            report.outcome, report.longrepr = "failed", f"skipped although everything is set up: {reason}"
    return report


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "tongtai.sqlite3"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Inhabited:
    """The world, made once: making it takes longer than most tests do."""
    data = tmp_path_factory.mktemp("inhabited")
    (data / "tongtai.sqlite3").write_bytes(migrated_database.read_bytes())
    return Inhabited(data, inhabit(Settings.load(data)))


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_database: Path, inhabited: Inhabited
) -> Settings:
    """Settings with a data folder of this test's own: with the world in it, if the test asks for it."""
    data = tmp_path / "data"
    if "world" in request.fixturenames:
        shutil.copytree(inhabited.data, data)
    else:
        data.mkdir()
        (data / "tongtai.sqlite3").write_bytes(migrated_database.read_bytes())
    return Settings.load(data, web_dist=tmp_path / "dist", livekit_url="ws://127.0.0.1:9")


@pytest.fixture
def media_rooms(monkeypatch: pytest.MonkeyPatch) -> EmptyRooms:
    """A media server without rooms, instead of LiveKit."""
    rooms = EmptyRooms()
    for name in ("rooms", "occupants", "remove"):
        monkeypatch.setattr(LiveKitRooms, name, getattr(rooms, name))
    return rooms


@pytest.fixture
async def server(settings: Settings, media_rooms: EmptyRooms) -> AsyncIterator[Server]:
    """The whole application, started, without a network."""
    app = application(settings)
    container: Container = app.state.container
    async with app.router.lifespan_context(app):
        yield Server(app, container)


@pytest.fixture
def world(inhabited: Inhabited) -> World:
    """An expert centre, two hospitals, a user of each role in each, and a case of each hospital."""
    return inhabited.world
