import { useQuery } from "@tanstack/react-query";
import { replaysApi, type ReplayView } from "@tongtai/api-client";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

import type { ReplayClock } from "./clock";

const CHECK_MS = 5000;
/** Ten times a second is enough for hands, list and pictures that run by themselves. */
const TICK_MS = 100;

/** Begin a replay once, and ask again and again whether it may go on. */
export function useReplay(caseId: string, view: ReplayView) {
  const begun = useQuery({
    // Not by the case's own key: what changes in the case must not begin another replay.
    queryKey: [`replay of ${caseId}`, view],
    queryFn: () => replaysApi.begin(caseId, view),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const playId = begun.data?.play_id;
  const check = useQuery({
    queryKey: ["replay-check", playId],
    queryFn: async () => {
      await replaysApi.check(playId ?? "");
      return true;
    },
    enabled: playId !== undefined,
    refetchInterval: CHECK_MS,
    retry: false,
    gcTime: 0,
  });
  return { replay: begun.data, begun, ended: check.error };
}

/** The clock's time, ten times a second while it runs. */
export function useClock(clock: ReplayClock): { at_ms: number; playing: boolean; runs: boolean; speed: number } {
  const [, setTick] = useState(0);
  const subscribe = useCallback((listener: () => void) => clock.subscribe(listener), [clock]);
  const runs = useSyncExternalStore(subscribe, () => clock.runs);
  useSyncExternalStore(subscribe, () => `${clock.playing}/${clock.speed}/${clock.runs ? "" : clock.at_ms}`);
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setInterval(() => {
      clock.settle();
      setTick((tick) => tick + 1);
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [clock, runs]);
  return { at_ms: clock.at_ms, playing: clock.playing, runs, speed: clock.speed };
}
