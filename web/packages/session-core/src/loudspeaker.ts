/** How the page itself is heard: the sound of STOP. */

let context: AudioContext | null = null;

/**
 * One audio context for the page's own sounds.
 *
 * A browser keeps it still until its user has done something on the page; the first touch or key lets it go on.
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
