import { describe, expect, it, vi } from "vitest";

import { FeedDemand } from "./feedDemand";

describe("what is made ready", () => {
  it("is not wanted, and is forgotten with the last who asked", () => {
    const changed = vi.fn();
    const demand = new FeedDemand(changed);
    const stop = [demand.prepare("ultrasound"), demand.prepare("ultrasound")];
    expect(demand.wants("ultrasound", "high")).toBe(false);
    expect(demand.isPrepared("ultrasound", "high")).toBe(true);
    expect(demand.isPrepared("ultrasound", "low")).toBe(false);
    expect(demand.isPrepared("ct", "high")).toBe(false);
    stop[0]?.();
    expect(demand.isPrepared("ultrasound", "high")).toBe(true);
    stop[1]?.();
    expect(demand.isPrepared("ultrasound", "high")).toBe(false);
    expect(changed).toHaveBeenCalledTimes(4);
  });
});
