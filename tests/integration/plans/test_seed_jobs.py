"""Plans of seeds as plans of a case: the job and its files, a killed worker, the same life as every plan, refusals."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pydicom
import pytest
from tests.integration.plans.conftest import steps_done
from tests.integration.plans.installation import Planner, PlanningWorker, opened, planning_settings, pushed
from tests.support.images import plannable_ct
from tests.support.processes import eventually
from tests.support.server import Server
from tests.support.world import Inhabited, World

from tongtai.features.accounts.model import Role
from tongtai.features.plans.model import STEPS
from tongtai.formats.dicom.radiotherapy import read_plan
from tongtai.formats.seed_plan_json import read_seed_plan
from tongtai.infra.jobs import JobClient
from tongtai.infra.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]
SEEDS: dict[str, object] = {"prescription_gy": 110.0, "activity_mci": 0.6}
ASKED: dict[str, object] = {"technique": "seeds", "margin_mm": 0.0, "tumour_number": 2, "seeds": SEEDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Implanted:
    """An installation with a plan of seeds whose worker was killed after ``plan``."""

    settings: Settings
    series_uid: str
    job: dict[str, Any]
    steps_before: Sequence[tuple[str, int]]
    steps_after: Sequence[tuple[str, int]]


@pytest.fixture(scope="module")
def implanted(tmp_path_factory: pytest.TempPathFactory, inhabited: Inhabited) -> Iterator[Implanted]:
    settings = planning_settings(tmp_path_factory.mktemp("seed-plans"), inhabited)
    worker = PlanningWorker(settings)
    try:
        yield asyncio.run(_implanted(settings, inhabited.world, worker))
    finally:
        worker.kill()


async def _implanted(settings: Settings, world: World, worker: PlanningWorker) -> Implanted:
    async with opened(settings) as server, server.sign_in(world.lead_guide) as client:
        series_uid = await pushed(server, world, plannable_ct())
        planner = Planner(client, world.case.id)
        job_id = await planner.ask(series_uid, **ASKED)
        worker.start()
        jobs = server.container.get(JobClient)

        async def is_planned() -> bool:
            return len(await steps_done(jobs, job_id)) >= 3

        await eventually(is_planned, 300.0, pause_s=0.02)
        before = await steps_done(jobs, job_id)
        worker.kill()
        worker.start()
        job = await planner.ended(job_id)
        after = await steps_done(jobs, job_id)
    return Implanted(
        settings=settings, series_uid=series_uid, job=job, steps_before=before, steps_after=after
    )


@pytest.fixture
def settings(implanted: Implanted) -> Settings:
    return implanted.settings


def test_a_killed_workers_job_goes_on_with_the_plan_that_it_had(implanted: Implanted):
    assert implanted.job["state"] == "done", implanted.job["error"]
    assert [name for name, _ in implanted.steps_after] == list(STEPS)
    assert list(implanted.steps_after[:3]) == list(implanted.steps_before)


async def test_the_stored_plan_is_a_seed_plan_with_all_its_files(
    implanted: Implanted, server: Server, world: World
):
    async with server.sign_in(world.operator) as client:
        root = f"/api/cases/{world.case.id}/plans/{implanted.job['plan_id']}"
        told = (await client.get(root)).json()
        contents = {}
        for file in told["files"]:
            content = (await client.get(f"{root}/files/{file['name']}")).content
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size"], file["sha256"])
            contents[file["name"]] = content
    plan = read_seed_plan(contents["seed-plan.json"])
    assert json.loads(contents["seed-plan.json"]) == told["plan"]
    summary = told["summary"]
    assert hashlib.sha256(contents["seed-plan.json"]).hexdigest() == summary["plan_sha256"]
    assert (summary["technique"], summary["positions"], summary["target_coverage"]) == ("seeds", None, None)
    assert plan.doses is not None
    implant = summary["implant"]
    assert (implant["seeds"], implant["v100"]) == (len(plan.seeds), pytest.approx(plan.doses.target.v100))
    assert implant["goals_met"] + implant["goals_missed"] == sum(one.met is not None for one in plan.goals)
    assert plan.verification
    assert {
        "plan-book.pdf",
        "loading.csv",
        "seeds.csv",
        "rt-structures.dcm",
        "rt-dose.dcm",
    } <= contents.keys()
    needles = {one.needle for one in read_plan(contents["rt-plan.dcm"]).positions}
    assert needles == {f"{one.id} {one.hole}".strip() for one in plan.needles}


async def test_the_pages_dose_is_the_plans_dose(implanted: Implanted, server: Server, world: World):
    """The grid that a browser draws isodoses from, beside the plan's own volume of the prescription isodose."""
    async with server.sign_in(world.operator) as client:
        root = f"/api/cases/{world.case.id}/plans/{implanted.job['plan_id']}"
        plan = (await client.get(root)).json()["plan"]
        head = (await client.get(f"{root}/files/dose.json")).json()
        packed = (await client.get(f"{root}/files/dose.bin.gz")).content
    dose = np.frombuffer(gzip.decompress(packed), "<f4").reshape(head["shape"])
    voxel_ml = abs(np.linalg.det(np.array(head["index_to_lps"])[:3, :3])) / 1000.0
    above_ml = float((dose >= head["prescription_gy"]).sum() * voxel_ml)
    assert above_ml == pytest.approx(plan["doses"]["prescription_isodose_ml"], rel=0.01)


async def test_a_plan_of_seeds_is_reviewed_and_approved_by_another(
    implanted: Implanted, server: Server, world: World
):
    root = f"/api/cases/{world.case.id}/plans/{implanted.job['plan_id']}"
    async with server.sign_in(world.lead_guide) as client:
        refused = await client.post(f"{root}/review", json={})
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "plan_own_approval")
        draft = await _book(client, root)
    async with server.sign_in(world.person(Role.BACKUP_GUIDE, "centre")) as client:
        assert (await client.post(f"{root}/review", json={"note": "seen"})).json()["state"] == "reviewed"
        approved = (await client.post(f"{root}/approve", json={})).json()
        assert approved["state"] == "approved"
        assert await _book(client, root) != draft
        listed = (await client.get(f"/api/cases/{world.case.id}/plans")).json()["plans"]
    assert [one["state"] for one in listed if one["id"] == implanted.job["plan_id"]] == ["approved"]


async def _book(client: Any, root: str) -> str:
    files = (await client.get(root)).json()["files"]
    return next(file["sha256"] for file in files if file["name"] == "plan-book.pdf")


async def test_the_patient_is_withheld_in_the_centres_copies(
    implanted: Implanted, server: Server, world: World
):
    root = f"/api/cases/{world.case.id}/plans/{implanted.job['plan_id']}/files"
    names = {}
    for person in (world.operator, world.lead_guide):
        async with server.sign_in(person) as client:
            for name in ("rt-plan.dcm", "rt-dose.dcm", "rt-structures.dcm"):
                content = (await client.get(f"{root}/{name}")).content
                names[person.id, name] = str(pydicom.dcmread(BytesIO(content)).PatientName)
    for name in ("rt-plan.dcm", "rt-dose.dcm", "rt-structures.dcm"):
        assert names[world.operator.id, name] != names[world.lead_guide.id, name]


REFUSED: dict[str, tuple[dict[str, object], int, str]] = {
    "no prescription": ({"technique": "seeds"}, 422, "plan_request"),
    "a seed without data": (ASKED | {"seeds": SEEDS | {"seed_model": "9999"}}, 422, "plan_request"),
    "too strong a seed": (ASKED | {"seeds": SEEDS | {"activity_mci": 2.0}}, 422, "plan_request"),
    "a goal without unit": (ASKED | {"seeds": SEEDS | {"goals": ["bowel:D2cc=50"]}}, 422, "plan_request"),
    "negative activity": (ASKED | {"seeds": SEEDS | {"activity_mci": -0.6}}, 422, "invalid_request"),
    "seeds for an ablation": ({"technique": "rfa", "seeds": SEEDS}, 422, "plan_request"),
    "a device for seeds": (ASKED | {"device_id": "mwa-2450-cooled-he2010"}, 422, "plan_request"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_planned_is_refused_at_once(
    case: str, implanted: Implanted, server: Server, world: World
):
    more, status, code = REFUSED[case]
    async with server.sign_in(world.lead_guide) as client:
        body = {"series_uid": implanted.series_uid, **more}
        answer = await client.post(f"/api/cases/{world.case.id}/plans/jobs", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text


async def test_the_options_name_seeds_and_their_range(server: Server, world: World):
    async with server.sign_in(world.lead_guide) as client:
        told = (await client.get(f"/api/cases/{world.case.id}/plans/options")).json()
    assert "seeds" in told["techniques"]
    assert "6711" in {one["id"] for one in told["seeds"]}
    assert told["activity_mci"] == [0.3, 0.8]
