import type { Clip } from "@tongtai/api-client";
import { describe, expect, test } from "vitest";

import { clipAfter, clipAt, inOrder, lastHappened, spanOf } from "./clips";
import { ReplayClock } from "./clock";

const clip = (recording_id: string, started_ms: number, duration_ms: number): Clip => ({
  recording_id,
  started_ms,
  duration_ms,
  url: "",
});
const CLIPS = [clip("a", 1000, 500), clip("b", 1500, 500), clip("c", 4000, 1000)];

describe("clips", () => {
  test("a moment has the segment that holds it, where two meet the later one, in a gap none", () => {
    const times = [499, 500, 1000, 1499, 1500, 2000, 2500, 2501, 3499, 3500, 5500, 5501];
    const ids = times.map((at) => clipAt(CLIPS, at)?.recording_id);
    expect(ids).toEqual([undefined, "a", "a", "a", "b", "b", "b", undefined, undefined, "c", "c", undefined]);
    expect(clipAfter(CLIPS, 2500)?.recording_id).toBe("c");
    expect(clipAfter(CLIPS, 4000)).toBeNull();
  });

  test("the span reaches from the first picture of any feed to the last", () => {
    expect(spanOf([])).toBeNull();
    expect(
      spanOf([
        { feed: "ct", clips: CLIPS },
        { feed: "room", clips: [clip("d", 500, 100)] },
      ]),
    ).toEqual({ from_ms: 500, until_ms: 5000 });
  });

  test("the picture that guides the needle comes first, the sound last", () => {
    const feeds = ["mic", "room", "ct", "ultrasound"].map((feed) => ({ feed, clips: [] }));
    expect(inOrder(feeds).map(({ feed }) => feed)).toEqual(["ultrasound", "ct", "room", "mic"]);
  });

  test("an event has happened at its own millisecond", () => {
    const events = [10, 20, 20, 30].map((t_server_ms, seq) => ({ seq, t_server_ms })) as never;
    expect([9, 10, 20, 29, 99].map((at) => lastHappened(events, at))).toEqual([-1, 0, 2, 2, 3]);
  });
});

describe("clock", () => {
  function started() {
    let now = 0;
    const clock = new ReplayClock({ from_ms: 1000, until_ms: 11_000 }, () => now);
    return { clock, pass: (ms: number) => (now += ms) };
  }

  test("it stands until it is started, runs at its speed and keeps its place when the speed changes", () => {
    const { clock, pass } = started();
    pass(500);
    expect(clock.at_ms).toBe(1000);
    clock.play(true);
    pass(500);
    clock.run(4);
    pass(500);
    expect(clock.at_ms).toBe(3500);
    clock.play(false);
    pass(500);
    expect(clock.at_ms).toBe(3500);
  });

  test("all wait for one picture, and for all of those that wait", () => {
    const { clock, pass } = started();
    clock.play(true);
    clock.wait("ct", true);
    clock.wait("room", true);
    pass(500);
    clock.wait("ct", false);
    pass(500);
    expect([clock.playing, clock.runs, clock.at_ms]).toEqual([true, false, 1000]);
    clock.wait("room", false);
    pass(500);
    expect(clock.at_ms).toBe(1500);
  });

  test("it ends at the end and begins anew from the beginning", () => {
    const { clock, pass } = started();
    clock.seek(10_900);
    clock.play(true);
    pass(5000);
    expect(clock.at_ms).toBe(11_000);
    clock.settle();
    expect(clock.playing).toBe(false);
    clock.play(true);
    expect(clock.at_ms).toBe(1000);
    clock.seek(-5);
    expect(clock.at_ms).toBe(1000);
  });
});
