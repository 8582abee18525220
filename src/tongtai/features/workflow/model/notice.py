"""A notice: somebody is called to a case, an incident, or a finding of a review."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from tongtai.features.cases.model import Side

# A bundle was made: each side is called to confirm what has arrived.
BUNDLE_WAITS: Mapping[Side, str] = MappingProxyType(
    {Side.SITE: "bundle_waits_site", Side.CENTRE: "bundle_waits_centre"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What these roles of an institution, or one person of it, are called for.

    Attributes
    ----------
    user_id
        Who is called; ``None``: everybody of the roles.
    case_id, incident_id, finding_id
        What it is about: one of these.
    code
        A timer's key, or what happened (``moved``).
    level
        Step of escalation, from 0.
    """

    id: str
    institution_id: str
    roles: frozenset[str]
    code: str
    level: int
    due_at: datetime
    made_at: datetime
    case_id: str | None = None
    incident_id: str | None = None
    finding_id: str | None = None
    user_id: str | None = None
    read_by: str | None = None
    read_at: datetime | None = None

    def calls(self, user_id: str, roles: Collection[str]) -> bool:
        """Whether somebody of this institution is meant."""
        return self.user_id == user_id if self.user_id is not None else not self.roles.isdisjoint(roles)
