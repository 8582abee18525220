"""A hundred thousand generated cases: with teams, in the workflow, treated, and counted."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.model import Role
from tongtai.features.accounts.sql import UserRow
from tongtai.features.cases.model import Technique
from tongtai.features.cases.sql import CaseRow, CaseTeamRow
from tongtai.features.followup.sql import CareRow
from tongtai.features.institutions.api import institution_service
from tongtai.features.institutions.model import InstitutionKind
from tongtai.features.quality.model import IndicatorCode, Mark
from tongtai.features.quality.sql import QualityRow
from tongtai.features.workflow.model import ClinicalState
from tongtai.features.workflow.sql import WorkflowRow
from tongtai.infra.database import Base

CASES, YEARS = 100_000, 5
_BATCH = 5_000
_DAY = datetime(2026, 1, 1, tzinfo=UTC)
# Chinese, compound, minority, foreign, of one character, and very long; the given names make most of them rare.
_FAMILY = ("王", "李", "张", "欧阳", "司马", "阿卜杜热西提·", "扎西", "Schmidt-", "O'Neill ", "诺" * 60)
_GIVEN = ("", "小明", "修远", "买买提", "顿珠", "Anna-Maria", "Seán", "国华", "晓岚", "德吉卓玛", "文")
_RARE = "𬱖"
_OPEN_STATES = [state for state in ClinicalState if state is not ClinicalState.ARCHIVED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Who is in the database: two institutions, and an expert who is in every tenth team."""

    centre_id: str
    site_id: str
    expert_id: str


async def fill(session: AsyncSession) -> Filled:
    """Make the cases; one in twenty is still under way."""
    institutions = institution_service(session)
    centre = await institutions.create(name="中心", name_en="Centre", kind=InstitutionKind.INVITED)
    site = await institutions.create(name="医院", name_en="Hospital", kind=InstitutionKind.INVITING)
    room = await institutions.create_room(institution_id=site.id, name="1", name_en="1")
    await session.flush()
    expert = _expert(centre.id)
    await session.execute(insert(UserRow), [expert])
    chance = random.Random(1)
    for start in range(0, CASES, _BATCH):
        made = [_case(number, chance, site.id, centre.id, room.id) for number in range(start, start + _BATCH)]
        for table in (CaseRow, CareRow, QualityRow, WorkflowRow):
            await session.execute(insert(table), [rows[table] for rows in made])
        team = [
            {
                "case_id": rows[CaseRow]["id"],
                "user_id": expert["id"],
                "role": Role.LEAD_GUIDE.value,
                "place": 0,
            }
            for rows in made[::10]
        ]
        await session.execute(insert(CaseTeamRow), team)
    return Filled(centre_id=centre.id, site_id=site.id, expert_id=str(expert["id"]))


def _expert(institution_id: str) -> dict[str, object]:
    return {
        "id": "user_expert", "login": "expert", "display_name": "专家", "display_name_en": "Expert",
        "language": "zh-CN", "institution_id": institution_id, "roles": [Role.LEAD_GUIDE.value],
        "password_hash": "", "must_change_password": False, "active": True, "totp_confirmed": False,
        "totp_last_step": 0, "created_at": _DAY,
    }  # fmt: skip


def _case(
    number: int, chance: random.Random, site_id: str, centre_id: str, room_id: str
) -> dict[type[Base], dict[str, object]]:
    case_id = f"case_{number:022d}"
    ended = _DAY - timedelta(days=chance.randrange(1, 365 * YEARS))
    technique = chance.choice(list(Technique))
    parties = {"inviting_institution_id": site_id, "invited_institution_id": centre_id}
    name = _RARE if number == CASES // 2 else chance.choice(_FAMILY) + chance.choice(_GIVEN)
    state = chance.choice(_OPEN_STATES) if number % 20 == 0 else ClinicalState.ARCHIVED
    case: dict[str, object] = {
        "id": case_id, "number": f"{ended.year}-{number:06d}", "technique": technique.value,
        "lesion": f"S{chance.randrange(1, 9)}, {chance.randrange(8, 60)} mm", "patient_name": name,
        "patient_sex": "M", "patient_birth_date": date(1960, 1, 1), "patient_hospital_number": str(number),
        "disclosure": "full", **parties, "operating_room_id": room_id, "scheduled_at": ended,
        "state": "closed", "created_at": ended, "version": 1,
    }  # fmt: skip
    marks = [int(mark) for mark in Mark]
    quality: dict[str, object] = {
        "case_id": case_id, **parties, "technique": technique.value, "ended_on": ended.date(),
        "month": f"{ended:%Y-%m}", "care_revision": 0, "case_version": 1, "until": date.max,
        **{code.value: chance.choice(marks) for code in IndicatorCode},
    }  # fmt: skip
    workflow: dict[str, object] = {
        "case_id": case_id, "state": state.value, "entered_at": ended, "began_at": ended,
        "service_type": "consultation", "urgent": number % 50 == 0, "legal": "normal", "returns": 0,
        "suspended_from": None, "version": 1,
    }  # fmt: skip
    return {
        CaseRow: case,
        CareRow: {"case_id": case_id, "ended_at": ended, "revision": 0},
        QualityRow: quality,
        WorkflowRow: workflow,
    }
