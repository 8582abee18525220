import type { SeedPlanDocument } from "@tongtai/api-client";
import { dot, length, minus, planeNormal, pointOnPlane, projectOnPlane, type Vector3 } from "@tongtai/geometry";
import { describe, expect, it } from "vitest";

import { acrossStack, holesOf } from "./acrossPlane";
import { dvhLines, dvhPath, dvhX, dvhY } from "./dvh";

const AWAY: Vector3 = [0.6, 0.8, 0];
const along = (mm: number): number[] => [10 + 0.6 * mm, 20 + 0.8 * mm, 30];
const hole = (name: string, needle: string, open_to_mm: number | null) => ({
  name,
  centre_lps_mm: along(-100),
  needle,
  meets_target: true,
  open_to_mm,
});

const plan = {
  request: { prescription_gy: 110 },
  target: { centre_lps_mm: [10, 20, 30] },
  template: {
    direction_lps: AWAY,
    origin_lps_mm: along(-100),
    holes: [hole("A1", "N1", 90), hole("B1", "", null), hole("C1", "", 80)],
  },
  needles: [{ entry_lps_mm: along(-90), tip_lps_mm: along(10) }],
  seeds: [along(-7), along(3)].map((centre_lps_mm) => ({ centre_lps_mm })),
  doses: {
    organs: [{ name: "bowel" }, { name: "liver" }],
    histograms: ["bowel", "liver", "target"].map((structure) => ({
      structure,
      dose_gy: [0, 110, 220, 440],
      cumulative_share: [1, 0.9, 0.5, 0.1],
    })),
  },
} as unknown as SeedPlanDocument;

describe("slices across the needles", () => {
  const stack = acrossStack(plan);
  if (!stack) throw new Error("there are seeds");

  it("stand 5 mm apart, looked at from the skin, the head up", () => {
    const [one, other] = [stack.plane(0), stack.plane(1)];
    expect(dot(minus(other.origin, one.origin), AWAY)).toBeCloseTo(5);
    expect(length(minus(other.origin, one.origin))).toBeCloseTo(5);
    const normal = planeNormal(one);
    expect(dot(normal, AWAY)).toBeCloseTo(1);
    expect(one.stepY[2]).toBeLessThan(0);
  });

  it("hold every seed in one of them, and are named by the distance from the template", () => {
    for (const { centre_lps_mm } of plan.seeds) {
      const seed = centre_lps_mm as unknown as Vector3;
      const number = stack.numberAt(seed);
      expect(Math.abs(projectOnPlane(stack.plane(number), seed).off_mm)).toBeLessThanOrEqual(2.5);
    }
    const middle = stack.numberAt([10, 20, 30]);
    expect(stack.distance_mm(middle)).toBeCloseTo(100);
    const plane = stack.plane(middle);
    const side = plane.columns * 0.5;
    expect(length(minus(pointOnPlane(plane, side / 2, side / 2), [10, 20, 30]))).toBeLessThan(0.5);
  });

  it("do not exist without seeds", () => {
    expect(acrossStack({ ...plan, seeds: [] })).toBeNull();
  });

  it("tell used, closed and free holes apart", () => {
    expect(holesOf(plan).map(({ state }) => state)).toEqual(["used", "closed", "free"]);
  });
});

describe("the plot of histograms", () => {
  it("draws the target first, then the hottest organs", () => {
    expect(dvhLines(plan).map(({ structure }) => structure)).toEqual(["target", "bowel", "liver"]);
  });

  it("puts the prescription at one and ends at three", () => {
    const path = dvhPath([0, 110, 440], [1, 0.9, 0.1], 110);
    expect(path).toBe(`M${dvhX(0).toFixed(1)} ${dvhY(1).toFixed(1)}L${dvhX(1).toFixed(1)} ${dvhY(0.9).toFixed(1)}`);
  });
});
