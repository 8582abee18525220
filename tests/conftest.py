"""What the tests of several features share: a migrated database, the server, people and cases.

async def test_something(server, world):
    async with server.sign_in(world.operator) as browser:
        answer = await browser.get(f"/api/cases/{world.case.id}")
"""

from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.databases import Databases, OnPostgreSql, OnSqlite, inhabited_in
from tests.support.images import SHARED
from tests.support.media import EmptyRooms
from tests.support.scheduling import ByFile, longest_first
from tests.support.server import Server, application
from tests.support.services import postgresql
from tests.support.world import Inhabited, World

from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.infra.container import Container
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
    """``--complete``: after a whole set-up, as in ``make test``; ``--database``: what all tests stand on."""
    parser.addoption(
        "--complete", action="store_true", help="a test that is skipped for want of set-up fails"
    )
    parser.addoption(
        "--database", choices=("sqlite", "postgresql"), default="sqlite", help="the server's database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest tests first; on PostgreSQL, none that is about SQLite's file."""
    if config.getoption("--database") != "sqlite":
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("sqlite")])
        items[:] = [item for item in items if not item.get_closest_marker("sqlite")]
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
def databases(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """What makes databases."""
    if pytestconfig.getoption("--database") == "sqlite":
        yield OnSqlite(tmp_path_factory.mktemp("migrated"))
        return
    with postgresql() as running:
        yield OnPostgreSql(running)


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory: pytest.TempPathFactory, databases: Databases) -> Inhabited:
    """The world, made once: making it takes longer than most tests do."""
    return inhabited_in(databases, tmp_path_factory.mktemp("inhabited"))


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, databases: Databases, inhabited: Inhabited
) -> Iterator[Settings]:
    """Settings with a data folder of this test's own: with the world in it, if the test asks for it."""
    data = tmp_path / "data"
    url = databases.like(inhabited, data) if "world" in request.fixturenames else databases.empty(data)
    yield Settings.load(data, database_url=url, web_dist=tmp_path / "dist", livekit_url="ws://127.0.0.1:9")
    databases.drop(url)


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
