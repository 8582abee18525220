import { describe, expect, it } from "vitest";

import { emptyState, type Advice, type SessionState } from "./types";
import { byHand, byUrgency, moved, nextAlarm, roomLink, urgencyOf, type Ranked, type Urgency } from "./urgency";

const open = (changes: Partial<SessionState> = {}): SessionState => ({ ...emptyState(), phase: "open", ...changes });
const stop = { level: "stop", status: "given" } as Advice;
const help = { by_id: "u", by_name: "李", reason: null, since_ms: 1 };

function ranked(caseId: string, urgency: Urgency, since_ms = 0, alarms = 0): Ranked {
  return { caseId, number: caseId, urgency, since_ms, alarms };
}

describe("urgency", () => {
  it.each([
    [open({ advice: [stop], step: "puncture" }), "lost", "stop"],
    [open({ paused: true }), "live", "stop"],
    [open({ step: "energy_on" }), "lost", "critical"],
    [open({ step: "seed_drop" }), "live", "critical"],
    [open({ help }), "lost", "lost"],
    [open({ help }), "degraded", "degraded"],
    [open({ help }), "live", "waiting"],
    [open({ step: "positioning" }), "live", "routine"],
    [emptyState(), "off", "idle"],
  ] as const)("of state %# is as the protocol orders", (state, link, expected) => {
    expect(urgencyOf(state, link)).toBe(expected);
  });

  it("is not raised in all rooms because the viewer's computer is slow", () => {
    expect(roomLink({ state: "degraded", reason: "viewer_slow" })).toBe("live");
    expect(roomLink({ state: "degraded", reason: "loss" })).toBe("degraded");
    expect(roomLink({ state: "lost", reason: "freeze" })).toBe("lost");
  });

  it("orders rooms, then alarms, then who has waited longest", () => {
    const rooms = [
      ranked("1", "routine"),
      ranked("2", "waiting", 20),
      ranked("3", "waiting", 10),
      ranked("4", "waiting", 30, 1),
      ranked("5", "stop"),
      ranked("6", "degraded"),
      ranked("7", "critical"),
      ranked("8", "lost"),
    ];
    expect(rooms.sort(byUrgency).map(({ caseId }) => caseId)).toEqual(["5", "7", "8", "6", "4", "3", "2", "1"]);
  });

  it("goes round the rooms that call", () => {
    const rooms = [ranked("a", "stop"), ranked("b", "waiting"), ranked("c", "routine")];
    expect([null, "a", "b", "c"].map((from) => nextAlarm(rooms, from))).toEqual(["a", "b", "a", "a"]);
    expect(nextAlarm([ranked("c", "routine")], null)).toBeNull();
  });
});

describe("order by hand", () => {
  it("keeps what somebody made and puts new rooms at the end", () => {
    expect(byHand(["a", "b", "c"], ["c", "gone", "a"])).toEqual(["c", "a", "b"]);
  });

  it("moves a room, not beyond the ends", () => {
    expect(moved(["a", "b", "c"], "a", 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], "c", -5)).toEqual(["c", "a", "b"]);
    expect(moved(["a", "b", "c"], "a", 9)).toEqual(["b", "c", "a"]);
  });
});
