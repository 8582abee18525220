/** Joins many rooms: a few at a time, and their pictures when all are in. */

/** More joins at once do not end sooner: each costs the page a DTLS handshake. */
const AT_ONCE = 6;
/** When nothing was joined for so long, the pictures of those that are in wait no longer. */
const PATIENCE_MS = 1_000;

/** What joining needs of a room; `LiveRoom` has it. */
export interface JoinedRoom {
  /** Whether it is in, or on its way in. */
  readonly entered: boolean;
  enter(): Promise<void>;
  /** Keep its pictures away, or let them come. */
  holdPictures(held: boolean): void;
}

/**
 * The rooms that are in play no pictures before the others are in.
 *
 * Pictures that play take the time in which the rest of a wall joins: on two cores the thirtieth room came
 * after nine seconds instead of five.
 */
export class Joins {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly held = new Set<JoinedRoom>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Whether pictures wait for rooms that are being joined. */
  get busy(): boolean {
    return this.held.size > 0;
  }

  /** Join in the order of the calls; resolves when the room's first try has ended. */
  async enter(room: JoinedRoom): Promise<void> {
    // A page asks again for every room whenever its list changes: what plays is not held for the others.
    if (room.entered) return room.enter();
    this.held.add(room);
    room.holdPictures(true);
    this.waitOn();
    if (this.running >= AT_ONCE) await new Promise<void>((go) => this.waiting.push(go));
    this.running += 1;
    try {
      await room.enter();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
      if (this.running === 0) this.letGo();
      else this.waitOn();
    }
  }

  private waitOn(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.letGo(), PATIENCE_MS);
  }

  private letGo(): void {
    clearTimeout(this.timer);
    for (const room of this.held) room.holdPictures(false);
    this.held.clear();
  }
}
