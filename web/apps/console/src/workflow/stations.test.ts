import type { ClinicalState, Move } from "@tongtai/api-client";
import { ApiError } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import { dueOf } from "./due";
import { placeOf } from "./places";
import { lineOf, stationOf } from "./stations";
import { refusedFor } from "./words";

const passed = (...states: ClinicalState[]) =>
  states.map((after, place) => ({ after, at: `2026-01-0${place + 1}T00:00:00Z` }) as unknown as Move);

describe("the line of stations", () => {
  it("shows what is behind, where the case is and what is ahead", () => {
    const line = lineOf({ state: "planning", moves: passed("draft", "submitted", "accepted", "planning") });
    expect(line.map(({ mark }) => mark).join(" ")).toBe("done done here ahead ahead ahead ahead ahead ahead ahead");
    expect(line[0]?.at).toBe("2026-01-02T00:00:00Z");
    expect(line[3]?.at).toBeUndefined();
  });

  it("leaves a case that was put aside where it stood", () => {
    expect(stationOf({ state: "suspended", moves: passed("draft", "submitted", "planning", "suspended") })).toBe(
      "plan",
    );
    expect(stationOf({ state: "death", moves: passed("draft", "follow_up", "death") })).toBe("followUp");
  });
});

describe("what is missing", () => {
  it("is read from a refusal and from nothing else", () => {
    const lacks = [{ code: "consent_missing", values: { kind: "surgery" } }];
    expect(refusedFor(new ApiError(409, "move_refused", "", { lacks }))).toEqual(lacks);
    expect(refusedFor(new ApiError(409, "workflow_changed", "", {}))).toEqual([]);
    expect(refusedFor(new Error("x"))).toEqual([]);
  });

  it("leads to where it is supplied", () => {
    expect(placeOf({ code: "item_stale", values: { item: "inr" } })).toBe("tab=intake&item=inr");
    expect(placeOf({ code: "consent_expired", values: {} })).toBe("tab=consents");
    expect(placeOf({ code: "agreement_missing", values: {} })).toBeNull();
  });
});

describe("a due time", () => {
  const now = new Date("2026-01-01T12:00:00Z");
  it.each([
    ["2026-01-01T12:30:00Z", "warn", "in", 30, "minutes"],
    ["2026-01-01T11:15:00Z", "bad", "over", 45, "minutes"],
    ["2026-01-02T12:00:00Z", "info", "in", 24, "hours"],
    ["2026-01-06T12:00:00Z", "info", "in", 5, "days"],
  ] as const)("%s is said in the coarsest unit that still says it", (at, level, word, count, unit) => {
    expect(dueOf(at, now)).toEqual({ level, word, count, unit });
  });
  it("is nothing when nothing is due", () => {
    expect(dueOf(null, now)).toBeNull();
  });
});
