import { describe, expect, it } from "vitest";

import {
  indexToLps,
  lpsToIndex,
  orientationMarks,
  PlacementMissingError,
  positionAlongNormalMm,
  sliceIndex,
  type SlicePlacement,
} from "./patient";

const AXIAL: SlicePlacement = {
  imagePositionPatient: [-145, -120, 30],
  imageOrientationPatient: [1, 0, 0, 0, 1, 0],
  pixelSpacing: [0.8, 0.5],
};

describe("a slice in the patient", () => {
  it("uses column spacing along rows and row spacing down columns", () => {
    expect([...indexToLps(sliceIndex(10, 20), AXIAL)]).toEqual([-140, -104, 30]);
  });

  it("comes back to the same pixel, also on an oblique slice", () => {
    const c = Math.cos(0.3);
    const s = Math.sin(0.3);
    const oblique: SlicePlacement = { ...AXIAL, imageOrientationPatient: [c, 0, -s, 0, 1, 0] };
    const back = lpsToIndex(indexToLps(sliceIndex(123.25, 7.5), oblique), oblique);
    expect(back.x).toBeCloseTo(123.25, 9);
    expect(back.y).toBeCloseTo(7.5, 9);
  });

  it.each(["imagePositionPatient", "imageOrientationPatient", "pixelSpacing"] as const)(
    "throws when %s is missing or broken",
    (attribute) => {
      const missing = { ...AXIAL, [attribute]: undefined };
      const broken = { ...AXIAL, [attribute]: [0, Number.NaN] };
      expect(() => indexToLps(sliceIndex(0, 0), missing)).toThrow(PlacementMissingError);
      expect(() => indexToLps(sliceIndex(0, 0), broken)).toThrow(PlacementMissingError);
    },
  );

  it("throws when rows and columns are not perpendicular unit vectors", () => {
    const skewed = { ...AXIAL, imageOrientationPatient: [1, 0, 0, 0.5, 0.5, 0] };
    expect(() => indexToLps(sliceIndex(0, 0), skewed)).toThrow(PlacementMissingError);
  });

  it("names the borders of an axial and of a coronal slice", () => {
    expect(orientationMarks([1, 0, 0, 0, 1, 0])).toEqual({ left: "R", right: "L", top: "A", bottom: "P" });
    expect(orientationMarks([1, 0, 0, 0, 0, -1])).toEqual({ left: "R", right: "L", top: "H", bottom: "F" });
  });

  it("sorts axial slices from feet to head", () => {
    expect(positionAlongNormalMm(AXIAL)).toBe(30);
  });
});
