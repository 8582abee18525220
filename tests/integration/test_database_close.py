"""Closing the database: no thread of a connection outlives it."""

import asyncio
from contextlib import suppress
from pathlib import Path
from threading import enumerate as threads_alive

from sqlalchemy import text

from tongtai.infra.database import Database

_SLOW = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT count(*) FROM n"
)


async def test_thread_of_a_twice_cancelled_statement_has_ended(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.sqlite3'}")
    begun = asyncio.Event()

    async def work() -> None:
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
            begun.set()
            await session.execute(text(_SLOW))

    task = asyncio.create_task(work())
    await begun.wait()
    for _ in range(2):
        # The second cancels the tidy end of the first, as a server does that is told to stop twice.
        task.cancel()
        with suppress(TimeoutError):
            await asyncio.sleep(0)
    with suppress(asyncio.CancelledError):
        await task
    await database.close()
    assert [thread for thread in threads_alive() if "_connection_worker_thread" in thread.name] == []
