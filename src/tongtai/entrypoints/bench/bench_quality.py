"""How long the quality indicators of 100,000 generated cases take."""

import asyncio
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from tongtai.entrypoints.bench.many_cases import CASES, YEARS, fill
from tongtai.entrypoints.bench.row import Row
from tongtai.features.cases.model import Technique
from tongtai.features.quality.model import Filter, IndicatorCode, Mark
from tongtai.features.quality.sql import SqlQuality
from tongtai.infra.database import Database
from tongtai.infra.migrations import migrate

_REPEATS = 7
_TARGET_S = 1.0
_TODAY = date(2026, 1, 1)


async def rows() -> list[Row]:
    """Fill a database, then count, filter and list."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite3'}"
        await asyncio.to_thread(migrate, url)
        database = Database(url)
        try:
            async with database.transaction() as session:
                filled = await fill(session)
            async with database.transaction() as session:
                return await _measure(SqlQuality(session), filled.centre_id)
        finally:
            await database.close()


async def _measure(store: SqlQuality, centre_id: str) -> list[Row]:
    whole, filtered, listed, tallied = [], [], [], []
    chosen = Filter(since=date(2024, 1, 1), technique=Technique.MWA)
    for _ in range(_REPEATS):
        began = time.perf_counter()
        assert not await store.stale(centre_id, _TODAY, limit=1)  # noqa: S101  (part of what a request does)
        await store.counts(centre_id, Filter())
        whole.append(time.perf_counter() - began)
        began = time.perf_counter()
        await store.counts(centre_id, chosen)
        filtered.append(time.perf_counter() - began)
        began = time.perf_counter()
        await store.listed(centre_id, chosen, IndicatorCode.LOCAL_CONTROL, [Mark.MISS], limit=1000)
        listed.append(time.perf_counter() - began)
        began = time.perf_counter()
        await store.tallies(centre_id, Filter())
        tallied.append(time.perf_counter() - began)
    name = f"quality {CASES:,} cases"
    return [
        _row(f"{name}: every indicator by month, over {YEARS} years", whole, _TARGET_S),
        _row(f"{name}: two years of one technique", filtered, _TARGET_S),
        _row(f"{name}: a list of 1000", listed, None),
        _row(f"{name}: statistics by month, technique, service and institution", tallied, _TARGET_S),
    ]


def _row(name: str, times_s: list[float], target: float | None) -> Row:
    return Row(
        name=name,
        unit="s",
        value=round(statistics.median(times_s), 3),
        p95=round(max(times_s), 3),
        target=target,
    )
