"""Where composers look."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.case_document import Language
from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import CaseView
from tongtai.formats.case_documents.words import Words
from tongtai.infra.container import Container


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The server's parts and the present transaction."""

    container: Container
    session: AsyncSession

    def words(self, language: Language) -> Words:
        """The words of a language, with times in the papers' zone."""
        return Words(language, self.container.settings.zone)


def team_signers(view: CaseView, *roles: Role) -> tuple[tuple[str, Role], ...]:
    """The people of the case's team in these roles, in the roles' order."""
    return tuple(
        (member.user_id, member.role) for role in roles for member in view.team if member.role is role
    )


def place_of(view: CaseView, user_id: str, otherwise: Role) -> Role:
    """In which role of the team somebody signs."""
    return next((member.role for member in view.team if member.user_id == user_id), otherwise)
