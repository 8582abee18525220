import { picturePoint } from "@tongtai/geometry";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { beginCapture, extendCapture, isWorthKeeping } from "./capture";
import { AUTHOR_COLOURS, authorColour, type DrawnStroke, isOnTarget } from "./model";
import { createPace } from "./pace";
import { arrowShape, ellipseShape, penPath } from "./shapes";

const stroke = (tool: DrawnStroke["tool"], points: DrawnStroke["points"]): DrawnStroke => ({
  stroke_id: "s",
  surface: { kind: "feed", feed: "ultrasound" },
  tool,
  points,
  colour: "#ffd166",
  width: 0.004,
});

describe("a stroke under the hand", () => {
  it("ignores the tremor of a resting hand", () => {
    const begun = beginCapture("s", "pen", picturePoint(0.5, 0.5));
    expect(extendCapture(begun, picturePoint(0.5005, 0.5))).toBe(begun);
  });

  it("keeps only the two ends of an arrow and stays on the picture", () => {
    let capture = beginCapture("s", "arrow", picturePoint(0.1, 0.1));
    capture = extendCapture(capture, picturePoint(0.4, 0.2));
    capture = extendCapture(capture, picturePoint(1.4, 0.3));
    expect(capture.points).toEqual([
      [0.1, 0.1],
      [1, 0.3],
    ]);
  });

  it("never grows without bound and never loses its end", () => {
    let capture = beginCapture("s", "pen", picturePoint(0, 0));
    for (let index = 1; index <= 5000; index += 1) {
      capture = extendCapture(capture, picturePoint((index % 100) / 100, index / 5000));
    }
    expect(capture.points.length).toBeLessThanOrEqual(601);
    expect(capture.points.at(-1)).toEqual([0, 1]);
  });

  it("keeps a dot of the pen and drops an ellipse made by a slip", () => {
    expect(isWorthKeeping(beginCapture("s", "pen", picturePoint(0.5, 0.5)))).toBe(true);
    const slip = extendCapture(beginCapture("s", "ellipse", picturePoint(0.5, 0.5)), picturePoint(0.503, 0.503));
    expect(isWorthKeeping(slip)).toBe(false);
  });
});

describe("shapes", () => {
  const wide = { width: 1280, height: 720 };

  it("does not depend on the resolution, only on the aspect of the picture", () => {
    const pen = stroke("pen", [
      [0.1, 0.1],
      [0.2, 0.3],
      [0.5, 0.4],
    ]);
    expect(penPath(pen, wide, true)).toBe(penPath(pen, { width: 640, height: 360 }, true));
    expect(penPath(pen, wide, true)).toMatch(/^M .* Z$/);
  });

  it("puts an ellipse into its rectangle whichever way it was drawn", () => {
    const forward = ellipseShape(stroke('ellipse', [[0.2, 0.2], [0.4, 0.6]]), wide); // prettier-ignore
    const backward = ellipseShape(stroke('ellipse', [[0.4, 0.6], [0.2, 0.2]]), wide); // prettier-ignore
    expect(forward).toEqual(backward);
    expect(forward).toMatchObject({ x: 300, radiusX: 100 });
  });

  it("shows nothing for an arrow that has no length yet", () => {
    expect(arrowShape(stroke("arrow", [[0.2, 0.2]]), wide)).toBeNull();
  });
});

describe("surfaces and colours", () => {
  it("keeps drawings of the live and of the frozen picture apart", () => {
    const live = { kind: "feed", feed: "ultrasound" } as const;
    expect(isOnTarget(live, live)).toBe(true);
    expect(isOnTarget(live, { ...live, frozen: "f1" })).toBe(false);
    expect(isOnTarget(live, { ...live, feed: "ct" })).toBe(false);
    expect(isOnTarget({ kind: "slice", series_uid: "1", sop_uid: "1.1" }, live)).toBe(false);
  });

  it("gives the same author the same colour", () => {
    expect(authorColour("user_1")).toBe(authorColour("user_1"));
    const many = new Set(Array.from({ length: 60 }, (_, index) => authorColour(`user_${index}`)));
    expect(many.size).toBe(AUTHOR_COLOURS.length);
  });
});

describe("the pace of partial strokes", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("sends the first at once, then the newest per interval, and the last always", () => {
    const sent: number[] = [];
    const pace = createPace<number>(16, (value) => sent.push(value));
    for (let value = 1; value <= 10; value += 1) pace.push(value);
    expect(sent).toEqual([1]);
    vi.advanceTimersByTime(16);
    expect(sent).toEqual([1, 10]);
    pace.push(11);
    pace.flush();
    expect(sent).toEqual([1, 10, 11]);
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([1, 10, 11]);
  });
});
