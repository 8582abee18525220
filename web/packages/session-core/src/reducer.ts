/**
 * What each type of event changes.
 *
 * The server has the same reducer in Python (`features/guidance/model/reducer.py`); both are held
 * to `tests/contract/session_reducer_cases.json`.
 */
import { adviceReducers } from "./reduceAdvice";
import { drawingReducers } from "./reduceDrawing";
import { tableReducers } from "./reduceTable";
import { CRITICAL_STEPS } from "./types";
import type {
  Alarm,
  Arbitration,
  Feed,
  Json,
  Media,
  Participant,
  Push,
  SessionEvent,
  SessionState,
  ShownCt,
  Side,
  Step,
} from "./types";

export type Changes = Partial<SessionState>;
export type Reducer = (state: SessionState, event: SessionEvent) => Changes;

/** A gap in a session's numbers: what is missing must be fetched before going on. */
export class SequenceGapError extends Error {
  constructor(
    readonly have: number,
    readonly got: number,
  ) {
    super(`event ${got} cannot follow event ${have}`);
    this.name = "SequenceGapError";
  }
}

/** The optional field of a payload, as the server stores it: absent is null. */
export function optional<T>(payload: Json, name: string): T | null {
  return (payload[name] as T | undefined) ?? null;
}

function sessionOpened(_state: SessionState, event: SessionEvent): Changes {
  return { phase: "open", opened_ms: event.t_server_ms, closed_ms: null };
}

function sessionClosed(_state: SessionState, event: SessionEvent): Changes {
  return {
    phase: "closed",
    closed_ms: event.t_server_ms,
    help: null,
    handover: null,
    arbitration: null,
    paused: false,
    alarms: [],
  };
}

function participantJoined(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const joined: Participant = {
    identity: payload.identity as string,
    user_id: optional(payload, "user_id"),
    name: payload.name as string,
    name_en: payload.name_en as string,
    role: payload.role as string,
    side: optional<Side>(payload, "side"),
    joined_ms: event.t_server_ms,
  };
  const others = state.participants.filter((p) => p.identity !== joined.identity);
  return { participants: [...others, joined] };
}

function participantLeft(state: SessionState, event: SessionEvent): Changes {
  const { identity } = event.payload;
  return { participants: state.participants.filter((p) => p.identity !== identity) };
}

function stepMarked(state: SessionState, event: SessionEvent): Changes {
  const step = event.payload.step as Step;
  const mark = {
    step,
    t_ms: event.t_server_ms,
    by_name: event.actor.name,
    note: optional<string>(event.payload, "note"),
  };
  return {
    step,
    step_since_ms: event.t_server_ms,
    steps: [...state.steps, mark],
    arbitration: CRITICAL_STEPS.has(step) ? state.arbitration : null,
  };
}

function withPush(state: SessionState, event: SessionEvent, change: (push: Push) => Push): Changes {
  const push = state.pushes[event.payload.push_id as string];
  if (!push) return {};
  return { pushes: { ...state.pushes, [push.push_id]: change(push) } };
}

function ctPushStarted(state: SessionState, event: SessionEvent): Changes {
  const push: Push = {
    push_id: event.payload.push_id as string,
    source: event.payload.source as string,
    declared_files: optional(event.payload, "declared_files"),
    started_ms: event.t_server_ms,
    finished_ms: null,
    received: 0,
    rejected: 0,
    duplicates: 0,
    seconds: null,
    series: {},
  };
  return { pushes: { ...state.pushes, [push.push_id]: push } };
}

function ctSeriesProgress(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const series = {
    study_uid: payload.study_uid as string,
    series_uid: payload.series_uid as string,
    description: payload.description as string,
    received: payload.received as number,
    expected: optional<number>(payload, "expected"),
  };
  return withPush(state, event, (push) => ({
    ...push,
    series: { ...push.series, [series.series_uid]: series },
  }));
}

function ctPushFinished(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  return withPush(state, event, (push) => ({
    ...push,
    finished_ms: event.t_server_ms,
    received: payload.received as number,
    rejected: payload.rejected as number,
    duplicates: payload.duplicates as number,
    seconds: payload.seconds as number,
  }));
}

function ctShown(_state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const shown: ShownCt = {
    study_uid: payload.study_uid as string,
    series_uid: payload.series_uid as string,
    sop_uid: payload.sop_uid as string,
    frame: payload.frame as number,
    window: payload.window as ShownCt["window"],
    by_id: event.actor.id,
    by_name: event.actor.name,
    since_ms: event.t_server_ms,
  };
  return { shown_ct: shown };
}

function helpCalled(_state: SessionState, event: SessionEvent): Changes {
  return {
    help: {
      by_id: event.actor.id,
      by_name: event.actor.name,
      reason: optional(event.payload, "reason"),
      since_ms: event.t_server_ms,
    },
  };
}

function handoverOffered(_state: SessionState, event: SessionEvent): Changes {
  return {
    handover: {
      to_user_id: event.payload.to_user_id as string,
      to_name: event.payload.to_name as string,
      by_id: event.actor.id,
      by_name: event.actor.name,
      reason: optional(event.payload, "reason"),
      since_ms: event.t_server_ms,
    },
  };
}

function handoverAccepted(state: SessionState): Changes {
  const lead = state.handover ? state.handover.to_user_id : state.lead_guide_id;
  return { lead_guide_id: lead, handover: null, arbitration: null };
}

function arbitrationRaised(_state: SessionState, event: SessionEvent): Changes {
  const arbitration: Arbitration = {
    status: "raised",
    message_code: event.payload.message_code as string,
    wait_s: event.payload.wait_s as number,
    since_ms: event.t_server_ms,
    reason: null,
    by_name: null,
  };
  return { arbitration };
}

function arbitrationOverridden(state: SessionState, event: SessionEvent): Changes {
  if (!state.arbitration) return {};
  return {
    arbitration: {
      ...state.arbitration,
      status: "overridden",
      reason: event.payload.reason as string,
      by_name: event.actor.name,
    },
  };
}

function mediaState(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const condition = payload.state as Media["state"];
  const media: Media = {
    state: condition,
    delay_ms: optional(payload, "delay_ms"),
    loss: optional(payload, "loss"),
    fps: optional(payload, "fps"),
    reason: optional(payload, "reason"),
    since_ms: state.media.state === condition ? state.media.since_ms : event.t_server_ms,
  };
  return { media };
}

function feedState(state: SessionState, event: SessionEvent): Changes {
  const feed: Feed = {
    feed: event.payload.feed as string,
    state: event.payload.state as Feed["state"],
    detail: optional(event.payload, "detail"),
    since_ms: event.t_server_ms,
  };
  return { feeds: { ...state.feeds, [feed.feed]: feed } };
}

function alarmRaised(state: SessionState, event: SessionEvent): Changes {
  const alarm: Alarm = {
    alarm_id: event.payload.alarm_id as string,
    severity: event.payload.severity as Alarm["severity"],
    code: event.payload.code as string,
    values: event.payload.values as Json,
    since_ms: event.t_server_ms,
  };
  return { alarms: [...state.alarms.filter((a) => a.alarm_id !== alarm.alarm_id), alarm] };
}

function alarmCleared(state: SessionState, event: SessionEvent): Changes {
  return { alarms: state.alarms.filter((a) => a.alarm_id !== event.payload.alarm_id) };
}

function markAdded(state: SessionState, event: SessionEvent): Changes {
  const mark = {
    event_id: event.id,
    text: event.payload.text as string,
    by_name: event.actor.name,
    t_ms: event.t_server_ms,
  };
  return { marks: [...state.marks, mark] };
}

function recordingUploaded(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const recording = {
    feed: payload.feed as string,
    segment: payload.segment as string,
    sha256: payload.sha256 as string,
    size: payload.size as number,
    t_ms: event.t_server_ms,
  };
  return { recordings: [...state.recordings, recording] };
}

function memberRevoked(state: SessionState, event: SessionEvent): Changes {
  const userId = event.payload.user_id as string;
  return {
    participants: state.participants.filter((p) => p.user_id !== userId),
    lead_guide_id: state.lead_guide_id === userId ? null : state.lead_guide_id,
    handover: state.handover?.to_user_id === userId ? null : state.handover,
  };
}

/** One reducer for every type of event that the server writes. */
export const REDUCERS: Readonly<Record<string, Reducer>> = {
  ...adviceReducers,
  ...drawingReducers,
  ...tableReducers,
  "session.opened": sessionOpened,
  "session.closed": sessionClosed,
  "lead.assigned": (_state, event) => ({ lead_guide_id: event.payload.user_id as string }),
  "participant.joined": participantJoined,
  "participant.left": participantLeft,
  "step.marked": stepMarked,
  "ct.push_started": ctPushStarted,
  "ct.series_progress": ctSeriesProgress,
  "ct.push_finished": ctPushFinished,
  "ct.shown": ctShown,
  "ct.hidden": () => ({ shown_ct: null }),
  "help.called": helpCalled,
  "help.answered": () => ({ help: null }),
  "handover.offered": handoverOffered,
  "handover.accepted": handoverAccepted,
  "handover.declined": () => ({ handover: null }),
  "arbitration.raised": arbitrationRaised,
  "arbitration.overridden": arbitrationOverridden,
  "arbitration.cleared": () => ({ arbitration: null }),
  "media.state": mediaState,
  "feed.state": feedState,
  "alarm.raised": alarmRaised,
  "alarm.cleared": alarmCleared,
  "mark.added": markAdded,
  "recording.uploaded": recordingUploaded,
  "member.revoked": memberRevoked,
};

/**
 * The state after `event`, which must be the next one.
 *
 * An event of a type that this page does not know still counts: the page is older than the server,
 * and refusing would stop everything that it does know.
 */
export function applyEvent(state: SessionState, event: SessionEvent): SessionState {
  if (event.seq !== state.seq + 1) throw new SequenceGapError(state.seq, event.seq);
  const reduce = REDUCERS[event.type];
  return { ...state, ...(reduce ? reduce(state, event) : {}), seq: event.seq };
}
