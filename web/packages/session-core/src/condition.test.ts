import { describe, expect, it } from "vitest";

import { nextCondition, offCondition, reportDue, reportOf, type Evidence, type LinkCondition } from "./condition";
import { NOT_MEASURED, type Measurement } from "./stats";

const good: Measurement = { ...NOT_MEASURED, delay_ms: 80, loss: 0, fps: 30 };

function seen(measurement: Measurement, moving = true): Evidence {
  return { kind: "measured", measurement, moving };
}

function after_s(start: LinkCondition, seconds: number, evidence: Evidence, from_s = 0): LinkCondition {
  let condition = start;
  for (let second = 0; second <= seconds; second += 1) {
    condition = nextCondition(condition, evidence, (from_s + second) * 1_000);
  }
  return condition;
}

const live = after_s(offCondition(0), 0, seen(good));

describe("the condition of a link", () => {
  it("is live at the first good measurement", () => {
    expect(live.state).toBe("live");
  });

  it("does not begin degraded because the first second has few frames, but does when it is unsafe", () => {
    const begun = after_s(offCondition(0), 0, seen({ ...good, fps: 2 }));
    expect(begun.state).toBe("live");
    expect(after_s(begun, 5, seen({ ...good, fps: 2 }), 1)).toMatchObject({ state: "degraded", reason: "low_rate" });
    expect(after_s(offCondition(0), 0, seen({ ...good, delay_ms: 600 })).state).toBe("degraded");
  });

  it.each([
    [{ ...good, delay_ms: 310 }, "delay", false],
    [{ ...good, loss: 0.031 }, "loss", false],
    [{ ...good, delay_ms: 510 }, "delay", true],
    [{ ...good, fps: 7 }, "low_rate", false],
    [{ ...good, delay_ms: 373, viewerSlow: true }, "viewer_slow", false],
    [{ ...good, fps: 2, viewerSlow: true }, "viewer_slow", false],
    [{ ...good, freeze_s: 6, fps: 0, viewerSlow: true }, "viewer_slow", true],
  ] as const)("degrades for %o after five seconds, not before", (bad, reason, unsafe) => {
    expect(after_s(live, 4, seen(bad)).state).toBe("live");
    expect(after_s(live, 5, seen(bad))).toMatchObject({ state: "degraded", reason, unsafe });
  });

  it("does not call a console's standing screen slow", () => {
    expect(after_s(live, 20, seen({ ...good, fps: 1 }, false)).state).toBe("live");
  });

  it("does not change for a short peak", () => {
    const peak = after_s(live, 3, seen({ ...good, delay_ms: 400 }));
    const over = after_s(peak, 1, seen(good), 4);
    expect(after_s(over, 4, seen({ ...good, delay_ms: 400 }), 6).state).toBe("live");
  });

  it("comes back after three seconds clearly below the threshold", () => {
    const degraded = after_s(live, 5, seen({ ...good, delay_ms: 310 }));
    expect(after_s(degraded, 9, seen({ ...good, delay_ms: 290 }), 6).state).toBe("degraded");
    expect(after_s(degraded, 2, seen(good), 6).state).toBe("degraded");
    expect(after_s(degraded, 3, seen(good), 6).state).toBe("live");
  });

  it("takes what is not known for nothing, neither good nor bad", () => {
    expect(after_s(live, 9, seen(NOT_MEASURED)).state).toBe("live");
  });
});

describe("lost", () => {
  it("means no frame for more than three seconds, or nothing over the network", () => {
    const frozen = { ...good, fps: 0, freeze_s: 3.1 };
    expect(after_s(live, 0, seen(frozen))).toMatchObject({ state: "lost", reason: "freeze", unsafe: true });
    const silent = { ...good, fps: 0, freeze_s: 3.1, silence_s: 3.1, viewerSlow: true };
    expect(after_s(live, 0, seen(silent))).toMatchObject({ state: "lost", reason: "no_packets" });
  });

  it("is never said of a picture that moves, however late or slow it is", () => {
    const awful = { ...good, delay_ms: 4_000, loss: 0.4, fps: 1 };
    expect(after_s(live, 60, seen(awful)).state).toBe("degraded");
    const lost = after_s(live, 0, seen({ ...good, freeze_s: 9 }));
    expect(after_s(lost, 0, seen({ ...good, delay_ms: 373, fps: 12 }), 1).state).not.toBe("lost");
  });

  it("is not said while the page changes its layers or shows another room", () => {
    expect(after_s(live, 9, { kind: "pending" }).state).toBe("live");
    expect(after_s(live, 60, { kind: "unwatched" }).state).toBe("live");
    expect(after_s(live, 10, { kind: "pending" })).toMatchObject({ state: "lost", reason: "no_picture" });
  });

  it("is said three seconds after the room stopped to send, and of a page that never gets a picture", () => {
    expect(after_s(live, 2, { kind: "gone" }).state).toBe("live");
    expect(after_s(live, 3, { kind: "gone" })).toMatchObject({ state: "lost", reason: "no_picture" });
    expect(after_s(offCondition(0), 9, { kind: "pending" }).state).toBe("off");
    expect(after_s(offCondition(0), 10, { kind: "pending" }).state).toBe("lost");
  });
});

describe("a report to the server", () => {
  it("is due at once, then every two seconds, on a change after one", () => {
    expect(reportDue(null, "live", 0)).toBe(true);
    expect(reportDue({ at_ms: 0, state: "live" }, "live", 1_900)).toBe(false);
    expect(reportDue({ at_ms: 0, state: "live" }, "live", 2_000)).toBe(true);
    expect(reportDue({ at_ms: 0, state: "live" }, "lost", 1_000)).toBe(true);
  });

  it("says null for what is not known, never zero", () => {
    expect(reportOf(NOT_MEASURED, live, true)).toEqual({
      delay_ms: null,
      loss: null,
      fps: null,
      freeze_s: 0,
      viewer_slow: false,
      watching: true,
    });
  });

  it("does not call a picture standing that only this computer does not show", () => {
    const slow = { ...good, delay_ms: 900, freeze_s: 5, fps: 0, viewerSlow: true };
    const degraded = after_s(live, 5, seen(slow));
    expect(reportOf(slow, degraded, true)).toMatchObject({ freeze_s: 0, viewer_slow: true });
  });

  it("says beyond doubt when the picture is away", () => {
    const lost = after_s(live, 3, { kind: "gone" });
    expect(reportOf(NOT_MEASURED, lost, true).freeze_s).toBeGreaterThan(3);
  });

  it("says that this page shows another room", () => {
    expect(reportOf(NOT_MEASURED, offCondition(0), true).watching).toBe(false);
    expect(reportOf(NOT_MEASURED, live, false).watching).toBe(false);
  });
});
