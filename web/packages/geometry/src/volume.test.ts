import { describe, expect, it } from "vitest";

import {
  dot,
  length,
  lpsToVoxel,
  minus,
  needlePlane,
  planeMarks,
  planeNormal,
  planeSize,
  pointOnPlane,
  plus,
  projectOnPlane,
  sectionOfSpheroid,
  slicePlane,
  sliceStack,
  times,
  unit,
  type Vector3,
  type VolumeGrid,
  voxelToLps,
} from "./volume";

/** Slices from feet to head, rows to the back, columns to the left: the usual CT. */
const USUAL: VolumeGrid = {
  shape: [99, 400, 512],
  indexToLps: [
    [0, 0, 0.6, -150],
    [0, 0.7, 0, -120],
    [1.6, 0, 0, 20],
    [0, 0, 0, 1],
  ],
};
/** The same voxels stored from head to feet, from back to front and from left to right. */
const TURNED: VolumeGrid = {
  shape: [99, 400, 512],
  indexToLps: [
    [0, 0, -0.6, -150 + 511 * 0.6],
    [0, -0.7, 0, -120 + 399 * 0.7],
    [-1.6, 0, 0, 20 + 98 * 1.6],
    [0, 0, 0, 1],
  ],
};
const TILTED: VolumeGrid = {
  shape: [30, 64, 64],
  indexToLps: [
    [0, 0, 2, 5],
    [-1.5, 1.8, 0, 7],
    [4, 0.9, 0, 9],
    [0, 0, 0, 1],
  ],
};
const near = (got: readonly number[], wanted: readonly number[]): void =>
  wanted.forEach((value, index) => expect(got[index]).toBeCloseTo(value, 9));

describe("index_to_lps", () => {
  it("places a voxel by the steps of k, j and i", () => {
    near(voxelToLps(USUAL, [10, 20, 30]), [-150 + 18, -120 + 14, 20 + 16]);
  });

  it.each([
    ["the usual", USUAL],
    ["a turned", TURNED],
    ["a tilted", TILTED],
  ])("goes there and back in %s volume", (_, grid) => {
    near(lpsToVoxel(grid, voxelToLps(grid, [3.25, 17, 41.5])), [3.25, 17, 41.5]);
  });

  it("refuses a matrix without volume", () => {
    const flat = { ...USUAL, indexToLps: USUAL.indexToLps.map((row) => [row[0], row[0], row[2], row[3]] as number[]) };
    expect(() => voxelToLps(flat, [0, 0, 0])).toThrow("index_to_lps");
  });
});

describe("the three stacks", () => {
  it.each([
    ["usual", USUAL],
    ["turned", TURNED],
  ])("look as a radiologist looks, whatever the order of the voxels (%s)", (_, grid) => {
    expect(planeMarks(sliceStack(grid, "axial").plane(5))).toEqual({ left: "R", right: "L", top: "A", bottom: "P" });
    expect(planeMarks(sliceStack(grid, "coronal").plane(5))).toEqual({ left: "R", right: "L", top: "H", bottom: "F" });
    expect(planeMarks(sliceStack(grid, "sagittal").plane(5))).toEqual({ left: "A", right: "P", top: "H", bottom: "F" });
  });

  it("show the same patient, however the voxels are stored", () => {
    for (const name of ["axial", "coronal", "sagittal"] as const) {
      const [one, other] = [sliceStack(USUAL, name).plane(7), sliceStack(TURNED, name).plane(7)];
      near(one.origin, other.origin);
      near(one.stepX, other.stepX);
      near(one.stepY, other.stepY);
      expect([one.columns, one.rows]).toEqual([other.columns, other.rows]);
    }
  });

  it("count from the head, the front and the right", () => {
    const head = voxelToLps(USUAL, [98, 0, 0]);
    expect(sliceStack(USUAL, "axial").numberAt(head)).toBe(0);
    expect(sliceStack(USUAL, "coronal").numberAt(head)).toBe(0);
    expect(sliceStack(USUAL, "sagittal").numberAt(head)).toBe(0);
    expect(sliceStack(USUAL, "axial").numberAt([0, 0, -1000])).toBe(98);
  });

  it("hold the point that they are asked for within half a slice", () => {
    const at = voxelToLps(TILTED, [11.3, 30.2, 20.4]);
    for (const name of ["axial", "coronal", "sagittal"] as const) {
      const stack = sliceStack(TILTED, name);
      const plane = stack.plane(stack.numberAt(at));
      const step = Math.abs(dot(stack.step, planeNormal(plane)));
      expect(Math.abs(projectOnPlane(plane, at).off_mm)).toBeLessThanOrEqual(step / 2 + 1e-9);
    }
  });

  it("have the size of the volume", () => {
    expect(planeSize(sliceStack(USUAL, "coronal").plane(0))).toEqual({ width_mm: 512 * 0.6, height_mm: 99 * 1.6 });
  });
});

describe("points on a picture", () => {
  const plane = sliceStack(USUAL, "axial").plane(40);

  it("go there and back", () => {
    const at = pointOnPlane(plane, 33.3, 71.7);
    const { x_mm, y_mm, off_mm } = projectOnPlane(plane, at);
    near([x_mm, y_mm, off_mm], [33.3, 71.7, 0]);
  });

  it("count from the outer border: the first voxel's middle is half a pixel inside", () => {
    const { x_mm, y_mm } = projectOnPlane(plane, plane.origin);
    near([x_mm, y_mm], [0.3, 0.35]);
  });
});

describe("a plane along a needle", () => {
  const needle = { entry: [100, -40, 30] as Vector3, tip: [20, 10, 5] as Vector3 };
  const size = { beyond_mm: 20, half_width_mm: 50, pixel_mm: 1 };

  it.each([0, 35, 90, 180])("holds the needle whatever its turn (%i°)", (turn_deg) => {
    const plane = needlePlane(needle, turn_deg, size);
    const [entry, tip] = [projectOnPlane(plane, needle.entry), projectOnPlane(plane, needle.tip)];
    expect(entry.off_mm).toBeCloseTo(0, 9);
    expect(tip.off_mm).toBeCloseTo(0, 9);
    expect(tip.x_mm).toBeCloseTo(entry.x_mm, 9);
    expect(tip.y_mm - entry.y_mm).toBeCloseTo(length(minus(needle.tip, needle.entry)), 9);
  });

  it("takes a needle straight to the feet too", () => {
    expect(planeMarks(needlePlane({ entry: [0, 0, 90], tip: [0, 0, 0] }, 0, size)).bottom).toBe("F");
  });
});

describe("the section of a zone", () => {
  const plane = sliceStack(USUAL, "axial").plane(40);
  const centre = pointOnPlane(plane, 120, 90);

  it("through the middle across the axis is a circle of the short semi-axis", () => {
    const cut = sectionOfSpheroid(plane, { centre, axis: [0, 0, 1], semi_along_mm: 30, semi_across_mm: 20 });
    near([cut?.x_mm ?? 0, cut?.y_mm ?? 0, cut?.semi_x_mm ?? 0, cut?.semi_y_mm ?? 0], [120, 90, 20, 20]);
  });

  it("off the middle shrinks as a sphere does, and ends at its pole", () => {
    const ball = (off: number) =>
      sectionOfSpheroid(plane, {
        centre: plus(centre, times(planeNormal(plane), off)),
        axis: [0, 1, 0],
        semi_along_mm: 25,
        semi_across_mm: 25,
      });
    expect(ball(15)?.semi_x_mm).toBeCloseTo(20, 9);
    expect(ball(25.1)).toBeNull();
  });

  it("of an oblique zone runs through points that lie on the zone", () => {
    const body = {
      centre: plus(centre, [3, -2, 6]),
      axis: [0.5, 0.3, 0.8] as Vector3,
      semi_along_mm: 28,
      semi_across_mm: 17,
    };
    const cut = sectionOfSpheroid(plane, body);
    expect(cut).not.toBeNull();
    if (!cut) return;
    const turn = (cut.turn_deg * Math.PI) / 180;
    for (const angle of [0, 1, 2.5, 4]) {
      const [a, b] = [cut.semi_x_mm * Math.cos(angle), cut.semi_y_mm * Math.sin(angle)];
      const x = cut.x_mm + a * Math.cos(turn) - b * Math.sin(turn);
      const y = cut.y_mm + a * Math.sin(turn) + b * Math.cos(turn);
      const from = minus(pointOnPlane(plane, x, y), body.centre);
      const along = dot(from, unit(body.axis));
      const across = Math.sqrt(dot(from, from) - along ** 2);
      expect((along / 28) ** 2 + (across / 17) ** 2).toBeCloseTo(1, 9);
    }
  });
});

it("a DICOM slice is the same picture as the volume's slice", () => {
  const placement = {
    imagePositionPatient: [-150, -120, 20 + 1.6 * 98],
    imageOrientationPatient: [1, 0, 0, 0, 1, 0],
    pixelSpacing: [0.7, 0.6],
  };
  const [one, other] = [slicePlane(placement, 512, 400), sliceStack(USUAL, "axial").plane(0)];
  near(one.origin, other.origin);
  near(one.stepX, other.stepX);
  near(one.stepY, other.stepY);
});
