import { type PicturePlane, pointLpsMm, sliceStack, type VolumeGrid } from "@tongtai/geometry";
import { describe, expect, it } from "vitest";

import { readScene } from "./glb";
import { outlinesOf, paintLabels, rgbOf, ZONE_BIT } from "./labels";
import { nearestPixels, OUTSIDE_HU, smoothPixels, valueAt } from "./resample";
import { NO_SKIN, OPEN_SKIN, paintSkinMap, readSkinMap, skinCellNear, skinPlaceAt, skinStateAt } from "./skinMap";
import { greyVoxels, gunzip, labelVoxels, type Voxels } from "./voxels";

const GRID: VolumeGrid = {
  shape: [4, 5, 6],
  indexToLps: [
    [0, 0, 0.5, 10],
    [0, 0.75, 0, 20],
    [-3, 0, 0, 30],
    [0, 0, 0, 1],
  ],
};
/** Every voxel says where it is: 100 k + 10 j + i. */
const VOLUME: Voxels<Int16Array> = {
  ...GRID,
  values: Int16Array.from(
    { length: 120 },
    (_, at) => 100 * Math.floor(at / 30) + 10 * (Math.floor(at / 6) % 5) + (at % 6),
  ),
};

describe("pictures out of a volume", () => {
  it("an axial slice is the volume's own slice, pixel by pixel", () => {
    // k grows towards the feet here, so that slice 1 from the head is k = 1.
    const pixels = nearestPixels(VOLUME, sliceStack(GRID, "axial").plane(1), OUTSIDE_HU);
    expect([...pixels.slice(0, 7)]).toEqual([100, 101, 102, 103, 104, 105, 110]);
  });

  it("a sagittal slice has the front at the left and the head at the top", () => {
    const pixels = nearestPixels(VOLUME, sliceStack(GRID, "sagittal").plane(2), OUTSIDE_HU);
    expect([...pixels]).toEqual([0, 1, 2, 3].flatMap((k) => [0, 1, 2, 3, 4].map((j) => 100 * k + 10 * j + 2)));
  });

  it("between voxels a linear volume stays linear, outside is air", () => {
    const plane: PicturePlane = {
      origin: pointLpsMm(10.6, 21.1, 27.3),
      stepX: [0.2, 0.1, -0.3],
      stepY: [0.05, 0.2, -0.4],
      columns: 5,
      rows: 4,
    };
    const pixels = smoothPixels(VOLUME, plane);
    for (let y = 0; y < 4; y += 1)
      for (let x = 0; x < 5; x += 1) {
        const i = (10.6 + 0.2 * x + 0.05 * y - 10) / 0.5;
        const j = (21.1 + 0.1 * x + 0.2 * y - 20) / 0.75;
        const k = (27.3 - 0.3 * x - 0.4 * y - 30) / -3;
        expect(pixels[5 * y + x]).toBeCloseTo(100 * k + 10 * j + i, 3);
      }
    expect(smoothPixels(VOLUME, { ...plane, origin: pointLpsMm(500, 0, 0) }).every((hu) => hu === OUTSIDE_HU)).toBe(
      true,
    );
  });

  it("a point has the value of its voxel", () => {
    expect(valueAt(VOLUME, [10 + 0.5 * 3, 20 + 0.75 * 2, 30 - 3 * 1])).toBe(123);
    expect(valueAt(VOLUME, [0, 0, 0])).toBeNull();
  });
});

describe("files of voxels", () => {
  const header = { shape: [1, 2, 2], index_to_lps: GRID.indexToLps };

  it("are unpacked and read as little-endian grey values", async () => {
    const raw = new Uint8Array([0x10, 0xfc, 0, 0, 40, 0, 0x2c, 1]);
    const packed = new Response(new Blob([raw]).stream().pipeThrough(new CompressionStream("gzip")));
    const bytes = await gunzip(new Uint8Array(await packed.arrayBuffer()));
    expect([...greyVoxels(header, bytes).values]).toEqual([-1008, 0, 40, 300]);
  });

  it("that are cut short are refused", async () => {
    expect(() => labelVoxels(header, new Uint8Array(3))).toThrow("3 voxels for 1 × 2 × 2");
    await expect(gunzip(new Uint8Array([1, 2, 3]))).rejects.toThrow("gzip");
  });
});

describe("structures on a picture", () => {
  const LABELS = Uint8Array.from([0, 0, 0, 0, 0, 3, 3, 0, 0, 3 | ZONE_BIT, 3, 0, 0, 0, 0, 0]);

  it("are filled in their colour, inside the zone and outside", () => {
    const painted = paintLabels(LABELS, new Map([[3, { rgb: rgbOf("#ff8000"), opacity: 0.5 }]]));
    expect([...painted.slice(5 * 4, 5 * 4 + 4)]).toEqual([255, 128, 0, 128]);
    expect([...painted.slice(9 * 4, 9 * 4 + 4)]).toEqual([255, 128, 0, 128]);
    expect([...painted.slice(0, 4)]).toEqual([0, 0, 0, 0]);
  });

  it("have a closed outline: every end of a line is the end of two", () => {
    const lines = outlinesOf(LABELS, 4, new Set([3])).get(3) ?? [];
    const ends = new Map<string, number>();
    for (let at = 0; at < lines.length; at += 2) {
      const key = `${lines[at]},${lines[at + 1]}`;
      ends.set(key, (ends.get(key) ?? 0) + 1);
    }
    expect(lines).toHaveLength(8 * 4);
    expect([...ends.values()].every((count) => count === 2)).toBe(true);
  });

  it("that were not asked for have none", () => {
    expect(outlinesOf(LABELS, 4, new Set([7])).get(3)).toBeUndefined();
  });
});

describe("the unrolled skin", () => {
  const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
  const places = Float32Array.from([0, 0, 0, 10, 0, 0, 20, 0, 0, 0, 0, -5, 10, 0, -5, 20, 0, -5]);
  const file = {
    columns: 3,
    rows: 2,
    angle_deg: [-180, 180],
    z_mm: [0, -5],
    constraints: ["bone", "lung"],
    cells: base64(Uint8Array.from([OPEN_SKIN, 0, 1, NO_SKIN, OPEN_SKIN, 0])),
    positions: base64(new Uint8Array(places.buffer)),
  } as const;
  const map = readSkinMap({ ...file, angle_deg: [-180, 180], z_mm: [0, -5] });

  it("says at each cell what closes it", () => {
    expect(skinStateAt(map, 0, 0)).toEqual({ kind: "open" });
    expect(skinStateAt(map, 2, 0)).toEqual({ kind: "closed", constraint: "lung" });
    expect(skinStateAt(map, 0, 1)).toEqual({ kind: "none" });
  });

  it("knows where its cells lie, and the cell of a needle's entry", () => {
    expect(skinPlaceAt(map, 1, 1)).toEqual([10, 0, -5]);
    expect(skinPlaceAt(map, 0, 1)).toBeNull();
    expect(skinCellNear(map, [18, 1, -4])).toEqual({ column: 2, row: 1 });
    // The nearest place has no skin: the nearest that has counts.
    expect(skinCellNear(map, [0, 0, -5])).toEqual({ column: 0, row: 0 });
  });

  it("is painted in the constraints' colours", () => {
    const colours = { open: "#00ff00", closed: new Map([["bone", "#102030"]]), other: "#808080" };
    const pixels = paintSkinMap(map, colours);
    expect([...pixels.slice(0, 12)]).toEqual([0, 255, 0, 255, 16, 32, 48, 255, 128, 128, 128, 255]);
    expect(pixels[3 * 4 + 3]).toBe(0);
  });

  it("is refused when cells are missing", () => {
    expect(() => readSkinMap({ ...file, angle_deg: [-180, 180], z_mm: [0, -5], rows: 3 })).toThrow("skin map");
  });
});

describe("a scene's file", () => {
  function glb(json: object, binary: Uint8Array): Uint8Array {
    const text = new TextEncoder().encode(JSON.stringify(json));
    const padded = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(0x20);
    padded.set(text);
    const whole = new Uint8Array(12 + 8 + padded.length + 8 + binary.length);
    const view = new DataView(whole.buffer);
    view.setUint32(0, 0x46546c67, true);
    view.setUint32(4, 2, true);
    view.setUint32(8, whole.length, true);
    view.setUint32(12, padded.length, true);
    view.setUint32(16, 0x4e4f534a, true);
    whole.set(padded, 20);
    view.setUint32(20 + padded.length, binary.length, true);
    view.setUint32(24 + padded.length, 0x004e4942, true);
    whole.set(binary, 28 + padded.length);
    return whole;
  }
  const corners = new Uint8Array(Float32Array.from([0, 0, 0, 10, 0, 0, 0, 20, 0]).buffer);
  const order = new Uint8Array(Uint32Array.from([0, 1, 2]).buffer);
  const json = {
    asset: { version: "2.0" },
    nodes: [
      { name: "LPS mm", children: [1] },
      { name: "liver", mesh: 0 },
    ],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, material: 0 }] }],
    materials: [{ pbrMetallicRoughness: { baseColorFactor: [1, 0.214, 0, 0.25] } }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 3, type: "VEC3" },
      { bufferView: 1, componentType: 5125, count: 3, type: "SCALAR" },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: 36 },
      { buffer: 0, byteOffset: 36, byteLength: 12 },
    ],
  };

  it("gives named surfaces in millimetres, in a screen's colours", () => {
    const [liver, ...rest] = readScene(glb(json, new Uint8Array([...corners, ...order])));
    expect(rest).toEqual([]);
    expect(liver?.name).toBe("liver");
    expect([...(liver?.points ?? [])]).toEqual([0, 0, 0, 10, 0, 0, 0, 20, 0]);
    expect([...(liver?.triangles ?? [])]).toEqual([0, 1, 2]);
    expect(liver?.colour[1]).toBeCloseTo(0.5, 2);
    expect(liver?.opacity).toBe(0.25);
  });

  it("of another kind is refused", () => {
    expect(() => readScene(new Uint8Array(40))).toThrow("glTF");
  });
});
