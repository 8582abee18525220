import { describe, expect, it } from "vitest";

import { openMicrophones, QUIET, talkAfterSwitch, talkRoute, type TalkState } from "./talk";

const ROOMS = ["a", "b", "c"];
const speaking = (state: Partial<TalkState>): TalkState => ({ ...QUIET, held: true, ...state });

describe("who hears the expert", () => {
  it("is nobody while the key is up", () => {
    for (const target of ["focused", "some", "all", "experts"] as const) {
      const state: TalkState = { ...QUIET, target, chosen: ROOMS };
      expect(openMicrophones(state, "a", ROOMS)).toEqual({ cases: [], experts: false });
    }
  });

  it.each([
    [speaking({ target: "focused" }), ["b"], false],
    [speaking({ target: "some", chosen: ["a", "c", "gone"] }), ["a", "c"], false],
    [speaking({ target: "all" }), ROOMS, false],
    [speaking({ target: "experts" }), [], true],
    [speaking({ held: false, latched: true }), ["b"], false],
  ])("follows the target %#", (state, cases, experts) => {
    expect(openMicrophones(state, "b", ROOMS)).toEqual({ cases, experts });
  });

  it("is nobody when no room is focused", () => {
    expect(openMicrophones(speaking({}), null, ROOMS).cases).toEqual([]);
  });

  it("never mixes a hospital into what is said to the experts", () => {
    expect(talkRoute(speaking({ target: "experts", chosen: ROOMS }), "a", ROOMS).cases).toEqual([]);
  });

  it("is nobody after a switch, so that the sentence does not end in another hospital", () => {
    expect(openMicrophones(talkAfterSwitch(speaking({ latched: true })), "b", ROOMS).cases).toEqual([]);
  });
});
