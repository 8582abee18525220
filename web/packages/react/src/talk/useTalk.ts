import { openMicrophones, talkRoute, type TalkRoute, type TalkState, type TalkTarget } from "@tongtai/session-core";
import { useCallback, useEffect } from "react";

import { useObservable, useRuntime } from "../session/runtime";

export interface TalkHandle {
  readonly talk: TalkState;
  /** Who would hear the expert while the key is held. */
  readonly route: TalkRoute;
  /** The expert speaks: what is said is meant to be heard now. */
  readonly speaking: boolean;
  /** Who does not hear it, although it is meant for them: cases, or `experts`. */
  readonly unheard: readonly string[];
  readonly microphone: "off" | "asking" | "ready" | "denied";
  readonly hold: (held: boolean) => void;
  readonly toggleLatch: () => void;
  readonly choose: (target: TalkTarget, chosen?: readonly string[]) => void;
  readonly askForMicrophone: () => void;
}

/** Push-to-talk into one, some or all rooms, or to the experts only. `caseIds`: all rooms of the page. */
export function useTalk(caseIds: readonly string[]): TalkHandle {
  const { rooms } = useRuntime();
  const talk = useObservable(rooms.talk);
  const focused = useObservable(rooms.focused);
  const microphone = useObservable(rooms.microphone);
  const unheard = useObservable(rooms.unheard);
  const hold = useCallback(
    (held: boolean) => {
      if (rooms.talk.get().held !== held) rooms.setTalk({ ...rooms.talk.get(), held });
    },
    [rooms],
  );
  const toggleLatch = useCallback(() => {
    const before = rooms.talk.get();
    rooms.setTalk({ ...before, latched: !before.latched });
  }, [rooms]);
  const choose = useCallback(
    (target: TalkTarget, chosen?: readonly string[]) => {
      const before = rooms.talk.get();
      // A new target never starts speaking by itself.
      rooms.setTalk({ target, chosen: chosen ?? before.chosen, held: false, latched: false });
    },
    [rooms],
  );
  const askForMicrophone = useCallback(() => void rooms.prepareMicrophone(), [rooms]);
  useEffect(() => {
    // A key that is released while another window has the keyboard is never seen here.
    const release = () => {
      hold(false);
    };
    window.addEventListener("blur", release);
    return () => {
      window.removeEventListener("blur", release);
    };
  }, [hold]);
  const open = openMicrophones(talk, focused, caseIds);
  return {
    talk,
    route: talkRoute(talk, focused, caseIds),
    speaking: microphone === "ready" && (open.cases.length > 0 || open.experts),
    unheard,
    microphone,
    hold,
    toggleLatch,
    choose,
    askForMicrophone,
  };
}
