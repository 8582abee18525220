"""How hospitals rate finished sessions, and treated cases counted by whom, what and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tongtai.features.accounts.model import By
from tongtai.features.cases.model import Technique

# An average over fewer ratings would name the hospital that gave them.
LEAST_RATINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A hospital's rating of a session: item to score from 1 to 5."""

    case_id: str
    inviting_institution_id: str
    invited_institution_id: str
    scores: Mapping[str, int]
    by: By
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """The ratings of one item: how many, and their mean, which is withheld while they are few."""

    item: str
    count: int
    mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many treated cases there are of one month, technique, service and other institution.

    Attributes
    ----------
    service_type
        Empty for cases outside the workflow.
    """

    month: str
    technique: Technique
    service_type: str
    institution_id: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertWork:
    """How many finished sessions somebody has led or backed up."""

    led: int = 0
    backed_up: int = 0
