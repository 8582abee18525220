import { describe, expect, it } from "vitest";

import {
  measure,
  nextCondition,
  NOT_MEASURED,
  offCondition,
  reportDue,
  type InboundCounters,
  type LinkCondition,
  type Measurement,
} from "./stats";

const before: InboundCounters = {
  at_ms: 1_000,
  framesDecoded: 100,
  packetsReceived: 1_000,
  packetsLost: 10,
  jitterBufferDelay_s: 2,
  jitterBufferEmittedCount: 100,
  totalDecodeTime_s: 0.4,
};
const after: InboundCounters = {
  at_ms: 2_000,
  framesDecoded: 130,
  packetsReceived: 1_097,
  packetsLost: 13,
  jitterBufferDelay_s: 2.3,
  jitterBufferEmittedCount: 130,
  totalDecodeTime_s: 0.46,
};
const pong = { rtt_ms: 60, capture_to_send_ms: 25, at_ms: 1_900 };

describe("a measurement", () => {
  it("adds the sender, half the way there and back, the jitter buffer and the decoder", () => {
    const measured = measure(before, after, pong, 2_000);
    // 25 ms + 60/2 ms + 300 ms/30 frames + 60 ms/30 frames
    expect(measured.delay_ms).toBeCloseTo(67, 6);
    expect(measured.fps).toBeCloseTo(30, 6);
    expect(measured.loss).toBeCloseTo(3 / 100, 6);
    expect(measured.freeze_s).toBe(0);
  });

  it("knows no delay without a fresh answer from the sender", () => {
    expect(measure(before, after, null, 2_000).delay_ms).toBeNull();
    expect(measure(before, after, { ...pong, at_ms: -9_000 }, 2_000).delay_ms).toBeNull();
  });

  it("tells how long the picture has stood", () => {
    const still = { ...before, at_ms: 6_000 };
    expect(measure(before, still, pong, 2_000)).toMatchObject({ fps: 0, freeze_s: 4, delay_ms: null });
  });
});

const good: Measurement = { delay_ms: 80, loss: 0, fps: 30, freeze_s: 0 };

function after_s(start: LinkCondition, seconds: number, measurement: Measurement | null, from_s = 0): LinkCondition {
  let condition = start;
  for (let second = 0; second <= seconds; second += 1) {
    condition = nextCondition(condition, measurement, (from_s + second) * 1_000);
  }
  return condition;
}

describe("the condition of a link", () => {
  const live = after_s(offCondition(0), 0, good);

  it("is live at the first good measurement", () => {
    expect(live.state).toBe("live");
  });

  it.each([
    [{ ...good, delay_ms: 310 }, "degraded", "delay"],
    [{ ...good, loss: 0.031 }, "degraded", "loss"],
    [{ ...good, delay_ms: 510 }, "degraded", "unsafe"],
  ] as const)("changes for %o after five seconds, not before", (bad, state, reason) => {
    expect(after_s(live, 4, bad).state).toBe("live");
    expect(after_s(live, 5, bad)).toMatchObject({ state, reason });
  });

  it("does not change for a short peak", () => {
    const peak = after_s(live, 3, { ...good, delay_ms: 400 });
    const over = after_s(peak, 1, good, 4);
    expect(after_s(over, 4, { ...good, delay_ms: 400 }, 6).state).toBe("live");
  });

  it("is lost at once when the picture has stood for more than three seconds, or is missing", () => {
    expect(after_s(live, 0, { ...good, freeze_s: 3.1 })).toMatchObject({ state: "lost", reason: "freeze" });
    expect(after_s(live, 0, null)).toMatchObject({ state: "lost", reason: "no_picture" });
  });

  it("comes back after three seconds clearly below the threshold", () => {
    const degraded = after_s(live, 5, { ...good, delay_ms: 310 });
    expect(after_s(degraded, 9, { ...good, delay_ms: 290 }, 6).state).toBe("degraded");
    expect(after_s(degraded, 2, good, 6).state).toBe("degraded");
    expect(after_s(degraded, 3, good, 6).state).toBe("live");
  });

  it("takes what is not known for nothing, neither good nor bad", () => {
    expect(after_s(live, 9, NOT_MEASURED).state).toBe("live");
  });
});

describe("a report to the server", () => {
  it("is due at once, then every two seconds, on a change after one", () => {
    expect(reportDue(null, "live", 0)).toBe(true);
    expect(reportDue({ at_ms: 0, state: "live" }, "live", 1_900)).toBe(false);
    expect(reportDue({ at_ms: 0, state: "live" }, "live", 2_000)).toBe(true);
    expect(reportDue({ at_ms: 0, state: "live" }, "lost", 1_000)).toBe(true);
  });
});
