/** What the events of an advice's life change. */
import type { Advice, AdviceLevel, AdviceRef, SessionEvent, SessionState } from "./types";

type Changes = Partial<SessionState>;

function adviceGiven(state: SessionState, event: SessionEvent): Changes {
  const payload = event.payload;
  const advice: Advice = {
    advice_id: payload.advice_id as string,
    level: payload.level as AdviceLevel,
    text: payload.text as string,
    chip: (payload.chip as string | undefined) ?? null,
    ref: (payload.ref as AdviceRef | undefined) ?? null,
    status: "given",
    by_id: event.actor.id,
    by_name: event.actor.name,
    by_name_en: event.actor.name_en,
    reason: null,
    answered_by_name: null,
    superseded_by: null,
    given_ms: event.t_server_ms,
    read_back_ms: null,
    answered_ms: null,
    ended_ms: null,
  };
  return { advice: [...state.advice, advice] };
}

function withAdvice(state: SessionState, event: SessionEvent, changes: Partial<Advice>): Changes {
  const id = event.payload.advice_id;
  return {
    advice: state.advice.map((advice) => (advice.advice_id === id ? { ...advice, ...changes } : advice)),
  };
}

function adviceAccepted(state: SessionState, event: SessionEvent): Changes {
  const accepted = state.advice.find((advice) => advice.advice_id === event.payload.advice_id);
  return {
    ...withAdvice(state, event, {
      status: "accepted",
      answered_by_name: event.actor.name,
      answered_ms: event.t_server_ms,
    }),
    paused: state.paused || accepted?.level === "stop",
  };
}

function adviceDeclined(state: SessionState, event: SessionEvent): Changes {
  return withAdvice(state, event, {
    status: "declined",
    reason: event.payload.reason as string,
    answered_by_name: event.actor.name,
    answered_ms: event.t_server_ms,
    ended_ms: event.t_server_ms,
  });
}

function sessionResumed(state: SessionState, event: SessionEvent): Changes {
  return {
    paused: false,
    advice: state.advice.map((advice) =>
      advice.level === "stop" && advice.status === "accepted"
        ? { ...advice, status: "done", ended_ms: event.t_server_ms }
        : advice,
    ),
  };
}

export const adviceReducers: Record<string, (state: SessionState, event: SessionEvent) => Changes> = {
  "session.resumed": sessionResumed,
  "advice.given": adviceGiven,
  "advice.read_back": (state, event) =>
    withAdvice(state, event, { status: "read_back", read_back_ms: event.t_server_ms }),
  "advice.accepted": adviceAccepted,
  "advice.declined": adviceDeclined,
  "advice.done": (state, event) => withAdvice(state, event, { status: "done", ended_ms: event.t_server_ms }),
  "advice.superseded": (state, event) =>
    withAdvice(state, event, {
      status: "superseded",
      superseded_by: event.payload.by as string,
      ended_ms: event.t_server_ms,
    }),
  "advice.expired": (state, event) => withAdvice(state, event, { status: "expired", ended_ms: event.t_server_ms }),
};
