/** What LiveKit does on joining a room that thirty rooms in one page can do without. */
import type { Room } from "livekit-client";

/** Not part of LiveKit's public interface: a test sees that they are still called so. */
export const ACQUIRE = "acquireAudioContext";
export const ENGINE = "engine";

type Join = (...given: unknown[]) => Promise<{ fastPublish: boolean }>;

interface Engine {
  readonly client: { join: Join };
}

export function joinLean(room: Room): void {
  withoutAudioContext(room);
  sendingLater((Reflect.get(room, ENGINE) as Engine).client);
}

/**
 * Keep LiveKit from opening an audio context in a room: voices sound through their elements, nothing through it.
 *
 * It opens a running one a room; thirty were thirty real-time threads in the page, a tenth of what a join takes.
 */
function withoutAudioContext(room: Room): void {
  Object.assign(room, { [ACQUIRE]: () => Promise.resolve() });
}

/**
 * Keep LiveKit from opening the sending connection at the first join, before something is sent.
 *
 * Whoever may publish is told to open it at once: a second handshake a room, a sixth of what a wall's join
 * takes. A microphone, a ping or a stroke opens it by itself. A join after that is a return, to which
 * tracks may belong that were being sent: it does all at once, as LiveKit means it.
 */
function sendingLater(client: Engine["client"]): void {
  const join = client.join;
  client.join = async (...given) => {
    client.join = join;
    const answer = await join.apply(client, given);
    answer.fastPublish = false;
    return answer;
  };
}
