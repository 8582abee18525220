"""What is done at the table, through the whole server: one device once, and the record of the operation."""

from tests.integration.guidance.commands import done, refused, send
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.accounts.model import Role

_DEVICE = {
    "udi": "(01)06901234567892(21)7",
    "name": "antenna",
    "model": "16G",
    "lot": "A1",
    "single_use": True,
    "used_on": "2026-01-02",
    "needle_id": "N1",
}


async def test_f34_a_single_use_device_is_used_in_one_operation_only(server: Server, world: World) -> None:
    own, other = world.cases
    operator = world.person(Role.OPERATOR, "other")
    async with server.sign_in(world.operator) as first, server.sign_in(operator) as second:
        for browser, case in ((first, own), (second, other)):
            await done(browser, case.id, "session.opened")
        command = {"id": "5f7f2a52-0d0c-4a1e-9a61-3f3d9a1b7c11", "type": "device.used", "payload": _DEVICE}
        path = f"/api/sessions/{own.id}/commands"
        answer = await first.post(path, json=command)
        assert answer.status_code == 200, answer.text
        # The same command again is answered with the same events, not refused as a second use.
        assert (await first.post(path, json=command)).json() == answer.json()
        refused(await send(second, other.id, "device.used", _DEVICE), 409, "device_reused")
        refused(await send(first, own.id, "device.used", _DEVICE), 409, "device_reused")
        await done(second, other.id, "device.used", _DEVICE | {"udi": "(01)06901234567892(21)8"})
        again = _DEVICE | {"udi": "(01)1(21)1", "single_use": False}
        await done(first, own.id, "device.used", again)
        await done(second, other.id, "device.used", again)


async def test_the_record_of_the_operation_and_who_writes_it(server: Server, world: World) -> None:
    case_id = world.case.id
    async with server.sign_in(world.operator) as operator:
        await done(operator, case_id, "session.opened")
        await done(operator, case_id, "needle.punctured", {"needle_id": "N1"})
        confirmed = {"needle_id": "N1", "depth_mm": 82.0, "deviation_mm": 2.5}
        await done(operator, case_id, "needle.confirmed", confirmed)
        refused(await send(operator, case_id, "needle.advanced", {"needle_id": "N1"}), 422, "invalid_request")
    async with server.sign_in(world.person(Role.ANAESTHETIST)) as anaesthetist:
        await done(anaesthetist, case_id, "vitals.taken", {"heart_rate_bpm": 72.0, "spo2_percent": 99.0})
    async with server.sign_in(world.lead_guide) as guide:
        refused(await send(guide, case_id, "vitals.taken", {}), 403, "forbidden")
        record = (await guide.get(f"/api/sessions/{case_id}/operation.json")).json()
    assert record["chain_intact"]
    assert record["record"]["needles"][0]["deviation_mm"] == 2.5
    assert [entry["kind"] for entry in record["record"]["entries"]] == ["vitals.taken"]
