"""The audit log: what goes in, and that tampering shows and is named."""

import json
from datetime import timedelta

import pytest
from tests.support.databases import REFUSALS, all_rows, opened_by_hand, vandal
from tests.support.server import Server
from tests.support.world import World

from tongtai.features.accounts.model import Role
from tongtai.features.audit.api import audit_verifier
from tongtai.features.audit.model import SYSTEM, AuditAction, AuditChain, Verification
from tongtai.features.audit.service import AuditLog
from tongtai.features.audit.sql import SqlAuditStore


def _url(server: Server) -> str:
    return server.container.settings.database_url


async def verify(server: Server) -> Verification:
    async with server.container.database.transaction() as session:
        return await audit_verifier(server.container, session).verify()


async def findings(server: Server) -> list[str]:
    return [str(finding) for finding in (await verify(server)).findings]


async def test_untouched_log_is_intact(server: Server, world: World):
    result = await verify(server)
    assert result.intact
    assert result.entries == result.head.seq > 30


async def test_changed_entry_is_named(server: Server, world: World):
    with vandal(_url(server)) as database:
        database.execute("UPDATE audit_entries SET actor_name = 'somebody else' WHERE seq = 7")
    assert await findings(server) == ["entry 7 was changed"]


@pytest.mark.parametrize(
    "column", ["at", "subject", "outcome", "values_json", "case_id", "prev_hash", "hash"]
)
async def test_every_column_is_protected(server: Server, world: World, column: str):
    with vandal(_url(server)) as database:
        value = "2020-01-01 00:00:00.000000" if column == "at" else "x"
        statement = f"UPDATE audit_entries SET {column} = '{value}' WHERE seq = 7"  # noqa: S608  (from this list)
        database.execute(statement)
    assert "entry 7 was changed" in await findings(server)


async def test_deleted_entries_are_named(server: Server, world: World):
    with vandal(_url(server)) as database:
        database.execute("DELETE FROM audit_entries WHERE seq IN (1, 5, 6)")
    assert await findings(server) == [
        "entry 1 was deleted",
        "entry 5 was deleted",
        "entry 6 was deleted",
    ]


async def test_deleted_last_entries_are_named(server: Server, world: World):
    last = (await verify(server)).head.seq
    with vandal(_url(server)) as database:
        database.execute("DELETE FROM audit_entries WHERE seq > (SELECT max(seq) - 2 FROM audit_entries)")
    assert await findings(server) == [f"entry {last - 1} was deleted", f"entry {last} was deleted"]


async def test_deleted_last_entries_show_when_the_head_was_moved_back(server: Server, world: World):
    last = (await verify(server)).head.seq
    with vandal(_url(server)) as database:
        database.execute("DELETE FROM audit_entries WHERE seq = (SELECT max(seq) FROM audit_entries)")
        database.execute(
            "UPDATE audit_head SET seq = seq - 1, "
            "hash = (SELECT hash FROM audit_entries ORDER BY seq DESC LIMIT 1)"
        )
    assert await findings(server) == [f"the signed head (entry {last - 1}) was changed"]


async def test_emptied_log_shows(server: Server, world: World):
    with vandal(_url(server)) as database:
        database.execute("DELETE FROM audit_entries")
        database.execute("UPDATE audit_head SET seq = 0, hash = substr(hash, 1, 0), signature = ''")
    assert await findings(server) == ["the signed head (entry 0) was changed"]


async def test_reordered_entries_are_named(server: Server, world: World):
    with vandal(_url(server)) as database:
        database.execute("UPDATE audit_entries SET seq = -1 WHERE seq = 8")
        database.execute("UPDATE audit_entries SET seq = 8 WHERE seq = 12")
        database.execute("UPDATE audit_entries SET seq = 12 WHERE seq = -1")
    assert await findings(server) == [
        "entry 8 was re-ordered: it belongs at 12",
        "entry 12 was re-ordered: it belongs at 8",
    ]


async def test_entry_moved_into_the_place_of_a_deleted_one_is_named(server: Server, world: World):
    with vandal(_url(server)) as database:
        database.execute("DELETE FROM audit_entries WHERE seq = 8")
        database.execute("UPDATE audit_entries SET seq = 8 WHERE seq = 9")
    assert await findings(server) == [
        "entry 8 was re-ordered: it belongs at 9",
        "entry 9 was deleted",
    ]


async def test_forged_entry_with_another_key_is_named(server: Server, world: World):
    """Whoever has the database but not the secret cannot append either."""
    forger = AuditChain("another key")
    database = server.container.database
    async with database.transaction() as session:
        store = SqlAuditStore(session, database, forger)
        AuditLog(store, server.container.clock).record(SYSTEM, AuditAction.CASE_READ)
    last = (await verify(server)).head.seq
    assert await findings(server) == [
        f"entry {last} was changed",
        f"the signed head (entry {last}) was changed",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET subject = 'x' WHERE seq = 3",
        "DELETE FROM audit_entries WHERE seq = 3",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = seq - 1",
    ],
)
async def test_database_refuses_changes(server: Server, world: World, statement: str):
    with opened_by_hand(_url(server)) as database, pytest.raises(REFUSALS):
        database.execute(statement)


async def _entries(server: Server, world: World, **filters: str) -> list[dict]:
    async with server.sign_in(world.person(Role.AUDITOR)) as browser:
        answer = await browser.get("/api/audit", params=filters)
    return answer.json()["entries"]


async def test_reading_and_changing_a_case_is_recorded(server: Server, world: World):
    case = f"/api/cases/{world.case.id}"
    async with server.sign_in(world.lead_guide) as browser:
        await browser.get(case)
    async with server.sign_in(world.attending) as browser:
        await browser.patch(case, json={"version": 1, "lesion": "S6, 18 mm"})
    seen = [(e["actor_id"], e["action"]) for e in await _entries(server, world, case=world.case.id)]
    assert (world.lead_guide.id, "cases:case:read") in seen
    assert (world.attending.id, "cases:case:change") in seen


async def test_refused_attempts_are_recorded_for_the_patients_hospital(server: Server, world: World):
    async with server.sign_in(world.other_operator) as browser:
        await browser.get(f"/api/cases/{world.case.id}")
    async with server.sign_in(world.operator) as browser:
        await browser.patch(f"/api/cases/{world.case.id}", json={"version": 1, "lesion": "x"})
    denied = [e for e in await _entries(server, world) if e["outcome"] == "denied"]
    assert {(e["actor_id"], e["action"]) for e in denied} == {
        (world.other_operator.id, "cases:case:read"),
        (world.operator.id, "cases:case:change"),
    }


async def test_failed_sign_ins_are_recorded_without_what_was_typed(server: Server, world: World):
    async with server.browser() as browser:
        for login in (world.operator.login, "typed-password-here"):
            await browser.post("/api/auth/login", json={"login": login, "password": "wrong"})
    with opened_by_hand(_url(server)) as database:
        rows = database.execute(
            "SELECT actor_id FROM audit_entries WHERE action = 'accounts:login:failure'"
        ).fetchall()
        dump = str(all_rows(database))
    assert rows == [(world.operator.id,), ("unknown",)]
    assert "typed-password-here" not in dump


async def test_log_holds_no_patient_data(server: Server, world: World):
    async with server.sign_in(world.attending) as browser:
        await browser.get("/api/cases", params={"q": "王小明"})
        await browser.get(f"/api/cases/{world.case.id}")
    text = json.dumps(await _entries(server, world), ensure_ascii=False)
    assert "王小明" not in text
    assert "H0-0001" not in text


async def test_entry_of_a_failed_request_is_not_kept(server: Server, world: World):
    async with server.sign_in(world.attending) as browser:
        answer = await browser.patch(f"/api/cases/{world.case.id}", json={"version": 99, "lesion": "x"})
    assert answer.status_code == 409
    assert not [e for e in await _entries(server, world) if e["action"] == "cases:case:change"]


async def test_auditor_sees_what_concerns_the_own_institution(server: Server, world: World):
    async with server.sign_in(world.other_operator) as browser:
        await browser.get(f"/api/cases/{world.other_case.id}")
    entries = await _entries(server, world)
    concerned = {world.hospitals[0].id}
    for entry in entries:
        about_own = entry["case_id"] in {world.case.id, None}
        assert entry["institution_id"] in concerned or about_own
    assert world.other_case.id not in {entry["case_id"] for entry in entries}


async def test_an_auditor_looks_for_cases_by_number_and_people_by_name(server: Server, world: World):
    clock = server.stop_clock()
    before = clock.now()
    clock.advance(minutes=1)
    async with server.sign_in(world.lead_guide) as browser:
        await browser.get(f"/api/cases/{world.case.id}")
    async with server.sign_in(world.operator) as browser:
        await browser.get(f"/api/cases/{world.other_case.id}")
        await browser.patch(f"/api/cases/{world.case.id}", json={"version": 1, "lesion": "x"})
    guide, operator = world.lead_guide.id, world.operator.id

    async def found(**filters: str) -> set[tuple[str, str, str | None]]:
        return {
            (e["actor_id"], e["action"], e["case_number"])
            for e in await _entries(
                server, world, since=(before + timedelta(seconds=1)).isoformat(), **filters
            )
            if e["actor_id"] in {guide, operator}
        }

    number = world.case.number
    read, refused = (guide, "cases:case:read", number), (operator, "cases:case:change", number)
    # What an own person tried upon another hospital's case is told, and its number is not.
    assert await found() == {read, refused, (operator, "cases:case:read", None)}
    assert await found(case=number) == {read, refused}
    assert await found(outcome="denied", case=number) == {refused}
    assert await found(actor=world.centre.name, feature="cases") == {read}
    assert await found(actor="%") == await found(feature="imaging") == await found(case="2020-0001") == set()
    assert await found(until=before.isoformat()) == set()


async def test_pages_follow_one_another(server: Server, world: World):
    async with server.sign_in(world.person(Role.AUDITOR)) as browser:
        for _ in range(4):
            await browser.get("/api/audit")
        first = (await browser.get("/api/audit", params={"limit": 2})).json()
        second = (await browser.get("/api/audit", params={"limit": 2, "before": first["next_before"]})).json()
    seqs = [entry["seq"] for entry in first["entries"] + second["entries"]]
    assert seqs == sorted(seqs, reverse=True)
    assert len(set(seqs)) == 4


async def test_verify_by_http(server: Server, world: World):
    with vandal(_url(server)) as database:
        database.execute("UPDATE audit_entries SET outcome = 'denied' WHERE seq = 4")
    async with server.sign_in(world.person(Role.AUDITOR)) as browser:
        answer = (await browser.get("/api/audit/verify")).json()
    assert answer["intact"] is False
    assert answer["findings"] == [
        {"kind": "changed", "seq": 4, "original_seq": None, "text": "entry 4 was changed"}
    ]
