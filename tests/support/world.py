"""A small world: institutions, people, cases. All names are invented."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.web.app import build_container
from tongtai.features.accounts.api import account_service
from tongtai.features.accounts.model import ROLES_OF, Role
from tongtai.features.accounts.service import NewUser
from tongtai.features.cases.api import case_service
from tongtai.features.cases.model import (
    TEAM_ROLES,
    Case,
    Disclosure,
    Patient,
    Sex,
    TeamMember,
    Technique,
)
from tongtai.features.cases.service import NewCase
from tongtai.features.institutions.api import institution_service
from tongtai.features.institutions.model import Institution, InstitutionKind, OperatingRoom
from tongtai.infra.container import Container
from tongtai.infra.credentials import Passwords
from tongtai.infra.settings import Settings

PASSWORD = "quiet lantern 77"


def cheap_passwords() -> Passwords:
    """Argon2 at its cheapest: what it costs is not what most tests are about."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in with ``PASSWORD``."""

    id: str
    login: str
    institution_id: str
    role: Role

    def __str__(self) -> str:
        return self.login


@dataclass
class World:
    """What ``make_world`` made. ``people[institution key][role]`` finds a person."""

    centre: Institution
    hospitals: list[Institution]
    rooms: list[OperatingRoom]
    cases: list[Case]
    people: dict[str, dict[Role, Person]] = field(default_factory=dict)

    def person(self, role: Role, where: str = "own") -> Person:
        """The person of a role in ``own`` (hospital 1), ``other`` (hospital 2) or ``centre``."""
        return self.people[where][role]

    @property
    def case(self) -> Case:
        """The case of hospital 1."""
        return self.cases[0]

    @property
    def other_case(self) -> Case:
        """The case of hospital 2."""
        return self.cases[1]

    @property
    def attending(self) -> Person:
        """The attending doctor of hospital 1."""
        return self.person(Role.ATTENDING)

    @property
    def operator(self) -> Person:
        """The operator of hospital 1."""
        return self.person(Role.OPERATOR)

    @property
    def other_operator(self) -> Person:
        """The operator of hospital 2."""
        return self.person(Role.OPERATOR, "other")

    @property
    def lead_guide(self) -> Person:
        """The centre's lead guide."""
        return self.person(Role.LEAD_GUIDE, "centre")

    @property
    def coordinator(self) -> Person:
        """The centre's coordinator."""
        return self.person(Role.COORDINATOR, "centre")


@dataclass(frozen=True, slots=True)
class Inhabited:
    """A data folder and a migrated database (SQLAlchemy's ``url``) with the world in it, to be copied."""

    data: Path
    url: str
    world: World


def inhabit(settings: Settings) -> World:
    """Make the world in a migrated database that nobody has open; must not be called from a loop."""

    async def make() -> World:
        container = build_container(settings)
        container.services[Passwords] = cheap_passwords()
        try:
            return await make_world(container)
        finally:
            await container.database.close()

    return asyncio.run(make())


async def make_world(container: Container, tag: str = "") -> World:
    """Make the world in one transaction.

    Parameters
    ----------
    tag : str
        Told apart by this, several worlds can be in one installation.
    """
    async with container.database.transaction() as session:
        institutions = institution_service(session)
        centre = await institutions.create(
            name=f"云岭肿瘤中心{tag}", name_en=f"Yunling Cancer Centre{tag}", kind=InstitutionKind.INVITED
        )
        hospitals = [
            await institutions.create(
                name=f"{name}{tag}", name_en=f"{name_en}{tag}", kind=InstitutionKind.INVITING
            )
            for name, name_en in (
                ("山城医院", "Shancheng Hospital"),
                ("海滨医院", "Haibin Hospital"),
            )
        ]
        rooms = [
            await institutions.create_room(institution_id=hospital.id, name="手术间 1", name_en="OR 1")
            for hospital in hospitals
        ]
        world = World(centre=centre, hospitals=hospitals, rooms=rooms, cases=[])
        places = (("own", hospitals[0]), ("other", hospitals[1]), ("centre", centre))
        for where, institution in places:
            world.people[where] = await _people(container, session, f"{where}{tag}", institution)
        for index, where in enumerate(("own", "other")):
            world.cases.append(await _case(container, session, world, index, where))
    return world


async def _people(
    container: Container, session: AsyncSession, where: str, institution: Institution
) -> dict[Role, Person]:
    service = account_service(container, session)
    people = {}
    for role in sorted(ROLES_OF[institution.kind]):
        user, _ = await service.create(
            NewUser(
                login=f"{where}.{role}",
                display_name=f"{institution.name}{role}",
                display_name_en=f"{institution.name_en} {role}",
                institution_id=institution.id,
                roles=frozenset({role}),
            ),
            password=PASSWORD,
        )
        people[role] = Person(user.id, user.login, institution.id, role)
    return people


async def _case(container: Container, session: AsyncSession, world: World, index: int, where: str) -> Case:
    own = world.people[where].values()
    guests = world.people["centre"].values()
    return await case_service(container, session).open(
        NewCase(
            technique=(Technique.RFA, Technique.MWA)[index],
            lesion="S8, 23 mm",
            patient=Patient(
                name=("王小明", "李小红")[index],
                sex=(Sex.MALE, Sex.FEMALE)[index],
                birth_date=date(1957, 3, 2),
                hospital_number=f"H{index}-0001",
            ),
            disclosure=Disclosure.MASKED,
            inviting_institution_id=world.hospitals[index].id,
            invited_institution_id=world.centre.id,
            operating_room_id=world.rooms[index].id,
            scheduled_at=container.clock.now() + timedelta(hours=1),
            team=tuple(
                TeamMember(user_id=person.id, role=person.role)
                for person in (*own, *guests)
                if person.role in TEAM_ROLES
            ),
        )
    )
