"""The writers of one SQLite file take turns, first come, first served.

SQLite lets one transaction write at a time; the others ask again and again, ten times a second, and
whoever asks at the wrong moments is never served. With thirty operating rooms that ended in "database
is locked" although the file was free most of the time. Here the writers of a process wait in a queue
instead; writers of other processes (the command line) are rare and still wait as SQLite has it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import ExecutionContext
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.util import await_only

# Whoever has waited this long goes on without a turn: SQLite's own lock decides then.
_PATIENCE_S = 10.0
_HELD = "tongtai.write_turn"

_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()


def take_turns(engine: AsyncEngine) -> None:
    """Make every transaction of an engine wait for its turn before its first write."""
    url = str(engine.url)

    def before_statement(
        connection: Connection,
        _cursor: object,
        _statement: str,
        _parameters: object,
        context: ExecutionContext | None,
        _many: bool,
    ) -> None:
        compiled = None if context is None else context.compiled
        if isinstance(getattr(compiled, "statement", None), UpdateBase) and _HELD not in connection.info:
            release = await_only(_turn(url))
            if release is not None:
                connection.info[_HELD] = release

    def ended(_connection: object, entry: ConnectionPoolEntry, *_reason: object) -> None:
        release = entry.info.pop(_HELD, None)
        if release is not None:
            release()

    event.listen(engine.sync_engine, "before_cursor_execute", before_statement)
    # A connection goes back to the pool as soon as its transaction has ended, well or not.
    for moment in ("checkin", "invalidate", "close"):
        event.listen(engine.sync_engine, moment, ended)


async def _turn(url: str) -> Callable[[], None] | None:
    queue = _queues.setdefault(asyncio.get_running_loop(), {}).setdefault(url, asyncio.Lock())
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_S):
            await queue.acquire()
        return queue.release
    return None
