import { useObservable, useRuntime } from "@tongtai/react";
import { useEffect, useState } from "react";

import { Outbox, type WaitingCommand } from "./outbox";

export interface OutboxHandle {
  readonly waiting: readonly WaitingCommand[];
  /** What the table did and the session on this page does not show yet. */
  readonly unseen: readonly WaitingCommand[];
  /** Code of the last command that the server refused; null after the next one was added. */
  readonly refused: string | null;
  add(type: string, payload?: Readonly<Record<string, unknown>>): void;
}

/** `seq`: the last event that this page has. */
export function useOutbox(caseId: string, seq: number): OutboxHandle {
  const { store } = useRuntime();
  const [refused, setRefused] = useState<string | null>(null);
  const [outbox] = useState(
    () =>
      new Outbox(caseId, {
        post: (body) => store.ports.http.post(`/sessions/${caseId}/commands`, body),
        storage: localStorage,
        now: Date.now,
        offset_ms: () => store.ports.clock.offset_ms,
        newId: () => crypto.randomUUID(),
        later: (action, delay_ms) => store.ports.setTimer(action, delay_ms),
        onRefused: (_, code) => setRefused(code),
      }),
  );
  const waiting = useObservable(outbox.waiting);
  const delivered = useObservable(outbox.delivered);
  useEffect(() => {
    const flush = (): void => void outbox.flush();
    flush();
    globalThis.addEventListener("online", flush);
    return () => globalThis.removeEventListener("online", flush);
  }, [outbox]);
  return {
    waiting,
    unseen: [...delivered.filter((command) => command.seq > seq), ...waiting],
    refused,
    add(type, payload) {
      setRefused(null);
      outbox.add(type, payload);
    },
  };
}
