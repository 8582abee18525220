"""How a case moves: one table. What is not in it cannot happen."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tongtai.features.accounts.model import Role
from tongtai.features.workflow.model.states import BEFORE_PROCEDURE, ClinicalState


class Act(StrEnum):
    """What moves a case."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    DECLINE = "decline"
    REVISE = "revise"
    SCHEDULE_MDT = "schedule_mdt"
    DECIDE_MDT = "decide_mdt"
    ASK_FOR_MORE = "ask_for_more"
    BEGIN_PLANNING = "begin_planning"
    APPROVE_PLAN = "approve_plan"
    PLAN_AGAIN = "plan_again"
    ISSUE_OPINION = "issue_opinion"
    DECIDE = "decide"
    SCHEDULE = "schedule"
    CLOSE_UNTREATED = "close_untreated"
    MAKE_READY = "make_ready"
    STAND_DOWN = "stand_down"
    SIGN_IN = "sign_in"
    TIME_OUT = "time_out"
    BEGIN_PROCEDURE = "begin_procedure"
    SIGN_OUT = "sign_out"
    ORDER_CARE = "order_care"
    REPORT = "report"
    BEGIN_FOLLOW_UP = "begin_follow_up"
    CLOSE = "close"
    ARCHIVE = "archive"
    CANCEL = "cancel"
    SUSPEND = "suspend"
    RESUME = "resume"
    ABORT = "abort"
    NOTE_DEATH = "note_death"


class Guard(StrEnum):
    """What must be true; each answers with what is missing."""

    AGREEMENT_IN_FORCE = "agreement_in_force"
    SITE_LICENSED = "site_licensed"
    TECHNIQUE_FILED = "technique_filed"
    REQUEST_COMPLETE = "request_complete"
    REQUEST_APPROVED = "request_approved"
    CONSENT_TO_SHARE = "consent_to_share"
    MATERIAL_COMPLETE = "material_complete"
    GAPS_FOUND = "gaps_found"
    EXPERTS_QUALIFIED = "experts_qualified"
    PANEL_QUORATE = "panel_quorate"
    MDT_DECIDED = "mdt_decided"
    MDT_WANTS_MORE = "mdt_wants_more"
    MDT_TREATS = "mdt_treats"
    MDT_DOES_NOT_TREAT = "mdt_does_not_treat"
    IMAGING_READY = "imaging_ready"
    PLAN_SIGNED_OFF = "plan_signed_off"
    PLAN_READ_BY_OPERATOR = "plan_read_by_operator"
    OPINION_SIGNED = "opinion_signed"
    DECISION_SIGNED = "decision_signed"
    DECISION_OPERATES = "decision_operates"
    DECISION_DOES_NOT_OPERATE = "decision_does_not_operate"
    CONSENT_TO_SURGERY = "consent_to_surgery"
    SLOT_AND_GUIDES = "slot_and_guides"
    MATERIAL_FOR_SCHEDULE = "material_for_schedule"
    MATERIAL_FRESH = "material_fresh"
    TWO_UPLINKS = "two_uplinks"
    CONSENTS_VALID = "consents_valid"
    READINESS_DONE = "readiness_done"
    SIGN_IN_DONE = "sign_in_done"
    TIME_OUT_DONE = "time_out_done"
    SIGN_OUT_DONE = "sign_out_done"
    MDT_BEFORE_OPERATION = "mdt_before_operation"
    PHYSICIAN_PRESENT = "physician_present"
    MEDIA_LIVE_OR_LOCAL = "media_live_or_local"
    WARNINGS_RUN = "warnings_run"
    WARNINGS_ACKNOWLEDGED = "warnings_acknowledged"
    RECORDS_WRITTEN = "records_written"
    RECEIPTS_EQUAL = "receipts_equal"
    DISCHARGED = "discharged"
    FOLLOW_UP_DONE = "follow_up_done"
    SUSPENDED_HERE = "suspended_here"


class ReasonRule(StrEnum):
    """When an act needs a reason in words."""

    NEVER = "never"
    ALWAYS = "always"
    # Material is sent back once with the whole list; a second time asks why not the first time.
    WHEN_REPEATED = "when_repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One way from a state to another: by whose act, behind which guards."""

    act: Act
    source: ClinicalState
    target: ClinicalState
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = ()
    reason: ReasonRule = ReasonRule.NEVER


_S, _R, _G = ClinicalState, Role, Guard
_ATTENDING = frozenset({_R.ATTENDING})
_AT_TABLE = frozenset({_R.ATTENDING, _R.OPERATOR})
_COORDINATOR = frozenset({_R.COORDINATOR})
_GUIDES = frozenset({_R.LEAD_GUIDE, _R.BACKUP_GUIDE})
_SITE_HEADS = frozenset({_R.ATTENDING, _R.MEDICAL_AFFAIRS})
_REQUEST = (
    _G.AGREEMENT_IN_FORCE,
    _G.SITE_LICENSED,
    _G.TECHNIQUE_FILED,
    _G.REQUEST_COMPLETE,
    _G.CONSENT_TO_SHARE,
    _G.REQUEST_APPROVED,
)


def _t(
    act: Act,
    source: ClinicalState,
    target: ClinicalState,
    roles: Iterable[Role],
    *guards: Guard,
    reason: ReasonRule = ReasonRule.NEVER,
) -> Transition:
    return Transition(
        act=act, source=source, target=target, roles=frozenset(roles), guards=guards, reason=reason
    )


_ALWAYS = ReasonRule.ALWAYS
_FORWARD = (
    _t(Act.SUBMIT, _S.DRAFT, _S.SUBMITTED, _ATTENDING, *_REQUEST),
    _t(Act.SUBMIT, _S.RETURNED, _S.SUBMITTED, _ATTENDING, *_REQUEST),
    _t(
        Act.RETURN,
        _S.SUBMITTED,
        _S.RETURNED,
        _COORDINATOR,
        _G.GAPS_FOUND,
        reason=ReasonRule.WHEN_REPEATED,
    ),
    _t(
        Act.ACCEPT,
        _S.SUBMITTED,
        _S.ACCEPTED,
        _COORDINATOR | _GUIDES,
        _G.AGREEMENT_IN_FORCE,
        _G.MATERIAL_COMPLETE,
        _G.EXPERTS_QUALIFIED,
    ),
    _t(Act.DECLINE, _S.SUBMITTED, _S.DECLINED, _COORDINATOR | _GUIDES, reason=_ALWAYS),
    _t(Act.REVISE, _S.DECLINED, _S.DRAFT, _ATTENDING, reason=_ALWAYS),
    _t(Act.SCHEDULE_MDT, _S.ACCEPTED, _S.MDT_SCHEDULED, _COORDINATOR, _G.PANEL_QUORATE),
    _t(Act.DECIDE_MDT, _S.MDT_SCHEDULED, _S.MDT_DECIDED, _COORDINATOR | _GUIDES, _G.MDT_DECIDED),
    _t(Act.ASK_FOR_MORE, _S.MDT_DECIDED, _S.RETURNED, _COORDINATOR | _GUIDES, _G.MDT_WANTS_MORE),
    _t(
        Act.BEGIN_PLANNING,
        _S.MDT_DECIDED,
        _S.PLANNING,
        _GUIDES | {_R.PLANNER, _R.COORDINATOR},
        _G.MDT_TREATS,
        _G.IMAGING_READY,
    ),
    _t(
        Act.APPROVE_PLAN,
        _S.PLANNING,
        _S.PLAN_APPROVED,
        _GUIDES,
        _G.PLAN_SIGNED_OFF,
        _G.PLAN_READ_BY_OPERATOR,
    ),
    _t(Act.PLAN_AGAIN, _S.PLAN_APPROVED, _S.PLANNING, _GUIDES | {_R.PLANNER}, reason=_ALWAYS),
    _t(Act.ISSUE_OPINION, _S.PLAN_APPROVED, _S.OPINION_ISSUED, _GUIDES, _G.OPINION_SIGNED),
    _t(
        Act.ISSUE_OPINION,
        _S.MDT_DECIDED,
        _S.OPINION_ISSUED,
        _GUIDES,
        _G.MDT_DOES_NOT_TREAT,
        _G.OPINION_SIGNED,
    ),
    _t(Act.DECIDE, _S.OPINION_ISSUED, _S.DECISION_MADE, _AT_TABLE, _G.DECISION_SIGNED),
    _t(Act.PLAN_AGAIN, _S.DECISION_MADE, _S.PLANNING, _GUIDES | _ATTENDING, _G.MDT_TREATS, reason=_ALWAYS),
    _t(Act.CLOSE_UNTREATED, _S.DECISION_MADE, _S.CLOSED, _ATTENDING, _G.DECISION_DOES_NOT_OPERATE),
    _t(
        Act.SCHEDULE,
        _S.DECISION_MADE,
        _S.SCHEDULED,
        _COORDINATOR | _ATTENDING,
        _G.DECISION_OPERATES,
        _G.CONSENT_TO_SURGERY,
        _G.MDT_BEFORE_OPERATION,
        _G.PLAN_SIGNED_OFF,
        _G.SLOT_AND_GUIDES,
        _G.EXPERTS_QUALIFIED,
        _G.MATERIAL_FOR_SCHEDULE,
    ),
    _t(
        Act.MAKE_READY,
        _S.SCHEDULED,
        _S.READY,
        {_R.NURSE, _R.TECHNICIAN, _R.OPERATOR, _R.ATTENDING},
        _G.READINESS_DONE,
        _G.TWO_UPLINKS,
        _G.MATERIAL_FRESH,
        _G.CONSENTS_VALID,
    ),
    _t(
        Act.STAND_DOWN,
        _S.READY,
        _S.SCHEDULED,
        {_R.NURSE, _R.TECHNICIAN, _R.OPERATOR, _R.ATTENDING, _R.COORDINATOR},
        reason=_ALWAYS,
    ),
    _t(
        Act.SIGN_IN,
        _S.READY,
        _S.SIGNED_IN,
        {_R.OPERATOR, _R.ANAESTHETIST, _R.NURSE},
        _G.SIGN_IN_DONE,
        _G.CONSENTS_VALID,
    ),
    _t(
        Act.TIME_OUT,
        _S.SIGNED_IN,
        _S.TIME_OUT_OK,
        {_R.OPERATOR, _R.ANAESTHETIST, _R.NURSE},
        _G.TIME_OUT_DONE,
        _G.CONSENTS_VALID,
    ),
    _t(
        Act.BEGIN_PROCEDURE,
        _S.TIME_OUT_OK,
        _S.IN_PROCEDURE,
        {_R.OPERATOR},
        _G.DECISION_SIGNED,
        _G.MDT_BEFORE_OPERATION,
        _G.PLAN_SIGNED_OFF,
        _G.CONSENTS_VALID,
        _G.PHYSICIAN_PRESENT,
        _G.MEDIA_LIVE_OR_LOCAL,
    ),
    _t(
        Act.SIGN_OUT,
        _S.IN_PROCEDURE,
        _S.SIGNED_OUT,
        {_R.OPERATOR, _R.ANAESTHETIST, _R.NURSE},
        _G.SIGN_OUT_DONE,
    ),
    _t(
        Act.SIGN_OUT,
        _S.ABORTED,
        _S.SIGNED_OUT,
        {_R.OPERATOR, _R.ANAESTHETIST, _R.NURSE},
        _G.SIGN_OUT_DONE,
    ),
    _t(Act.ORDER_CARE, _S.SIGNED_OUT, _S.POST_OP, _AT_TABLE, _G.WARNINGS_RUN),
    _t(
        Act.REPORT,
        _S.POST_OP,
        _S.REPORTED,
        _AT_TABLE,
        _G.WARNINGS_RUN,
        _G.WARNINGS_ACKNOWLEDGED,
        _G.RECORDS_WRITTEN,
        _G.RECEIPTS_EQUAL,
    ),
    _t(Act.BEGIN_FOLLOW_UP, _S.REPORTED, _S.FOLLOW_UP, _AT_TABLE, _G.DISCHARGED),
    _t(Act.CLOSE, _S.FOLLOW_UP, _S.CLOSED, _ATTENDING, _G.FOLLOW_UP_DONE),
    _t(Act.CLOSE, _S.CANCELLED, _S.CLOSED, _SITE_HEADS),
    _t(Act.CLOSE, _S.DEATH, _S.CLOSED, _ATTENDING, _G.RECORDS_WRITTEN),
    _t(Act.ARCHIVE, _S.CLOSED, _S.ARCHIVED, _SITE_HEADS, _G.RECEIPTS_EQUAL),
)

_CAN_DIE = frozenset(ClinicalState) - {
    _S.CLOSED,
    _S.ARCHIVED,
    _S.DEATH,
    _S.CANCELLED,
    _S.DECLINED,
    _S.DRAFT,
}
_EXITS = (
    *(
        _t(Act.CANCEL, state, _S.CANCELLED, _SITE_HEADS | _COORDINATOR, reason=_ALWAYS)
        for state in ClinicalState
        if state in BEFORE_PROCEDURE | {_S.DECLINED, _S.SUSPENDED}
    ),
    *(
        _t(
            Act.SUSPEND,
            state,
            _S.SUSPENDED,
            _SITE_HEADS | _AT_TABLE | _COORDINATOR | _GUIDES,
            reason=_ALWAYS,
        )
        for state in ClinicalState
        if state in BEFORE_PROCEDURE
    ),
    *(
        # A case comes back to where it was put aside, and nowhere else.
        _t(
            Act.RESUME,
            _S.SUSPENDED,
            state,
            _SITE_HEADS,
            _G.SUSPENDED_HERE,
            *(() if state is _S.DRAFT else (_G.CONSENT_TO_SHARE,)),
            reason=_ALWAYS,
        )
        for state in ClinicalState
        if state in BEFORE_PROCEDURE
    ),
    _t(Act.ABORT, _S.IN_PROCEDURE, _S.ABORTED, {_R.OPERATOR}, reason=_ALWAYS),
    *(
        _t(Act.NOTE_DEATH, state, _S.DEATH, _AT_TABLE, reason=_ALWAYS)
        for state in ClinicalState
        if state in _CAN_DIE
    ),
)

TRANSITIONS: tuple[Transition, ...] = _FORWARD + _EXITS


def leaving(state: ClinicalState) -> tuple[Transition, ...]:
    """Every way out of a state."""
    return tuple(transition for transition in TRANSITIONS if transition.source is state)


def transition_of(
    state: ClinicalState, act: Act, *, suspended_from: ClinicalState | None = None
) -> Transition | None:
    """The one way that an act opens in a state, or ``None``.

    Parameters
    ----------
    suspended_from
        Where a suspended case stood: the only place that it comes back to.

    Examples
    --------
    >>> found = transition_of(ClinicalState.DRAFT, Act.SUBMIT)
    >>> found.target if found else None
    <ClinicalState.SUBMITTED: 'submitted'>
    """
    found = [transition for transition in leaving(state) if transition.act is act]
    if act is Act.RESUME:
        found = [transition for transition in found if transition.target is suspended_from]
    return found[0] if found else None
