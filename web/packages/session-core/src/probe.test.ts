import { describe, expect, it } from "vitest";

import type { RoomPacket } from "./packets";
import { RoomProbe, type ProbedRoom } from "./probe";

/** A room whose one video track counts what the test lets arrive. */
function fakeRoom() {
  let listener: (packet: RoomPacket) => void = () => undefined;
  const counters = { framesReceived: 0, framesDecoded: 0, packetsReceived: 0 };
  const world = { track: "t1" as string | null, published: true, now_ms: 0, rtt_ms: 40, counters };
  const stats = () =>
    new Map([
      ["v", { type: "inbound-rtp", kind: "video", jitterBufferEmittedCount: counters.framesDecoded, ...counters }],
    ]);
  const room = {
    identity: "me",
    trackOf: () =>
      world.track === null ? undefined : { sid: world.track, getRTCStatsReport: () => Promise.resolve(stats()) },
    publisherOf: () => (world.published ? "gateway" : null),
    sendPacket: (_topic: string, body: { id: string }) => {
      const sentAt_ms = world.now_ms;
      world.now_ms += world.rtt_ms;
      listener({ topic: "pong", from: "gateway", body: { id: body.id, capture_to_send_ms: { ultrasound: 20 } } });
      world.now_ms = sentAt_ms;
      return Promise.resolve();
    },
    onPacket: (heard: typeof listener) => {
      listener = heard;
      return () => undefined;
    },
  } as unknown as ProbedRoom;
  return { room, world };
}

async function seconds(probe: RoomProbe, world: ReturnType<typeof fakeRoom>["world"], count: number, frames: number) {
  for (let second = 0; second < count; second += 1) {
    world.now_ms += 1_000;
    world.counters.framesReceived += frames;
    world.counters.framesDecoded += frames;
    world.counters.packetsReceived += frames * 3;
    await probe.tick(true);
  }
}

function watched() {
  const { room, world } = fakeRoom();
  const probe = new RoomProbe(room, () => world.now_ms);
  const stop = probe.watch("ultrasound", "low");
  return { probe, world, stop, state: () => probe.quality.get().condition.state };
}

describe("the probe of a room", () => {
  it("does not call a room lost when its tile is made anew, or a sharper layer is fetched", async () => {
    const { probe, world, stop, state } = watched();
    await seconds(probe, world, 3, 25);
    expect(state()).toBe("live");
    stop();
    await seconds(probe, world, 30, 25);
    expect(state()).toBe("live");
    probe.watch("ultrasound", "high");
    world.track = null;
    await seconds(probe, world, 5, 0);
    expect(state()).toBe("live");
    world.track = "t2";
    await seconds(probe, world, 2, 25);
    expect(state()).toBe("live");
  });

  it("calls it lost when packets stop, and live as soon as frames come again", async () => {
    const { probe, world, state } = watched();
    await seconds(probe, world, 3, 25);
    await seconds(probe, world, 4, 0);
    expect(probe.quality.get().condition).toMatchObject({ state: "lost", reason: "no_packets" });
    await seconds(probe, world, 1, 25);
    expect(state()).toBe("live");
  });

  it("does not take its own standstill for the room's", async () => {
    const { probe, world, state } = watched();
    await seconds(probe, world, 3, 25);
    for (let stall = 0; stall < 2; stall += 1) {
      world.now_ms += 9_000;
      await seconds(probe, world, 1, 0);
    }
    expect(state()).toBe("live");
    await seconds(probe, world, 3, 0);
    expect(state()).toBe("lost");
  });

  it("calls it lost when the room no longer sends", async () => {
    const { probe, world, state } = watched();
    await seconds(probe, world, 3, 25);
    world.track = null;
    world.published = false;
    await seconds(probe, world, 3, 0);
    expect(state()).toBe("live");
    await seconds(probe, world, 1, 0);
    expect(state()).toBe("lost");
  });

  it("measures the delay by the quickest of the last answers: this page may have been busy", async () => {
    const { probe, world } = watched();
    await seconds(probe, world, 2, 25);
    world.rtt_ms = 900;
    await seconds(probe, world, 1, 25);
    // 20 ms from the light to the network, half of 40 ms on the way.
    expect(probe.quality.get().measurement.delay_ms).toBe(40);
    await seconds(probe, world, 4, 25);
    expect(probe.quality.get().measurement.delay_ms).toBe(470);
  });

  it("is off before a session, whatever does not come", async () => {
    const { probe, world, state } = watched();
    world.track = null;
    for (let second = 0; second < 20; second += 1) {
      world.now_ms += 1_000;
      await probe.tick(false);
    }
    expect(state()).toBe("off");
  });
});
