import type { Size } from "@tongtai/geometry";
import type { ViewerError, CtSlice, DisplayWindow, SlicePixels } from "@tongtai/viewer-core";
import { loadSlicePixels, paintSlice } from "@tongtai/viewer-core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import "./ct.css";

export interface SlicePictureProps {
  readonly slice: CtSlice;
  readonly window: DisplayWindow;
  /** Put over the picture; gets the size to map coordinates with. */
  readonly children?: (picture: Size) => ReactNode;
}

/** Size with square pixels: a slice with oblong pixels is shown in its true proportions. */
export function trueSize(slice: CtSlice): Size {
  const [rowSpacing = 1, columnSpacing = 1] = slice.pixelSpacing ?? [];
  return { width: slice.columns * columnSpacing, height: slice.rows * rowSpacing };
}

/** One slice on a plain canvas, fitted whole into its parent: drawings lie exactly on it on every screen. */
export function SlicePicture({ slice, window, children }: SlicePictureProps) {
  const { t } = useTranslation("room");
  const canvas = useRef<HTMLCanvasElement>(null);
  const [loaded, setLoaded] = useState<{ id: string; pixels?: SlicePixels; error?: ViewerError }>({ id: "" });
  useEffect(() => {
    let current = true;
    loadSlicePixels(slice).then(
      (pixels) => current && setLoaded({ id: slice.imageId, pixels }),
      (error: unknown) => current && setLoaded({ id: slice.imageId, error: error as ViewerError }),
    );
    return () => {
      current = false;
    };
  }, [slice]);
  useEffect(() => {
    const { pixels } = loaded;
    const context = canvas.current?.getContext("2d");
    if (!pixels || !context) return;
    context.canvas.width = pixels.width;
    context.canvas.height = pixels.height;
    context.putImageData(new ImageData(paintSlice(pixels, window), pixels.width, pixels.height), 0, 0);
  }, [loaded, window]);
  const size = trueSize(slice);
  const stretched = { aspectRatio: `${size.width} / ${size.height}`, objectFit: "fill" as const };
  const oblong = Math.abs(size.width / size.height - slice.columns / slice.rows) > 1e-3;
  return (
    <div className="tt-ct__viewport" data-slice={slice.sopUid} data-ready={loaded.id === slice.imageId}>
      <canvas
        ref={canvas}
        className="tt-ct__slice"
        style={
          oblong
            ? { ...stretched, width: "auto", height: "auto", maxWidth: "100%", maxHeight: "100%", margin: "auto" }
            : undefined
        }
      />
      {children?.(size)}
      {loaded.error ? (
        <div className="tt-ct__alert" role="alert">
          {t(`ct.error.${loaded.error.code}`)}
        </div>
      ) : null}
    </div>
  );
}
