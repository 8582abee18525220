import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { applyEvent, REDUCERS, SequenceGapError } from "./reducer";
import { emptyState, type SessionEvent, type SessionState } from "./types";

interface Case {
  readonly event: SessionEvent;
  readonly before?: SessionState;
  readonly after: SessionState;
}

const file = new URL("../../../../tests/contract/session_reducer_cases.json", import.meta.url);
const { initial, cases } = JSON.parse(readFileSync(file, "utf8")) as { initial: SessionState; cases: Case[] };

describe("the reducer and the server's", () => {
  it("start from the same state", () => {
    expect(emptyState()).toEqual(initial);
  });

  it("agree after every event", () => {
    let state = initial;
    for (const { event, before, after } of cases) {
      const from = before ?? (event.seq === state.seq + 1 ? state : { ...initial, seq: event.seq - 1 });
      state = applyEvent(from, event);
      expect(state, `${event.type} ${event.seq}`).toEqual(after);
    }
  });

  it("have cases for every type of event", () => {
    const tested = new Set(cases.map(({ event }) => event.type));
    expect([...tested].sort()).toEqual(Object.keys(REDUCERS).sort());
  });

  it("refuse a gap", () => {
    const [first] = cases;
    if (!first) throw new Error("no cases");
    expect(() => applyEvent(initial, { ...first.event, seq: 7 })).toThrow(SequenceGapError);
  });

  it("count an event of an unknown type and change nothing else", () => {
    const [first] = cases;
    if (!first) throw new Error("no cases");
    const event = { ...first.event, seq: 1, type: "of.tomorrow" };
    expect(applyEvent(initial, event)).toEqual({ ...initial, seq: 1 });
  });
});
