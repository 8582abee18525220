import { type DisplayWindow, windowRange } from "./windows";

/** Decoded pixels of one slice. */
export interface SlicePixels {
  readonly width: number;
  readonly height: number;
  /** 1: grey values; 3 or 4: RGB(A) bytes. */
  readonly components: 1 | 3 | 4;
  readonly values: ArrayLike<number>;
  /** Turns stored values into the units of the window; 1 and 0 when that has been done already. */
  readonly slope: number;
  readonly intercept: number;
  /** MONOCHROME1: the lowest value is white. */
  readonly inverted: boolean;
}

function paintGrey(pixels: SlicePixels, window: DisplayWindow, target: Uint8ClampedArray): void {
  const { lower } = windowRange(window);
  const gain = 255 / Math.max(1, window.width);
  const { values, slope, intercept, inverted } = pixels;
  for (let index = 0, at = 0; at < target.length; index += 1, at += 4) {
    const level = ((values[index] ?? 0) * slope + intercept - lower) * gain;
    const grey = inverted ? 255 - level : level;
    target[at] = grey;
    target[at + 1] = grey;
    target[at + 2] = grey;
    target[at + 3] = 255;
  }
}

function paintColour(pixels: SlicePixels, target: Uint8ClampedArray): void {
  const { components, values } = pixels;
  for (let from = 0, at = 0; at < target.length; from += components, at += 4) {
    target[at] = values[from] ?? 0;
    target[at + 1] = values[from + 1] ?? 0;
    target[at + 2] = values[from + 2] ?? 0;
    target[at + 3] = 255;
  }
}

/** RGBA bytes of a slice in a window, row by row. Colour pictures have no window. */
export function paintSlice(pixels: SlicePixels, window: DisplayWindow): Uint8ClampedArray<ArrayBuffer> {
  const target = new Uint8ClampedArray(pixels.width * pixels.height * 4);
  if (pixels.components === 1) paintGrey(pixels, window, target);
  else paintColour(pixels, target);
  return target;
}

/** RGB from RGBA: the viewports take three components for opaque pictures. */
export function withoutAlpha(rgba: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}
