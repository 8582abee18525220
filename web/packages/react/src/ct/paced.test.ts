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
    const reader = new PacedReader(read, 400);
    // Every 50 ms for two seconds: a reading of 100 ms and a pause of 400 ms are half a second.
    for (let count = 0; count < 40; count += 1) {
      reader.ask();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(read).toHaveBeenCalledTimes(5);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(5);
  });

  it("reads once when it is asked once, and not at all after it was stopped", async () => {
    const read = vi.fn(() => Promise.resolve());
    const reader = new PacedReader(read, 400);
    reader.ask();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(1);
    reader.stop();
    reader.ask();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
