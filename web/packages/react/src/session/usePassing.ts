import type { RoomPacket } from "@tongtai/session-core";
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

import { authorColour, type DrawnStroke, type ShownPointer, type ShownStroke } from "../drawing";
import { useRuntime } from "./runtime";
import { asWritten, type Naming } from "./useDrawing";

/** A stroke in the making whose author vanished does not stay on the picture. */
const PARTIAL_VALID_MS = 15_000;
const POINTER_VALID_MS = 2_000;

export interface Passing {
  readonly strokes: readonly (ShownStroke & { readonly at_ms: number })[];
  readonly pointers: readonly (ShownPointer & { readonly feed: string; readonly at_ms: number })[];
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

/** What others are drawing right now, before the server has it: changes up to sixty times a second. */
export function usePassing(caseId: string, named: Naming = asWritten): Passing {
  const { rooms } = useRuntime();
  const [passing, setPassing] = useState<Passing>({ strokes: [], pointers: [] });
  useEffect(() => {
    const live = rooms.room(caseId);
    const stop = live.onPacket((packet) => {
      if (packet.topic !== "stroke" && packet.topic !== "pointer") return;
      const person = live.view.get().people.find(({ identity }) => identity === packet.from);
      // Drawn in this turn: behind the page's other work a line would trail the hand.
      flushSync(() => setPassing((before) => take(before, packet, named(person?.name ?? ""))));
    });
    const timer = window.setInterval(() => {
      setPassing(withoutOld);
    }, 500);
    return () => {
      stop();
      window.clearInterval(timer);
    };
  }, [rooms, caseId, named]);
  return passing;
}
