/**
 * Planes through a volume of voxels: where a picture's pixels lie in the patient, and how they are read from the voxels.
 *
 * A volume's voxels are stored slice by slice, row by row: index [k, j, i]. Its 4 × 4 matrix turns (k, j, i, 1) into LPS mm.
 */
import {
  directionLetters,
  indexToLps as sliceToLps,
  type OrientationMarks,
  PlacementMissingError,
  type PointLpsMm,
  pointLpsMm,
  sliceIndex,
  type SlicePlacement,
} from "./patient";

export type Vector3 = readonly [number, number, number];
export type Matrix4 = readonly (readonly number[])[];
export type PlaneName = "axial" | "coronal" | "sagittal";

/** Shape and place of a volume. */
export interface VolumeGrid {
  /** Voxels along k, j, i. */
  readonly shape: Vector3;
  /** (k, j, i, 1) → LPS mm; the columns are the steps of k, j and i. */
  readonly indexToLps: Matrix4;
}

/** A picture cut out of the patient: pixel (x, y) is the point `origin + x · stepX + y · stepY`, all in LPS mm. */
export interface PicturePlane {
  readonly origin: PointLpsMm;
  readonly stepX: Vector3;
  readonly stepY: Vector3;
  readonly columns: number;
  readonly rows: number;
}

export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const plus = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const times = (a: Vector3, factor: number): Vector3 => [a[0] * factor, a[1] * factor, a[2] * factor];
export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vector3): number => Math.hypot(...a);

/** The direction of a vector; refuses a vector without one. */
export function unit(a: Vector3): Vector3 {
  const size = length(a);
  if (!(size > 0)) throw new RangeError("a vector of no length has no direction");
  return times(a, 1 / size);
}

const point = (vector: Vector3): PointLpsMm => pointLpsMm(...vector);
const column = (matrix: Matrix4, index: number): Vector3 => [
  matrix[0]?.[index] ?? Number.NaN,
  matrix[1]?.[index] ?? Number.NaN,
  matrix[2]?.[index] ?? Number.NaN,
];

/** LPS steps of k, j and i, and the place of voxel [0, 0, 0]; refuses a matrix that turns space into less than space. */
export function volumeAxes(grid: VolumeGrid): { steps: readonly [Vector3, Vector3, Vector3]; origin: Vector3 } {
  const steps = [column(grid.indexToLps, 0), column(grid.indexToLps, 1), column(grid.indexToLps, 2)] as const;
  const origin = column(grid.indexToLps, 3);
  const volume_mm3 = dot(steps[0], cross(steps[1], steps[2]));
  if (!(Math.abs(volume_mm3) > 0) || !origin.every(Number.isFinite)) throw new PlacementMissingError("index_to_lps");
  return { steps, origin };
}

export function voxelToLps(grid: VolumeGrid, [k, j, i]: Vector3): PointLpsMm {
  const { steps, origin } = volumeAxes(grid);
  return point(plus(plus(plus(origin, times(steps[0], k)), times(steps[1], j)), times(steps[2], i)));
}

/** Continuous index [k, j, i]; whole numbers are the middles of voxels. */
export function lpsToVoxel(grid: VolumeGrid, at: Vector3): Vector3 {
  const { steps, origin } = volumeAxes(grid);
  return solve(steps, minus(at, origin));
}

/** Factors of the three steps that add up to a vector (Cramer's rule). */
function solve([a, b, c]: readonly [Vector3, Vector3, Vector3], vector: Vector3): Vector3 {
  const whole = dot(a, cross(b, c));
  return [dot(vector, cross(b, c)) / whole, dot(a, cross(vector, c)) / whole, dot(a, cross(b, vector)) / whole];
}

/** The change of index [k, j, i] that a step in LPS makes. */
export function stepToVoxels(grid: VolumeGrid, step: Vector3): Vector3 {
  return solve(volumeAxes(grid).steps, step);
}

/** How each plane is looked at, as radiologists do: from the feet, from the front, from the patient's left. */
const VIEWS: Readonly<Record<PlaneName, { normal: Vector3; right: Vector3; down: Vector3 }>> = {
  axial: { normal: [0, 0, 1], right: [1, 0, 0], down: [0, 1, 0] },
  coronal: { normal: [0, 1, 0], right: [1, 0, 0], down: [0, 0, -1] },
  sagittal: { normal: [1, 0, 0], right: [0, 1, 0], down: [0, 0, -1] },
};

/** One of the volume's own stacks of slices, seen as the plane whose name it bears. */
export interface SliceStack {
  readonly count: number;
  /** The slice number from 0 nearest to a point, counted as the reader scrolls. */
  numberAt(at: Vector3): number;
  /** The picture of a slice; the number is kept within the stack. */
  plane(number: number): PicturePlane;
  /** LPS mm from one slice to the next. */
  readonly step: Vector3;
}

/** Gives each direction the volume's axis nearest to it, every axis once. */
function axesOf(steps: readonly Vector3[], view: { normal: Vector3; right: Vector3; down: Vector3 }): Vector3 {
  const along = (axis: number, direction: Vector3): number => Math.abs(dot(unit(steps[axis] as Vector3), direction));
  const best = (axes: readonly number[], direction: Vector3): number =>
    axes.reduce((one, other) => (along(other, direction) > along(one, direction) ? other : one));
  const normal = best([0, 1, 2], view.normal);
  const rest = [0, 1, 2].filter((axis) => axis !== normal);
  const right = best(rest, view.right);
  return [normal, right, 3 - normal - right];
}

/**
 * The stack of a volume that is nearest to a plane of the body. Pixels are whole voxels: nothing is interpolated, and a
 * tilted volume shows its own tilted slices. Axial slices count from the head, coronal from the front, sagittal from the
 * patient's right.
 */
export function sliceStack(grid: VolumeGrid, name: PlaneName): SliceStack {
  const view = VIEWS[name];
  const { steps } = volumeAxes(grid);
  const [normal, right, down] = axesOf(steps, view);
  const signed = (axis: number, direction: Vector3): number => (dot(steps[axis] as Vector3, direction) < 0 ? -1 : 1);
  // Reading order: from the head down, from the front back, from right to left.
  const order = name === "axial" ? times(view.normal, -1) : view.normal;
  const signs = { normal: signed(normal, order), right: signed(right, view.right), down: signed(down, view.down) };
  const count = grid.shape[normal] as number;
  const voxelNumber = (number: number): number => (signs.normal > 0 ? number : count - 1 - number);
  const inside = (number: number): number => Math.max(0, Math.min(count - 1, Math.round(number)));
  return {
    count,
    step: times(steps[normal] as Vector3, signs.normal),
    numberAt: (at) => inside(voxelNumber(lpsToVoxel(grid, at)[normal] as number)),
    plane(number) {
      const corner: [number, number, number] = [0, 0, 0];
      corner[normal] = voxelNumber(inside(number));
      if (signs.right < 0) corner[right] = (grid.shape[right] as number) - 1;
      if (signs.down < 0) corner[down] = (grid.shape[down] as number) - 1;
      return {
        origin: voxelToLps(grid, corner),
        stepX: times(steps[right] as Vector3, signs.right),
        stepY: times(steps[down] as Vector3, signs.down),
        columns: grid.shape[right] as number,
        rows: grid.shape[down] as number,
      };
    },
  };
}

/**
 * A plane that holds a needle, turned about it: the needle runs down the picture from its entry, seen with the head up
 * (or, for an upright needle, the front) on the side where that is possible.
 */
export function needlePlane(
  needle: { readonly entry: Vector3; readonly tip: Vector3 },
  turn_deg: number,
  size: { readonly beyond_mm: number; readonly half_width_mm: number; readonly pixel_mm: number },
): PicturePlane {
  const along = unit(minus(needle.tip, needle.entry));
  const upright = Math.abs(along[2]) > 0.9;
  const reference: Vector3 = upright ? [0, -1, 0] : [0, 0, 1];
  const first = unit(cross(along, reference));
  const second = cross(along, first);
  const turn = (turn_deg * Math.PI) / 180;
  const across = plus(times(first, Math.cos(turn)), times(second, Math.sin(turn)));
  const depth = length(minus(needle.tip, needle.entry));
  const corner = plus(plus(needle.entry, times(along, -size.beyond_mm)), times(across, -size.half_width_mm));
  return {
    origin: point(corner),
    stepX: times(across, size.pixel_mm),
    stepY: times(along, size.pixel_mm),
    columns: Math.ceil((2 * size.half_width_mm) / size.pixel_mm),
    rows: Math.ceil((depth + 2 * size.beyond_mm) / size.pixel_mm),
  };
}

/** Width and height of a picture in mm, from outer border to outer border. */
export function planeSize(plane: PicturePlane): { readonly width_mm: number; readonly height_mm: number } {
  return { width_mm: plane.columns * length(plane.stepX), height_mm: plane.rows * length(plane.stepY) };
}

/** Where a point of the patient falls on a picture (mm from its upper left corner), and how far it is from it. */
export interface OnPlane {
  readonly x_mm: number;
  readonly y_mm: number;
  /** Along the picture's normal; zero on the picture. */
  readonly off_mm: number;
}

export function planeNormal(plane: PicturePlane): Vector3 {
  return unit(cross(plane.stepX, plane.stepY));
}

export function projectOnPlane(plane: PicturePlane, at: Vector3): OnPlane {
  const [pixelX, pixelY] = [length(plane.stepX), length(plane.stepY)];
  const from = minus(at, plane.origin);
  return {
    x_mm: dot(from, unit(plane.stepX)) + pixelX / 2,
    y_mm: dot(from, unit(plane.stepY)) + pixelY / 2,
    off_mm: dot(from, planeNormal(plane)),
  };
}

export function pointOnPlane(plane: PicturePlane, x_mm: number, y_mm: number): PointLpsMm {
  const [pixelX, pixelY] = [length(plane.stepX), length(plane.stepY)];
  const across = times(unit(plane.stepX), x_mm - pixelX / 2);
  const down = times(unit(plane.stepY), y_mm - pixelY / 2);
  return point(plus(plus(plane.origin, across), down));
}

/** The letters at a picture's borders. */
export function planeMarks(plane: PicturePlane): OrientationMarks {
  const [right, down] = [unit(plane.stepX), unit(plane.stepY)];
  return {
    right: directionLetters(right),
    left: directionLetters(times(right, -1)),
    bottom: directionLetters(down),
    top: directionLetters(times(down, -1)),
  };
}

/** An ellipsoid of revolution in the patient. */
export interface Spheroid {
  readonly centre: Vector3;
  /** Direction of the long (or short) axis of revolution. */
  readonly axis: Vector3;
  readonly semi_along_mm: number;
  readonly semi_across_mm: number;
}

/** An ellipse on a picture, mm from its upper left corner; `turn_deg` turns the first semi-axis from x towards y. */
export interface EllipseOnPlane {
  readonly x_mm: number;
  readonly y_mm: number;
  readonly semi_x_mm: number;
  readonly semi_y_mm: number;
  readonly turn_deg: number;
}

/** The exact section of a spheroid with a picture's plane; null where they do not meet. */
export function sectionOfSpheroid(plane: PicturePlane, body: Spheroid): EllipseOnPlane | null {
  const [u, v] = [unit(plane.stepX), unit(plane.stepY)];
  const axis = unit(body.axis);
  const along = 1 / body.semi_along_mm ** 2;
  const across = 1 / body.semi_across_mm ** 2;
  // The quadratic form |p|²·across + (p·axis)²·(along − across) = 1, written in the plane's own coordinates.
  const form = (a: Vector3, b: Vector3): number => dot(a, b) * across + dot(a, axis) * dot(b, axis) * (along - across);
  const { x_mm, y_mm, off_mm } = projectOnPlane(plane, body.centre);
  const away = times(planeNormal(plane), -off_mm);
  const [uu, uv, vv] = [form(u, u), form(u, v), form(v, v)];
  const [au, av, aa] = [form(away, u), form(away, v), form(away, away)];
  const determinant = uu * vv - uv * uv;
  const dx = (uv * av - vv * au) / determinant;
  const dy = (uv * au - uu * av) / determinant;
  const left = 1 - (aa + au * dx + av * dy);
  if (!(left > 0)) return null;
  const turn = Math.atan2(2 * uv, uu - vv) / 2;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const first = uu * c * c + 2 * uv * c * s + vv * s * s;
  const second = uu * s * s - 2 * uv * c * s + vv * c * c;
  return {
    x_mm: x_mm + dx,
    y_mm: y_mm + dy,
    semi_x_mm: Math.sqrt(left / first),
    semi_y_mm: Math.sqrt(left / second),
    turn_deg: (turn * 180) / Math.PI,
  };
}

/** The picture that a DICOM slice is. */
export function slicePlane(placement: SlicePlacement, columns: number, rows: number): PicturePlane {
  const origin = sliceToLps(sliceIndex(0, 0), placement);
  return {
    origin,
    stepX: minus(sliceToLps(sliceIndex(1, 0), placement), origin),
    stepY: minus(sliceToLps(sliceIndex(0, 1), placement), origin),
    columns,
    rows,
  };
}
