"""An installation of its own for measuring the log: a centre, a hospital, cases, a guide, a server."""

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

PASSWORD = "measured lantern 31"  # noqa: S105  (of an installation that lives for a minute)
_START_PATIENCE_S = 60.0
_CASES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWorld:
    """What there is to measure with."""

    settings: Settings
    case_ids: list[str]
    lead: User
    operator: User


async def make_event_world(data: Path) -> EventWorld:
    """Migrate a database in ``data`` and fill it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings.load(data, port=port, livekit_url="ws://127.0.0.1:9")
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
        centre = await institutions.create(name="甲", name_en="A", kind=InstitutionKind.INVITED)
        hospital = await institutions.create(name="乙", name_en="B", kind=InstitutionKind.INVITING)
        lead = await _user(container, session, centre, Role.LEAD_GUIDE)
        operator = await _user(container, session, hospital, Role.OPERATOR)
        room = await institutions.create_room(institution_id=hospital.id, name="1", name_en="1")
        cases = [
            await case_service(container, session).open(
                _case(container, hospital, centre, room.id, (lead, operator))
            )
            for _ in range(_CASES)
        ]
    await container.database.close()
    return EventWorld(settings=settings, case_ids=[case.id for case in cases], lead=lead, operator=operator)


async def _user(container: Container, session: AsyncSession, institution: Institution, role: Role) -> User:
    new = NewUser(
        login=role.value,
        display_name=role.value,
        display_name_en=role.value,
        institution_id=institution.id,
        roles=frozenset({role}),
    )
    user, _ = await account_service(container, session).create(new, password=PASSWORD)
    return user


def _case(
    container: Container,
    hospital: Institution,
    centre: Institution,
    room_id: str,
    team: tuple[User, ...],
) -> NewCase:
    members = tuple(TeamMember(user_id=user.id, role=role) for user in team for role in user.roles)
    return NewCase(
        technique=Technique.RFA,
        lesion="",
        patient=Patient(name="模拟", sex=Sex.OTHER, birth_date=date(1960, 1, 1), hospital_number="0"),
        disclosure=Disclosure.NONE,
        inviting_institution_id=hospital.id,
        invited_institution_id=centre.id,
        operating_room_id=room_id,
        scheduled_at=container.clock.now() + timedelta(hours=1),
        team=members,
    )


@asynccontextmanager
async def event_server(world: EventWorld) -> AsyncIterator[str]:
    """Run the server as a process of its own; give its address."""
    settings = world.settings
    origin = f"http://127.0.0.1:{settings.port}"
    environment = {
        **os.environ,
        "TONGTAI_DATA": str(settings.data),
        "TONGTAI_PORT": str(settings.port),
        "TONGTAI_LIVEKIT_URL": settings.livekit_url,
        "TONGTAI_LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tongtai.entrypoints.web", env=environment, start_new_session=True
    )
    try:
        async with asyncio.timeout(_START_PATIENCE_S), httpx2.AsyncClient(trust_env=False) as client:
            while True:
                with suppress(httpx2.HTTPError):
                    if (await client.get(f"{origin}/healthz")).is_success:
                        break
                await asyncio.sleep(0.1)
        yield origin
    finally:
        process.terminate()
        await process.wait()


async def signed_in(origin: str, login: str) -> httpx2.AsyncClient:
    """A browser in which this user is signed in; the caller closes it."""
    client = httpx2.AsyncClient(base_url=origin, headers={"Origin": origin}, trust_env=False, timeout=30)
    answer = await client.post("/api/auth/login", json={"login": login, "password": PASSWORD})
    answer.raise_for_status()
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client
