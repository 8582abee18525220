"""One installation for these tests: a plan that was made although its worker was killed, and two series."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from tests.integration.plans.installation import (
    Planner,
    PlanningWorker,
    opened,
    planning_settings,
    pushed,
)
from tests.support.databases import Databases
from tests.support.images import plannable_ct, small_ct
from tests.support.processes import eventually
from tests.support.world import Inhabited, World

from tongtai.features.plans.model import STEPS
from tongtai.infra.jobs import JobClient
from tongtai.infra.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What there is when the tests begin.

    Attributes
    ----------
    job
        The finished job that made the plan; its worker was killed after ``segment``.
    steps_before, steps_after
        When each step was done, as it stood when the worker was killed and at the end.
    hopeless_uid
        A series that cannot be planned on.
    """

    settings: Settings
    world: World
    worker: PlanningWorker
    series_uid: str
    hopeless_uid: str
    job: dict[str, Any]
    steps_before: Sequence[tuple[str, int]]
    steps_after: Sequence[tuple[str, int]]


@pytest.fixture(scope="session")
def planned(
    tmp_path_factory: pytest.TempPathFactory, databases: Databases, inhabited: Inhabited
) -> Iterator[Planned]:
    """Have a plan made, and kill the worker while it is."""
    settings = planning_settings(tmp_path_factory.mktemp("plans"), databases, inhabited)
    worker = PlanningWorker(settings)
    try:
        yield asyncio.run(_planned(settings, inhabited.world, worker))
    finally:
        worker.kill()


async def _planned(settings: Settings, world: World, worker: PlanningWorker) -> Planned:
    async with opened(settings) as server, server.sign_in(world.lead_guide) as client:
        series_uid = await pushed(server, world, plannable_ct())
        hopeless_uid = await pushed(server, world, small_ct())
        planner = Planner(client, world.case.id)
        job_id = await planner.ask(series_uid)
        worker.start()
        jobs = server.container.get(JobClient)

        async def is_segmented() -> bool:
            return len(await steps_done(jobs, job_id)) >= 2

        await eventually(is_segmented, 300.0, pause_s=0.02)
        before = await steps_done(jobs, job_id)
        worker.kill()
        worker.start()
        job = await planner.ended(job_id)
        after = await steps_done(jobs, job_id)
    return Planned(
        settings=settings,
        world=world,
        worker=worker,
        series_uid=series_uid,
        hopeless_uid=hopeless_uid,
        job=job,
        steps_before=before,
        steps_after=after,
    )


async def steps_done(jobs: JobClient, job_id: str) -> list[tuple[str, int]]:
    """Steps that are written down as done, with when they were."""

    def asked(client: Any) -> list[tuple[str, int]]:
        return [
            (step["function_name"], step["completed_at_epoch_ms"])
            for step in client.list_workflow_steps(job_id)
            if step["function_name"] in STEPS
        ]

    return await jobs._told(asked)


@pytest.fixture
def settings(planned: Planned) -> Settings:
    """The same installation for every test of this folder."""
    return planned.settings
