"""What the server itself must know of a case."""

from dataclasses import dataclass

from tongtai.features.accounts.model import Role
from tongtai.features.guidance.model.catalogue import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A member of the team who may lead."""

    user_id: str
    name: str
    name_en: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the server itself must know of a case to act in its session."""

    case_id: str
    technique: str
    inviting_institution_id: str
    invited_institution_id: str
    member_ids: frozenset[str]
    guides: tuple[Guide, ...]

    def side_of(self, institution_id: str) -> Side | None:
        """Which side an institution takes, if any."""
        if institution_id == self.inviting_institution_id:
            return Side.SITE
        return Side.CENTRE if institution_id == self.invited_institution_id else None
