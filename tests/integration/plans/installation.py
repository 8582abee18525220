"""An installation with a planning worker of its own, which can be killed."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.support.databases import Databases
from tests.support.media import EmptyRooms
from tests.support.processes import eventually
from tests.support.server import Server, application
from tests.support.world import Inhabited, World

from tongtai.features.guidance.livekit import LiveKitRooms
from tongtai.infra.settings import Settings

FONTS = Path(__file__).parents[3] / "web/node_modules/@expo-google-fonts/noto-sans-sc"


def planning_settings(place: Path, databases: Databases, inhabited: Inhabited) -> Settings:
    """Settings of an installation of its own in ``place``, with the world in it and the fonts of the book."""
    if not FONTS.exists():
        pytest.skip("no Noto Sans SC: web/node_modules is not installed (make check)")
    url = databases.like(inhabited, place / "data")
    (place / "dist").mkdir()
    (place / "dist" / "fonts").symlink_to(FONTS)
    return Settings.load(
        place / "data", database_url=url, web_dist=place / "dist", livekit_url="ws://127.0.0.1:9"
    )


_ENDED = {"done", "failed", "cancelled"}


class PlanningWorker:
    """The process that takes up jobs.

    Parameters
    ----------
    settings : Settings
        Of the installation.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        settings = self._settings
        environment = {
            "TONGTAI_DATA": str(settings.data),
            "TONGTAI_WEB_DIST": str(settings.web_dist),
            "TONGTAI_DATABASE_URL": settings.database_url,
            "TONGTAI_LOG_LEVEL": "warning",
            # Whatever else this machine does, the test does not wait for it.
            "TONGTAI_JOBS_NICE": "0",
        }
        with (settings.data / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tongtai.entrypoints.worker"],
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
            )

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


class Planner:
    """Somebody's browser on the plans of a case."""

    def __init__(self, client: httpx2.AsyncClient, case_id: str) -> None:
        self.client = client
        self.root = f"/api/cases/{case_id}/plans"

    async def ask(self, series_uid: str, **more: object) -> str:
        """Ask for a plan with the classical engine and without heat; the job's identifier."""
        body = {"series_uid": series_uid, "engine": "classical", "heat": False, **more}
        answer = await self.client.post(f"{self.root}/jobs", json=body)
        assert answer.status_code == 202, answer.text
        return answer.json()["id"]

    async def job(self, job_id: str) -> dict[str, Any]:
        """How far a job is."""
        answer = await self.client.get(f"{self.root}/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ended(self, job_id: str) -> dict[str, Any]:
        """The job when it has ended."""

        async def has_ended() -> bool:
            return (await self.job(job_id))["state"] in _ENDED

        await eventually(has_ended, 300.0, pause_s=0.2)
        return await self.job(job_id)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Server]:
    """The server of an installation, for as long as the block lasts."""
    rooms = EmptyRooms()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("rooms", "occupants", "remove"):
            patch.setattr(LiveKitRooms, name, getattr(rooms, name))
        app = application(settings)
        async with app.router.lifespan_context(app):
            yield Server(app, app.state.container)


async def pushed(server: Server, world: World, images: Sequence[bytes]) -> str:
    """Send a series to the case of hospital 1; its UID."""
    async with server.sign_in(world.operator) as client:
        root = f"/api/cases/{world.case.id}/imaging"
        before = {one["series_uid"] for one in (await client.get(f"{root}/series")).json()}
        push = (await client.post(f"{root}/pushes", json={"source": "test"})).json()["push_id"]
        for number, content in enumerate(images):
            answer = await client.put(f"{root}/pushes/{push}/files/IM{number}", content=content)
            assert answer.json()["accepted"], answer.text
        await client.post(f"{root}/pushes/{push}/finish", json={})
        (uid,) = {one["series_uid"] for one in (await client.get(f"{root}/series")).json()} - before
        return str(uid)


def work_of(settings: Settings, job_id: str) -> Path:
    """Where a job's steps leave their work."""
    return settings.data / "blobs" / "jobs" / job_id
