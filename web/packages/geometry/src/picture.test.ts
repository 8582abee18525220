import { describe, expect, it } from "vitest";

import {
  boxPoint,
  clampToPicture,
  fitPicture,
  mapBoxToPicture,
  mapPictureToBox,
  picturePoint,
  placedInBox,
  placedOnPicture,
} from "./picture";

/** A small generator with a fixed seed, so that a failing case can be repeated. */
function* randomCases(count: number): Generator<() => number> {
  let state = 20_261_124;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let index = 0; index < count; index += 1) yield next;
}

describe("fitting a picture into a box", () => {
  it("puts bars left and right of a square picture in a wide box", () => {
    expect(fitPicture({ width: 100, height: 100 }, { width: 300, height: 200 })).toEqual({
      left: 50,
      top: 0,
      width: 200,
      height: 200,
    });
  });

  it("never crops and never stretches", () => {
    for (const random of randomCases(500)) {
      const picture = { width: 1 + random() * 4000, height: 1 + random() * 4000 };
      const box = { width: 1 + random() * 2000, height: 1 + random() * 2000 };
      const rect = fitPicture(picture, box);
      expect(rect.left).toBeGreaterThanOrEqual(-1e-9);
      expect(rect.top).toBeGreaterThanOrEqual(-1e-9);
      expect(rect.width / rect.height).toBeCloseTo(picture.width / picture.height, 6);
      expect(Math.min(box.width - rect.width, box.height - rect.height)).toBeCloseTo(0, 6);
    }
  });

  it("comes back to the same picture point from any box", () => {
    for (const random of randomCases(500)) {
      const picture = { width: 1 + random() * 4000, height: 1 + random() * 4000 };
      const box = { width: 10 + random() * 2000, height: 10 + random() * 2000 };
      const point = picturePoint(random() * 2 - 0.5, random() * 2 - 0.5);
      const back = mapBoxToPicture(mapPictureToBox(point, picture, box), picture, box);
      expect(back.x).toBeCloseTo(point.x, 9);
      expect(back.y).toBeCloseTo(point.y, 9);
    }
  });

  it("comes back to the same picture point of an enlarged and moved picture", () => {
    for (const random of randomCases(200)) {
      const rect = {
        left: random() * 800 - 600,
        top: random() * 800 - 600,
        width: 10 + random() * 4000,
        height: 10 + random() * 4000,
      };
      const point = picturePoint(random(), random());
      const back = placedOnPicture(placedInBox(point, rect), rect);
      expect(back.x).toBeCloseTo(point.x, 9);
      expect(back.y).toBeCloseTo(point.y, 9);
    }
  });

  it("refuses a picture or a box without area", () => {
    expect(() => fitPicture({ width: 0, height: 10 }, { width: 10, height: 10 })).toThrow(RangeError);
    expect(() => fitPicture({ width: 10, height: 10 }, { width: 10, height: Number.NaN })).toThrow(RangeError);
  });

  it("keeps a hand that slides over the edge on the picture", () => {
    const outside = mapBoxToPicture(boxPoint(-5, 500), { width: 10, height: 10 }, { width: 100, height: 100 });
    expect(clampToPicture(outside)).toEqual({ x: 0, y: 1 });
  });
});
