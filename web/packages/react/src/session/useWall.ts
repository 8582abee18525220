import { roomLink, urgencyOf, waitingSince_ms, type Ranked, type SessionSnapshot } from "@tongtai/session-core";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

import { useObservable, useRuntime, type SessionRuntime } from "./runtime";

export interface WallRoom extends Ranked {
  snapshot: SessionSnapshot;
}

export interface WallHandle {
  status: "loading" | "ready" | "unreachable";
  rooms: readonly WallRoom[];
}

const RETRY_MS = 2_000;
const NONE: readonly string[] = [];
/** Thirty rooms change many times a second, above all while they are joined; eyes do not. */
const RENDER_EVERY_MS = 200;

/** The same object while nothing has changed, so that its tile is not rendered anew. */
const ranked = new WeakMap<SessionSnapshot, WallRoom>();

function rank({ store, rooms }: SessionRuntime, caseId: string): WallRoom | null {
  const { snapshot } = store.session(caseId).get();
  if (!snapshot) return null;
  const { state } = snapshot;
  const urgency = urgencyOf(state, roomLink(rooms.probe(caseId).quality.get().condition));
  const before = ranked.get(snapshot);
  if (before?.urgency === urgency) return before;
  const room = {
    caseId,
    number: snapshot.case.number,
    urgency,
    since_ms: waitingSince_ms(state) ?? state.step_since_ms ?? state.opened_ms ?? Infinity,
    alarms: state.alarms.length,
    snapshot,
  };
  ranked.set(snapshot, room);
  return room;
}

/** All rooms that this expert may see, with how urgent each is, in the order of their numbers. */
export function useWall(): WallHandle {
  const runtime = useRuntime();
  const { store, rooms } = runtime;
  const [unreachable, setUnreachable] = useState(false);
  const ids = useObservable(store.wall);
  useEffect(() => {
    let timer: number | undefined;
    const read = () => {
      store.openWall().then(
        () => setUnreachable(false),
        () => {
          setUnreachable(true);
          timer = window.setTimeout(read, RETRY_MS);
        },
      );
    };
    read();
    return () => window.clearTimeout(timer);
  }, [store]);
  useChanges(runtime, ids ?? NONE);
  const found = (ids ?? NONE).map((id) => rank(runtime, id)).filter((room) => room !== null);
  useEffect(() => {
    for (const id of ids ?? []) void rooms.enter(id);
  }, [rooms, ids]);
  return { status: ids ? "ready" : unreachable ? "unreachable" : "loading", rooms: found };
}

/** Render again when any of the sessions or links changed its condition. */
function useChanges({ store, rooms }: SessionRuntime, ids: readonly string[]): void {
  const subscribe = useCallback(
    (changed: () => void) => {
      let timer: number | undefined;
      const soon = () => {
        timer ??= window.setTimeout(() => {
          timer = undefined;
          changed();
        }, RENDER_EVERY_MS);
      };
      const stops = ids.flatMap((id) => [store.session(id).subscribe(soon), rooms.probe(id).quality.subscribe(soon)]);
      return () => {
        window.clearTimeout(timer);
        stops.forEach((stop) => stop());
      };
    },
    [store, rooms, ids],
  );
  useSyncExternalStore(subscribe, () =>
    ids
      .map((id) => {
        const condition = roomLink(rooms.probe(id).quality.get().condition);
        return `${id}:${store.session(id).get().snapshot?.state.seq ?? 0}:${condition}`;
      })
      .join(),
  );
}
