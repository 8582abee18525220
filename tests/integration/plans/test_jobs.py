"""Jobs: a plan and its files, a killed worker, refused images, a job that is stopped."""

import hashlib
import json

import pytest
from tests.integration.plans.conftest import Planned
from tests.integration.plans.installation import Planner, work_of
from tests.support.processes import eventually
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.plans.model import STEPS

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]


def test_a_killed_workers_job_goes_on_without_doing_finished_steps_again(planned: Planned):
    assert [name for name, _ in planned.steps_before] == ["read", "segment"]
    assert [name for name, _ in planned.steps_after] == list(STEPS)
    assert list(planned.steps_after[:2]) == list(planned.steps_before)


async def test_a_job_makes_a_plan_whose_files_are_what_they_say(
    planned: Planned, server: Server, world: World
):
    assert planned.job["state"] == "done"
    assert {step["state"] for step in planned.job["steps"]} == {"done"}
    async with server.sign_in(world.operator) as client:
        root = f"/api/cases/{world.case.id}/plans/{planned.job['plan_id']}"
        told = (await client.get(root)).json()
        names = {file["name"] for file in told["files"]}
        assert {"plan.json", "plan-book.pdf", "plan-book.dcm", "scene.glb", "skin-map.json"} <= names
        for file in told["files"]:
            content = (await client.get(f"{root}/files/{file['name']}")).content
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size"], file["sha256"])
            if file["name"] == "plan.json":
                assert json.loads(content) == told["plan"]
                assert file["sha256"] == told["summary"]["plan_sha256"]
    assert told["summary"]["outcome"] == "planned"
    assert told["plan"]["image"]["series_uid"] == planned.series_uid


def test_a_finished_jobs_work_is_cleared(planned: Planned):
    assert not [file for file in work_of(planned.settings, planned.job["id"]).rglob("*") if file.is_file()]


async def test_images_that_cannot_be_planned_on_are_a_failed_job_that_says_why(
    planned: Planned, server: Server, world: World
):
    async with server.sign_in(world.lead_guide) as client:
        planner = Planner(client, world.case.id)
        job = await planner.ended(await planner.ask(planned.hopeless_uid))
    assert (job["state"], job["plan_id"]) == ("failed", None)
    assert job["error"]["code"] == "series_too_few_slices"
    assert "slices" in job["error"]["message"]
    assert [step["state"] for step in job["steps"]] == ["failed", *["waiting"] * 4]


async def test_a_job_that_is_stopped_stays_so(planned: Planned, server: Server, world: World):
    async with server.sign_in(world.lead_guide) as client:
        planner = Planner(client, world.case.id)
        job_id = await planner.ask(planned.series_uid)

        async def runs() -> bool:
            return (await planner.job(job_id))["state"] == "running"

        await eventually(runs)
        assert (await client.post(f"{planner.root}/jobs/{job_id}/cancel")).json()["state"] == "cancelled"
        # The next job has been done by the worker: what the stopped one would still have made, it made by now.
        await planner.ended(await planner.ask(planned.hopeless_uid))
        job = await planner.job(job_id)
        assert (job["state"], job["plan_id"]) == ("cancelled", None)
        again = await client.post(f"{planner.root}/jobs/{job_id}/cancel")
        assert (again.status_code, again.json()["error"]["code"]) == (409, "plan_job_state")


async def test_another_hospital_knows_of_no_job(planned: Planned, server: Server, world: World):
    job_id = planned.job["id"]
    async with server.sign_in(world.other_operator) as client:
        assert (await client.get(f"/api/cases/{world.case.id}/plans/jobs/{job_id}")).status_code == 404
        of_own_case = await client.get(f"/api/cases/{world.other_case.id}/plans/jobs/{job_id}")
        assert of_own_case.status_code == 404
