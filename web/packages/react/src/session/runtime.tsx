import { createSessionStore, LiveRooms, type Observable, type SessionStore } from "@tongtai/session-core";
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";

export interface SessionRuntime {
  readonly store: SessionStore;
  readonly rooms: LiveRooms;
}

const RuntimeContext = createContext<SessionRuntime | null>(null);

function createRuntime(): SessionRuntime {
  const store = createSessionStore();
  return { store, rooms: new LiveRooms(store) };
}

/** One stream of events and one set of media rooms for everything inside; they end with it. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [runtime] = useState(createRuntime);
  useEffect(() => {
    runtime.store.stream.start();
    return () => {
      runtime.store.stream.stop();
      void runtime.rooms.close();
    };
  }, [runtime]);
  return <RuntimeContext value={runtime}>{children}</RuntimeContext>;
}

export function useRuntime(): SessionRuntime {
  const runtime = use(RuntimeContext);
  if (!runtime) throw new Error("this component needs a SessionProvider around it");
  return runtime;
}

export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}
