import { describe, expect, it } from "vitest";

import { isViewerSlow, measure, type InboundCounters, type Moments } from "./stats";

const before: InboundCounters = {
  at_ms: 1_000,
  framesReceived: 100,
  framesDecoded: 100,
  packetsReceived: 1_000,
  packetsLost: 10,
  jitterBufferDelay_s: 2,
  jitterBufferEmittedCount: 100,
  totalDecodeTime_s: 0.4,
};
const after: InboundCounters = {
  at_ms: 2_000,
  framesReceived: 130,
  framesDecoded: 130,
  packetsReceived: 1_097,
  packetsLost: 13,
  jitterBufferDelay_s: 2.3,
  jitterBufferEmittedCount: 130,
  totalDecodeTime_s: 0.46,
};
const pong = { rtt_ms: 60, capture_to_send_ms: 25, at_ms: 1_900 };
const moments: Moments = { pong, looked_ms: 2_000, movedAt_ms: 2_000, heardAt_ms: 2_000, blocked: 0 };

describe("a measurement", () => {
  it("adds the sender, half the way there and back, the jitter buffer and the decoder", () => {
    const measured = measure(before, after, moments);
    // 25 ms + 60/2 ms + 300 ms/30 frames + 60 ms/30 frames
    expect(measured.delay_ms).toBeCloseTo(67, 6);
    expect(measured.fps).toBeCloseTo(30, 6);
    expect(measured.loss).toBeCloseTo(3 / 100, 6);
    expect(measured).toMatchObject({ freeze_s: 0, silence_s: 0, viewerSlow: false });
  });

  it("knows no delay without a fresh answer from the sender", () => {
    expect(measure(before, after, { ...moments, pong: null }).delay_ms).toBeNull();
    expect(measure(before, after, { ...moments, pong: { ...pong, at_ms: -9_000 } }).delay_ms).toBeNull();
  });

  it("tells how long the picture has stood, and how long nothing has come", () => {
    const still = { ...before, at_ms: 6_000 };
    const stood = measure(before, still, { ...moments, looked_ms: 6_000, heardAt_ms: 4_000 });
    expect(stood).toMatchObject({ fps: 0, freeze_s: 4, silence_s: 2, delay_ms: null });
  });
});

describe("whether this computer is to blame", () => {
  it.each([
    ["nothing is late", after, 0, false],
    ["the page was held up for a third of the time", after, 0.35, true],
    ["complete frames came that were not decoded", { ...after, framesDecoded: 112 }, 0, true],
    ["the decoder was at work all the time", { ...after, totalDecodeTime_s: 1.35 }, 0, true],
    ["frames came and none could be decoded: a key frame is missing", { ...after, framesDecoded: 100 }, 0, false],
    ["nothing came at all, and the page was held up too", { ...before, at_ms: 2_000 }, 0.9, false],
  ])("%s", (_what, now, blocked, expected) => {
    expect(isViewerSlow(before, now, blocked)).toBe(expected);
  });
});
