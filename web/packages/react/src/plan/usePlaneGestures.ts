import { type PointerEvent, type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";

interface GestureActs {
  onScroll(steps: number): void;
  /** A click or tap, in shares of the picture's width and height. */
  onPoint(across: number, down: number): void;
}

/** A finger or mouse that moves less than this has clicked. */
const CLICK_WITHIN_PX = 5;
/** Dragging so far goes one slice on. */
const PX_PER_STEP = 6;
const MAX_ZOOM = 12;

interface Drag {
  readonly x: number;
  readonly y: number;
  /** The right button (or Shift) moves the picture, the left one the slices. */
  readonly pans: boolean;
  moved: boolean;
  last: { x: number; y: number };
  steps: number;
}

/** Wheel and drag scroll, click points, Ctrl+wheel and two fingers enlarge, the right button moves the picture. */
export function usePlaneGestures(
  stage: RefObject<HTMLDivElement | null>,
  picture: RefObject<HTMLDivElement | null>,
  acts: GestureActs,
) {
  const [zoom, setZoom] = useState(1);
  const [shift, setShift] = useState({ x: 0, y: 0 });
  const drag = useRef<Drag | null>(null);
  const fingers = useRef(new Map<number, { x: number; y: number }>());

  const zoomBy = (factor: number): void => {
    const next = Math.max(1, Math.min(MAX_ZOOM, zoom * factor));
    setZoom(next);
    setShift(next === 1 ? { x: 0, y: 0 } : { x: (shift.x * next) / zoom, y: (shift.y * next) / zoom });
  };
  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    if (event.ctrlKey) zoomBy(event.deltaY < 0 ? 1.15 : 1 / 1.15);
    else if (event.deltaY !== 0) acts.onScroll(Math.sign(event.deltaY));
  });
  useEffect(() => {
    const element = stage.current;
    const listener = (event: WheelEvent): void => onWheel(event);
    // React listens passively: the page would scroll along.
    element?.addEventListener("wheel", listener, { passive: false });
    return () => element?.removeEventListener("wheel", listener);
  }, [stage]);

  const spread = (): number => {
    const [a, b] = [...fingers.current.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const at = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, at);
    const pans = event.button === 2 || event.shiftKey;
    drag.current = { ...at, pans, moved: fingers.current.size > 1, last: at, steps: 0 };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const held = drag.current;
    if (!held || !fingers.current.has(event.pointerId)) return;
    const at = { x: event.clientX, y: event.clientY };
    const before = spread();
    fingers.current.set(event.pointerId, at);
    if (fingers.current.size === 2) {
      if (before > 0) zoomBy(spread() / before);
      return;
    }
    if (Math.hypot(at.x - held.x, at.y - held.y) > CLICK_WITHIN_PX) held.moved = true;
    if (held.pans) setShift({ x: shift.x + at.x - held.last.x, y: shift.y + at.y - held.last.y });
    held.last = at;
    const steps = held.pans ? 0 : Math.trunc((at.y - held.y) / PX_PER_STEP);
    if (steps !== held.steps) acts.onScroll(steps - held.steps);
    held.steps = steps;
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>): void => {
    const held = drag.current;
    const alone = fingers.current.size === 1;
    fingers.current.delete(event.pointerId);
    drag.current = null;
    const place = picture.current?.getBoundingClientRect();
    if (held && place && alone && !held.moved && !held.pans) {
      acts.onPoint((event.clientX - place.left) / place.width, (event.clientY - place.top) / place.height);
    }
  };
  const onPointerCancel = (event: PointerEvent<HTMLDivElement>): void => {
    fingers.current.delete(event.pointerId);
    drag.current = null;
  };
  return {
    zoom,
    shift,
    zoomBy,
    reset: () => {
      setZoom(1);
      setShift({ x: 0, y: 0 });
    },
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel,
      onContextMenu: (event: { preventDefault(): void }) => event.preventDefault(),
    },
  };
}
