import { byHand, byUrgency, moved } from "@tongtai/session-core";
import { useCallback, useEffect, useRef, useState } from "react";

import type { WallRoom } from "../session/useWall";

export type SortMode = "urgency" | "hand";
const STORE_KEY = "tongtai.wall";

interface Stored {
  readonly mode: SortMode;
  readonly order: readonly string[];
}

function remembered(): Stored {
  try {
    const stored = JSON.parse(localStorage.getItem(STORE_KEY) ?? "") as Stored;
    return { mode: stored.mode === "hand" ? "hand" : "urgency", order: stored.order };
  } catch {
    return { mode: "urgency", order: [] };
  }
}

export interface RoomOrder {
  readonly mode: SortMode;
  readonly rooms: readonly WallRoom[];
  readonly setMode: (mode: SortMode) => void;
  readonly move: (caseId: string, index: number) => void;
}

/** The rooms by urgency or as somebody put them; moving one by hand switches to the order by hand. */
export function useRoomOrder(rooms: readonly WallRoom[]): RoomOrder {
  const [stored, setStored] = useState(remembered);
  const ids = rooms.map(({ caseId }) => caseId);
  const ranked = [...rooms].sort(byUrgency);
  const sorted =
    stored.mode === "urgency"
      ? ranked
      : byHand(ids, stored.order).flatMap((id) => rooms.filter(({ caseId }) => caseId === id));
  // As it is now, for handlers that stay the same: thirty tiles are not rendered because one has changed.
  const latest = useRef<readonly string[]>([]);
  useEffect(() => {
    latest.current = sorted.map(({ caseId }) => caseId);
  });
  const keep = useCallback((next: Stored) => {
    localStorage.setItem(STORE_KEY, JSON.stringify(next));
    setStored(next);
  }, []);
  const setMode = useCallback((mode: SortMode) => keep({ mode, order: latest.current }), [keep]);
  const move = useCallback(
    (caseId: string, index: number) => keep({ mode: "hand", order: moved([...latest.current], caseId, index) }),
    [keep],
  );
  return { mode: stored.mode, rooms: sorted, setMode, move };
}
