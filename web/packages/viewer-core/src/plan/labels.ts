/** Structures on a picture: their colours over the grey values and their outlines. */

/** Set where a voxel lies in the planned zone; the seven bits below are the structure. */
export const ZONE_BIT = 128;
const STRUCTURE_BITS = 127;

export type Rgb = readonly [number, number, number];

/** `#rrggbb` as numbers; refuses anything else, for a wrong colour is worse than none. */
export function rgbOf(colour: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!match) throw new RangeError(`not a colour: ${colour}`);
  const [, red = "", green = "", blue = ""] = match;
  return [Number.parseInt(red, 16), Number.parseInt(green, 16), Number.parseInt(blue, 16)];
}

/** How a structure is filled on a picture. */
export interface Fill {
  readonly rgb: Rgb;
  /** 0…1. */
  readonly opacity: number;
}

/** RGBA of the structures on a picture; a structure without a fill stays clear. */
export function paintLabels(labels: Uint8Array, fills: ReadonlyMap<number, Fill>): Uint8ClampedArray<ArrayBuffer> {
  const table = new Uint32Array(256);
  for (let value = 0; value < 256; value += 1) {
    const fill = fills.get(value & STRUCTURE_BITS);
    if (!fill) continue;
    const [red, green, blue] = fill.rgb;
    // Little-endian RGBA in one write a pixel.
    table[value] = (Math.round(fill.opacity * 255) << 24) | (blue << 16) | (green << 8) | red;
  }
  const pixels = new Uint32Array(labels.length);
  for (let at = 0; at < labels.length; at += 1) pixels[at] = table[labels[at] as number] as number;
  return new Uint8ClampedArray(pixels.buffer);
}

/** Ends of short lines in pixels, pixel middles at whole numbers: x0, y0, x1, y1, … */
export type Outline = number[];

/** Corners of a cell: upper left, upper right, lower right, lower left; edges: top, right, bottom, left. */
const EDGES: readonly (readonly [number, number])[] = [
  [0.5, 0],
  [1, 0.5],
  [0.5, 1],
  [0, 0.5],
];
/** For the corners that belong to the structure (bits 1, 2, 4, 8): pairs of edges to join (marching squares). */
const SEGMENTS: readonly (readonly number[])[] = [
  [],
  [3, 0],
  [0, 1],
  [3, 1],
  [1, 2],
  [3, 0, 1, 2],
  [0, 2],
  [3, 2],
  [2, 3],
  [2, 0],
  [0, 1, 2, 3],
  [2, 1],
  [1, 3],
  [1, 0],
  [0, 3],
  [],
];

/** Outlines of the wanted structures on a picture, all in one walk over it. */
export function outlinesOf(labels: Uint8Array, columns: number, wanted: ReadonlySet<number>): Map<number, Outline> {
  const rows = labels.length / columns;
  const found = new Map<number, Outline>([...wanted].map((value) => [value, []]));
  const trace = (value: number, corners: number, x: number, y: number): void => {
    const lines = found.get(value);
    if (!lines) return;
    for (const edge of SEGMENTS[corners] as readonly number[]) {
      const [dx, dy] = EDGES[edge] as readonly [number, number];
      lines.push(x + dx, y + dy);
    }
  };
  for (let y = 0; y < rows - 1; y += 1) {
    for (let x = 0; x < columns - 1; x += 1) {
      const at = y * columns + x;
      const a = (labels[at] as number) & STRUCTURE_BITS;
      const b = (labels[at + 1] as number) & STRUCTURE_BITS;
      const c = (labels[at + columns + 1] as number) & STRUCTURE_BITS;
      const d = (labels[at + columns] as number) & STRUCTURE_BITS;
      if (a === b && b === c && c === d) continue;
      const corners = (value: number): number =>
        (a === value ? 1 : 0) | (b === value ? 2 : 0) | (c === value ? 4 : 0) | (d === value ? 8 : 0);
      trace(a, corners(a), x, y);
      if (b !== a) trace(b, corners(b), x, y);
      if (c !== a && c !== b) trace(c, corners(c), x, y);
      if (d !== a && d !== b && d !== c) trace(d, corners(d), x, y);
    }
  }
  return found;
}
