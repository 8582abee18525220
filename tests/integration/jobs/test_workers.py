"""Workers: stopped jobs end, a dead worker's jobs are taken over, old work is cleared away."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import make_url
from tests.support.processes import eventually
from tests.support.services import PostgreSql, postgresql
from tests.support.toy_jobs import TOY_STEPS, toy_work

from tongtai.core.jobs import JobState, StepState
from tongtai.infra.jobs import JobClient, WorkerRunningError
from tongtai.infra.jobs.executors import FolderName, PostgreSqlName
from tongtai.infra.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


class Toys:
    """An installation with toy workers."""

    def __init__(self, folder: Path, settings: Settings, alive: ExitStack) -> None:
        self.folder = folder
        self.settings = settings
        self.jobs = JobClient(settings, TOY_STEPS, toy_work(settings))
        self._alive = alive
        alive.callback(lambda: asyncio.run(self.jobs.close()))

    def worker(self, name: str = "one", **rhythm: float) -> "subprocess.Popen[bytes]":
        """A worker of its own process."""
        settings = self.settings
        environment = {
            "TONGTAI_DATA": str(settings.data),
            "TONGTAI_DATABASE_URL": settings.database_url,
            "TONGTAI_WORKER_NAME": name,
            "TOY_FOLDER": str(self.folder),
            "TOY_RHYTHM": json.dumps({"stopped_s": 0.05, "dead_s": 0.1, **rhythm}),
        }
        command = [sys.executable, "-m", "tests.support.toy_jobs", "work"]
        process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=Path(__file__).parents[3])
        self._alive.callback(process.wait)
        self._alive.callback(process.kill)
        return process

    def begun(self, job_id: str) -> list[tuple[str, int]]:
        """Steps that were begun, each with the process that began it."""
        file = self.folder / f"{job_id}.begun"
        lines = file.read_text().splitlines() if file.exists() else []
        return [(line.split()[0], int(line.split()[1])) for line in lines]

    def let(self, job_id: str, *steps: str) -> None:
        """Let steps end."""
        for step in steps:
            (self.folder / f"{job_id}.{step}.go").touch()

    async def until_begun(self, job_id: str, *steps: str) -> None:
        """Wait until exactly these steps have been begun, in this order."""

        async def are() -> bool:
            return tuple(step for step, _ in self.begun(job_id)) == steps

        await eventually(are)

    async def until(self, job_id: str, state: JobState) -> None:
        """Wait until a job stands there."""

        async def stands() -> bool:
            return (await self.jobs.look([job_id]))[job_id].state is state

        await eventually(stands)


@pytest.fixture
def toys(tmp_path: Path) -> Iterator[Toys]:
    """On SQLite."""
    (tmp_path / "data").mkdir()
    with ExitStack() as alive:
        yield Toys(tmp_path, Settings.load(tmp_path / "data"), alive)


@pytest.fixture(scope="module")
def database_server() -> Iterator[PostgreSql]:
    """A PostgreSQL server."""
    with postgresql() as server:
        yield server


@pytest.fixture
def shared_toys(tmp_path: Path, database_server: PostgreSql) -> Iterator[Toys]:
    """On PostgreSQL, where any number of workers share the jobs."""
    (tmp_path / "data").mkdir()
    name = database_server.create()
    with ExitStack() as alive:
        alive.callback(database_server.drop, name)
        settings = Settings.load(tmp_path / "data", database_url=database_server.url(name))
        yield Toys(tmp_path, settings, alive)


def _lives(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_the_process_of_a_stopped_job_is_ended_and_the_job_can_go_on(toys: Toys):
    toys.worker()
    await toys.jobs.put("job", {})
    toys.let("job", "first")
    await toys.until_begun("job", "first", "second")
    _, child = toys.begun("job")[-1]
    await toys.jobs.cancel("job")

    async def is_gone() -> bool:
        return not _lives(child)

    await eventually(is_gone)
    toys.let("job", "second")
    assert (await toys.jobs.look(["job"]))["job"].state is JobState.CANCELLED
    await toys.jobs.retry("job")
    await toys.until("job", JobState.DONE)
    assert [step for step, _ in toys.begun("job")] == ["first", "second", "second"]


async def test_old_work_is_cleared_and_a_job_without_it_begins_again(toys: Toys):
    toys.worker(old_s=0.1, kept_s=0.0)
    await toys.jobs.put("job", {})
    toys.let("job", "first")
    await toys.until_begun("job", "first", "second")
    assert await toy_work(toys.settings).kept("job") == {"jobs/job/first"}
    await toys.jobs.cancel("job")

    async def is_cleared() -> bool:
        return not await toy_work(toys.settings).kept("job")

    await eventually(is_cleared)
    toys.let("job", "second")
    await toys.jobs.retry("job")
    await toys.until("job", JobState.DONE)
    assert [step for step, _ in toys.begun("job")] == ["first", "second", "first", "second"]


async def test_the_work_of_a_stopped_job_is_kept_for_as_long_as_it_can_be_tried_again(toys: Toys):
    toys.worker(old_s=0.05)
    for job_id in ("stopped", "next"):
        await toys.jobs.put(job_id, {})
    toys.let("stopped", "first")
    toys.let("next", *TOY_STEPS)
    await toys.until_begun("stopped", "first", "second")
    await toys.jobs.cancel("stopped")
    # Work of a job that is done is cleared at a look that comes after the other one was stopped.
    await toys.until("next", JobState.DONE)

    async def is_cleared() -> bool:
        return not await toy_work(toys.settings).kept("next")

    await eventually(is_cleared)
    assert await toy_work(toys.settings).kept("stopped") == {"jobs/stopped/first"}


async def test_a_dead_workers_job_goes_on_with_another_worker(shared_toys: Toys):
    toys = shared_toys
    dead = toys.worker("one")
    await toys.jobs.put("job", {})
    toys.let("job", "first")
    await toys.until_begun("job", "first", "second")
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    toys.worker("two")
    await toys.until_begun("job", "first", "second", "second")
    toys.let("job", "second")
    await toys.until("job", JobState.DONE)
    assert {step.state for step in (await toys.jobs.look(["job"]))["job"].steps} == {StepState.DONE}


async def test_a_living_workers_job_stays_with_it(shared_toys: Toys):
    toys = shared_toys
    toys.worker("one")
    await toys.jobs.put("job", {})
    toys.let("job", "first")
    await toys.until_begun("job", "first", "second")
    # The second worker has looked after dead ones when it clears work: all three looks come with its start.
    toys.worker("two", old_s=0.05)
    await toys.jobs.put("next", {})
    toys.let("next", *TOY_STEPS)
    await toys.until("next", JobState.DONE)

    async def is_cleared() -> bool:
        return not await toy_work(toys.settings).kept("next")

    await eventually(is_cleared)
    toys.let("job", "second")
    await toys.until("job", JobState.DONE)
    assert [step for step, _ in toys.begun("job")] == ["first", "second"]


def test_a_name_is_one_workers_on_postgresql(database_server: PostgreSql):
    url = make_url(database_server.url(database_server.create())).render_as_string(hide_password=False)
    first, second = (PostgreSqlName(url, "one", patience_s=1.0) for _ in range(2))
    other = PostgreSqlName(url, "two")
    first.hold()
    first.hold()
    with other.taken("one") as taken:
        assert not taken
    with pytest.raises(WorkerRunningError):
        second.hold()
    with other.taken("three") as taken:
        assert taken
    first.release()
    with other.taken("one") as taken:
        assert taken


def test_a_data_folder_has_one_worker_on_sqlite(tmp_path: Path):
    first, second = FolderName(tmp_path), FolderName(tmp_path)
    first.hold()
    first.hold()
    with pytest.raises(WorkerRunningError):
        second.hold()
