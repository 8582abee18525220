"""How long the quality indicators of 100,000 generated cases take."""

import asyncio
import random
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.bench.row import Row
from tongtai.features.cases.model import Technique
from tongtai.features.cases.sql import CaseRow
from tongtai.features.followup.sql import CareRow
from tongtai.features.institutions.api import institution_service
from tongtai.features.institutions.model import InstitutionKind
from tongtai.features.quality.model import Filter, IndicatorCode, Mark
from tongtai.features.quality.sql import QualityRow, SqlQuality
from tongtai.infra.database import Database
from tongtai.infra.migrations import migrate

_CASES, _BATCH, _REPEATS, _YEARS = 100_000, 5_000, 7, 5
_TARGET_S = 1.0
_TODAY = date(2026, 1, 1)
_NAMES = ("王小明", "欧阳修远", "阿卜杜热西提·买买提", "王", "Anna-Maria Schmidt", "扎西顿珠", "诺" * 60)


async def rows() -> list[Row]:
    """Fill a database, then count, filter and list."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite3'}"
        await asyncio.to_thread(migrate, url)
        database = Database(url)
        try:
            async with database.transaction() as session:
                centre = await _fill(session)
            async with database.transaction() as session:
                return await _measure(SqlQuality(session), centre)
        finally:
            await database.close()


async def _fill(session: AsyncSession) -> str:
    institutions = institution_service(session)
    centre = await institutions.create(name="中心", name_en="Centre", kind=InstitutionKind.INVITED)
    site = await institutions.create(name="医院", name_en="Hospital", kind=InstitutionKind.INVITING)
    room = await institutions.create_room(institution_id=site.id, name="1", name_en="1")
    await session.flush()
    chance = random.Random(1)
    for start in range(0, _CASES, _BATCH):
        made = [_case(number, chance, site.id, centre.id, room.id) for number in range(start, start + _BATCH)]
        await session.execute(insert(CaseRow), [case for case, _, _ in made])
        await session.execute(insert(CareRow), [care for _, care, _ in made])
        await session.execute(insert(QualityRow), [row for _, _, row in made])
    return centre.id


def _case(
    number: int, chance: random.Random, site_id: str, centre_id: str, room_id: str
) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
    case_id = f"case_{number:022d}"
    ended = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=chance.randrange(1, 365 * _YEARS))
    technique = chance.choice(list(Technique))
    parties = {"inviting_institution_id": site_id, "invited_institution_id": centre_id}
    case: dict[str, object] = {
        "id": case_id, "number": f"{ended.year}-{number:06d}", "technique": technique.value,
        "lesion": "S8, 23 mm", "patient_name": chance.choice(_NAMES), "patient_sex": "M",
        "patient_birth_date": date(1960, 1, 1), "patient_hospital_number": str(number),
        "disclosure": "masked", **parties, "operating_room_id": room_id, "scheduled_at": ended,
        "state": "closed", "created_at": ended, "version": 1,
    }  # fmt: skip
    marks = [int(mark) for mark in Mark]
    row: dict[str, object] = {
        "case_id": case_id, **parties, "technique": technique.value, "ended_on": ended.date(),
        "month": f"{ended:%Y-%m}", "care_revision": 0, "case_version": 1, "until": date.max,
        **{code.value: chance.choice(marks) for code in IndicatorCode},
    }  # fmt: skip
    return case, {"case_id": case_id, "ended_at": ended, "revision": 0}, row


async def _measure(store: SqlQuality, centre_id: str) -> list[Row]:
    whole, filtered, listed = [], [], []
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
    name = f"quality {_CASES:,} cases"
    return [
        _row(f"{name}: every indicator by month, over {_YEARS} years", whole, _TARGET_S),
        _row(f"{name}: two years of one technique", filtered, _TARGET_S),
        _row(f"{name}: a list of 1000", listed, None),
    ]


def _row(name: str, times_s: list[float], target: float | None) -> Row:
    return Row(
        name=name,
        unit="s",
        value=round(statistics.median(times_s), 3),
        p95=round(max(times_s), 3),
        target=target,
    )
