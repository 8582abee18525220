"""An installation of its own for measuring pictures: a centre, many hospitals, a gateway at each table."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import httpx2
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.bench.event_world import PASSWORD
from tongtai.features.accounts.api import account_service
from tongtai.features.accounts.model import Role, User
from tongtai.features.accounts.service import NewUser
from tongtai.features.cases.api import case_service
from tongtai.features.cases.model import Disclosure, Patient, Sex, TeamMember, Technique
from tongtai.features.cases.service import NewCase
from tongtai.features.institutions.api import institution_service
from tongtai.features.institutions.model import Institution, InstitutionKind
from tongtai.infra.blobs import Blobs
from tongtai.infra.clock import SystemClock
from tongtai.infra.container import Container
from tongtai.infra.credentials import Passwords
from tongtai.infra.database import Database
from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings

_READY_S = 60.0
_GUIDE = "guide"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTable:
    """One operating table: its case, its operator and its engineer."""

    case_id: str
    case_number: str
    operating_room_id: str
    operator: str
    engineer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWorld:
    """What there is to measure with; everybody's password is ``PASSWORD``."""

    data: Path
    guide: str
    tables: tuple[LiveTable, ...]


async def make_live_world(data: Path, *, tables: int) -> LiveWorld:
    """Fill an installation in ``data`` with ``tables`` hospitals of one operating room each."""
    settings = Settings.load(data)
    await asyncio.to_thread(migrate, settings.effective_database_url)
    container = Container(
        settings=settings,
        database=Database(settings.effective_database_url),
        blobs=Blobs(data / "blobs"),
        clock=SystemClock(),
        services={Passwords: Passwords()},
    )
    async with container.database.transaction() as session:
        institutions = institution_service(session)
        centre = await institutions.create(name="中心", name_en="Centre", kind=InstitutionKind.INVITED)
        guide = await _user(container, session, centre, _GUIDE, Role.LEAD_GUIDE)
        made = [await _table(container, session, centre, guide, number) for number in range(tables)]
    await container.database.close()
    return LiveWorld(data=data, guide=guide.login, tables=tuple(made))


async def _table(
    container: Container, session: AsyncSession, centre: Institution, guide: User, number: int
) -> LiveTable:
    institutions = institution_service(session)
    hospital = await institutions.create(
        name=f"医院 {number + 1}", name_en=f"Hospital {number + 1}", kind=InstitutionKind.INVITING
    )
    operator = await _user(container, session, hospital, f"operator{number}", Role.OPERATOR)
    engineer = await _user(container, session, hospital, f"engineer{number}", Role.ENGINEER)
    room = await institutions.create_room(institution_id=hospital.id, name="手术间 1", name_en="OR 1")
    case = await case_service(container, session).open(
        NewCase(
            technique=list(Technique)[number % len(Technique)],
            lesion="S6 · 24 mm",
            patient=Patient(
                name="模拟", sex=Sex.OTHER, birth_date=date(1960, 1, 1), hospital_number=str(number)
            ),
            disclosure=Disclosure.NONE,
            inviting_institution_id=hospital.id,
            invited_institution_id=centre.id,
            operating_room_id=room.id,
            scheduled_at=container.clock.now() + timedelta(minutes=5),
            team=(
                TeamMember(user_id=guide.id, role=Role.LEAD_GUIDE),
                TeamMember(user_id=operator.id, role=Role.OPERATOR),
            ),
        )
    )
    return LiveTable(
        case_id=case.id,
        case_number=case.number,
        operating_room_id=room.id,
        operator=operator.login,
        engineer=engineer.login,
    )


async def _user(
    container: Container, session: AsyncSession, institution: Institution, login: str, role: Role
) -> User:
    new = NewUser(
        login=login,
        display_name=login,
        display_name_en=login,
        institution_id=institution.id,
        roles=frozenset({role}),
    )
    user, _ = await account_service(container, session).create(new, password=PASSWORD)
    return user


@asynccontextmanager
async def product(world: LiveWorld) -> AsyncIterator[tuple[str, int]]:
    """Run ``tongtai up`` on the world's data; give its address and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tongtai.entrypoints.cli.main", "up"),
        *("--port", str(port), "--data", str(world.data)),
        env={**os.environ, "TONGTAI_LOG_LEVEL": "error"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_READY_S), httpx2.AsyncClient(trust_env=False) as client:
            while process.returncode is None:
                with suppress(httpx2.HTTPError):
                    if (await client.get(f"{origin}/readyz")).is_success:
                        break
                await asyncio.sleep(0.1)
            else:
                raise TongtaiError("tongtai up ended before it was ready; run it by hand to see why.")
        yield origin, process.pid
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def enrolment_codes(origin: str, tables: tuple[LiveTable, ...]) -> list[str]:
    """Announce a gateway at every table as its engineer; the one-time codes."""
    return [await _code(origin, table) for table in tables]


async def _code(origin: str, table: LiveTable) -> str:
    headers = {"Origin": origin}
    async with httpx2.AsyncClient(base_url=origin, headers=headers, trust_env=False, timeout=30) as http:
        answer = await http.post("/api/auth/login", json={"login": table.engineer, "password": PASSWORD})
        answer.raise_for_status()
        http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        gateway = {"name": table.case_number, "operating_room_id": table.operating_room_id}
        announced = await http.post("/api/gateways", json=gateway)
        announced.raise_for_status()
        code: str = announced.json()["code"]
        return code
