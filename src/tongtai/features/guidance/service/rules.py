"""What each command does: the state, who asks and the payload in; the events out, or a refusal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tongtai.features.guidance.errors import (
    AdviceNotFoundError,
    DuplicateSubjectError,
    GuideNotInTeamError,
    NotYourTurnError,
    SessionNotOpenError,
    StepNotOfTechniqueError,
    StrokeNotFoundError,
    TooManyStrokesError,
    TransitionRefusedError,
)
from tongtai.features.guidance.model import (
    ADVICE_TRANSITIONS,
    HANDOVER_TRANSITIONS,
    PHASE_TRANSITIONS,
    STEP_TRANSITIONS,
    STEPS_OF_TECHNIQUE,
    STOP_TRANSITIONS,
    Advice,
    AdviceLevel,
    Draft,
    EventType,
    HandoverStatus,
    Phase,
    SessionState,
    Side,
    Step,
)
from tongtai.features.guidance.service.context import Context

MAX_STROKES = 1000

Payload = Mapping[str, Any]
Rule = Callable[[SessionState, Context, Payload], Sequence[Draft]]


def open_session(state: SessionState, context: Context, _payload: Payload) -> list[Draft]:
    """Open the session; the team's first guide leads until somebody hands over."""
    if (state.phase, EventType.SESSION_OPENED) not in PHASE_TRANSITIONS:
        raise TransitionRefusedError(state=state.phase, event=EventType.SESSION_OPENED)
    return [Draft(type=EventType.SESSION_OPENED, payload={}), *assign_lead(state, context)]


def assign_lead(state: SessionState, context: Context) -> list[Draft]:
    """Make the team's first guide lead, when nobody of the team does."""
    lead = state.lead_guide_id
    if not context.guides or (lead is not None and context.guide(lead) is not None):
        return []
    first = context.guides[0]
    payload = {"user_id": first.user_id, "name": first.name}
    return [Draft(type=EventType.LEAD_ASSIGNED, payload=payload)]


def close_session(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """Close the session; not with a needle in the patient."""
    if (state.phase, EventType.SESSION_CLOSED) not in PHASE_TRANSITIONS:
        raise TransitionRefusedError(state=state.phase, event=EventType.SESSION_CLOSED)
    if state.step is not None and Step.DONE not in STEP_TRANSITIONS[state.step]:
        raise TransitionRefusedError(state=state.step, event=EventType.SESSION_CLOSED)
    return [Draft(type=EventType.SESSION_CLOSED, payload=payload)]


def mark_step(state: SessionState, context: Context, payload: Payload) -> list[Draft]:
    """Mark a step that the technique has and that may follow the present one."""
    step = Step(payload["step"])
    if step not in STEPS_OF_TECHNIQUE[context.technique]:
        raise StepNotOfTechniqueError(step=step, technique=context.technique)
    if step not in STEP_TRANSITIONS[state.step]:
        raise TransitionRefusedError(state=state.step, event=step)
    return [Draft(type=EventType.STEP_MARKED, payload=payload)]


def give_advice(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """Give an advice, in place of another one when ``supersedes`` names it."""
    if state.find_advice(payload["advice_id"]) is not None:
        raise DuplicateSubjectError(advice_id=payload["advice_id"])
    given = {name: value for name, value in payload.items() if name != "supersedes"}
    drafts = [Draft(type=EventType.ADVICE_GIVEN, payload=given)]
    if payload.get("supersedes"):
        older = _advice(state, payload["supersedes"], EventType.ADVICE_SUPERSEDED)
        change = {"advice_id": older.advice_id, "by": payload["advice_id"]}
        drafts.append(Draft(type=EventType.ADVICE_SUPERSEDED, payload=change))
    return drafts


def change_advice(kind: EventType, side: Side | None) -> Rule:
    """The rule that moves an advice along; ``side`` is who alone may do it."""

    def rule(state: SessionState, context: Context, payload: Payload) -> list[Draft]:
        if side is not None and context.actor.side is not side:
            raise NotYourTurnError(advice_id=payload["advice_id"])
        _advice(state, payload["advice_id"], kind)
        return [Draft(type=kind, payload=payload)]

    return rule


def _advice(state: SessionState, advice_id: str, kind: EventType) -> Advice:
    advice = state.find_advice(advice_id)
    if advice is None:
        raise AdviceNotFoundError(advice_id=advice_id)
    table = STOP_TRANSITIONS if advice.level is AdviceLevel.STOP else ADVICE_TRANSITIONS
    if (advice.status, kind) not in table:
        raise TransitionRefusedError(state=advice.status, event=kind)
    return advice


def resume(state: SessionState, context: Context, payload: Payload) -> list[Draft]:
    """Go on after a STOP; the operator's side decides when."""
    if context.actor.side is not Side.SITE:
        raise NotYourTurnError
    if not state.paused:
        raise TransitionRefusedError(state="running", event=EventType.SESSION_RESUMED)
    return [Draft(type=EventType.SESSION_RESUMED, payload=payload)]


def draw(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """Add a drawing."""
    if state.find_stroke(payload["stroke_id"]) is not None:
        raise DuplicateSubjectError(stroke_id=payload["stroke_id"])
    if len(state.strokes) >= MAX_STROKES:
        raise TooManyStrokesError(limit=MAX_STROKES)
    frozen = payload["surface"].get("frozen")
    if frozen and all(picture.freeze_id != frozen for picture in state.frozen.values()):
        raise TransitionRefusedError(state="unfrozen", event=EventType.DRAW_ADDED)
    return [Draft(type=EventType.DRAW_ADDED, payload=payload)]


def undo(state: SessionState, context: Context, payload: Payload) -> list[Draft]:
    """Take one's own drawing away."""
    stroke = state.find_stroke(payload["stroke_id"])
    if stroke is None or stroke.by_id != context.actor.id:
        raise StrokeNotFoundError(stroke_id=payload["stroke_id"])
    return [Draft(type=EventType.DRAW_UNDONE, payload=payload)]


def freeze(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """Hold a moment of a feed."""
    if any(p.freeze_id == payload["freeze_id"] for p in state.frozen.values()):
        raise DuplicateSubjectError(freeze_id=payload["freeze_id"])
    return [Draft(type=EventType.PICTURE_FROZEN, payload=payload)]


def unfreeze(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """Let a held feed run again."""
    if all(p.freeze_id != payload["freeze_id"] for p in state.frozen.values()):
        raise TransitionRefusedError(state="unfrozen", event=EventType.PICTURE_UNFROZEN)
    return [Draft(type=EventType.PICTURE_UNFROZEN, payload=payload)]


def call_help(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """Ask for a guide now."""
    if state.help is not None:
        raise TransitionRefusedError(state="called", event=EventType.HELP_CALLED)
    return [Draft(type=EventType.HELP_CALLED, payload=payload)]


def answer_help(state: SessionState, context: Context, _payload: Payload) -> list[Draft]:
    """Take the call; its alarms go with it."""
    if state.help is None:
        raise TransitionRefusedError(state="none", event=EventType.HELP_ANSWERED)
    answered = Draft(type=EventType.HELP_ANSWERED, payload={"by_name": context.actor.name})
    cleared = [
        Draft(type=EventType.ALARM_CLEARED, payload={"alarm_id": alarm.alarm_id})
        for alarm in state.alarms
        if alarm.code in {"help_unanswered", "no_guide"}
    ]
    return [answered, *cleared]


def offer_handover(state: SessionState, context: Context, payload: Payload) -> list[Draft]:
    """Offer the lead to another guide of the team; only the lead may."""
    if state.lead_guide_id is not None and context.actor.id != state.lead_guide_id:
        raise NotYourTurnError(lead_guide_id=state.lead_guide_id)
    guide = context.guide(payload["to_user_id"])
    if guide is None or guide.user_id == state.lead_guide_id:
        raise GuideNotInTeamError(user_id=payload["to_user_id"])
    _handover(state, EventType.HANDOVER_OFFERED)
    offered = {**payload, "to_name": guide.name}
    return [Draft(type=EventType.HANDOVER_OFFERED, payload=offered)]


def answer_handover(kind: EventType) -> Rule:
    """The rule for accepting or declining the lead: only whom it was offered to may."""

    def rule(state: SessionState, context: Context, payload: Payload) -> list[Draft]:
        _handover(state, kind)
        if state.handover is None or state.handover.to_user_id != context.actor.id:
            raise NotYourTurnError
        return [Draft(type=kind, payload=payload)]

    return rule


def _handover(state: SessionState, kind: EventType) -> None:
    status = HandoverStatus.OFFERED if state.handover else HandoverStatus.NONE
    if (status, kind) not in HANDOVER_TRANSITIONS:
        raise TransitionRefusedError(state=status, event=kind)


def override_arbitration(state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
    """Go on although the lead guide is needed elsewhere, with a reason."""
    if state.arbitration is None or state.arbitration.status != "raised":
        raise TransitionRefusedError(state="none", event=EventType.ARBITRATION_OVERRIDDEN)
    return [Draft(type=EventType.ARBITRATION_OVERRIDDEN, payload=payload)]


def plain(kind: EventType) -> Rule:
    """The rule of a command that is its event."""

    def rule(_state: SessionState, _context: Context, payload: Payload) -> list[Draft]:
        return [Draft(type=kind, payload=payload)]

    return rule


def in_open_session(rule: Rule) -> Rule:
    """``rule``, but only while the session is open."""

    def guarded(state: SessionState, context: Context, payload: Payload) -> Sequence[Draft]:
        if state.phase is not Phase.OPEN:
            raise SessionNotOpenError(phase=state.phase)
        return [*assign_lead(state, context), *rule(state, context, payload)]

    return guarded
