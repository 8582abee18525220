import { clampToPicture, type PicturePoint } from "@tongtai/geometry";

import { type StrokeTool, toWire } from "./model";

/** A stroke under the hand. */
export interface Capture {
  readonly strokeId: string;
  readonly tool: StrokeTool;
  readonly points: readonly (readonly [number, number])[];
}

/** Closer points than this (fraction of the picture) are noise of the hand or the digitiser. */
const MIN_DISTANCE = 0.0015;
/** A stroke longer than this is thinned by two: still exact to the eye, and never too large for one event. */
const MAX_POINTS = 600;
/** An arrow or ellipse smaller than this was a slip, not a drawing. */
const MIN_EXTENT = 0.008;

export function beginCapture(strokeId: string, tool: StrokeTool, at: PicturePoint): Capture {
  return { strokeId, tool, points: [toWire(clampToPicture(at))] };
}

/** Extends the stroke; returns the same object when nothing visible changed, so that nothing needs to be sent. */
export function extendCapture(capture: Capture, to: PicturePoint): Capture {
  const next = toWire(clampToPicture(to));
  const last = capture.points.at(-1) as readonly [number, number];
  if (Math.hypot(next[0] - last[0], next[1] - last[1]) < MIN_DISTANCE) return capture;
  if (capture.tool !== "pen") return { ...capture, points: [capture.points[0] as readonly [number, number], next] };
  const points = [...capture.points, next];
  if (points.length <= MAX_POINTS) return { ...capture, points };
  return { ...capture, points: points.filter((_, index) => index % 2 === 0 || index === points.length - 1) };
}

/** Whether the stroke is worth keeping. A pen dot is (it marks a spot); a tiny arrow or ellipse is not. */
export function isWorthKeeping(capture: Capture): boolean {
  if (capture.tool === "pen" || capture.tool === "text") return true;
  const [first, last] = [capture.points[0], capture.points.at(-1)];
  if (!first || !last || capture.points.length < 2) return false;
  return Math.hypot(last[0] - first[0], last[1] - first[1]) >= MIN_EXTENT;
}
