"""A notice: somebody is called to a case, or to an incident."""

from collections.abc import Mapping
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
    """What these roles of an institution are called for.

    Attributes
    ----------
    case_id, incident_id
        What it is about: one of the two.
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
    read_by: str | None = None
    read_at: datetime | None = None
