import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { PacedReader } from "./paced";

describe("a reader with a pace", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("reads on while it is asked more often than it can read", async () => {
    const read = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 100)));
    const reader = new PacedReader(read, 200, 500);
    // Every 50 ms for almost two seconds: readings of 100 ms begin at 0, 300, 800, 1400 ms, for pauses of 200, 400, 500 ms.
    for (let count = 0; count < 39; count += 1) {
      reader.ask();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(read).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(5);
  });

  it("begins with the short pause again when it has come to rest", async () => {
    const read = vi.fn(() => Promise.resolve());
    const reader = new PacedReader(read, 200, 5_000);
    for (let count = 0; count < 100; count += 1) {
      reader.ask();
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(20_000);
    read.mockClear();
    reader.ask();
    reader.ask();
    await vi.advanceTimersByTimeAsync(210);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it("reads once when it is asked once, and not at all after it was stopped", async () => {
    const read = vi.fn(() => Promise.resolve());
    const reader = new PacedReader(read, 400, 400);
    reader.ask();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(1);
    reader.stop();
    reader.ask();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
