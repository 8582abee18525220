import type { Stroke } from "@tongtai/session-core";
import { useCallback, useMemo, useState } from "react";

import type { DrawingAuthor, DrawnStroke, ShownStroke } from "../drawing";
import { useRuntime } from "./runtime";
import { useSession } from "./useSession";

export interface DrawingHandle {
  /** Without those under other people's hands, which `LiveDrawingSurface` adds. */
  readonly strokes: readonly ShownStroke[];
  readonly draw: (stroke: DrawnStroke) => Promise<unknown>;
  readonly drawPartial: (stroke: DrawnStroke) => void;
  readonly point: (feed: string, at: { x: number; y: number } | null) => void;
  /** A person's name as the page writes it. */
  readonly named: Naming;
}

/** From the name that a log keeps to the one in the page's language. */
export type Naming = (name: string) => string;

export const asWritten: Naming = (name) => name;

/** A stroke of the log as it is shown; one's own carries no name. */
export function shownStroke(stroke: Stroke, authorId: string, named: Naming = asWritten): ShownStroke {
  const { by_id, by_name, text, surface, ...rest } = stroke;
  const target =
    surface.kind === "feed"
      ? { ...surface, frozen: surface.frozen ?? undefined }
      : { ...surface, frame: surface.frame ?? undefined };
  const drawn = { ...rest, surface: target, text: text ?? undefined };
  return by_id === authorId ? drawn : { ...drawn, author_name: named(by_name) };
}

/** The drawings of a case, and how to draw. */
export function useDrawing(caseId: string, author: DrawingAuthor, named: Naming = asWritten): DrawingHandle {
  const { rooms } = useRuntime();
  const { snapshot, send } = useSession(caseId);
  const [mine, setMine] = useState<readonly DrawnStroke[]>([]);
  const durable = snapshot?.state.strokes;
  // The same objects until the session's strokes change: what is drawn already is not drawn again.
  const kept = useMemo(
    () => (durable ?? []).map((stroke) => shownStroke(stroke, author.id, named)),
    [durable, author.id, named],
  );
  const live = rooms.room(caseId);
  const drawPartial = useCallback(
    (stroke: DrawnStroke) => void live.sendPacket("stroke", { ...stroke, partial: true }).catch(() => undefined),
    [live],
  );
  const draw = useCallback(
    async (stroke: DrawnStroke) => {
      setMine((before) => [...before, stroke]);
      drawPartial(stroke);
      try {
        await send({ type: "draw.added", payload: { ...stroke } });
      } finally {
        setMine((before) => before.filter(({ stroke_id }) => stroke_id !== stroke.stroke_id));
      }
    },
    [send, drawPartial],
  );
  const point = useCallback(
    (feed: string, at: { x: number; y: number } | null) =>
      void live.sendPacket("pointer", { feed, ...at }).catch(() => undefined),
    [live],
  );
  const strokes = useMemo(() => [...mine, ...kept], [mine, kept]);
  return { strokes, draw, drawPartial, point, named };
}
