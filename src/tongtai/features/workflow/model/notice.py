"""A notice: somebody is called to a case."""

from dataclasses import dataclass
from datetime import datetime


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
