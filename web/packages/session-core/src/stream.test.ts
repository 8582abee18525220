import { describe, expect, it } from "vitest";

import { backoffDelay_ms, EventStream, type StreamSocket } from "./stream";
import type { SessionEvent } from "./types";

class FakeSocket implements StreamSocket {
  onopen: StreamSocket["onopen"] = null;
  onmessage: StreamSocket["onmessage"] = null;
  onclose: StreamSocket["onclose"] = null;
  readonly sent: unknown[] = [];

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.onclose?.({ code: 1000 });
  }
}

function world() {
  const sockets: FakeSocket[] = [];
  const timers = new Map<number, { action: () => void; delay_ms: number }>();
  const seqs: Record<string, number> = {};
  const events: SessionEvent[] = [];
  let last = 0;
  const stream = new EventStream({
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    lastSeq: (caseId) => seqs[caseId] ?? 0,
    onEvents: (received) => events.push(...received),
    onServerTime: () => undefined,
    setTimer: (action, delay_ms) => {
      timers.set((last += 1), { action, delay_ms });
      return last;
    },
    clearTimer: (timer) => void timers.delete(timer),
    random: () => 0.5,
  });
  const runNext = (shorterThan_ms: number) => {
    for (const [id, { action, delay_ms }] of timers) {
      if (delay_ms >= shorterThan_ms) continue;
      timers.delete(id);
      action();
      return;
    }
    throw new Error("no timer is due");
  };
  return { stream, sockets, timers, seqs, events, runNext };
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

describe("the stream of events", () => {
  it("asks for every session from where the page is", () => {
    const { stream, sockets, seqs } = world();
    seqs.a = 4;
    stream.start();
    stream.follow("a");
    stream.follow("b");
    const socket = at(sockets, 0);
    socket.sent.length = 0;
    socket.onopen?.();
    expect(socket.sent).toEqual([{ subscribe: { a: 4, b: 0 } }]);
  });

  it("resumes at the number it had reached when the connection breaks", () => {
    const { stream, sockets, seqs, runNext } = world();
    stream.follow("a");
    stream.start();
    at(sockets, 0).onopen?.();
    at(sockets, 0).onmessage?.({ data: JSON.stringify({ t: 1 }) });
    seqs.a = 17;
    at(sockets, 0).onclose?.({ code: 1006 });
    expect(stream.status.get()).toBe("waiting");
    runNext(5_000);
    at(sockets, 1).onopen?.();
    expect(at(sockets, 1).sent).toEqual([{ subscribe: { a: 17 } }]);
  });

  it("closes a connection that has fallen silent and opens another", () => {
    const { stream, sockets, runNext } = world();
    stream.start();
    at(sockets, 0).onopen?.();
    runNext(30_000);
    runNext(5_000);
    expect(sockets).toHaveLength(2);
  });

  it("does not come back after a revocation", () => {
    const { stream, sockets, timers } = world();
    stream.start();
    at(sockets, 0).onopen?.();
    at(sockets, 0).onmessage?.({ data: JSON.stringify({ revoked: true }) });
    expect(stream.status.get()).toBe("revoked");
    expect(timers.size).toBe(0);
    expect(sockets).toHaveLength(1);
  });

  it("waits longer each time, at most five seconds", () => {
    const delays = [0, 1, 2, 3, 4, 9].map((attempt) => backoffDelay_ms(attempt, 0.5));
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000]);
    expect(backoffDelay_ms(9, 1)).toBeLessThanOrEqual(5_000);
  });
});
