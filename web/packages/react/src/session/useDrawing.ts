import type { RoomPacket, Stroke } from "@tongtai/session-core";
import { useCallback, useEffect, useMemo, useState } from "react";

import { authorColour, type DrawingAuthor, type DrawnStroke, type ShownPointer, type ShownStroke } from "../drawing";
import { useRuntime } from "./runtime";
import { useSession } from "./useSession";

/** A stroke in the making whose author vanished does not stay on the picture. */
const PARTIAL_VALID_MS = 15_000;
const POINTER_VALID_MS = 2_000;

interface Passing {
  readonly strokes: readonly (ShownStroke & { readonly at_ms: number })[];
  readonly pointers: readonly (ShownPointer & { readonly feed: string; readonly at_ms: number })[];
}

export interface DrawingHandle {
  readonly strokes: readonly ShownStroke[];
  readonly pointersOn: (feed: string) => readonly ShownPointer[];
  readonly draw: (stroke: DrawnStroke) => Promise<unknown>;
  readonly drawPartial: (stroke: DrawnStroke) => void;
  readonly point: (feed: string, at: { x: number; y: number } | null) => void;
}

function shownOf(stroke: Stroke, authorId: string): ShownStroke {
  const { by_id, by_name, text, surface, ...rest } = stroke;
  const target =
    surface.kind === "feed"
      ? { ...surface, frozen: surface.frozen ?? undefined }
      : { ...surface, frame: surface.frame ?? undefined };
  const drawn = { ...rest, surface: target, text: text ?? undefined };
  return by_id === authorId ? drawn : { ...drawn, author_name: by_name };
}

function take(passing: Passing, packet: RoomPacket, name: string): Passing {
  const at_ms = Date.now();
  if (packet.topic === "stroke") {
    const stroke = { ...(packet.body as unknown as DrawnStroke), author_name: name, making: true, at_ms };
    if (typeof stroke.stroke_id !== "string" || !Array.isArray(stroke.points)) return passing;
    return { ...passing, strokes: [...passing.strokes.filter((s) => s.stroke_id !== stroke.stroke_id), stroke] };
  }
  const others = passing.pointers.filter((pointer) => pointer.author_id !== packet.from);
  const { feed, x, y } = packet.body;
  if (typeof feed !== "string" || typeof x !== "number" || typeof y !== "number")
    return { ...passing, pointers: others };
  const pointer = { author_id: packet.from, name, colour: authorColour(packet.from), feed, x, y, at_ms };
  return { ...passing, pointers: [...others, pointer] };
}

function withoutOld(passing: Passing): Passing {
  const now = Date.now();
  const strokes = passing.strokes.filter(({ at_ms }) => now - at_ms < PARTIAL_VALID_MS);
  const pointers = passing.pointers.filter(({ at_ms }) => now - at_ms < POINTER_VALID_MS);
  const same = strokes.length === passing.strokes.length && pointers.length === passing.pointers.length;
  return same ? passing : { strokes, pointers };
}

/** What others are drawing right now, before the server has it. */
function usePassing(caseId: string): Passing {
  const { rooms } = useRuntime();
  const [passing, setPassing] = useState<Passing>({ strokes: [], pointers: [] });
  useEffect(() => {
    const live = rooms.room(caseId);
    const stop = live.onPacket((packet) => {
      if (packet.topic !== "stroke" && packet.topic !== "pointer") return;
      const person = live.view.get().people.find(({ identity }) => identity === packet.from);
      setPassing((before) => take(before, packet, person?.name ?? ""));
    });
    const timer = window.setInterval(() => {
      setPassing(withoutOld);
    }, 500);
    return () => {
      stop();
      window.clearInterval(timer);
    };
  }, [rooms, caseId]);
  return passing;
}

/** The drawings of a case: the durable ones, and those under other people's hands. */
export function useDrawing(caseId: string, author: DrawingAuthor): DrawingHandle {
  const { rooms } = useRuntime();
  const { snapshot, send } = useSession(caseId);
  const passing = usePassing(caseId);
  const [mine, setMine] = useState<readonly DrawnStroke[]>([]);
  const durable = snapshot?.state.strokes;
  // The same objects until the session's strokes change: what is drawn already is not drawn again.
  const kept = useMemo(() => (durable ?? []).map((stroke) => shownOf(stroke, author.id)), [durable, author.id]);
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
  return {
    strokes: [...passing.strokes, ...mine, ...kept],
    pointersOn: (feed) => passing.pointers.filter((pointer) => pointer.feed === feed),
    draw,
    drawPartial,
    point,
  };
}
