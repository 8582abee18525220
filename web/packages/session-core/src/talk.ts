/** Who hears an expert: pure rules, so that "only this room" can be tested without a microphone. */

export type TalkTarget = "focused" | "some" | "all" | "experts";

export interface TalkState {
  target: TalkTarget;
  /** The chosen cases of the target `some`. */
  chosen: readonly string[];
  /** The talk key or button is held. */
  held: boolean;
  /** Talking goes on without holding. */
  latched: boolean;
}

export const QUIET: TalkState = { target: "focused", chosen: [], held: false, latched: false };

export interface TalkRoute {
  /** Cases whose rooms would hear the expert while talking. */
  cases: readonly string[];
  experts: boolean;
}

/** Where the voice goes when the key is held. Without a focused room "this room" is nobody. */
export function talkRoute(state: TalkState, focused: string | null, rooms: readonly string[]): TalkRoute {
  const known = new Set(rooms);
  switch (state.target) {
    case "experts":
      return { cases: [], experts: true };
    case "all":
      return { cases: rooms, experts: false };
    case "some":
      return { cases: state.chosen.filter((caseId) => known.has(caseId)), experts: false };
    case "focused":
      return { cases: focused !== null && known.has(focused) ? [focused] : [], experts: false };
  }
}

/** The rooms whose microphone track is unmuted at this moment; nobody hears a released key. */
export function openMicrophones(state: TalkState, focused: string | null, rooms: readonly string[]): TalkRoute {
  if (!state.held && !state.latched) return { cases: [], experts: false };
  return talkRoute(state, focused, rooms);
}

/**
 * The state after the focus moved to another room.
 *
 * A latch never follows into another room: the sentence was meant for the room that was in front.
 */
export function talkAfterSwitch(state: TalkState): TalkState {
  return state.target === "focused" ? { ...state, held: false, latched: false } : state;
}
