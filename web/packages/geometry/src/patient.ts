/**
 * Where a pixel of a DICOM slice lies in the patient, by PS3.3 C.7.6.2.1.1.
 *
 * Always LPS (x to the patient's left, y to the back, z to the head), always millimetres. A slice without position,
 * orientation or spacing has no place in the patient: these functions throw and never guess.
 */

declare const lpsBrand: unique symbol;
declare const indexBrand: unique symbol;

/** A point in the patient: [left, posterior, superior] in mm. */
export type PointLpsMm = readonly [number, number, number] & { readonly [lpsBrand]: true };

/** A position on a slice in pixels: x along a row (column index), y down a column (row index); centres are whole. */
export interface SliceIndex {
  readonly x: number;
  readonly y: number;
  readonly [indexBrand]: true;
}

/** The DICOM attributes that place a slice; each may be missing in a real file. */
export interface SlicePlacement {
  /** (0020,0032), mm. */
  readonly imagePositionPatient?: readonly number[];
  /** (0020,0037): direction of the rows, then of the columns. */
  readonly imageOrientationPatient?: readonly number[];
  /** (0028,0030): distance between rows, then between columns, mm. */
  readonly pixelSpacing?: readonly number[];
}

export class PlacementMissingError extends Error {
  readonly code = "placement_missing";
  constructor(readonly attribute: string) {
    super(`The slice has no usable ${attribute}: it cannot be placed in the patient.`);
  }
}

type Vector = readonly [number, number, number];

interface SliceAxes {
  readonly origin: Vector;
  /** mm per pixel along a row. */
  readonly stepX: Vector;
  /** mm per pixel down a column. */
  readonly stepY: Vector;
  readonly columnSpacingMm: number;
  readonly rowSpacingMm: number;
}

export const pointLpsMm = (left: number, posterior: number, superior: number): PointLpsMm =>
  [left, posterior, superior] as unknown as PointLpsMm;
export const sliceIndex = (x: number, y: number): SliceIndex => ({ x, y }) as SliceIndex;

function numbers(values: readonly number[] | undefined, count: number, attribute: string): readonly number[] {
  if (values?.length !== count || !values.every(Number.isFinite)) throw new PlacementMissingError(attribute);
  return values;
}

const vector = (values: readonly number[], start: number): Vector => [
  values[start] as number,
  values[start + 1] as number,
  values[start + 2] as number,
];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scaled = (a: Vector, factor: number): Vector => [a[0] * factor, a[1] * factor, a[2] * factor];

/** How far two unit directions may be from perpendicular before the orientation is called broken (cosine). */
const ORTHOGONALITY_TOLERANCE = 1e-3;

function readAxes(placement: SlicePlacement): SliceAxes {
  const position = numbers(placement.imagePositionPatient, 3, "ImagePositionPatient");
  const orientation = numbers(placement.imageOrientationPatient, 6, "ImageOrientationPatient");
  const spacing = numbers(placement.pixelSpacing, 2, "PixelSpacing");
  const rows = vector(orientation, 0);
  const columns = vector(orientation, 3);
  const unit = Math.abs(dot(rows, rows) - 1) < 0.01 && Math.abs(dot(columns, columns) - 1) < 0.01;
  if (!unit || Math.abs(dot(rows, columns)) > ORTHOGONALITY_TOLERANCE) {
    throw new PlacementMissingError("ImageOrientationPatient");
  }
  const [rowSpacingMm, columnSpacingMm] = spacing as [number, number];
  if (!(rowSpacingMm > 0) || !(columnSpacingMm > 0)) throw new PlacementMissingError("PixelSpacing");
  return {
    origin: vector(position, 0),
    stepX: scaled(rows, columnSpacingMm),
    stepY: scaled(columns, rowSpacingMm),
    columnSpacingMm,
    rowSpacingMm,
  };
}

export function indexToLps(index: SliceIndex, placement: SlicePlacement): PointLpsMm {
  const { origin, stepX, stepY } = readAxes(placement);
  return pointLpsMm(
    origin[0] + stepX[0] * index.x + stepY[0] * index.y,
    origin[1] + stepX[1] * index.x + stepY[1] * index.y,
    origin[2] + stepX[2] * index.x + stepY[2] * index.y,
  );
}

/** The pixel nearest to a point of the patient (the point is projected onto the slice). */
export function lpsToIndex(point: PointLpsMm, placement: SlicePlacement): SliceIndex {
  const { origin, stepX, stepY, columnSpacingMm, rowSpacingMm } = readAxes(placement);
  const from: Vector = [point[0] - origin[0], point[1] - origin[1], point[2] - origin[2]];
  return sliceIndex(dot(from, stepX) / columnSpacingMm ** 2, dot(from, stepY) / rowSpacingMm ** 2);
}

/** The four letters on the borders of a displayed slice: which side of the patient each border faces. */
export interface OrientationMarks {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

const LETTERS: readonly (readonly [positive: string, negative: string])[] = [
  ["L", "R"],
  ["P", "A"],
  ["H", "F"],
];
/** A direction gets a second letter only when it is more than about 11° off the main axis. */
const SECOND_LETTER_COSINE = 0.2;

/** Letters of the patient sides that a direction points to, the strongest first ("L", "LA"). */
export function directionLetters(direction: Vector): string {
  return direction
    .map((value, axis) => ({ value, axis }))
    .filter(({ value }) => Math.abs(value) > SECOND_LETTER_COSINE)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, 2)
    .map(({ value, axis }) => LETTERS[axis]?.[value > 0 ? 0 : 1] ?? "")
    .join("");
}

export function orientationMarks(imageOrientationPatient: readonly number[] | undefined): OrientationMarks {
  const orientation = numbers(imageOrientationPatient, 6, "ImageOrientationPatient");
  const rows = vector(orientation, 0);
  const columns = vector(orientation, 3);
  return {
    right: directionLetters(rows),
    left: directionLetters(scaled(rows, -1)),
    bottom: directionLetters(columns),
    top: directionLetters(scaled(columns, -1)),
  };
}

/** Position of a slice along the normal of its plane, mm; sorts a series from feet to head for axial slices. */
export function positionAlongNormalMm(placement: SlicePlacement): number {
  const position = vector(numbers(placement.imagePositionPatient, 3, "ImagePositionPatient"), 0);
  const orientation = numbers(placement.imageOrientationPatient, 6, "ImageOrientationPatient");
  const [rx, ry, rz] = vector(orientation, 0);
  const [cx, cy, cz] = vector(orientation, 3);
  return dot(position, [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx]);
}
