import { fitPicture, type PicturePoint, type PictureRect, placedInBox, type Size } from "@tongtai/geometry";
import { type CSSProperties, type ReactElement, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Layer, Stage } from "react-konva";

import {
  DEFAULT_STROKE_WIDTH,
  type DrawingAuthor,
  type DrawingTarget,
  type DrawingTool,
  type DrawnStroke,
  isOnTarget,
  type ShownPointer,
  type ShownStroke,
  toWire,
} from "./model";
import { PointerMark } from "./PointerMark";
import { REFERENCE_WIDTH, TEXT_HEIGHT } from "./shapes";
import { StrokeShape } from "./StrokeShape";
import { TextEntry } from "./TextEntry";
import { useElementSize } from "./useElementSize";
import { useStrokeCapture } from "./useStrokeCapture";
import { useSurfaceInput } from "./useSurfaceInput";

export interface DrawingSurfaceProps {
  /** What is drawn on; strokes of other surfaces are left out. */
  readonly surface: DrawingTarget;
  /** Finished strokes and the others' strokes in the making; a later one with the same id replaces the earlier. */
  readonly strokes: readonly ShownStroke[];
  /** Size of the picture beneath in its own pixels; nothing can be drawn before it is known. */
  readonly pictureSize: Size | null;
  /** Where the picture lies on the sheet, CSS pixels, when it is not fitted whole into it (enlarged, moved). */
  readonly place?: PictureRect;
  /** Null: only show. */
  readonly tool?: DrawingTool | null;
  readonly colour?: string;
  readonly author?: DrawingAuthor;
  /** Line width as a fraction of the picture's width. */
  readonly width?: number;
  readonly onStroke?: (stroke: DrawnStroke) => void;
  /** The stroke under the hand, at most 60 times a second. */
  readonly onPartial?: (stroke: DrawnStroke) => void;
  readonly pointers?: readonly ShownPointer[];
  readonly onPointer?: (point: { x: number; y: number } | null) => void;
}

const ignore = (): void => undefined;
const FALLBACK_SIZE: Size = { width: 1, height: 1 };

/** The newest of each id, in order, only those on this surface. */
function strokesToShow(strokes: readonly ShownStroke[], surface: DrawingTarget): ShownStroke[] {
  const byId = new Map<string, ShownStroke>();
  for (const stroke of strokes) if (isOnTarget(stroke.surface, surface)) byId.set(stroke.stroke_id, stroke);
  return [...byId.values()];
}

/** Ids of the strokes that carry their author's name: the newest of each author, so that the picture stays free. */
function namedStrokes(strokes: readonly ShownStroke[]): Set<string> {
  const newest = new Map<string, string>();
  for (const stroke of strokes) if (stroke.author_name) newest.set(stroke.author_name, stroke.stroke_id);
  return new Set(newest.values());
}

/**
 * A transparent sheet over a picture that is fitted into its parent ("contain") or lies at `place`. The parent must be
 * positioned; the sheet fills it. Everything drawn is in coordinates of the picture and looks the same at any size.
 */
export function DrawingSurface(props: DrawingSurfaceProps): ReactElement {
  const { surface, pictureSize, tool = null, colour = "#ffd166", width = DEFAULT_STROKE_WIDTH } = props;
  const { onStroke = ignore, onPartial, onPointer, pointers = [] } = props;
  const { t } = useTranslation("room");
  const sheet = useRef<HTMLDivElement>(null);
  const box = useElementSize(sheet);
  const picture = pictureSize ?? FALLBACK_SIZE;
  const [textAt, setTextAt] = useState<PicturePoint | null>(null);
  const capture = useStrokeCapture({ surface, colour, width, onStroke, onPartial });
  const active = pictureSize ? tool : null;
  const rect = box && pictureSize ? (props.place ?? fitPicture(picture, box)) : null;
  const input = useSurfaceInput({ tool: active, rect, capture, onPointer, onText: setTextAt });
  const shown = useMemo(() => strokesToShow(props.strokes, surface), [props.strokes, surface]);
  const named = useMemo(() => namedStrokes(shown), [shown]);

  const keepText = (text: string): void => {
    if (!textAt) return;
    const points = [toWire(textAt)];
    onStroke({ stroke_id: crypto.randomUUID(), surface, tool: "text", points, text, colour, width });
    setTextAt(null);
    sheet.current?.focus();
  };
  const scale = rect ? rect.width / REFERENCE_WIDTH : 1;
  const layer = { x: rect?.left, y: rect?.top, scaleX: scale, scaleY: scale, listening: false };
  const shapes = (strokes: readonly ShownStroke[]) =>
    strokes.map((stroke) => (
      <StrokeShape key={stroke.stroke_id} {...{ stroke, picture }} finished showName={named.has(stroke.stroke_id)} />
    ));
  const style: CSSProperties = {
    position: "absolute",
    inset: 0,
    cursor: active ? "crosshair" : "default",
    touchAction: active ? "none" : "auto",
    pointerEvents: active ? "auto" : "none",
  };
  return (
    <div
      ref={sheet}
      data-testid="drawing-surface"
      role={active ? "application" : "img"}
      aria-label={active ? t("drawing.label_active") : t("drawing.label", { count: shown.length })}
      tabIndex={active ? 0 : -1}
      style={style}
      onPointerDown={input.onPointerDown}
      onPointerMove={input.onPointerMove}
      onPointerUp={input.onPointerUp}
      onPointerCancel={input.onPointerCancel}
      onPointerLeave={input.onPointerLeave}
      onKeyDown={input.onKeyDown}
    >
      {box && rect ? (
        <Stage width={box.width} height={box.height} listening={false}>
          <Layer {...layer}>{shapes(shown.filter(({ making }) => !making))}</Layer>
          {/* A canvas of its own: while somebody draws, only this one is drawn again. */}
          <Layer {...layer}>
            {shapes(shown.filter(({ making }) => making))}
            {capture.current ? (
              <StrokeShape stroke={capture.current} picture={picture} finished={false} showName={false} />
            ) : null}
            {pointers.map((pointer) => (
              <PointerMark key={pointer.author_id} pointer={pointer} picture={picture} />
            ))}
            {input.cross ? (
              <PointerMark
                pointer={{ author_id: "keyboard", name: "", colour, x: input.cross.x, y: input.cross.y }}
                picture={picture}
              />
            ) : null}
          </Layer>
        </Stage>
      ) : null}
      {box && rect && textAt ? (
        <TextEntry
          at={placedInBox(textAt, rect)}
          box={box}
          colour={colour}
          heightPx={TEXT_HEIGHT * scale}
          label={t("drawing.text_hint")}
          onDone={keepText}
          onCancel={() => setTextAt(null)}
        />
      ) : null}
    </div>
  );
}
