"""Fill an empty installation with the demonstration, through the services that a hospital uses."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.demo.people import (
    CENTRE_KEY,
    CENTRE_NAME,
    CENTRE_NAME_EN,
    HOSPITALS,
    NAMES,
    DemoHospital,
)
from tongtai.entrypoints.demo.privacy import assess
from tongtai.features.accounts.api import account_service
from tongtai.features.accounts.model import ROLES_OF, Role
from tongtai.features.accounts.service import NewUser
from tongtai.features.cases.api import case_service
from tongtai.features.cases.model import TEAM_ROLES, Case, Disclosure, TeamMember
from tongtai.features.cases.service import NewCase
from tongtai.features.institutions.api import institution_service
from tongtai.features.institutions.model import Institution, InstitutionKind
from tongtai.features.institutions.sql import InstitutionRow
from tongtai.infra.container import Container
from tongtai.infra.credentials import new_password


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person of the demonstration with the password that is shown once."""

    user_id: str
    login: str
    password: str
    role: Role
    institution: Institution


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One operating table of the demonstration."""

    hospital: DemoHospital
    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What was made."""

    accounts: tuple[Account, ...]
    tables: tuple[Table, ...]

    def account(self, login: str) -> Account:
        """The account with this login."""
        return next(account for account in self.accounts if account.login == login)


async def seed(container: Container) -> Demonstration | None:
    """Make the demonstration, all or nothing; ``None`` when the installation is not empty."""
    async with container.database.transaction() as session:
        if await session.scalar(select(func.count()).select_from(InstitutionRow)):
            return None
        institutions = institution_service(session)
        centre = await institutions.create(
            name=CENTRE_NAME, name_en=CENTRE_NAME_EN, kind=InstitutionKind.INVITED
        )
        experts = await _people(container, session, CENTRE_KEY, centre)
        accounts = list(experts)
        tables = []
        for hospital in HOSPITALS:
            site = await institutions.create(
                name=hospital.name, name_en=hospital.name_en, kind=InstitutionKind.INVITING
            )
            staff = await _people(container, session, hospital.key, site)
            accounts += staff
            room = await institutions.create_room(institution_id=site.id, name="手术间 1", name_en="OR 1")
            case = await case_service(container, session).open(
                _new_case(container, hospital, [*staff, *experts], room.id)
            )
            tables.append(Table(hospital=hospital, case=case))
        return Demonstration(accounts=tuple(accounts), tables=tuple(tables))


async def _people(
    container: Container, session: AsyncSession, key: str, institution: Institution
) -> list[Account]:
    accounts, users = [], {}
    service = account_service(container, session)
    for role in Role:
        if role not in ROLES_OF[institution.kind]:
            continue
        name, name_en = NAMES[role]
        password = new_password()
        user, _ = await service.create(
            NewUser(
                login=f"{key}.{role}",
                display_name=name,
                display_name_en=name_en,
                institution_id=institution.id,
                roles=frozenset({role}),
            ),
            password=password,
        )
        users[role] = user
        accounts.append(
            Account(user_id=user.id, login=user.login, password=password, role=role, institution=institution)
        )
    second = Role.MEDICAL_AFFAIRS if Role.MEDICAL_AFFAIRS in users else Role.QUALITY_CONTROL
    await assess(container, session, users[Role.ADMINISTRATOR], users[second])
    return accounts


def _new_case(
    container: Container, hospital: DemoHospital, people: list[Account], operating_room_id: str
) -> NewCase:
    site, centre = people[0].institution, people[-1].institution
    return NewCase(
        technique=hospital.technique,
        lesion=hospital.lesion,
        patient=hospital.patient,
        disclosure=Disclosure.MASKED,
        inviting_institution_id=site.id,
        invited_institution_id=centre.id,
        operating_room_id=operating_room_id,
        scheduled_at=container.clock.now() + timedelta(minutes=30),
        team=tuple(
            TeamMember(user_id=person.user_id, role=person.role)
            for person in people
            if person.role in TEAM_ROLES
        ),
    )
