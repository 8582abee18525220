import type { Size } from "@tongtai/geometry";
import { getStroke } from "perfect-freehand";

import type { DrawnStroke } from "./model";

/**
 * Everything is laid out on a picture that is 1000 units wide and only then scaled to the screen, so that a drawing
 * has the same form, down to the smoothing of the pen, on a tablet and on a wall screen.
 */
export const REFERENCE_WIDTH = 1000;
export const TEXT_HEIGHT = 32;
/** The dark rim that keeps a light line visible on light tissue, in reference units. */
export const RIM_WIDTH = 2.5;

export interface ReferencePoint {
  readonly x: number;
  readonly y: number;
}

export function toReference(point: readonly [number, number], picture: Size): ReferencePoint {
  return { x: point[0] * REFERENCE_WIDTH, y: (point[1] * REFERENCE_WIDTH * picture.height) / picture.width };
}

/** The outline of a pen stroke as an SVG path. */
export function penPath(stroke: DrawnStroke, picture: Size, finished: boolean): string {
  const points = stroke.points.map((point) => {
    const { x, y } = toReference(point, picture);
    return [x, y] as [number, number];
  });
  const outline = getStroke(points, {
    size: Math.max(2, stroke.width * REFERENCE_WIDTH),
    thinning: 0,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: false,
    last: finished,
  }) as [number, number][];
  return closedPath(outline);
}

function closedPath(outline: readonly [number, number][]): string {
  const first = outline[0];
  if (!first) return "";
  const parts = [`M ${first[0]} ${first[1]} Q`];
  outline.forEach(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length] as [number, number];
    parts.push(`${x} ${y} ${(x + nextX) / 2} ${(y + nextY) / 2}`);
  });
  return `${parts.join(" ")} Z`;
}

export interface EllipseShape extends ReferencePoint {
  readonly radiusX: number;
  readonly radiusY: number;
}

/** The ellipse in the rectangle between the two points of the stroke. */
export function ellipseShape(stroke: DrawnStroke, picture: Size): EllipseShape | null {
  const [from, to] = [stroke.points[0], stroke.points.at(-1)];
  if (!from || !to || stroke.points.length < 2) return null;
  const a = toReference(from, picture);
  const b = toReference(to, picture);
  return {
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
    radiusX: Math.abs(b.x - a.x) / 2,
    radiusY: Math.abs(b.y - a.y) / 2,
  };
}

/** The shaft of an arrow from its tail to its tip: [x, y, x, y]. */
export function arrowShape(stroke: DrawnStroke, picture: Size): number[] | null {
  const [from, to] = [stroke.points[0], stroke.points.at(-1)];
  if (!from || !to || stroke.points.length < 2) return null;
  const tail = toReference(from, picture);
  const tip = toReference(to, picture);
  return [tail.x, tail.y, tip.x, tip.y];
}
