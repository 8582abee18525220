import type { PicturePoint } from "@tongtai/geometry";

/** What a drawing is bound to: a feed (live or one frozen picture of it) or a slice of a CT series. */
export type DrawingTarget =
  | { readonly kind: "feed"; readonly feed: string; readonly frozen?: string }
  | { readonly kind: "slice"; readonly series_uid: string; readonly sop_uid: string; readonly frame?: number };

export type StrokeTool = "pen" | "arrow" | "ellipse" | "text";
/** `pointer` leaves nothing behind: it only shows the others where this author points. */
export type DrawingTool = StrokeTool | "pointer";

/** The payload of a `draw.added` event; points and width are fractions of the picture, see `@tongtai/geometry`. */
export interface DrawnStroke {
  readonly stroke_id: string;
  readonly surface: DrawingTarget;
  readonly tool: StrokeTool;
  readonly points: readonly (readonly [number, number])[];
  readonly text?: string;
  readonly colour: string;
  /** Line width as a fraction of the picture's width. */
  readonly width: number;
}

/** A stroke with the name to show beside it; own strokes carry none. */
export interface ShownStroke extends DrawnStroke {
  readonly author_name?: string;
  /** Still under somebody's hand. */
  readonly making?: boolean;
}

export interface DrawingAuthor {
  readonly id: string;
  readonly name: string;
}

export interface ShownPointer {
  readonly author_id: string;
  readonly name: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

export const DEFAULT_STROKE_WIDTH = 0.004;

/** Bright enough on grey tissue and far from each other for the common kinds of colour blindness. */
export const AUTHOR_COLOURS = [
  "#ffd166",
  "#4aa8ff",
  "#ff7ab6",
  "#5cd6c0",
  "#c28bff",
  "#ff9d5c",
  "#9be564",
  "#f2f5f9",
] as const;

/** The same author has the same colour on every screen and on every day. */
export function authorColour(authorId: string): string {
  let hash = 2_166_136_261;
  for (const character of authorId) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return AUTHOR_COLOURS[(hash >>> 0) % AUTHOR_COLOURS.length] ?? AUTHOR_COLOURS[0];
}

/** Whether a stroke belongs on a surface: same feed and same frozen picture, or same slice (and frame of a clip). */
export function isOnTarget(stroke: DrawingTarget, shown: DrawingTarget): boolean {
  if (stroke.kind === "feed" && shown.kind === "feed") {
    return stroke.feed === shown.feed && (stroke.frozen ?? null) === (shown.frozen ?? null);
  }
  return (
    stroke.kind === "slice" &&
    shown.kind === "slice" &&
    stroke.sop_uid === shown.sop_uid &&
    (stroke.frame ?? 1) === (shown.frame ?? 1)
  );
}

/** Four decimals are a quarter of a pixel on a 4K screen and keep the packets small. */
export const toWire = (point: PicturePoint): readonly [number, number] => [
  Math.round(point.x * 10_000) / 10_000,
  Math.round(point.y * 10_000) / 10_000,
];
