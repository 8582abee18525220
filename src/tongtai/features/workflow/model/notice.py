"""A notice: somebody is called to a case."""

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
    code
        A timer's key, or what happened (``moved``).
    level
        Step of escalation, from 0.
    """

    id: str
    case_id: str
    institution_id: str
    roles: frozenset[str]
    code: str
    level: int
    due_at: datetime
    made_at: datetime
    read_by: str | None = None
    read_at: datetime | None = None
