import { describe, expect, it } from "vitest";

import { ServerClock } from "./clock";
import type { Http } from "./http";
import { mergeTimeline, SessionStore } from "./store";
import type { StreamSocket } from "./stream";
import { emptyState, type CaseFacts, type SessionEvent, type SessionSnapshot } from "./types";

function eventOf(seq: number, type = "mark.added"): SessionEvent {
  const actor = { kind: "user", id: "u", name: "陈", name_en: "Chen", role: "lead_guide", side: "centre" } as const;
  const times = { t_server_ms: seq, t_site_ms: null, clock_offset_ms: null };
  return {
    seq,
    id: `e${seq}`,
    case_id: "a",
    type,
    ...times,
    actor,
    payload: { text: `${seq}` },
    prev_hash: "",
    hash: "",
  };
}

function world(answers: Record<string, unknown>) {
  const socket: StreamSocket & { sent: string[] } = {
    onopen: null,
    onmessage: null,
    onclose: null,
    sent: [],
    send(data) {
      this.sent.push(data);
    },
    close: () => undefined,
  };
  const http: Http = {
    get: (path) => Promise.resolve(answers[path] as never),
    post: (path) => Promise.resolve(answers[path] as never),
  };
  const store = new SessionStore({
    http,
    clock: new ServerClock(),
    openSocket: () => socket,
    setTimer: () => 0,
    clearTimer: () => undefined,
    newId: () => "00000000-0000-4000-8000-000000000000",
  });
  store.stream.start();
  socket.onopen?.();
  const push = (...events: SessionEvent[]) => socket.onmessage?.({ data: JSON.stringify({ events }) });
  return { store, socket, push };
}

const snapshot = (seq: number): SessionSnapshot => ({
  case: { id: "a" } as CaseFacts,
  state: { ...emptyState(), seq },
});

describe("a session of the store", () => {
  it("takes events once, whoever brings them", async () => {
    const { store, push } = world({ "/sessions/a": snapshot(0), "/sessions/a/commands": [eventOf(1)] });
    await store.open("a");
    await store.send("a", { type: "mark.added", payload: { text: "1" } });
    push(eventOf(1), eventOf(2));
    const { snapshot: now, timeline } = store.session("a").get();
    expect(now?.state.marks.map(({ text }) => text)).toEqual(["1", "2"]);
    expect(timeline.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it("asks again instead of applying events after a gap", async () => {
    const { store, socket, push } = world({ "/sessions/a": snapshot(3) });
    await store.open("a");
    socket.sent.length = 0;
    push(eventOf(6));
    expect(store.session("a").get().snapshot?.state.seq).toBe(3);
    expect(socket.sent.map((text) => JSON.parse(text) as unknown)).toEqual([{ subscribe: { a: 3 } }]);
    push(eventOf(4), eventOf(5), eventOf(6));
    expect(store.session("a").get().snapshot?.state.seq).toBe(6);
  });

  it("keeps the timeline in order when the past arrives after the present", () => {
    const merged = mergeTimeline([eventOf(4), eventOf(5)], [eventOf(1), eventOf(2), eventOf(3), eventOf(4)]);
    expect(merged.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it("has every event in the timeline, also one that came between its answer and the snapshot", async () => {
    const events = "/sessions/a/events?after=0&limit=1000";
    const answers: Record<string, unknown> = { "/sessions/a": snapshot(2), [events]: [eventOf(1)] };
    const { store } = world(answers);
    await store.loadTimeline("a");
    answers[events] = [eventOf(1), eventOf(2)];
    await store.open("a");
    expect(
      store
        .session("a")
        .get()
        .timeline.map(({ seq }) => seq),
    ).toEqual([1, 2]);
  });
});
