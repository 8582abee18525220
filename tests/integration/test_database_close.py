"""Closing the database: no thread of a connection outlives it."""

import asyncio
from contextlib import suppress
from pathlib import Path
from threading import enumerate as threads_alive

import pytest
from sqlalchemy import text

from tongtai.infra.database import Database

pytestmark = pytest.mark.sqlite

_SLOW = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT count(*) FROM n"
)


@pytest.mark.parametrize("turns", range(8))
async def test_thread_of_a_statement_that_was_cancelled_has_ended(tmp_path: Path, turns: int):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.sqlite3'}")

    async def work() -> None:
        async with database.transaction() as session:
            await session.execute(text(_SLOW))

    task = asyncio.create_task(work())
    for _ in range(turns):
        # From the thread's start over the opening to the statement, whichever it is at.
        await asyncio.sleep(0)
    for _ in range(2):
        # The second cancels the tidy end of the first, as a server does that is told to stop twice.
        task.cancel()
        await asyncio.sleep(0)
    with suppress(asyncio.CancelledError):
        await task
    await database.close()
    assert [thread for thread in threads_alive() if "_connection_worker_thread" in thread.name] == []
