"""What a rule may look at besides the session's state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import CaseView
from tongtai.features.guidance.model import Actor, ActorKind, CaseFacts, Guide, Side

SYSTEM = Actor(kind=ActorKind.SYSTEM, id="system", name="同台", name_en="Tongtai", role="system", side=None)
GUIDE_ROLES = (Role.LEAD_GUIDE, Role.BACKUP_GUIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What somebody asks for. The payload has been validated against its schema."""

    id: str
    type: str
    payload: Mapping[str, Any]
    t_site_ms: int | None = None
    clock_offset_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who asks, in which case."""

    case_id: str
    technique: str
    actor: Actor
    guides: tuple[Guide, ...]

    def guide(self, user_id: str) -> Guide | None:
        """The guide of this id in the case's team."""
        return next((guide for guide in self.guides if guide.user_id == user_id), None)


def context_of(view: CaseView, *, user_id: str, name: str, name_en: str) -> Context:
    """The context of a person who has been let through the case's gate."""
    actor = Actor(
        kind=ActorKind.USER,
        id=user_id,
        name=name,
        name_en=name_en,
        role=view.role.value,
        side=Side(view.side.value),
    )
    guides = tuple(
        Guide(
            user_id=member.user_id,
            name=member.display_name,
            name_en=member.display_name_en,
            role=member.role,
        )
        for role in GUIDE_ROLES
        for member in view.team
        if member.role is role
    )
    return Context(case_id=view.case.id, technique=view.case.technique.value, actor=actor, guides=guides)


def system_context(facts: CaseFacts) -> Context:
    """The context of the server's own acts."""
    return Context(case_id=facts.case_id, technique=facts.technique, actor=SYSTEM, guides=facts.guides)
