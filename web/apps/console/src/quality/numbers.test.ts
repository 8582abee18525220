import { describe, expect, it } from "vitest";

import { percentOf, trendOf } from "./numbers";

const count = (numerator: number, denominator: number) => ({
  numerator,
  denominator,
  excluded: 0,
  rate: denominator === 0 ? null : numerator / denominator,
});

describe("a trend", () => {
  it("is in the order of months and leaves a gap where nothing was counted", () => {
    const points = trendOf({ "2026-03": count(3, 4), "2026-01": count(1, 2), "2026-02": count(0, 0) });
    expect(points.map(({ month, x, y }) => [month, x, y])).toEqual([
      ["2026-01", 0, 0.5],
      ["2026-03", 1, 0.25],
    ]);
  });

  it("of one month is a single point", () => {
    expect(trendOf({ "2026-01": count(1, 1) }).map(({ x, y }) => [x, y])).toEqual([[0, 0]]);
  });

  it("says a rate that does not exist as a dash", () => {
    expect([percentOf(null), percentOf(0.125)]).toEqual(["–", "12.5 %"]);
  });
});
