/** Reads how well one room's shown picture arrives: counters of the receiver, and a ping to the sender. */
import { Observable } from "./observable";
import type { Layer, LiveRoom } from "./liveRoom";
import {
  measure,
  nextCondition,
  NOT_MEASURED,
  offCondition,
  type InboundCounters,
  type LinkCondition,
  type Measurement,
  type PongSample,
} from "./stats";

interface Watched {
  feed: string;
  layer: Layer;
}

export interface RoomQuality {
  measurement: Measurement;
  condition: LinkCondition;
}

interface InboundStats {
  type: string;
  kind?: string;
  framesDecoded?: number;
  packetsReceived?: number;
  packetsLost?: number;
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
  totalDecodeTime?: number;
}

function countersOf(report: RTCStatsReport, at_ms: number): InboundCounters | null {
  let found: InboundCounters | null = null;
  report.forEach((entry: InboundStats) => {
    if (entry.type !== "inbound-rtp" || entry.kind !== "video") return;
    found = {
      at_ms,
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
  private pong: PongSample | null = null;
  private pings = 0;
  private readonly sent = new Map<string, number>();

  constructor(
    private readonly room: LiveRoom,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.quality = new Observable<RoomQuality>({
      measurement: NOT_MEASURED,
      condition: offCondition(now()),
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

  private get watched(): Watched | undefined {
    return this.watches.at(-1);
  }

  /** One measurement; called about once a second. `expected`: a picture should be there. */
  async tick(expected: boolean): Promise<void> {
    const at_ms = this.now();
    const track = this.watched ? this.room.trackOf(this.watched.feed, this.watched.layer) : undefined;
    this.ping();
    const report = track ? await track.getRTCStatsReport() : undefined;
    const counters = report ? countersOf(report, at_ms) : null;
    if (!counters) {
      this.before = null;
      this.take(NOT_MEASURED, expected ? null : undefined, at_ms);
      return;
    }
    if (!this.before || track?.sid !== this.trackId) {
      this.trackId = track?.sid;
      this.movedAt_ms = at_ms;
    } else {
      if (counters.framesDecoded > this.before.framesDecoded) this.movedAt_ms = at_ms;
      const measurement = measure(this.before, counters, this.pong, this.movedAt_ms);
      this.take(measurement, measurement, at_ms);
    }
    this.before = counters;
  }

  private take(shown: Measurement, judged: Measurement | null | undefined, at_ms: number): void {
    const { condition } = this.quality.get();
    const next = judged === undefined ? offUnlessAlready(condition, at_ms) : nextCondition(condition, judged, at_ms);
    this.quality.set({ measurement: shown, condition: next });
  }

  private ping(): void {
    const publisher = this.watched ? this.room.publisherOf(this.watched.feed) : null;
    if (!publisher) return;
    const id = `${this.room.room.localParticipant.identity}:${(this.pings += 1)}`;
    const t = this.now();
    this.sent.set(id, t);
    for (const [old, sentAt] of this.sent) if (t - sentAt > 10_000) this.sent.delete(old);
    void this.room.sendPacket("ping", { t, id }, [publisher]).catch(() => undefined);
  }

  private answered(body: Record<string, unknown>): void {
    const sentAt = this.sent.get(String(body.id));
    if (sentAt === undefined || !this.watched) return;
    this.sent.delete(String(body.id));
    const byFeed = (body.capture_to_send_ms ?? {}) as Record<string, number>;
    const at_ms = this.now();
    this.pong = {
      rtt_ms: at_ms - sentAt,
      capture_to_send_ms: byFeed[this.watched.feed] ?? 0,
      at_ms,
    };
  }
}

function offUnlessAlready(condition: LinkCondition, at_ms: number): LinkCondition {
  return condition.state === "off" ? condition : offCondition(at_ms);
}
