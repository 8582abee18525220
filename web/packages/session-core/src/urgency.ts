/** Which room needs the experts first: STOP and critical phase, then links, then questions, then routine. */
import type { LinkCondition } from "./condition";
import { CRITICAL_STEPS, type MediaCondition, type SessionState } from "./types";

export type Urgency = "stop" | "critical" | "lost" | "degraded" | "waiting" | "routine" | "idle";

const ORDER: readonly Urgency[] = ["stop", "critical", "lost", "degraded", "waiting", "routine", "idle"];

/** Whether a STOP is out that the operator has not answered, or has answered by pausing. */
export function stopStands(state: SessionState): boolean {
  return state.paused || state.advice.some((advice) => advice.level === "stop" && advice.status === "given");
}

/** Since when the room waits for an answer of the experts, in server ms; null when it does not. */
export function waitingSince_ms(state: SessionState): number | null {
  return state.help?.since_ms ?? state.arbitration?.since_ms ?? null;
}

/** What a measured link says of the room: that this computer is slow makes no room more urgent than another. */
export function roomLink({ state, reason }: Pick<LinkCondition, "state" | "reason">): MediaCondition {
  return reason === "viewer_slow" ? "live" : state;
}

/** How urgent a room is; `link` is what this page measures, which is newer than what the server knows. */
export function urgencyOf(state: SessionState, link: MediaCondition): Urgency {
  if (stopStands(state)) return "stop";
  if (state.phase !== "open") return state.help ? "waiting" : "idle";
  if (state.step && CRITICAL_STEPS.has(state.step)) return "critical";
  if (link === "lost") return "lost";
  if (link === "degraded") return "degraded";
  if (waitingSince_ms(state) !== null) return "waiting";
  return "routine";
}

export interface Ranked {
  caseId: string;
  number: string;
  urgency: Urgency;
  /** Since when it is like this, server ms: the longest waiting comes first. */
  since_ms: number;
  alarms: number;
}

/** Rooms by urgency; within the same urgency alarms, then the longest waiting, then the number. */
export function byUrgency(one: Ranked, other: Ranked): number {
  return (
    ORDER.indexOf(one.urgency) - ORDER.indexOf(other.urgency) ||
    Number(other.alarms > 0) - Number(one.alarms > 0) ||
    one.since_ms - other.since_ms ||
    one.number.localeCompare(other.number)
  );
}

/** Rooms in the order that somebody made by hand; new ones at the end. */
export function byHand(caseIds: readonly string[], order: readonly string[]): string[] {
  const known = order.filter((caseId) => caseIds.includes(caseId));
  return [...known, ...caseIds.filter((caseId) => !known.includes(caseId))];
}

/** The order by hand after `caseId` was moved to `index`. */
export function moved(order: readonly string[], caseId: string, index: number): string[] {
  const others = order.filter((other) => other !== caseId);
  const at = Math.max(0, Math.min(others.length, index));
  return [...others.slice(0, at), caseId, ...others.slice(at)];
}

/** The next room that needs attention after `current`, round and round; null when all is quiet. */
export function nextAlarm(ranked: readonly Ranked[], current: string | null): string | null {
  const calling = ranked.filter((room) => room.urgency !== "routine" && room.urgency !== "idle");
  if (calling.length === 0) return null;
  const index = calling.findIndex((room) => room.caseId === current);
  return calling[(index + 1) % calling.length]?.caseId ?? null;
}
