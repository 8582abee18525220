import { type PicturePlane, pointLpsMm } from "@tongtai/geometry";
import { describe, expect, it } from "vitest";

import { IN_PLANE_MM, namesApart, needleOnPlane, outlinePath, zonesOnPlane } from "./overlay";

const PLANE: PicturePlane = {
  origin: pointLpsMm(0, 0, 100),
  stepX: [1, 0, 0],
  stepY: [0, 1, 0],
  columns: 200,
  rows: 200,
};

describe("a needle on a plane", () => {
  it("in the plane lies in it from entry to tip", () => {
    const { inside } = needleOnPlane(PLANE, { id: "N1", entry: [10, 20, 100], tip: [60, 70, 100] });
    expect(inside).toEqual([
      { x: 10.5, y: 20.5 },
      { x: 60.5, y: 70.5 },
    ]);
  });

  it("that comes through lies in it for the plane's thickness only", () => {
    const { inside } = needleOnPlane(PLANE, { id: "N1", entry: [0, 50, 150], tip: [100, 50, 50] });
    expect(inside?.[0].x).toBeCloseTo(50.5 - IN_PLANE_MM, 9);
    expect(inside?.[1].x).toBeCloseTo(50.5 + IN_PLANE_MM, 9);
  });

  it("beside it does not lie in it, but is seen through", () => {
    const drawn = needleOnPlane(PLANE, { id: "N1", entry: [0, 50, 150], tip: [10, 50, 120] });
    expect(drawn.inside).toBeNull();
    expect(drawn.tip.x).toBeCloseTo(10.5, 9);
  });
});

it("zones that the plane does not cut are not drawn", () => {
  const zone = { axis: [1, 0, 0], semi_along_mm: 30, semi_across_mm: 20 } as const;
  const zones = [
    { ...zone, centre: [50, 50, 110] as const },
    { ...zone, centre: [50, 50, 121] as const },
  ];
  expect(zonesOnPlane(PLANE, zones)).toHaveLength(1);
});

it("an outline's pixels become millimetres from the outer corner", () => {
  expect(outlinePath([0, 0, 1, 0.5], { x: 0.6, y: 2 })).toBe("M0.30 1.00L0.90 2.00");
});

it("names of neighbouring needles stand below one another", () => {
  const entries = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
    { x: 2, y: 2 },
    { x: 90, y: 0 },
  ];
  expect(namesApart(entries, 10)).toEqual([0, 1, 2, 0]);
});
