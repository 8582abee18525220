import { useState } from "react";

/** A thing to be sent that waits until the expert has confirmed the room by its name. */
export interface Guarded {
  readonly send: () => void;
  readonly what: string;
}

export interface RoomGuard {
  readonly waiting: Guarded | null;
  /** Sends at once when the room was confirmed since the last switch, else asks first. */
  readonly guard: (guarded: Guarded) => void;
  readonly confirm: () => void;
  readonly cancel: () => void;
}

/** Wrong-room guard: the first advice or STOP after a switch names its room before it goes. */
export function useRoomGuard(caseId: string): RoomGuard {
  const [confirmed, setConfirmed] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ guarded: Guarded; caseId: string } | null>(null);
  // What was asked in another room must not go to this one.
  const waiting = asked?.caseId === caseId ? asked.guarded : null;
  return {
    waiting,
    guard: (guarded) => {
      if (confirmed === caseId) guarded.send();
      else setAsked({ guarded, caseId });
    },
    confirm: () => {
      setConfirmed(caseId);
      setAsked(null);
      waiting?.send();
    },
    cancel: () => {
      setAsked(null);
    },
  };
}
