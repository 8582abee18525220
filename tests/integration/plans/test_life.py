"""Review and approval: four eyes, the other hospital, the books that say so, plans that are superseded."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, select
from tests.integration.plans.conftest import Planned
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.accounts.model import Role
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.sql import AuditEntryRow
from tongtai.features.plans.dicom import DicomBookbinder
from tongtai.features.plans.model import PlanRecord
from tongtai.features.plans.sql import PlanRow, SqlPlans
from tongtai.infra.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]


@pytest.fixture
def settings(planned: Planned, tmp_path: Path) -> Settings:
    """A copy of the installation: what one test does to the plan, no other sees."""
    data = tmp_path / "data"
    shutil.copytree(planned.settings.data, data)
    return Settings.load(data, web_dist=planned.settings.web_dist, livekit_url=planned.settings.livekit_url)


@pytest.fixture
def root(planned: Planned, world: World) -> str:
    """The plan's address."""
    return f"/api/cases/{world.case.id}/plans/{planned.job['plan_id']}"


async def _told(server: Server, person, address: str, **body) -> tuple[int, dict]:
    async with server.sign_in(person) as client:
        answer = await client.post(address, json=body)
        return answer.status_code, answer.json()


async def _books(server: Server, world: World, root: str) -> dict[str, str]:
    async with server.sign_in(world.operator) as client:
        files = (await client.get(root)).json()["files"]
    return {file["name"]: file["sha256"] for file in files if file["name"].startswith("plan-book")}


async def _second(server: Server, case_id: str, plan_id: str) -> PlanRecord:
    """Another plan of the same tumour, with the same files."""
    async with server.container.database.transaction() as session:
        plans = SqlPlans(session)
        first = await plans.find(case_id, plan_id)
        assert first is not None
        job = await plans.find_job(case_id, first.job_id)
        assert job is not None
        await plans.add_job(replace(job, id="job_second"))
        second = replace(first, id="plan_second", job_id="job_second", version=2)
        await plans.add(second, await plans.files(plan_id))
    return second


async def test_the_maker_neither_reviews_nor_approves(server: Server, world: World, root: str):
    for act in ("review", "approve"):
        status, told = await _told(server, world.lead_guide, f"{root}/{act}")
        assert (status, told["error"]["code"]) == (409, "plan_own_approval")


async def test_another_hospital_finds_no_plan(server: Server, world: World, planned: Planned, root: str):
    own_case = f"/api/cases/{world.other_case.id}/plans/{planned.job['plan_id']}"
    async with server.sign_in(world.other_operator) as client:
        for address in (root, f"{root}/files/plan.json", own_case, f"{own_case}/files/plan.json"):
            assert (await client.get(address)).status_code == 404


async def test_a_reviewed_plan_is_approved_by_another_and_its_books_say_so(
    server: Server, world: World, planned: Planned, root: str
):
    drafts = await _books(server, world, root)
    second = await _second(server, world.case.id, planned.job["plan_id"])
    backup = world.person(Role.BACKUP_GUIDE, "centre")
    status, told = await _told(server, backup, f"{root}/approve")
    assert (status, told["error"]["code"]) == (409, "plan_state")

    status, told = await _told(server, backup, f"{root}/review", note="seen")
    assert (status, told["state"], told["review_note"]) == (200, "reviewed", "seen")
    reviewed = await _books(server, world, root)
    status, told = await _told(server, backup, f"{root}/approve")
    assert (status, told["state"], told["approved_by"]["user_id"]) == (200, "approved", backup.id)
    approved = await _books(server, world, root)
    for name in ("plan-book.pdf", "plan-book.dcm"):
        assert len({books[name] for books in (drafts, reviewed, approved)}) == 3

    async with server.container.database.transaction() as session:
        gone = await SqlPlans(session).find(world.case.id, second.id)
    assert gone is not None
    assert gone.state == "superseded"


async def test_others_write_while_the_books_are_bound(
    server: Server, world: World, planned: Planned, root: str, monkeypatch: pytest.MonkeyPatch
):
    plan_id = planned.job["plan_id"]
    await _second(server, world.case.id, plan_id)
    bind = DicomBookbinder.bind
    bound: list[str] = []

    async def while_another_writes(self, plan, case):
        async with server.container.database.aside() as session:
            job = await SqlPlans(session).find_job(world.case.id, "job_second")
            assert job is not None
            await SqlPlans(session).add_job(replace(job, id=f"job_meanwhile_{len(bound)}"))
        bound.append(plan.id)
        return await bind(self, plan, case)

    monkeypatch.setattr(DicomBookbinder, "bind", while_another_writes)
    backup = world.person(Role.BACKUP_GUIDE, "centre")
    assert (await _told(server, backup, f"{root}/review"))[0] == 200
    assert (await _told(server, backup, f"{root}/approve"))[0] == 200
    assert bound == [plan_id, plan_id, "plan_second"]


async def test_replaced_files_leave_the_rest_of_the_transaction_alone(
    server: Server, world: World, planned: Planned
):
    plan_id = planned.job["plan_id"]
    async with server.container.database.transaction() as session:
        plans = SqlPlans(session)
        files = await plans.files(plan_id)
        row = await session.get(PlanRow, plan_id)
        changed = [replace(file, sha256="0" * 64) for file in files if file.name == "plan-book.pdf"]
        await plans.replace_files(plan_id, changed)
        assert not inspect(row).expired_attributes
        assert {file.name for file in files if file not in await plans.files(plan_id)} == {"plan-book.pdf"}


async def test_who_made_the_plan_is_recorded_with_their_institution(
    server: Server, world: World, planned: Planned
):
    async with server.container.database.transaction() as session:
        rows = await session.scalars(
            select(AuditEntryRow).where(AuditEntryRow.action == AuditAction.PLAN_MADE.value)
        )
        made = [(row.actor_id, row.institution_id, row.subject) for row in rows]
    assert made == [(world.lead_guide.id, world.centre.id, planned.job["plan_id"])]
