/** How the session stood at a moment: the same reducers as live. */
import type { ReplayEvent, ReplayView } from "@tongtai/api-client";
import { emptyState, REDUCERS, type SessionEvent, type SessionState } from "@tongtai/session-core";

/** The teaching view has of the others only what is counted and coded. */
const TAUGHT: ReadonlySet<string> = new Set(["step.marked", "draw.added", "draw.undone", "draw.cleared"]);

export const asEvent = (event: ReplayEvent): SessionEvent => ({
  ...event,
  actor: event.actor as SessionEvent["actor"],
  id: String(event.seq),
  case_id: "",
  t_site_ms: null,
  clock_offset_ms: null,
  prev_hash: "",
  hash: "",
});

/** After the first `count` events. */
export function stateAfter(events: readonly ReplayEvent[], count: number, view: ReplayView): SessionState {
  let state = emptyState();
  for (const event of events.slice(0, count)) {
    const reduce = view === "full" || TAUGHT.has(event.type) ? REDUCERS[event.type] : undefined;
    if (reduce) state = { ...state, ...reduce(state, asEvent(event)) };
  }
  return state;
}
