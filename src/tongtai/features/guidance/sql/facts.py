"""What guidance asks the database of cases and people."""

from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.model import Principal, User
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.cases.model import Case
from tongtai.features.cases.sql import SqlCases
from tongtai.features.guidance.model import CaseFacts, Guide
from tongtai.features.guidance.service.context import GUIDE_ROLES
from tongtai.infra.database import Database


class SqlCaseFacts:
    """What guidance needs to know of cases and people for the server's own acts.

    Parameters
    ----------
    database : Database
        The installation's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_case(self, case_id: str) -> CaseFacts | None:
        """The facts of a case."""
        async with self._database.sessions() as session:
            case = await SqlCases(session).find(case_id)
            return await _facts(session, case) if case else None

    async def admitted(self, user_id: str, case_id: str | None) -> bool:
        """Whether this person may be in the room of this case, or in the experts' when ``None``."""
        async with self._database.sessions() as session:
            user = await SqlUsers(session).find(user_id)
            if user is None or not user.active:
                return False
            if case_id is None:
                return True
            case = await SqlCases(session).find(case_id)
            return case is not None and bool(case.roles_of(_principal(user)))


async def _facts(session: AsyncSession, case: Case) -> CaseFacts:
    guides = []
    users = await SqlUsers(session).find_many({m.user_id for m in case.team if m.role in GUIDE_ROLES})
    for role in GUIDE_ROLES:
        for member in case.team:
            user = users.get(member.user_id) if member.role is role else None
            if user is not None and user.active and role in user.roles:
                guides.append(
                    Guide(
                        user_id=user.id,
                        name=user.display_name,
                        name_en=user.display_name_en,
                        role=role,
                    )
                )
    return CaseFacts(
        case_id=case.id,
        technique=case.technique.value,
        inviting_institution_id=case.inviting_institution_id,
        invited_institution_id=case.invited_institution_id,
        member_ids=frozenset(member.user_id for member in case.team),
        guides=tuple(guides),
    )


def _principal(user: User) -> Principal:
    return Principal(
        user_id=user.id,
        institution_id=user.institution_id,
        roles=user.roles,
        display_name=user.display_name,
        display_name_en=user.display_name_en,
        session_id="",
    )
