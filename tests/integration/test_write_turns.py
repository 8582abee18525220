"""Many writers of one SQLite file at once: all are served and none is told "locked"."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tongtai.infra.database import Database

pytestmark = pytest.mark.sqlite

_WRITERS = 60


class _Base(DeclarativeBase):
    """Not the product's: its tables are those of the migrations."""


class _NoteRow(_Base):
    __tablename__ = "test_write_turns"

    id: Mapped[int] = mapped_column(primary_key=True)


async def _database(folder: Path) -> Database:
    database = Database(f"sqlite+aiosqlite:///{folder / 'turns.db'}")
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE test_write_turns (id INTEGER PRIMARY KEY)"))
    return database


async def test_writers_of_two_engines_are_all_served(tmp_path: Path) -> None:
    first, second = await _database(tmp_path), Database(f"sqlite+aiosqlite:///{tmp_path / 'turns.db'}")
    served: list[int] = []

    async def write(number: int) -> None:
        # As in the server: two engines on one file.
        async with (first if number % 2 else second).transaction() as session:
            await session.execute(insert(_NoteRow).values(id=number))
            served.append(number)
            # Held for many steps of the loop, as a transaction of several statements is.
            for _ in range(20):
                await asyncio.sleep(0)

    # Fewer than a pool has connections, so that each stands in the queue of writers.
    for begin in range(0, _WRITERS, 10):
        await asyncio.gather(*(write(number) for number in range(begin, begin + 10)))
    assert sorted(served) == list(range(_WRITERS))
    async with first.transaction() as session:
        assert len((await session.scalars(select(_NoteRow.id))).all()) == _WRITERS
    await first.close()
    await second.close()


async def test_a_writer_that_fails_or_is_cancelled_gives_its_turn_back(tmp_path: Path) -> None:
    database = await _database(tmp_path)
    entered = asyncio.Event()

    async def stay() -> None:
        async with database.transaction() as session:
            await session.execute(insert(_NoteRow).values(id=1))
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stay())
    await entered.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5), database.transaction() as session:
        await session.execute(insert(_NoteRow).values(id=1))
    await database.close()
