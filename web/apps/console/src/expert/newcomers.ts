import type { SessionEvent } from "@tongtai/session-core";

export interface Newcomer {
  readonly name: string;
  readonly name_en: string;
  readonly isGateway: boolean;
}

/** Who came or left, by the event's number: somebody who leaves is named only when they came. */
export function peopleOf(events: readonly SessionEvent[]): ReadonlyMap<number, Newcomer> {
  const present = new Map<unknown, Newcomer>();
  const found = new Map<number, Newcomer>();
  for (const { seq, type, payload } of events) {
    if (type === "participant.joined") {
      present.set(payload.identity, {
        name: String(payload.name ?? ""),
        name_en: String(payload.name_en ?? ""),
        isGateway: payload.role === "gateway" || payload.user_id === null,
      });
    }
    const person = type.startsWith("participant.") ? present.get(payload.identity) : undefined;
    if (person) found.set(seq, person);
  }
  return found;
}
