/** Lines of equal value on a picture, such as isodoses: marching squares with the crossing between two pixels in proportion. */
import type { Outline } from "./labels";

/** Corners of a cell, clockwise from the upper left, as offsets in pixels. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/**
 * Short lines at which the values pass the level, pixel middles at whole numbers. A cell with two corners above that face
 * each other (a saddle) is cut as its mean says.
 */
export function isolines(values: Float32Array, columns: number, level: number): Outline {
  const rows = values.length / columns;
  const lines: Outline = [];
  for (let y = 0; y + 1 < rows; y += 1) {
    for (let x = 0; x + 1 < columns; x += 1) {
      const cell = CORNERS.map(([dx, dy]) => values[(y + dy) * columns + x + dx] as number);
      const crossings = crossingsOf(cell, level);
      if (crossings.length === 0) continue;
      const points = joined(crossings, cell, level);
      for (const [px, py] of points) lines.push(x + px, y + py);
    }
  }
  return lines;
}

type Point = readonly [number, number];

/** Where the level is passed on each edge: top, right, bottom, left. */
function crossingsOf(cell: readonly number[], level: number): Point[] {
  const found: Point[] = [];
  for (let edge = 0; edge < 4; edge += 1) {
    const next = (edge + 1) % 4;
    const [one, other] = [cell[edge] as number, cell[next] as number];
    if (one >= level === other >= level) continue;
    const share = (level - one) / (other - one);
    const [a, b] = [CORNERS[edge] as Point, CORNERS[next] as Point];
    found.push([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]);
  }
  return found;
}

/** Pairs of crossings; of four, those beside the corners that the cell's mean leaves apart. */
function joined(crossings: readonly Point[], cell: readonly number[], level: number): readonly Point[] {
  if (crossings.length !== 4) return crossings;
  const [top, right, bottom, left] = crossings as [Point, Point, Point, Point];
  const mean = cell.reduce((sum, value) => sum + value, 0) / 4;
  // The upper left corner is cut off when it is on the other side than the middle.
  const alone = (cell[0] as number) >= level !== mean >= level;
  return alone ? [left, top, right, bottom] : [top, right, bottom, left];
}
