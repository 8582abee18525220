import { describe, expect, it } from "vitest";

import { isolines } from "./isolines";

const SIDE = 41;
const MIDDLE = 20.3;

/** A cone: the distance to the level's circle is known everywhere. */
function cone(): Float32Array {
  const values = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) values[y * SIDE + x] = 100 - Math.hypot(x - MIDDLE, y - MIDDLE);
  }
  return values;
}

describe("isolines", () => {
  it("of a cone lie on the circle, and close", () => {
    const lines = isolines(cone(), SIDE, 88);
    expect(lines.length).toBeGreaterThan(100);
    let around = 0;
    const ends = new Map<string, number>();
    for (let at = 0; at < lines.length; at += 4) {
      const [x0, y0, x1, y1] = lines.slice(at, at + 4) as [number, number, number, number];
      expect(Math.abs(Math.hypot(x0 - MIDDLE, y0 - MIDDLE) - 12)).toBeLessThan(0.02);
      around += Math.hypot(x1 - x0, y1 - y0);
      for (const end of [`${x0.toFixed(4)} ${y0.toFixed(4)}`, `${x1.toFixed(4)} ${y1.toFixed(4)}`])
        ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect(around).toBeCloseTo(2 * Math.PI * 12, 0);
    expect([...ends.values()].every((count) => count === 2)).toBe(true);
  });

  it("cuts a saddle as its mean says", () => {
    const high = isolines(Float32Array.from([2, 0, 0, 2]), 2, 0.5);
    const low = isolines(Float32Array.from([2, 0, 0, 2]), 2, 1.5);
    // The mean is 1: above 0.5 the two high corners are joined, above 1.5 each stands alone.
    const beside = (lines: number[]): boolean => lines.slice(0, 4).reduce((sum, part) => sum + part, 0) < 2;
    expect(high).toHaveLength(8);
    expect(beside(low)).toBe(true);
    expect(beside(high)).toBe(false);
  });

  it("of a level that nothing reaches are none", () => {
    expect(isolines(cone(), SIDE, 101)).toEqual([]);
  });
});
