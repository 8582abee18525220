"""The way of a case: states, transitions, timers, and what is recorded of each move."""

from tongtai.features.agreements.model import ServiceType
from tongtai.features.consents.model import ConsentState
from tongtai.features.workflow.model.dossier import (
    MAY_STATE,
    NEEDS_WORDS,
    Dossier,
    Move,
    Mover,
    MoveRequest,
    OpenWay,
    Overview,
    Statement,
    StatementKind,
    latest,
    move_hash,
)
from tongtai.features.workflow.model.live import ALLOWED_IN, PHYSICIANS, physicians_gone_at, present
from tongtai.features.workflow.model.notice import BUNDLE_WAITS, Notice
from tongtai.features.workflow.model.queue import QueuedCase, QueueOrder, QueueQuery
from tongtai.features.workflow.model.states import (
    AT_TABLE,
    BEFORE_PROCEDURE,
    FINAL,
    ClinicalState,
    LegalState,
    MediaState,
)
from tongtai.features.workflow.model.timers import TIMERS, due_at, due_calls, next_due
from tongtai.features.workflow.model.transitions import (
    TRANSITIONS,
    Act,
    Guard,
    ReasonRule,
    Transition,
    leaving,
    transition_of,
)
from tongtai.features.workflow.model.waiting import Waiting, states_waiting_for, waits_for
from tongtai.features.workflow.model.withdrawal import WithdrawalEffect, effect_of_withdrawal

__all__ = [
    "ALLOWED_IN",
    "AT_TABLE",
    "BEFORE_PROCEDURE",
    "BUNDLE_WAITS",
    "FINAL",
    "MAY_STATE",
    "NEEDS_WORDS",
    "PHYSICIANS",
    "TIMERS",
    "TRANSITIONS",
    "Act",
    "ClinicalState",
    "ConsentState",
    "Dossier",
    "Guard",
    "LegalState",
    "MediaState",
    "Move",
    "MoveRequest",
    "Mover",
    "Notice",
    "OpenWay",
    "Overview",
    "QueueOrder",
    "QueueQuery",
    "QueuedCase",
    "ReasonRule",
    "ServiceType",
    "Statement",
    "StatementKind",
    "Transition",
    "Waiting",
    "WithdrawalEffect",
    "due_at",
    "due_calls",
    "effect_of_withdrawal",
    "latest",
    "leaving",
    "move_hash",
    "next_due",
    "physicians_gone_at",
    "present",
    "states_waiting_for",
    "transition_of",
    "waits_for",
]
