import type { Measurement } from "@tongtai/api-client";
import { describe, expect, it } from "vitest";

import { rangeOf, valueOf } from "./measuredText";

const found = (low: number | null): Measurement => ({
  value: 70,
  at: "2026-01-02T08:00:00Z",
  by: "gateway",
  by_name: "OR 1",
  parts: [],
  low,
});

describe("limits of a measured line", () => {
  it.each([
    [{ low: 20, high: null, unit: "Mbit/s" }, null, "≥ 20 Mbit/s"],
    [{ low: null, high: 200, unit: "ms" }, null, "≤ 200 ms"],
    [{ low: 0, high: 200, unit: "ms" }, null, "0–200 ms"],
    [{ low: null, high: null, unit: "1" }, null, ""],
    [{ low: 50, high: null, unit: "GB" }, 86.4, "≥ 86.4 GB"],
    [{ low: 50, high: null, unit: "GB" }, 28.8, "≥ 50 GB"],
  ])("%o with %s is %s", (line, low, text) => {
    expect(rangeOf(line, found(low))).toBe(text);
  });

  it("are shown with two decimals at most", () => {
    expect(valueOf({ unit: "%" }, 3.456)).toBe("3.46 %");
    expect(valueOf({ unit: "1" }, 3)).toBe("3");
  });
});
