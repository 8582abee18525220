/** Reads how well one room's shown picture arrives: counters of the receiver, and a ping to the sender. */
import { nextCondition, offCondition, type Evidence, type LinkCondition } from "./condition";
import type { Layer, LiveRoom } from "./liveRoom";
import { Observable } from "./observable";
import { measure, NOT_MEASURED, type InboundCounters, type Measurement, type PongSample } from "./stats";

interface Watched {
  feed: string;
  layer: Layer;
}

export interface RoomQuality {
  measurement: Measurement;
  condition: LinkCondition;
}

/** What the probe needs of a room; `LiveRoom` has it. */
export type ProbedRoom = Pick<LiveRoom, "trackOf" | "publisherOf" | "sendPacket" | "onPacket" | "identity">;

interface InboundStats {
  type: string;
  kind?: string;
  framesReceived?: number;
  framesDecoded?: number;
  packetsReceived?: number;
  packetsLost?: number;
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
  totalDecodeTime?: number;
}

/** Screens and consoles stand still for minutes and are well; these pictures always move. */
const MOVING_FEEDS: ReadonlySet<string> = new Set(["ultrasound", "room"]);
/** One look at a time; one that never answers does not stop the others. */
const LOOK_LIMIT_MS = 5_000;
/** A page that was held up between two looks has missed what was there: that counts for no more than this. */
const STEP_LIMIT_MS = 1_500;
const PING_LIMIT_MS = 10_000;
/** The best of so many answers counts: a page that is busy for a moment answers itself late. */
const PONGS_KEPT = 3;

function countersOf(report: RTCStatsReport, at_ms: number): InboundCounters | null {
  let found: InboundCounters | null = null;
  report.forEach((entry: InboundStats) => {
    if (entry.type !== "inbound-rtp" || entry.kind !== "video") return;
    found = {
      at_ms,
      framesReceived: entry.framesReceived ?? 0,
      framesDecoded: entry.framesDecoded ?? 0,
      packetsReceived: entry.packetsReceived ?? 0,
      packetsLost: entry.packetsLost ?? 0,
      jitterBufferDelay_s: entry.jitterBufferDelay ?? 0,
      jitterBufferEmittedCount: entry.jitterBufferEmittedCount ?? 0,
      totalDecodeTime_s: entry.totalDecodeTime ?? 0,
    };
  });
  return found;
}

export class RoomProbe {
  readonly quality: Observable<RoomQuality>;
  private readonly watches: Watched[] = [];
  private before: InboundCounters | null = null;
  private trackId: string | undefined;
  private movedAt_ms = 0;
  private heardAt_ms = 0;
  private looking_ms: number | null = null;
  private lookedAt_ms: number | null = null;
  /** For how long this page has been looking. */
  private looked_ms = 0;
  private pongs: PongSample[] = [];
  private pings = 0;
  private readonly sent = new Map<string, number>();
  /** A ping opens the room's sending connection; on a wall that waits until the rooms are joined. */
  pinging = true;

  constructor(
    private readonly room: ProbedRoom,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.quality = new Observable<RoomQuality>({
      measurement: NOT_MEASURED,
      condition: offCondition(0),
    });
    room.onPacket((packet) => {
      if (packet.topic === "pong") this.answered(packet.body);
    });
  }

  /** Measure this picture from now on, before those that were asked for earlier; returns how to stop. */
  watch(feed: string, layer: Layer): () => void {
    const watched = { feed, layer };
    this.watches.push(watched);
    return () => {
      const index = this.watches.indexOf(watched);
      if (index >= 0) this.watches.splice(index, 1);
    };
  }

  /** Whether this page shows a picture of the room. */
  get watching(): boolean {
    return this.watches.length > 0;
  }

  private get watched(): Watched | undefined {
    return this.watches.at(-1);
  }

  /**
   * One look; called about once a second.
   *
   * `expected`: a picture should be there. `blocked`: which part of the time since the last look this
   * page was kept from running, 0…1.
   */
  async tick(expected: boolean, blocked = 0): Promise<void> {
    const at_ms = this.now();
    if (this.looking_ms !== null && at_ms - this.looking_ms < LOOK_LIMIT_MS) return;
    this.looking_ms = at_ms;
    this.looked_ms += Math.min(STEP_LIMIT_MS, at_ms - (this.lookedAt_ms ?? at_ms));
    this.lookedAt_ms = at_ms;
    try {
      if (this.pinging) this.ping();
      const evidence = await this.look(at_ms, blocked);
      const measurement = evidence.kind === "measured" ? evidence.measurement : NOT_MEASURED;
      const { condition } = this.quality.get();
      // Before a session and after it nothing is expected, and what does not come is not missed.
      const idle = !expected && evidence.kind !== "measured";
      const next = idle
        ? offUnlessAlready(condition, this.looked_ms)
        : nextCondition(condition, evidence, this.looked_ms);
      this.quality.set({ measurement, condition: next });
    } finally {
      this.looking_ms = null;
    }
  }

  private async look(at_ms: number, blocked: number): Promise<Evidence> {
    const { watched } = this;
    if (!watched) return this.forget("unwatched");
    const track = this.room.trackOf(watched.feed, watched.layer);
    if (!track) return this.forget(this.room.publisherOf(watched.feed) === null ? "gone" : "pending");
    const report = await track.getRTCStatsReport();
    const counters = report ? countersOf(report, at_ms) : null;
    if (!counters) return this.forget("pending");
    const { before } = this;
    const same = before !== null && track.sid === this.trackId;
    this.before = counters;
    this.trackId = track.sid;
    if (!same || counters.framesDecoded > before.framesDecoded) this.movedAt_ms = this.looked_ms;
    if (!same || counters.packetsReceived > before.packetsReceived) this.heardAt_ms = this.looked_ms;
    if (!same || counters.framesDecoded === 0) return { kind: "pending" };
    const { looked_ms, movedAt_ms, heardAt_ms } = this;
    const moments = { pong: this.bestPong(at_ms), looked_ms, movedAt_ms, heardAt_ms, blocked };
    const measurement = measure(before, counters, moments);
    return { kind: "measured", measurement, moving: MOVING_FEEDS.has(watched.feed) };
  }

  private forget(kind: "unwatched" | "gone" | "pending"): Evidence {
    this.before = null;
    return { kind };
  }

  private ping(): void {
    const publisher = this.watched ? this.room.publisherOf(this.watched.feed) : null;
    if (!publisher) return;
    const id = `${this.room.identity}:${(this.pings += 1)}`;
    const t = this.now();
    this.sent.set(id, t);
    for (const [old, sentAt] of this.sent) if (t - sentAt > PING_LIMIT_MS) this.sent.delete(old);
    void this.room.sendPacket("ping", { t, id }, [publisher]).catch(() => undefined);
  }

  private answered(body: Record<string, unknown>): void {
    const sentAt = this.sent.get(String(body.id));
    if (sentAt === undefined || !this.watched) return;
    this.sent.delete(String(body.id));
    const byFeed = (body.capture_to_send_ms ?? {}) as Record<string, number>;
    const at_ms = this.now();
    const capture_to_send_ms = byFeed[this.watched.feed] ?? 0;
    this.pongs = [...this.pongs, { rtt_ms: at_ms - sentAt, capture_to_send_ms, at_ms }].slice(-PONGS_KEPT);
  }

  /** The newest answer with the shortest way of the last few. */
  private bestPong(at_ms: number): PongSample | null {
    const newest = this.pongs.at(-1);
    if (!newest) return null;
    const recent = this.pongs.filter((pong) => at_ms - pong.at_ms <= PONGS_KEPT * 1_000);
    return { ...newest, rtt_ms: Math.min(newest.rtt_ms, ...recent.map(({ rtt_ms }) => rtt_ms)) };
  }
}

function offUnlessAlready(condition: LinkCondition, at_ms: number): LinkCondition {
  return condition.state === "off" ? condition : offCondition(at_ms);
}
