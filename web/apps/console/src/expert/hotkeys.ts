import { useEffect, useEffectEvent } from "react";

/** What a key does on this page; the words are in `keys.<act>` of the language files. */
export const KEYS = [
  { keys: ["Space"], act: "talk" },
  { keys: ["L"], act: "latch" },
  { keys: ["1", "…", "9"], act: "room" },
  { keys: ["Q", "W", "E", "R"], act: "feed" },
  { keys: ["N"], act: "nextAlarm" },
  { keys: ["0"], act: "wall" },
  { keys: ["F"], act: "freeze" },
  { keys: ["D"], act: "draw" },
  { keys: ["P"], act: "pointer" },
  { keys: ["U"], act: "undo" },
  { keys: ["C"], act: "clear" },
  { keys: ["A"], act: "advice" },
  { keys: ["M"], act: "mark" },
  { keys: ["⇧S"], act: "stop" },
  { keys: ["Alt ←", "Alt →"], act: "move" },
  { keys: ["T"], act: "ctLarge" },
  { keys: ["↑", "↓", "PageUp", "PageDown", "Home", "End"], act: "slices" },
  { keys: ["1", "2", "3", "4"], act: "windows" },
  { keys: ["←", "↑", "↓", "→", "Enter"], act: "drawByKey" },
  { keys: ["Esc"], act: "escape" },
  { keys: ["?"], act: "help" },
] as const;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox" && target.type !== "radio";
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Physical keys for letters, so that an input method or another layout does not swallow them. */
function nameOf(event: KeyboardEvent): string {
  if (event.code === "Space") return "Space";
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
  if (letter) return event.shiftKey ? `⇧${letter}` : letter;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  return digit && !event.shiftKey ? digit : event.key;
}

export type KeyActs = Readonly<Record<string, (() => void) | undefined>>;

/** Calls the act of a key when it goes down, not while somebody types; `released` when it comes up. */
export function useKeys(pressed: KeyActs, released: KeyActs = {}): void {
  const onDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") (event.target as HTMLElement).blur();
      return;
    }
    // Enter and Space inside a dialog belong to the dialog's own buttons.
    if (event.target instanceof Element && event.target.closest("[role=dialog]")) return;
    const act = pressed[nameOf(event)];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  });
  const onUp = useEffectEvent((event: KeyboardEvent) => {
    const act = released[nameOf(event)];
    if (!act) return;
    if (!isTyping(event.target)) event.preventDefault();
    act();
  });
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      onDown(event);
    };
    const up = (event: KeyboardEvent) => {
      onUp(event);
    };
    document.addEventListener("keydown", down);
    document.addEventListener("keyup", up);
    return () => {
      document.removeEventListener("keydown", down);
      document.removeEventListener("keyup", up);
    };
  }, []);
}
