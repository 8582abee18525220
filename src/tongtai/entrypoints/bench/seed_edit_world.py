"""A case with a plan of seeds on a server of its own: what a change of a seed over HTTP is measured on."""

import base64
import gzip
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2

from tongtai.core.seed_planning.pipeline import make_seed_plan
from tongtai.core.seed_planning.requesting import seed_request
from tongtai.core.seed_planning.result import SeedPlanResult
from tongtai.entrypoints.bench.event_world import EventWorld, event_server, make_event_world, signed_in
from tongtai.entrypoints.bench.planning_runs import CtShape, written_ct
from tongtai.features.plans.model import (
    JobRecord,
    PlanFile,
    PlanOrder,
    PlanPerson,
    PlanRecord,
    PlanState,
    seed_numbers_of,
)
from tongtai.features.plans.sql import SqlPlans
from tongtai.formats.engine_names import CLASSICAL
from tongtai.formats.image_reading import read_image
from tongtai.formats.model_pack import PackStore
from tongtai.formats.seed_knowledge import seed_knowledge
from tongtai.formats.seed_plan_folder.desk_file import desk_files
from tongtai.formats.seed_plan_json import seed_plan_bytes
from tongtai.formats.segmentation_engines import engine_named
from tongtai.infra.blobs import Blobs
from tongtai.infra.database import Database

_CT = CtShape(100, 256, 2.5)
_PRESCRIPTION_GY, _ACTIVITY_MCI, _MARGIN_MM, _SEARCH_S = 110.0, 0.6, 5.0, 10.0
_STEP_MM = 0.5
_UNMEASURED, _REQUESTS = 5, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedEdits:
    """What requests for changed seeds took.

    Attributes
    ----------
    seeds, structures
        Of the plan.
    requests_ms
        From sending to doses, histograms and grid unpacked at the caller.
    computed_ms
        What the server says its computation took of it.
    answer_kb
        Size of the last answer.
    """

    seeds: int
    structures: int
    requests_ms: Sequence[float]
    computed_ms: Sequence[float]
    answer_kb: float


async def seed_edits() -> SeedEdits:
    """Plan seeds on the simulated abdomen, put them into a case, and move one seed again and again."""
    with tempfile.TemporaryDirectory(prefix="tongtai-bench-") as folder:
        place = Path(folder)
        result = _planned(place)
        world = await make_event_world(place / "data")
        plan_id = await _stored(world, result)
        async with _page(world) as page:
            return await _moved(page, f"/api/cases/{world.case_ids[0]}/plans/{plan_id}", result)


def _planned(place: Path) -> SeedPlanResult:
    image = read_image(written_ct(place / "ct", _CT))
    masks = engine_named(CLASSICAL, PackStore(place / "packs")).segment(image.volume)
    knowledge = seed_knowledge("6711", trials=0)
    request = seed_request(
        knowledge,
        prescription_gy=_PRESCRIPTION_GY,
        activity_mci=_ACTIVITY_MCI,
        margin_mm=_MARGIN_MM,
        tumour_number=1,
        position="supine",
        time_limit_s=_SEARCH_S,
    )
    return make_seed_plan(masks, request, knowledge, seed=1, elapsed_s=time.monotonic, facts=image.facts)


async def _stored(world: EventWorld, result: SeedPlanResult) -> str:
    """The plan with the files that a change needs, as a job's last step stores it."""
    blobs, database = Blobs(world.settings.data / "blobs"), Database(world.settings.effective_database_url)
    sha256 = await blobs.put(seed_plan_bytes(result.plan))
    files = [
        PlanFile(
            name=file.name,
            media_type="application/octet-stream",
            sha256=await blobs.put(file.content),
            size_bytes=len(file.content),
        )
        for file in desk_files(result)
    ]
    by = PlanPerson(user_id=world.lead.id, name="A", name_en="A")
    now, case_id = datetime.now(UTC), world.case_ids[0]
    order = PlanOrder(series_uid=result.plan.image.series_uid, technique="seeds")
    job = JobRecord(id="job-bench", case_id=case_id, order=order, requested_by=by, requested_at=now)
    plan = PlanRecord(
        id="plan-bench", case_id=case_id, job_id=job.id, version=1, state=PlanState.DRAFT,
        numbers=seed_numbers_of(result.plan), series_uid=order.series_uid, series_description="",
        plan_sha256=sha256, pages_sha256=sha256, language="zh", made_by=by, made_at=now,
    )  # fmt: skip
    async with database.transaction() as session:
        plans = SqlPlans(session)
        await plans.add_job(job)
        await plans.add(plan, files)
    await database.close()
    return plan.id


@asynccontextmanager
async def _page(world: EventWorld) -> AsyncIterator[httpx2.AsyncClient]:
    async with event_server(world) as origin, aclosing(await signed_in(origin, world.lead.login)) as page:
        yield page


async def _moved(page: httpx2.AsyncClient, plan: str, result: SeedPlanResult) -> SeedEdits:
    requests_ms, computed_ms, answer_kb = [], [], 0.0
    needles = _needles(result)
    deepest = needles[0]["seed_depths_mm"][0]
    # Never twice the same: an answer that was given before might be at hand.
    for number, side in zip(range(_UNMEASURED + _REQUESTS), cycle((1.0, -1.0)), strict=False):
        needles[0]["seed_depths_mm"][0] = deepest + side * (_STEP_MM + 0.01 * number)
        began = time.perf_counter()
        answer = await page.post(f"{plan}/changed-seeds", json={"needles": needles})
        answer.raise_for_status()
        told = answer.json()
        gzip.decompress(base64.b64decode(told["dose"]["voxels"]))
        spent_ms = (time.perf_counter() - began) * 1000.0
        if number >= _UNMEASURED:
            requests_ms.append(spent_ms)
            computed_ms.append(told["computed_ms"])
            answer_kb = len(answer.content) / 1000.0
    return SeedEdits(
        seeds=len(result.plan.seeds),
        structures=len(result.plan.doses.histograms) if result.plan.doses else 0,
        requests_ms=requests_ms,
        computed_ms=computed_ms,
        answer_kb=answer_kb,
    )


def _needles(result: SeedPlanResult) -> list[dict[str, Any]]:
    """The plan's needles as a page names them."""
    return [
        {
            "hole": needle.hole,
            "entry_lps_mm": needle.entry_lps_mm,
            "tip_lps_mm": needle.tip_lps_mm,
            "seed_depths_mm": [seed.depth_mm for seed in result.plan.seeds if seed.needle == needle.id],
        }
        for needle in result.plan.needles
    ]
