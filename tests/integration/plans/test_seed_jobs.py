"""Plans of seeds as plans of a case: the job and its files, a killed worker, the same life as every plan, refusals."""

import asyncio
import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pydicom
import pytest
from tests.integration.plans.conftest import Planned, steps_done
from tests.integration.plans.installation import Planner, opened
from tests.support.processes import eventually
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.accounts.model import Role
from tongtai.features.plans.model import STEPS
from tongtai.formats.dicom.radiotherapy import read_plan
from tongtai.formats.seed_plan_json import read_seed_plan
from tongtai.infra.jobs import JobClient

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]
SEEDS: dict[str, object] = {"prescription_gy": 110.0, "activity_mci": 0.6}
ASKED: dict[str, object] = {"technique": "seeds", "margin_mm": 0.0, "tumour_number": 2, "seeds": SEEDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Implanted:
    """A plan of seeds whose worker was killed after ``plan``."""

    series_uid: str
    job: dict[str, Any]
    steps_before: Sequence[tuple[str, int]]
    steps_after: Sequence[tuple[str, int]]


@pytest.fixture(scope="module")
def implanted(planned: Planned) -> Implanted:
    """Made on the series and by the worker that the other tests of this folder have."""
    return asyncio.run(_implanted(planned))


async def _implanted(planned: Planned) -> Implanted:
    world, worker = planned.world, planned.worker
    async with opened(planned.settings) as server, server.sign_in(world.lead_guide) as client:
        planner = Planner(client, world.case.id)
        job_id = await planner.ask(planned.series_uid, **ASKED)
        jobs = server.container.get(JobClient)

        async def is_planned() -> bool:
            return len(await steps_done(jobs, job_id)) >= 3

        await eventually(is_planned, 300.0, pause_s=0.02)
        before = await steps_done(jobs, job_id)
        worker.kill()
        worker.start()
        job = await planner.ended(job_id)
        after = await steps_done(jobs, job_id)
    return Implanted(series_uid=planned.series_uid, job=job, steps_before=before, steps_after=after)


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
        "surfaces/prescription_isodose.stl",
    } <= contents.keys()
    assert "surfaces/zones.stl" not in contents
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


async def test_a_seed_is_changed_and_taken_back_at_once_and_becomes_a_plan_of_whoever_changed_it(
    implanted: Implanted, server: Server, world: World
):
    """Moved, removed, added: every answer is the whole plan's; what comes back is what was."""
    plans = f"/api/cases/{world.case.id}/plans"
    root = f"{plans}/{implanted.job['plan_id']}"
    async with server.sign_in(world.person(Role.PLANNER, "centre")) as client:
        plan = (await client.get(root)).json()["plan"]
        needles = loaded(plan)

        async def look(changed: list[dict[str, Any]]) -> dict[str, Any]:
            answer = await client.post(f"{root}/changed-seeds", json={"needles": changed})
            assert answer.status_code == 200, answer.text
            return answer.json()

        planned = await look(needles)
        assert planned["doses"]["target"]["d90_gy"] == pytest.approx(
            plan["doses"]["target"]["d90_gy"], rel=1e-4
        )
        assert [goal["met"] for goal in planned["goals"]] == [goal["met"] for goal in plan["goals"]]
        fewer = [needles[0] | {"seed_depths_mm": needles[0]["seed_depths_mm"][1:]}, *needles[1:]]
        told = await look(fewer)
        assert len(told["seeds"]) == len(plan["seeds"]) - 1
        assert told["doses"]["target"]["d90_gy"] < planned["doses"]["target"]["d90_gy"]
        assert dose_of(told).shape == dose_of(planned).shape
        assert dose_of(told).sum() < dose_of(planned).sum()
        back = await look(needles)
        assert back["doses"] == planned["doses"]
        head = (await client.get(f"{root}/files/dose.json")).json()
        assert back["dose"]["index_to_lps"] == pytest.approx(np.array(head["index_to_lps"]))
        asked = await client.post(f"{root}/changed-seeds/jobs", json={"needles": fewer})
        assert asked.status_code == 202, asked.text
        job = asked.json()
        await client.post(f"{plans}/jobs/{job['id']}/cancel")
    assert job["requested_by"]["user_id"] == world.person(Role.PLANNER, "centre").id
    order = job["request"]
    assert [one["seed_depths_mm"] for one in order["needles"]["needles"]] == depths_of(fewer)
    # The program may have chosen free needles for this target; a template goes on to the changed plan.
    kept = order["needles"].get("template")
    assert (kept and kept["spacing_mm"]) == (plan["template"] and plan["template"]["spacing_mm"])
    assert (order["series_uid"], order["tumour_number"]) == (implanted.series_uid, 2)


def depths_of(needles: list[dict[str, Any]]) -> list[list[float]]:
    """Where the seeds of each needle lie."""
    return [one["seed_depths_mm"] for one in needles]


def loaded(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """A plan's needles as a change names them."""
    return [
        {
            "hole": needle["hole"],
            "entry_lps_mm": needle["entry_lps_mm"],
            "tip_lps_mm": needle["tip_lps_mm"],
            "seed_depths_mm": [seed["depth_mm"] for seed in plan["seeds"] if seed["needle"] == needle["id"]],
        }
        for needle in plan["needles"]
    ]


def dose_of(told: dict[str, Any]) -> np.ndarray:
    """The dose grid of an answer in Gy."""
    grid = told["dose"]
    risen = np.frombuffer(gzip.decompress(base64.b64decode(grid["voxels"])), "<u2")
    steps = np.cumsum(risen, dtype=np.uint16)
    return steps.reshape(grid["shape"]) * grid["step_gy"]


async def test_a_change_that_cannot_be_judged_is_refused(
    implanted: Implanted, planned: Planned, server: Server, world: World
):
    plans = f"/api/cases/{world.case.id}/plans"
    far = {"entry_lps_mm": [0, 0, 0], "tip_lps_mm": [0, 0, 900], "seed_depths_mm": [450]}
    async with server.sign_in(world.lead_guide) as client:
        for plan_id, body, status, code in (
            (implanted.job["plan_id"], {"needles": []}, 422, "invalid_request"),
            (implanted.job["plan_id"], {"needles": [far]}, 422, "seed_edit"),
            (planned.job["plan_id"], {"needles": [far]}, 422, "plan_request"),
            ("plan-0", {"needles": [far]}, 404, "plan_not_found"),
        ):
            answer = await client.post(f"{plans}/{plan_id}/changed-seeds", json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
        answer = await client.post(
            f"{plans}/{planned.job['plan_id']}/changed-seeds/jobs",
            json={"needles": [far | {"tip_lps_mm": [0, 0, 460]}]},
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "plan_request")
    async with server.sign_in(world.operator) as client:
        answer = await client.post(
            f"{plans}/{implanted.job['plan_id']}/changed-seeds", json={"needles": [far]}
        )
        assert answer.status_code == 403


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
