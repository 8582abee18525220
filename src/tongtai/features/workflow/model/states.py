"""Where a case stands: four regions that move side by side."""

from enum import StrEnum


class ClinicalState(StrEnum):
    """The stations of a case from referral to archive, and the exits."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MDT_SCHEDULED = "mdt_scheduled"
    MDT_DECIDED = "mdt_decided"
    PLANNING = "planning"
    PLAN_APPROVED = "plan_approved"
    OPINION_ISSUED = "opinion_issued"
    DECISION_MADE = "decision_made"
    SCHEDULED = "scheduled"
    READY = "ready"
    SIGNED_IN = "signed_in"
    TIME_OUT_OK = "time_out_ok"
    IN_PROCEDURE = "in_procedure"
    SIGNED_OUT = "signed_out"
    POST_OP = "post_op"
    REPORTED = "reported"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"
    ABORTED = "aborted"
    DEATH = "death"


class MediaState(StrEnum):
    """The live pictures and sound."""

    OFF = "off"
    TESTED = "tested"
    LIVE = "live"
    DEGRADED = "degraded"
    LOST = "lost"


class LegalState(StrEnum):
    """Whether the record may be worked on."""

    NORMAL = "normal"
    SEALED = "sealed"
    DISPUTE = "dispute"


_S = ClinicalState

# Nothing has been done to the patient yet: a case can still be called off or put aside.
BEFORE_PROCEDURE: frozenset[ClinicalState] = frozenset(
    {
        _S.DRAFT,
        _S.SUBMITTED,
        _S.RETURNED,
        _S.ACCEPTED,
        _S.MDT_SCHEDULED,
        _S.MDT_DECIDED,
        _S.PLANNING,
        _S.PLAN_APPROVED,
        _S.OPINION_ISSUED,
        _S.DECISION_MADE,
        _S.SCHEDULED,
        _S.READY,
        _S.SIGNED_IN,
        _S.TIME_OUT_OK,
    }
)

# The patient is on the table, or has just left it.
AT_TABLE: frozenset[ClinicalState] = frozenset({_S.IN_PROCEDURE, _S.ABORTED})

# The only state without an exit.
FINAL: frozenset[ClinicalState] = frozenset({_S.ARCHIVED})
