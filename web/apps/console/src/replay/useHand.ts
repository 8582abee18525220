import type { ReplayEvent } from "@tongtai/api-client";

import type { KeyActs } from "../expert/hotkeys";
import type { ReplayClock } from "./clock";

const JUMP_MS = 5000;
/** Just after an event, "before" means the one before it. */
const JUST_MS = 500;

/** What moves the clock, by button and by key, wherever its buttons are. */
export function useHand(
  clock: ReplayClock,
  events: readonly ReplayEvent[],
): { readonly step: (direction: 1 | -1) => void; readonly keys: KeyActs } {
  const { from_ms, until_ms } = clock.span;
  const times_ms = events.map((event) => event.t_server_ms).filter((at) => at >= from_ms && at <= until_ms);
  const step = (direction: 1 | -1) => {
    const here = clock.at_ms + (direction === 1 ? 1 : -JUST_MS);
    const there = direction === 1 ? times_ms.find((at) => at > here) : times_ms.findLast((at) => at < here);
    if (there !== undefined) clock.seek(there);
  };
  const keys = {
    Space: () => clock.play(!clock.playing),
    ArrowLeft: () => clock.seek(clock.at_ms - JUMP_MS),
    ArrowRight: () => clock.seek(clock.at_ms + JUMP_MS),
    ",": () => step(-1),
    ".": () => step(1),
    Home: () => clock.seek(from_ms),
    End: () => clock.seek(until_ms),
  };
  return { step, keys };
}
