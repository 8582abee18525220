import { useEffect, useState } from "react";

/** Minutes and seconds, as a clock shows them; hours only when there are any. */
export function formatElapsed(elapsed_ms: number): string {
  const seconds = Math.max(0, Math.floor(elapsed_ms / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Server time, told anew every second. */
export function useSecond(serverNow: () => number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = window.setInterval(() => {
      setNow(serverNow());
    }, 1_000);
    return () => {
      window.clearInterval(timer);
    };
  }, [serverNow]);
  return now;
}

const MS_PER_S = 1_000;

/** A delay with its unit: in ms as long as that can be grasped. */
export function formatDelay(delay_ms: number): string {
  return delay_ms < 10 * MS_PER_S ? `${Math.round(delay_ms)} ms` : `${Math.round(delay_ms / MS_PER_S)} s`;
}
