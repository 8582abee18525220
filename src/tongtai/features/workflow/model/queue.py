"""The queue of cases that wait for somebody."""

from dataclasses import dataclass
from enum import StrEnum

from tongtai.features.cases.model import Case, Technique
from tongtai.features.workflow.model.dossier import Dossier
from tongtai.features.workflow.model.states import ClinicalState


class QueueOrder(StrEnum):
    """What the queue is sorted by; urgent cases stay on top."""

    WAITING = "waiting"
    SCHEDULED = "scheduled"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueQuery:
    """Which cases, in which order, which page; without ``states`` all that are not archived."""

    states: frozenset[ClinicalState] = frozenset()
    urgent: bool | None = None
    technique: Technique | None = None
    institution_id: str = ""
    text: str = ""
    order: QueueOrder = QueueOrder.WAITING
    descending: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedCase:
    """A case in the queue."""

    case: Case
    dossier: Dossier
