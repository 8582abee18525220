/** What is drawn over a plane: needles, zones and places, from LPS mm to mm on the picture. */
import {
  type EllipseOnPlane,
  type PicturePlane,
  projectOnPlane,
  sectionOfSpheroid,
  type Spheroid,
  type Vector3,
} from "@tongtai/geometry";
import type { Outline } from "@tongtai/viewer-core/plan";

export interface NeedleLine {
  readonly id: string;
  readonly entry: Vector3;
  readonly tip: Vector3;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A needle on a picture: the whole way as it projects, and the piece that really lies in the picture. */
export interface NeedleOnPlane {
  readonly id: string;
  readonly entry: Point;
  readonly tip: Point;
  readonly inside: readonly [Point, Point] | null;
}

/** A needle counts as being in the picture this far from it. */
export const IN_PLANE_MM = 2.5;

export function needleOnPlane(plane: PicturePlane, needle: NeedleLine): NeedleOnPlane {
  const from = projectOnPlane(plane, needle.entry);
  const to = projectOnPlane(plane, needle.tip);
  const at = (share: number): Point => ({
    x: from.x_mm + (to.x_mm - from.x_mm) * share,
    y: from.y_mm + (to.y_mm - from.y_mm) * share,
  });
  const shares = sharesInside(from.off_mm, to.off_mm);
  return { id: needle.id, entry: at(0), tip: at(1), inside: shares && [at(shares[0]), at(shares[1])] };
}

/** Which part of the way from one distance to another is within the picture's thickness. */
function sharesInside(from_mm: number, to_mm: number): readonly [number, number] | null {
  const change = to_mm - from_mm;
  if (Math.abs(change) < 1e-9) return Math.abs(from_mm) <= IN_PLANE_MM ? [0, 1] : null;
  const crossings = [(-IN_PLANE_MM - from_mm) / change, (IN_PLANE_MM - from_mm) / change].sort((a, b) => a - b);
  const [first, last] = [Math.max(0, crossings[0] as number), Math.min(1, crossings[1] as number)];
  return first < last ? [first, last] : null;
}

export const zonesOnPlane = (plane: PicturePlane, zones: readonly Spheroid[]): EllipseOnPlane[] =>
  zones.flatMap((zone) => sectionOfSpheroid(plane, zone) ?? []);

/** SVG path of an outline; pixels become mm from the picture's outer corner. */
export function outlinePath(lines: Outline, pixel_mm: { readonly x: number; readonly y: number }): string {
  const parts: string[] = [];
  const mm = (at: number): string => {
    const x = ((lines[at] as number) + 0.5) * pixel_mm.x;
    const y = ((lines[at + 1] as number) + 0.5) * pixel_mm.y;
    return `${x.toFixed(2)} ${y.toFixed(2)}`;
  };
  for (let at = 0; at < lines.length; at += 4) parts.push(`M${mm(at)}L${mm(at + 2)}`);
  return parts.join("");
}

/** How far each name moves down (in letters) so that names of needles with neighbouring entries can all be read. */
export function namesApart(entries: readonly Point[], letter_mm: number): number[] {
  const placed: Point[] = [];
  return entries.map(({ x, y }) => {
    let down = 0;
    const taken = (at: number): boolean =>
      placed.some((one) => Math.abs(one.x - x) < 2 * letter_mm && Math.abs(one.y - (y + at * letter_mm)) < letter_mm);
    while (letter_mm > 0 && taken(down)) down += 1;
    placed.push({ x, y: y + down * letter_mm });
    return down;
  });
}
