/** The unrolled skin: for each place of it, whether a needle may enter there or what closes it. */
import { type PointLpsMm, pointLpsMm } from "@tongtai/geometry";

import { ViewerError } from "../errors";
import { type Rgb, rgbOf } from "./labels";

export const NO_SKIN = 255;
export const OPEN_SKIN = 254;

/** As `skin-map.json` holds it. */
export interface SkinMapFile {
  readonly columns: number;
  readonly rows: number;
  readonly angle_deg: readonly [number, number];
  readonly z_mm: readonly [number, number];
  readonly constraints: readonly string[];
  /** Base64 of one byte a cell, row by row. */
  readonly cells: string;
  /** Base64 of x, y, z (LPS mm, float32) a cell. */
  readonly positions: string;
}

export interface SkinMap {
  readonly columns: number;
  readonly rows: number;
  readonly angle_deg: readonly [number, number];
  readonly z_mm: readonly [number, number];
  readonly constraints: readonly string[];
  readonly cells: Uint8Array;
  readonly positions: Float32Array;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

export function readSkinMap(file: SkinMapFile): SkinMap {
  const cells = bytesOf(file.cells);
  const positions = new Float32Array(bytesOf(file.positions).buffer);
  const count = file.columns * file.rows;
  if (cells.length !== count || positions.length !== 3 * count) {
    throw new ViewerError(
      "decode_failed",
      `skin map: ${cells.length} cells, ${positions.length / 3} places for ${count}`,
    );
  }
  const { columns, rows, angle_deg, z_mm, constraints } = file;
  return { columns, rows, angle_deg, z_mm, constraints, cells, positions };
}

export type SkinState = { readonly kind: "none" | "open" } | { readonly kind: "closed"; readonly constraint: string };

export function skinStateAt(map: SkinMap, column: number, row: number): SkinState {
  const cell = map.cells[row * map.columns + column] ?? NO_SKIN;
  if (cell === OPEN_SKIN) return { kind: "open" };
  const constraint = map.constraints[cell];
  return constraint === undefined ? { kind: "none" } : { kind: "closed", constraint };
}

/** Where a cell lies in the patient; null where there is no skin. */
export function skinPlaceAt(map: SkinMap, column: number, row: number): PointLpsMm | null {
  const at = 3 * (row * map.columns + column);
  const [x, y, z] = [map.positions[at], map.positions[at + 1], map.positions[at + 2]];
  if (x === undefined || y === undefined || z === undefined || skinStateAt(map, column, row).kind === "none")
    return null;
  return [x, y, z].every(Number.isFinite) ? pointLpsMm(x, y, z) : null;
}

/** The cell whose skin is nearest to a point of the patient, such as a needle's entry. */
export function skinCellNear(
  map: SkinMap,
  at: readonly [number, number, number],
): { column: number; row: number } | null {
  let best = Infinity;
  let found: { column: number; row: number } | null = null;
  for (let cell = 0; cell < map.cells.length; cell += 1) {
    if (map.cells[cell] === NO_SKIN) continue;
    const dx = (map.positions[3 * cell] as number) - at[0];
    const dy = (map.positions[3 * cell + 1] as number) - at[1];
    const dz = (map.positions[3 * cell + 2] as number) - at[2];
    const distance = dx * dx + dy * dy + dz * dz;
    if (!(distance < best)) continue;
    best = distance;
    found = { column: cell % map.columns, row: Math.floor(cell / map.columns) };
  }
  return found;
}

/** RGBA of the map; places without skin stay clear. */
export function paintSkinMap(
  map: SkinMap,
  colours: { readonly open: string; readonly closed: ReadonlyMap<string, string>; readonly other: string },
): Uint8ClampedArray<ArrayBuffer> {
  const open = rgbOf(colours.open);
  const closed: Rgb[] = map.constraints.map((name) => rgbOf(colours.closed.get(name) ?? colours.other));
  const pixels = new Uint8ClampedArray(map.cells.length * 4);
  map.cells.forEach((cell, index) => {
    const colour = cell === OPEN_SKIN ? open : closed[cell];
    if (!colour) return;
    pixels.set([...colour, 255], index * 4);
  });
  return pixels;
}
