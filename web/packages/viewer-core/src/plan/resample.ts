/** Pictures out of a volume. */
import { lpsToVoxel, type PicturePlane, stepToVoxels, type VolumeGrid } from "@tongtai/geometry";

import type { Voxels } from "./voxels";

/** Outside the volume: air, for grey values. */
export const OUTSIDE_HU = -1024;

interface Walk {
  /** Index [k, j, i] of pixel (0, 0), and its change along a row and down a column. */
  readonly start: readonly [number, number, number];
  readonly across: readonly [number, number, number];
  readonly down: readonly [number, number, number];
}

function walkOf(grid: VolumeGrid, plane: PicturePlane): Walk {
  return {
    start: lpsToVoxel(grid, plane.origin),
    across: stepToVoxels(grid, plane.stepX),
    down: stepToVoxels(grid, plane.stepY),
  };
}

/** Rounding must not tip over where a voxel's middle is hit exactly. */
const nearest = (index: number): number => Math.floor(index + 0.5 + 1e-6);

/** The voxel under each pixel, row by row; what lies outside is `outside`. */
export function nearestPixels<Values extends Int16Array | Uint8Array>(
  volume: Voxels<Values>,
  plane: PicturePlane,
  outside: number,
): Values {
  const { start, across, down } = walkOf(volume, plane);
  const { values } = volume;
  const [countK, countJ, countI] = volume.shape;
  const { columns, rows } = plane;
  const pixels = new (values.constructor as new (count: number) => Values)(columns * rows);
  for (let y = 0, at = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1, at += 1) {
      const k = nearest(start[0] + x * across[0] + y * down[0]);
      const j = nearest(start[1] + x * across[1] + y * down[1]);
      const i = nearest(start[2] + x * across[2] + y * down[2]);
      const inside = k >= 0 && k < countK && j >= 0 && j < countJ && i >= 0 && i < countI;
      pixels[at] = inside ? (values[(k * countJ + j) * countI + i] as number) : outside;
    }
  }
  return pixels;
}

/** Values between voxels, for planes that the volume's slices do not have; what lies outside is `outside`. */
export function smoothPixels(
  volume: Voxels<Int16Array | Float32Array>,
  plane: PicturePlane,
  outside = OUTSIDE_HU,
): Float32Array<ArrayBuffer> {
  const { start, across, down } = walkOf(volume, plane);
  const { values } = volume;
  const [countK, countJ, countI] = volume.shape;
  const { columns, rows } = plane;
  const pixels = new Float32Array(columns * rows).fill(outside);
  const slice = countJ * countI;
  for (let y = 0, at = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1, at += 1) {
      const k = start[0] + x * across[0] + y * down[0];
      const j = start[1] + x * across[1] + y * down[1];
      const i = start[2] + x * across[2] + y * down[2];
      if (!(k >= 0 && k <= countK - 1 && j >= 0 && j <= countJ - 1 && i >= 0 && i <= countI - 1)) continue;
      const [k0, j0, i0] = [Math.min(k | 0, countK - 2), Math.min(j | 0, countJ - 2), Math.min(i | 0, countI - 2)];
      const [fk, fj, fi] = [k - k0, j - j0, i - i0];
      const from = k0 * slice + j0 * countI + i0;
      const row = (offset: number): number => {
        const one = values[offset] as number;
        return one + ((values[offset + 1] as number) - one) * fi;
      };
      const upper = row(from) + (row(from + countI) - row(from)) * fj;
      const lower = row(from + slice) + (row(from + slice + countI) - row(from + slice)) * fj;
      pixels[at] = upper + (lower - upper) * fk;
    }
  }
  return pixels;
}

/** The value at a point, or null outside. */
export function valueAt(
  volume: Voxels<Int16Array | Uint8Array>,
  point: readonly [number, number, number],
): number | null {
  const [k, j, i] = lpsToVoxel(volume, point).map(nearest) as [number, number, number];
  const [countK, countJ, countI] = volume.shape;
  if (k < 0 || k >= countK || j < 0 || j >= countJ || i < 0 || i >= countI) return null;
  return volume.values[(k * countJ + j) * countI + i] ?? null;
}
