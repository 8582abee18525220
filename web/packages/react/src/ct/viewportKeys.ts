/** The CT without a mouse: the arrows do what a drag with the chosen tool does, from where the cross stands. */
import {
  type DragTool,
  type StackState,
  type StackView,
  WINDOW_PRESET_NAMES,
  WINDOW_PRESETS,
} from "@tongtai/viewer-core";
import { type KeyboardEvent, type RefObject, useState } from "react";

/** A place in the viewport, in CSS pixels from its upper left corner. */
export type Place = readonly [x: number, y: number];

const SLICES: Readonly<Record<string, number>> = { PageUp: -10, PageDown: 10, Home: -100_000, End: 100_000 };
const ARROWS: Readonly<Record<string, Place>> = {
  ArrowUp: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowRight: [1, 0],
};
const PAN_PX = 20;
const ZOOM = 1.1;
const WINDOW_HU = 10;
const FAR_PX = 10;

export interface Cross {
  readonly at: Place;
  /** The first end of a length that is being measured. */
  readonly from: Place | null;
}

interface Given {
  readonly view: RefObject<StackView | null>;
  readonly element: RefObject<HTMLDivElement | null>;
  readonly state: StackState | null;
  readonly drag: DragTool;
  readonly colour: boolean;
}

/** How the viewport's keys are heard, and the cross of a length while that tool is chosen. */
export function useViewportKeys(given: Given): { onKeyDown: (event: KeyboardEvent) => void; cross: Cross | null } {
  const { view, element, state, drag, colour } = given;
  const [cross, setCross] = useState<Cross | null>(null);
  const middle = (): Place => [(element.current?.clientWidth ?? 0) / 2, (element.current?.clientHeight ?? 0) / 2];
  const now = cross ?? { at: middle(), from: null };

  const act: Readonly<Record<DragTool, (way: Place, far: boolean) => void>> = {
    scroll: ([x, y]) => void view.current?.move(x + y).catch(() => undefined),
    pan: ([x, y]) => view.current?.pan([x * PAN_PX, y * PAN_PX]),
    zoom: ([x, y]) => view.current?.zoom(x - y > 0 ? ZOOM : 1 / ZOOM),
    window: ([x, y]) => {
      if (!state || colour) return;
      const { center, width } = state.window;
      view.current?.setWindow({ center: center - y * WINDOW_HU, width: Math.max(1, width + x * WINDOW_HU) });
    },
    length: ([x, y], far) => {
      const step = far ? FAR_PX : 1;
      setCross({ ...now, at: [now.at[0] + x * step, now.at[1] + y * step] });
    },
  };
  const setEnd = (): void => {
    if (now.from) view.current?.measure(now.from, now.at);
    setCross({ at: now.at, from: now.from ? null : now.at });
  };

  const perform = ({ key, shiftKey }: KeyboardEvent): boolean => {
    const way = ARROWS[key];
    const preset = WINDOW_PRESET_NAMES[Number(key) - 1];
    const slices = SLICES[key];
    if (way) act[drag](way, shiftKey);
    else if (slices !== undefined) act.scroll([0, slices], false);
    else if (preset && !colour) view.current?.setWindow(WINDOW_PRESETS[preset]);
    else if (key === "Enter" && drag === "length") setEnd();
    else return preset !== undefined;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || !perform(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { onKeyDown, cross: drag === "length" ? cross : null };
}
