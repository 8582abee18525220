/**
 * Where a point of a medical picture lies on the screen.
 *
 * Pictures are never cropped or stretched: they are fitted whole into their box ("contain"), so two of the four
 * sides may have a bar. Drawings are stored in coordinates of the picture, never of the window, which is why every
 * screen shows them on the same tissue.
 */

declare const pictureBrand: unique symbol;
declare const boxBrand: unique symbol;

/** A point of the picture: (0, 0) is its upper left corner and (1, 1) its lower right one. */
export interface PicturePoint {
  readonly x: number;
  readonly y: number;
  readonly [pictureBrand]: true;
}

/** A point of the box that holds the picture, in CSS pixels from the upper left corner of the box. */
export interface BoxPoint {
  readonly x: number;
  readonly y: number;
  readonly [boxBrand]: true;
}

/** Width and height; CSS pixels for a box, picture pixels for a picture. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part of the box that the picture covers, in CSS pixels. */
export interface PictureRect extends Size {
  readonly left: number;
  readonly top: number;
}

export const picturePoint = (x: number, y: number): PicturePoint => ({ x, y }) as PicturePoint;
export const boxPoint = (x: number, y: number): BoxPoint => ({ x, y }) as BoxPoint;

const requireArea = (size: Size, what: string): void => {
  if (!(size.width > 0) || !(size.height > 0)) {
    throw new RangeError(`${what} has no area: ${size.width} × ${size.height}`);
  }
};

/** The largest rectangle of the picture's aspect in the middle of the box. Throws when either has no area. */
export function fitPicture(picture: Size, box: Size): PictureRect {
  requireArea(picture, "picture");
  requireArea(box, "box");
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { left: (box.width - width) / 2, top: (box.height - height) / 2, width, height };
}

/** Where a picture point lies in the box, when the picture covers `rect` of it (also beyond the box, when enlarged). */
export const placedInBox = (point: PicturePoint, rect: PictureRect): BoxPoint =>
  boxPoint(rect.left + point.x * rect.width, rect.top + point.y * rect.height);

/** The picture point under a box point; outside 0…1 when the box point is not on the picture. */
export const placedOnPicture = (point: BoxPoint, rect: PictureRect): PicturePoint =>
  picturePoint((point.x - rect.left) / rect.width, (point.y - rect.top) / rect.height);

/** Where a point of a picture that is fitted whole into its box lies in the box. */
export const mapPictureToBox = (point: PicturePoint, picture: Size, box: Size): BoxPoint =>
  placedInBox(point, fitPicture(picture, box));

/** The point of a fitted picture under a box point; outside 0…1 on one of the bars. */
export const mapBoxToPicture = (point: BoxPoint, picture: Size, box: Size): PicturePoint =>
  placedOnPicture(point, fitPicture(picture, box));

const clampUnit = (value: number): number => Math.min(1, Math.max(0, value));

/** The nearest point that is on the picture; used while a hand slides over the edge. */
export const clampToPicture = (point: PicturePoint): PicturePoint =>
  picturePoint(clampUnit(point.x), clampUnit(point.y));

export const isOnPicture = (point: PicturePoint): boolean =>
  point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1;
