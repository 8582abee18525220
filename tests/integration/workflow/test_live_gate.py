"""A live session asks the workflow: nothing is opened too early, and nobody is touched before the time-out."""

from tests.integration.guidance.commands import done, refused, send
from tests.integration.workflow.steps import begun, stated
from tests.integration.workflow.walk import Walker
from tests.support.server import Server
from tests.support.world import World

from tongtai.core.checklists import Sheet
from tongtai.features.accounts.model import Role

PUNCTURE = {"step": "puncture"}


async def test_a_draft_opens_no_session(server: Server, world: World):
    await begun(server, world)
    async with server.sign_in(world.operator) as operator:
        answer = await send(operator, world.case.id, "session.opened")
        refused(answer, 409, "workflow_forbids")
        assert answer.json()["error"]["values"] == {"act": "open", "state": "draft"}


async def test_a_case_outside_the_workflow_is_free(server: Server, world: World):
    async with server.sign_in(world.operator) as operator:
        await done(operator, world.case.id, "session.opened")
        await done(operator, world.case.id, "step.marked", {"step": "positioning"})


async def test_f05_nobody_is_touched_before_the_time_out_and_a_physician_of_the_site(
    server: Server, world: World
):
    walker = Walker(server, world)
    case_id = world.case.id
    await walker.to_ready()
    async with server.sign_in(world.operator) as operator:
        # Pictures and talk are tested, and the patient positioned, before anybody is touched.
        await done(operator, case_id, "session.opened")
        await done(operator, case_id, "step.marked", {"step": "positioning"})
        refused(await send(operator, case_id, "step.marked", PUNCTURE), 409, "workflow_forbids")
        await walker.check(Sheet.SIGN_IN)
        await walker.move(world.person(Role.NURSE), "sign_in")
        await walker.check(Sheet.TIME_OUT)
        await walker.move(world.operator, "time_out")
        answer = await send(operator, case_id, "step.marked", PUNCTURE)
        assert answer.json()["error"]["values"]["state"] == "time_out_ok"
        assert "physician_absent" in await walker.refused(world.operator, "begin_procedure")
        await stated(server, world, world.operator, "present")
        await stated(server, world, world.operator, "local_only", text="链路维护")
        await walker.move(world.operator, "begin_procedure")
        await done(operator, case_id, "step.marked", PUNCTURE)
