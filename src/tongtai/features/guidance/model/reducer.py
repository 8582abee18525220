"""What each type of event changes. Pure: a state and an event in, the changed fields out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tongtai.features.guidance.model import reducer_pictures as pictures
from tongtai.features.guidance.model.catalogue import (
    CRITICAL_STEPS,
    AdviceLevel,
    AdviceStatus,
    AlarmSeverity,
    EventType,
    Phase,
    Side,
    Step,
)
from tongtai.features.guidance.model.event import Event
from tongtai.features.guidance.model.records import (
    Advice,
    Alarm,
    Arbitration,
    Handover,
    HelpCall,
    Mark,
    Participant,
    StepMark,
)
from tongtai.features.guidance.model.reducer_table import TABLE_REDUCERS

if TYPE_CHECKING:
    from tongtai.features.guidance.model.state import SessionState

Changes = dict[str, Any]
Reducer = Callable[["SessionState", Event], Changes]


def _session_opened(_state: "SessionState", event: Event) -> Changes:
    return {"phase": Phase.OPEN, "opened_ms": event.t_server_ms, "closed_ms": None}


def _session_closed(_state: "SessionState", event: Event) -> Changes:
    return {
        "phase": Phase.CLOSED,
        "closed_ms": event.t_server_ms,
        "help": None,
        "handover": None,
        "arbitration": None,
        "paused": False,
        "alarms": (),
    }


def _session_resumed(state: "SessionState", event: Event) -> Changes:
    return {
        "paused": False,
        "advice": tuple(
            replace(advice, status=AdviceStatus.DONE, ended_ms=event.t_server_ms)
            if advice.level is AdviceLevel.STOP and advice.status is AdviceStatus.ACCEPTED
            else advice
            for advice in state.advice
        ),
    }


def _lead_assigned(_state: "SessionState", event: Event) -> Changes:
    return {"lead_guide_id": event.payload["user_id"]}


def _participant_joined(state: "SessionState", event: Event) -> Changes:
    payload = event.payload
    side = payload["side"]
    joined = Participant(
        identity=payload["identity"],
        user_id=payload["user_id"],
        name=payload["name"],
        name_en=payload["name_en"],
        role=payload["role"],
        side=None if side is None else Side(side),
        joined_ms=event.t_server_ms,
    )
    others = (p for p in state.participants if p.identity != joined.identity)
    return {"participants": (*others, joined)}


def _participant_left(state: "SessionState", event: Event) -> Changes:
    identity = event.payload["identity"]
    return {"participants": tuple(p for p in state.participants if p.identity != identity)}


def _step_marked(state: "SessionState", event: Event) -> Changes:
    step = Step(event.payload["step"])
    mark = StepMark(
        step=step,
        t_ms=event.t_server_ms,
        by_name=event.actor.name,
        note=event.payload.get("note"),
    )
    return {
        "step": step,
        "step_since_ms": event.t_server_ms,
        "steps": (*state.steps, mark),
        "arbitration": state.arbitration if step in CRITICAL_STEPS else None,
    }


def _advice_given(state: "SessionState", event: Event) -> Changes:
    payload = event.payload
    advice = Advice(
        advice_id=payload["advice_id"],
        level=AdviceLevel(payload["level"]),
        text=payload["text"],
        chip=payload.get("chip"),
        ref=payload.get("ref"),
        status=AdviceStatus.GIVEN,
        by_id=event.actor.id,
        by_name=event.actor.name,
        by_name_en=event.actor.name_en,
        reason=None,
        answered_by_name=None,
        superseded_by=None,
        given_ms=event.t_server_ms,
        read_back_ms=None,
        answered_ms=None,
        ended_ms=None,
    )
    return {"advice": (*state.advice, advice)}


def _with_advice(state: "SessionState", event: Event, changes: Mapping[str, Any]) -> Changes:
    advice_id = event.payload["advice_id"]
    return {
        "advice": tuple(
            replace(advice, **changes) if advice.advice_id == advice_id else advice for advice in state.advice
        )
    }


def _advice_read_back(state: "SessionState", event: Event) -> Changes:
    changes = {"status": AdviceStatus.READ_BACK, "read_back_ms": event.t_server_ms}
    return _with_advice(state, event, changes)


def _advice_accepted(state: "SessionState", event: Event) -> Changes:
    answer = {
        "status": AdviceStatus.ACCEPTED,
        "answered_by_name": event.actor.name,
        "answered_ms": event.t_server_ms,
    }
    accepted = state.find_advice(event.payload["advice_id"])
    stopped = accepted is not None and accepted.level is AdviceLevel.STOP
    return {**_with_advice(state, event, answer), "paused": state.paused or stopped}


def _advice_declined(state: "SessionState", event: Event) -> Changes:
    answer = {
        "status": AdviceStatus.DECLINED,
        "reason": event.payload["reason"],
        "answered_by_name": event.actor.name,
        "answered_ms": event.t_server_ms,
        "ended_ms": event.t_server_ms,
    }
    return _with_advice(state, event, answer)


def _advice_done(state: "SessionState", event: Event) -> Changes:
    return _with_advice(state, event, {"status": AdviceStatus.DONE, "ended_ms": event.t_server_ms})


def _advice_superseded(state: "SessionState", event: Event) -> Changes:
    changes = {
        "status": AdviceStatus.SUPERSEDED,
        "superseded_by": event.payload["by"],
        "ended_ms": event.t_server_ms,
    }
    return _with_advice(state, event, changes)


def _advice_expired(state: "SessionState", event: Event) -> Changes:
    return _with_advice(state, event, {"status": AdviceStatus.EXPIRED, "ended_ms": event.t_server_ms})


def _help_called(_state: "SessionState", event: Event) -> Changes:
    call = HelpCall(
        by_id=event.actor.id,
        by_name=event.actor.name,
        reason=event.payload.get("reason"),
        since_ms=event.t_server_ms,
    )
    return {"help": call}


def _help_answered(_state: "SessionState", _event: Event) -> Changes:
    return {"help": None}


def _handover_offered(_state: "SessionState", event: Event) -> Changes:
    offer = Handover(
        to_user_id=event.payload["to_user_id"],
        to_name=event.payload["to_name"],
        by_id=event.actor.id,
        by_name=event.actor.name,
        reason=event.payload.get("reason"),
        since_ms=event.t_server_ms,
    )
    return {"handover": offer}


def _handover_accepted(state: "SessionState", _event: Event) -> Changes:
    lead = state.handover.to_user_id if state.handover else state.lead_guide_id
    return {"lead_guide_id": lead, "handover": None, "arbitration": None}


def _handover_declined(_state: "SessionState", _event: Event) -> Changes:
    return {"handover": None}


def _arbitration_raised(_state: "SessionState", event: Event) -> Changes:
    arbitration = Arbitration(
        status="raised",
        message_code=event.payload["message_code"],
        wait_s=event.payload["wait_s"],
        since_ms=event.t_server_ms,
    )
    return {"arbitration": arbitration}


def _arbitration_overridden(state: "SessionState", event: Event) -> Changes:
    if state.arbitration is None:
        return {}
    overridden = replace(
        state.arbitration,
        status="overridden",
        reason=event.payload["reason"],
        by_name=event.actor.name,
    )
    return {"arbitration": overridden}


def _arbitration_cleared(_state: "SessionState", _event: Event) -> Changes:
    return {"arbitration": None}


def _alarm_raised(state: "SessionState", event: Event) -> Changes:
    alarm = Alarm(
        alarm_id=event.payload["alarm_id"],
        severity=AlarmSeverity(event.payload["severity"]),
        code=event.payload["code"],
        values=event.payload["values"],
        since_ms=event.t_server_ms,
    )
    others = (a for a in state.alarms if a.alarm_id != alarm.alarm_id)
    return {"alarms": (*others, alarm)}


def _alarm_cleared(state: "SessionState", event: Event) -> Changes:
    alarm_id = event.payload["alarm_id"]
    return {"alarms": tuple(a for a in state.alarms if a.alarm_id != alarm_id)}


def _mark_added(state: "SessionState", event: Event) -> Changes:
    mark = Mark(
        event_id=event.id,
        text=event.payload["text"],
        by_name=event.actor.name,
        t_ms=event.t_server_ms,
    )
    return {"marks": (*state.marks, mark)}


def _member_revoked(state: "SessionState", event: Event) -> Changes:
    user_id = event.payload["user_id"]
    offered = state.handover is not None and state.handover.to_user_id == user_id
    return {
        "participants": tuple(p for p in state.participants if p.user_id != user_id),
        "lead_guide_id": None if state.lead_guide_id == user_id else state.lead_guide_id,
        "handover": None if offered else state.handover,
    }


REDUCERS: Mapping[EventType, Reducer] = MappingProxyType(
    {
        **TABLE_REDUCERS,
        EventType.SESSION_OPENED: _session_opened,
        EventType.SESSION_CLOSED: _session_closed,
        EventType.SESSION_RESUMED: _session_resumed,
        EventType.LEAD_ASSIGNED: _lead_assigned,
        EventType.PARTICIPANT_JOINED: _participant_joined,
        EventType.PARTICIPANT_LEFT: _participant_left,
        EventType.STEP_MARKED: _step_marked,
        EventType.ADVICE_GIVEN: _advice_given,
        EventType.ADVICE_READ_BACK: _advice_read_back,
        EventType.ADVICE_ACCEPTED: _advice_accepted,
        EventType.ADVICE_DECLINED: _advice_declined,
        EventType.ADVICE_DONE: _advice_done,
        EventType.ADVICE_SUPERSEDED: _advice_superseded,
        EventType.ADVICE_EXPIRED: _advice_expired,
        EventType.DRAW_ADDED: pictures.draw_added,
        EventType.DRAW_UNDONE: pictures.draw_undone,
        EventType.DRAW_CLEARED: pictures.draw_cleared,
        EventType.PICTURE_FROZEN: pictures.picture_frozen,
        EventType.PICTURE_UNFROZEN: pictures.picture_unfrozen,
        EventType.CT_PUSH_STARTED: pictures.ct_push_started,
        EventType.CT_SERIES_PROGRESS: pictures.ct_series_progress,
        EventType.CT_PUSH_FINISHED: pictures.ct_push_finished,
        EventType.CT_SHOWN: pictures.ct_shown,
        EventType.CT_HIDDEN: pictures.ct_hidden,
        EventType.HELP_CALLED: _help_called,
        EventType.HELP_ANSWERED: _help_answered,
        EventType.HANDOVER_OFFERED: _handover_offered,
        EventType.HANDOVER_ACCEPTED: _handover_accepted,
        EventType.HANDOVER_DECLINED: _handover_declined,
        EventType.ARBITRATION_RAISED: _arbitration_raised,
        EventType.ARBITRATION_OVERRIDDEN: _arbitration_overridden,
        EventType.ARBITRATION_CLEARED: _arbitration_cleared,
        EventType.MEDIA_STATE: pictures.media_state,
        EventType.FEED_STATE: pictures.feed_state,
        EventType.ALARM_RAISED: _alarm_raised,
        EventType.ALARM_CLEARED: _alarm_cleared,
        EventType.MARK_ADDED: _mark_added,
        EventType.RECORDING_UPLOADED: pictures.recording_uploaded,
        EventType.MEMBER_REVOKED: _member_revoked,
    }
)
