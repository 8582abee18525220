import type { CommandDraft, SessionEvent, SessionSnapshot, SessionStatus, StreamStatus } from "@tongtai/session-core";
import { useCallback, useEffect } from "react";

import { useObservable, useRuntime } from "./runtime";

export interface SessionHandle {
  status: SessionStatus;
  snapshot: SessionSnapshot | null;
  timeline: readonly SessionEvent[];
  /** Whether events arrive now. */
  stream: StreamStatus;
  /** Server time in milliseconds since 1970. */
  serverNow: () => number;
  /** Resolves when the server has made it durable; rejects with `ApiError`. */
  send: (draft: CommandDraft) => Promise<SessionEvent[]>;
}

/** One session, kept up to date. With `timeline` the events before this moment are read too. */
export function useSession(caseId: string, options: { timeline?: boolean } = {}): SessionHandle {
  const { store } = useRuntime();
  const view = useObservable(store.session(caseId));
  const stream = useObservable(store.stream.status);
  const wantsTimeline = options.timeline === true;
  useEffect(() => {
    if (caseId) void store.open(caseId);
  }, [store, caseId]);
  useEffect(() => {
    if (caseId && wantsTimeline) void store.loadTimeline(caseId).catch(() => undefined);
  }, [store, caseId, wantsTimeline]);
  const send = useCallback((draft: CommandDraft) => store.send(caseId, draft), [store, caseId]);
  return { ...view, stream, serverNow: store.ports.clock.serverNow, send };
}
