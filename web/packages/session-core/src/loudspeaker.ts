/** The page's one way to be heard: all voices of all rooms are mixed here. */

let context: AudioContext | null = null;

/**
 * One audio context for every room.
 *
 * LiveKit makes one a room otherwise, and each is an output device of its own: with thirty rooms the browser
 * spends a quarter of a processor on mixing silence. A browser keeps the context still until its user has
 * done something on the page; the first touch or key lets it go on.
 */
export function loudspeaker(): AudioContext {
  if (context) return context;
  const made = new AudioContext({ latencyHint: "interactive" });
  const wake = () => void made.resume().catch(() => undefined);
  const forget = () => {
    if (made.state !== "running") return;
    for (const kind of ["pointerdown", "keydown"]) window.removeEventListener(kind, wake, { capture: true });
  };
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, wake, { capture: true });
  made.addEventListener("statechange", forget);
  context = made;
  return made;
}
