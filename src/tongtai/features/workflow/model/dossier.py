"""The way of one case: where it stands, what moved it, what was stated on the way."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tongtai.core.lacks import Lack
from tongtai.features.accounts.model import Role
from tongtai.features.agreements.model import ServiceType
from tongtai.features.audit.model import GENESIS, canonical_json
from tongtai.features.consents.model import ConsentState
from tongtai.features.workflow.model.states import (
    ClinicalState,
    LegalState,
    MediaState,
)
from tongtai.features.workflow.model.transitions import Act, Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Where a case stands.

    Attributes
    ----------
    returns
        How often its material was sent back.
    suspended_from
        Where a suspended case stood.
    version
        Rises with every move; who moves a case names the version that they saw.
    """

    case_id: str
    state: ClinicalState
    entered_at: datetime
    began_at: datetime
    service_type: ServiceType
    urgent: bool
    legal: LegalState = LegalState.NORMAL
    returns: int = 0
    suspended_from: ClinicalState | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Who moved a case, by the names that they had then."""

    user_id: str
    name: str
    name_en: str
    role: Role | None
    institution_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One move, in its place in the case's own chain of hashes. ``seq`` starts at 1."""

    case_id: str
    seq: int
    at: datetime
    act: str
    before: ClinicalState | None
    after: ClinicalState
    mover: Mover
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    prev_hash: str = GENESIS
    hash: str = ""


def move_hash(move: Move) -> str:
    """SHA-256 over everything in a move and its predecessor's hash, in hexadecimal."""
    mover = move.mover
    fields = [
        move.case_id,
        move.seq,
        move.at.isoformat(timespec="microseconds"),
        move.act,
        move.before,
        move.after,
        [mover.user_id, mover.name, mover.name_en, mover.role, mover.institution_id],
        move.reason,
        dict(move.values),
        move.prev_hash,
    ]
    return hashlib.sha256(canonical_json(fields).encode()).hexdigest()


class StatementKind(StrEnum):
    """What a named person states about a case, once and for the record."""

    REQUEST_APPROVED = "request_approved"
    PLAN_READ = "plan_read"
    PRESENT = "present"
    LEFT = "left"
    LOCAL_ONLY = "local_only"
    WITHDRAWAL_JUDGED = "withdrawal_judged"
    BROADCAST_APPROVED = "broadcast_approved"
    RECORD_WRITTEN = "record_written"
    DISCHARGED = "discharged"
    FOLLOW_UP_ENDED = "follow_up_ended"


# Who may state what, and whether it needs words or values of its own.
_R = Role
MAY_STATE: Mapping[StatementKind, frozenset[Role]] = {
    StatementKind.REQUEST_APPROVED: frozenset({_R.MEDICAL_AFFAIRS}),
    StatementKind.PLAN_READ: frozenset({_R.OPERATOR}),
    StatementKind.PRESENT: frozenset({_R.ATTENDING, _R.OPERATOR, _R.ANAESTHETIST}),
    StatementKind.LEFT: frozenset({_R.ATTENDING, _R.OPERATOR, _R.ANAESTHETIST}),
    StatementKind.LOCAL_ONLY: frozenset({_R.OPERATOR}),
    StatementKind.WITHDRAWAL_JUDGED: frozenset({_R.OPERATOR}),
    StatementKind.BROADCAST_APPROVED: frozenset({_R.MEDICAL_AFFAIRS}),
    StatementKind.RECORD_WRITTEN: frozenset({_R.OPERATOR, _R.ATTENDING}),
    StatementKind.DISCHARGED: frozenset({_R.ATTENDING, _R.OPERATOR}),
    StatementKind.FOLLOW_UP_ENDED: frozenset({_R.ATTENDING}),
}
# These say nothing without words: why local only, what the operator decided, how follow-up ended.
NEEDS_WORDS = frozenset(
    {
        StatementKind.LOCAL_ONLY,
        StatementKind.WITHDRAWAL_JUDGED,
        StatementKind.FOLLOW_UP_ENDED,
        StatementKind.RECORD_WRITTEN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody stated. ``subject`` names what it is about: a plan, a document."""

    id: str
    case_id: str
    kind: StatementKind
    at: datetime
    by: Mover
    subject: str = ""
    sha256: str = ""
    text: str = ""


def latest(statements: tuple[Statement, ...], *kinds: StatementKind) -> Statement | None:
    """The last statement of these kinds."""
    return next((found for found in reversed(statements) if found.kind in kinds), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWay:
    """A transition out of the present state, with what is missing for it."""

    transition: Transition
    allowed: bool
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A case's way as one person sees it.

    Attributes
    ----------
    may_state
        What this person may state for the record.
    due
        Key of the timer that runs out first, and when.
    """

    dossier: Dossier
    consent: ConsentState
    media: MediaState
    ways: tuple[OpenWay, ...]
    moves: tuple[Move, ...]
    statements: tuple[Statement, ...]
    may_state: tuple[StatementKind, ...]
    due: tuple[str, datetime] | None
    dispute_authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRequest:
    """What somebody wants to do, seeing ``version``."""

    act: Act
    version: int
    reason: str = ""
