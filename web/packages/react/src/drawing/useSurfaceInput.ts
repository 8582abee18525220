import {
  boxPoint,
  clampToPicture,
  isOnPicture,
  type PicturePoint,
  type PictureRect,
  picturePoint,
  placedOnPicture,
} from "@tongtai/geometry";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";

import type { DrawingTool } from "./model";
import type { StrokeCapture } from "./useStrokeCapture";

/** One press of an arrow key moves the keyboard's cross by this fraction of the picture; with Shift by five times. */
const KEY_STEP = 0.01;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface SurfaceInputOptions {
  readonly tool: DrawingTool | null;
  /** Where the picture lies on the sheet; null while that is not known. */
  readonly rect: PictureRect | null;
  readonly capture: StrokeCapture;
  readonly onPointer?: (point: { x: number; y: number } | null) => void;
  readonly onText: (at: PicturePoint) => void;
}

export interface SurfaceInput {
  /** Where the keyboard's cross stands; null until an arrow key was used. */
  readonly cross: PicturePoint | null;
  onPointerDown(event: PointerEvent<HTMLElement>): void;
  onPointerMove(event: PointerEvent<HTMLElement>): void;
  onPointerUp(): void;
  onPointerCancel(): void;
  onPointerLeave(): void;
  onKeyDown(event: KeyboardEvent<HTMLElement>): void;
}

function pointUnder(event: PointerEvent<HTMLElement>, rect: PictureRect): PicturePoint {
  const bounds = event.currentTarget.getBoundingClientRect();
  return placedOnPicture(boxPoint(event.clientX - bounds.left, event.clientY - bounds.top), rect);
}

/** Mouse, pen, finger and keyboard turned into the same begin / extend / finish. */
export function useSurfaceInput(options: SurfaceInputOptions): SurfaceInput {
  const { tool, rect, capture, onPointer, onText } = options;
  const [cross, setCross] = useState<PicturePoint | null>(null);
  const textAt = useRef<PicturePoint | null>(null);

  const start = (at: PicturePoint): void => {
    if (tool === "text") onText(at);
    else if (tool === "pointer") onPointer?.({ x: at.x, y: at.y });
    else if (tool) capture.begin(tool, at);
  };
  const move = (to: PicturePoint): void => {
    if (capture.current) capture.extend(to);
    else if (tool === "pointer") onPointer?.(isOnPicture(to) ? { x: to.x, y: to.y } : null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const arrow = ARROWS[event.key];
    if (!tool || (!arrow && event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    const from = cross ?? picturePoint(0.5, 0.5);
    if (arrow) {
      const step = KEY_STEP * (event.shiftKey ? 5 : 1);
      const to = clampToPicture(picturePoint(from.x + arrow[0] * step, from.y + arrow[1] * step));
      setCross(to);
      move(to);
    } else if (event.key === "Escape") {
      capture.abandon();
      setCross(null);
    } else if (capture.current) {
      capture.finish();
    } else {
      setCross(from);
      start(from);
    }
  };
  return {
    cross,
    onPointerDown(event) {
      if (!tool || !rect || event.button > 0) return;
      const at = pointUnder(event, rect);
      if (!isOnPicture(at)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setCross(null);
      // A mouse that goes down takes the focus to the sheet: the field for the words opens when it comes up.
      if (tool === "text") textAt.current = at;
      else start(at);
    },
    onPointerMove(event) {
      if (!tool || !rect) return;
      // The digitiser reports more points than the screen has frames: all of them make the line true.
      const events = event.nativeEvent.getCoalescedEvents?.() ?? [];
      const bounds = event.currentTarget.getBoundingClientRect();
      for (const one of events.length > 0 ? events : [event.nativeEvent]) {
        move(placedOnPicture(boxPoint(one.clientX - bounds.left, one.clientY - bounds.top), rect));
      }
    },
    onPointerUp() {
      capture.finish();
      if (textAt.current) onText(textAt.current);
      textAt.current = null;
    },
    onPointerCancel() {
      textAt.current = null;
      capture.abandon();
    },
    onPointerLeave() {
      if (tool === "pointer") onPointer?.(null);
    },
    onKeyDown,
  };
}
