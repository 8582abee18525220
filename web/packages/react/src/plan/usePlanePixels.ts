import { length, type PicturePlane } from "@tongtai/geometry";
import {
  type DisplayWindow,
  type Fill,
  nearestPixels,
  OUTSIDE_HU,
  outlinesOf,
  paintLabels,
  paintSlice,
  smoothPixels,
  type Voxels,
} from "@tongtai/viewer-core/plan";
import { type RefObject, useEffect, useMemo } from "react";

import { outlinePath } from "./overlay";

/** A structure as the planes show it. */
export interface ShownStructure {
  readonly value: number;
  readonly colour: string;
  readonly fill: Fill | null;
  /** Drawn with a stronger line. */
  readonly strong: boolean;
}

export interface PlaneVolumes {
  readonly grey: Voxels<Int16Array>;
  readonly labels: Voxels<Uint8Array> | null;
  /** 1 where tumour and margin are: what the zones have to cover. */
  readonly target?: Voxels<Uint8Array> | null;
}

const ONE: ReadonlySet<number> = new Set([1]);

/** The outline of tumour and margin on a plane, as an SVG path in mm. */
export function useTargetOutline(target: Voxels<Uint8Array> | null | undefined, plane: PicturePlane | null): string {
  return useMemo(() => {
    if (!target || !plane) return "";
    const lines = outlinesOf(nearestPixels(target, plane, 0), plane.columns, ONE).get(1) ?? [];
    return outlinePath(lines, { x: length(plane.stepX), y: length(plane.stepY) });
  }, [target, plane]);
}

function put(canvas: HTMLCanvasElement | null, plane: PicturePlane, pixels: Uint8ClampedArray<ArrayBuffer>): void {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return;
  canvas.width = plane.columns;
  canvas.height = plane.rows;
  context.putImageData(new ImageData(pixels, plane.columns, plane.rows), 0, 0);
}

/** Paints grey values and structures of a plane on two canvases; gives back the structures' outlines. */
export function usePlanePixels(
  canvases: { readonly grey: RefObject<HTMLCanvasElement | null>; readonly fills: RefObject<HTMLCanvasElement | null> },
  volumes: PlaneVolumes,
  view: { readonly plane: PicturePlane; readonly smooth: boolean; readonly window: DisplayWindow },
  structures: readonly ShownStructure[],
) {
  const { grey: greyCanvas, fills: fillsCanvas } = canvases;
  const { grey, labels } = volumes;
  const { plane, smooth, window } = view;
  const values = useMemo(
    () => (smooth ? smoothPixels(grey, plane) : nearestPixels(grey, plane, OUTSIDE_HU)),
    [grey, plane, smooth],
  );
  const codes = useMemo(() => (labels ? nearestPixels(labels, plane, 0) : null), [labels, plane]);
  useEffect(() => {
    const slice = { width: plane.columns, height: plane.rows, components: 1 as const, values };
    put(greyCanvas.current, plane, paintSlice({ ...slice, slope: 1, intercept: 0, inverted: false }, window));
  }, [greyCanvas, plane, values, window]);
  useEffect(() => {
    const fills = new Map(structures.flatMap(({ value, fill }) => (fill ? [[value, fill] as const] : [])));
    if (codes) put(fillsCanvas.current, plane, paintLabels(codes, fills));
  }, [fillsCanvas, plane, codes, structures]);
  return useMemo(() => {
    if (!codes) return [];
    const pixel_mm = { x: length(plane.stepX), y: length(plane.stepY) };
    const outlines = outlinesOf(codes, plane.columns, new Set(structures.map(({ value }) => value)));
    return structures.flatMap(({ value, colour, strong }) => {
      const lines = outlines.get(value) ?? [];
      return lines.length > 0 ? { colour, strong, path: outlinePath(lines, pixel_mm) } : [];
    });
  }, [codes, plane, structures]);
}
