import type { PicturePoint } from "@tongtai/geometry";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { beginCapture, type Capture, extendCapture, isWorthKeeping } from "./capture";
import { type DrawingTarget, type DrawnStroke, DEFAULT_STROKE_WIDTH, type StrokeTool } from "./model";
import { createPace } from "./pace";

/** 60 packets a second: as fast as a screen shows them, and light on the data channel. */
const PARTIAL_INTERVAL_MS = 1000 / 60;

export interface StrokeCaptureOptions {
  readonly surface: DrawingTarget;
  readonly colour: string;
  readonly width?: number;
  readonly onStroke: (stroke: DrawnStroke) => void;
  readonly onPartial?: (stroke: DrawnStroke) => void;
}

export interface StrokeCapture {
  /** The stroke under the hand, to be drawn at once. */
  readonly current: DrawnStroke | null;
  begin(tool: StrokeTool, at: PicturePoint): void;
  extend(to: PicturePoint): void;
  /** Ends the stroke and hands it to `onStroke`, unless it was a slip. */
  finish(): void;
  abandon(): void;
}

export function useStrokeCapture(options: StrokeCaptureOptions): StrokeCapture {
  const [capture, setCapture] = useState<Capture | null>(null);
  const live = useRef<Capture | null>(null);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const describe = useCallback((from: Capture): DrawnStroke => {
    const { surface, colour, width } = latest.current;
    const { strokeId: stroke_id, tool, points } = from;
    return { stroke_id, surface, tool, points, colour, width: width ?? DEFAULT_STROKE_WIDTH };
  }, []);
  const sendPartial = useCallback((value: Capture): void => latest.current.onPartial?.(describe(value)), [describe]);
  // eslint-disable-next-line react-hooks/refs -- called by a timer, never while rendering
  const [pace] = useState(() => createPace<Capture>(PARTIAL_INTERVAL_MS, sendPartial));
  useEffect(() => () => pace.cancel(), [pace]);

  const show = useCallback((next: Capture | null): void => {
    live.current = next;
    setCapture(next);
  }, []);
  const begin = useCallback(
    (tool: StrokeTool, at: PicturePoint): void => {
      const next = beginCapture(crypto.randomUUID(), tool, at);
      show(next);
      pace.push(next);
    },
    [pace, show],
  );
  const extend = useCallback(
    (to: PicturePoint): void => {
      if (!live.current) return;
      const next = extendCapture(live.current, to);
      if (next === live.current) return;
      show(next);
      pace.push(next);
    },
    [pace, show],
  );
  const finish = useCallback((): void => {
    const done = live.current;
    if (!done) return;
    pace.cancel();
    show(null);
    if (isWorthKeeping(done)) latest.current.onStroke(describe(done));
  }, [describe, pace, show]);
  const abandon = useCallback((): void => {
    pace.cancel();
    show(null);
  }, [pace, show]);

  return useMemo(
    () => ({
      current: capture
        ? {
            stroke_id: capture.strokeId,
            surface: options.surface,
            tool: capture.tool,
            points: capture.points,
            colour: options.colour,
            width: options.width ?? DEFAULT_STROKE_WIDTH,
          }
        : null,
      begin,
      extend,
      finish,
      abandon,
    }),
    [abandon, begin, capture, extend, finish, options.colour, options.surface, options.width],
  );
}
