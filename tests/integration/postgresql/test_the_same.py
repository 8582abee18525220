"""What holds on SQLite holds on PostgreSQL: tests of other files, run again with this folder's fixtures.

Those that would notice a difference first. All of them run on PostgreSQL by ``pytest --database postgresql``
(``make verify``).
"""

import psycopg
import pytest
from tests.integration.guidance.commands import done
from tests.integration.guidance.test_commands import *  # noqa: F403  (to be collected here again)
from tests.integration.guidance.test_export import (  # noqa: F401
    test_a_nurse_takes_no_record_away,
    test_the_json_is_whole_and_proves_it,
)
from tests.integration.guidance.test_timers import *  # noqa: F403
from tests.integration.imaging.test_pushes import (  # noqa: F401
    pytestmark,
    sender,
    test_a_cut_push_goes_on_where_it_was,
    test_another_hospital_cannot_know_of_the_case,
    test_another_patients_images_wait_until_the_name_is_typed,
    test_each_file_can_be_seen_at_once,
    test_parallel_uploads_all_arrive_and_the_session_is_told,
    test_the_same_image_is_stored_once_and_a_forged_twin_is_refused,
)
from tests.integration.test_audit import (  # noqa: F401
    findings,
    test_entry_of_a_failed_request_is_not_kept,
    test_forged_entry_with_another_key_is_named,
    test_log_holds_no_patient_data,
    test_pages_follow_one_another,
    test_reading_and_changing_a_case_is_recorded,
    test_refused_attempts_are_recorded_for_the_patients_hospital,
    test_untouched_log_is_intact,
)
from tests.integration.test_cases import *  # noqa: F403
from tests.integration.workflow.test_whole_way import *  # noqa: F403
from tests.support.server import Server
from tests.support.world import World


def _connected(server: Server) -> psycopg.Connection:
    url = server.container.settings.database_url.replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET subject = 'x' WHERE seq = 3",
        "DELETE FROM audit_entries WHERE seq = 3",
        "TRUNCATE audit_entries",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = seq - 1",
        "DELETE FROM guidance_events",
        "TRUNCATE guidance_events CASCADE",
    ],
)
async def test_database_refuses_changes(server: Server, world: World, statement: str) -> None:
    async with server.sign_in(world.operator) as site:
        await done(site, world.case.id, "session.opened")
    with (
        _connected(server) as database,
        pytest.raises(psycopg.DatabaseError, match=r"append-only|only goes forward|never"),
    ):
        database.execute(statement.encode())


async def test_tampering_without_the_triggers_is_named(server: Server, world: World) -> None:
    with _connected(server) as database:
        database.execute("ALTER TABLE audit_entries DISABLE TRIGGER ALL")
        database.execute("UPDATE audit_entries SET actor_name = 'somebody else' WHERE seq = 7")
        database.execute("DELETE FROM audit_entries WHERE seq = 9")
    assert await findings(server) == ["entry 7 was changed", "entry 9 was deleted"]
