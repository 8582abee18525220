/** How well a room's picture arrives, from the browser's counters. Durations in ms, loss 0…1, fps in 1/s. */
import type { MediaCondition } from "./types";

/** Counters of one received video track at one moment, as `RTCInboundRtpStreamStats` has them. */
export interface InboundCounters {
  at_ms: number;
  framesDecoded: number;
  packetsReceived: number;
  packetsLost: number;
  jitterBufferDelay_s: number;
  jitterBufferEmittedCount: number;
  totalDecodeTime_s: number;
}

export interface Measurement {
  /** Glass to glass; null while the sender has not answered a ping. */
  delay_ms: number | null;
  loss: number | null;
  fps: number | null;
  /** How long the picture has stood still, in seconds; 0 while it moves. */
  freeze_s: number;
}

export const NOT_MEASURED: Measurement = { delay_ms: null, loss: null, fps: null, freeze_s: 0 };

/** The sender's part of the delay and the way there and back, from a ping and its pong. */
export interface PongSample {
  rtt_ms: number;
  capture_to_send_ms: number;
  at_ms: number;
}

const PONG_VALID_MS = 8_000;

/** What the receiver adds per frame, averaged over the frames between two samples; null without frames. */
export function receiverDelay_ms(before: InboundCounters, now: InboundCounters): number | null {
  const emitted = now.jitterBufferEmittedCount - before.jitterBufferEmittedCount;
  const decoded = now.framesDecoded - before.framesDecoded;
  if (emitted <= 0 || decoded <= 0) return null;
  const buffer_s = (now.jitterBufferDelay_s - before.jitterBufferDelay_s) / emitted;
  const decode_s = (now.totalDecodeTime_s - before.totalDecodeTime_s) / decoded;
  return (buffer_s + decode_s) * 1_000;
}

/** One measurement from two samples of the counters and the last answer to a ping. */
export function measure(
  before: InboundCounters,
  now: InboundCounters,
  pong: PongSample | null,
  movedAt_ms: number,
): Measurement {
  const elapsed_s = (now.at_ms - before.at_ms) / 1_000;
  const received = now.packetsReceived - before.packetsReceived;
  // The counter of lost packets goes down when a late one arrives after all.
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  const receiver_ms = receiverDelay_ms(before, now);
  const answered = pong !== null && now.at_ms - pong.at_ms <= PONG_VALID_MS;
  const still_s = (now.at_ms - movedAt_ms) / 1_000;
  return {
    delay_ms: answered && receiver_ms !== null ? pong.capture_to_send_ms + pong.rtt_ms / 2 + receiver_ms : null,
    loss: received + lost > 0 ? lost / (received + lost) : null,
    fps: elapsed_s > 0 ? Math.max(0, now.framesDecoded - before.framesDecoded) / elapsed_s : null,
    freeze_s: still_s >= 1 ? still_s : 0,
  };
}

export interface LinkCondition {
  state: MediaCondition;
  /** Why it is not LIVE. */
  reason: "delay" | "unsafe" | "loss" | "freeze" | "no_picture" | null;
  since_ms: number;
  /** Since when the measured level differs from `state`; null while it agrees. */
  turning: { level: Level; since_ms: number } | null;
}

interface Level {
  state: MediaCondition;
  reason: LinkCondition["reason"];
}

/** Thresholds of the alarm (design/live.md, "Network"). */
const AMBER_DELAY_MS = 300;
const RED_DELAY_MS = 500;
const AMBER_LOSS = 0.03;
const RED_FREEZE_S = 3;
const WORSE_AFTER_MS = 5_000;
const BETTER_AFTER_MS = 3_000;
/** Coming back needs to be clearly below the threshold, or a link at the edge would flutter. */
const BETTER_FACTOR = 0.9;

const RANK: Record<MediaCondition, number> = { off: 0, live: 1, degraded: 2, lost: 3 };

export function offCondition(at_ms: number): LinkCondition {
  return { state: "off", reason: null, since_ms: at_ms, turning: null };
}

/** What one measurement alone says; `factor` <1 asks for more than just below the thresholds. */
function levelOf(measurement: Measurement, factor: number): Level {
  const delay = measurement.delay_ms ?? 0;
  if (measurement.freeze_s > RED_FREEZE_S) return { state: "lost", reason: "freeze" };
  // The picture moves, so it is not lost; but it is too old for advice that must be in time.
  if (delay > RED_DELAY_MS * factor) return { state: "degraded", reason: "unsafe" };
  if (delay > AMBER_DELAY_MS * factor) return { state: "degraded", reason: "delay" };
  if ((measurement.loss ?? 0) > AMBER_LOSS * factor) return { state: "degraded", reason: "loss" };
  return { state: "live", reason: null };
}

/**
 * The condition after one more measurement, with hysteresis.
 *
 * `null` is a feed that should be there and sends nothing. A freeze counts at once, because its
 * 3 s have passed already; delay and loss must last 5 s; better must last 3 s.
 */
export function nextCondition(previous: LinkCondition, measurement: Measurement | null, at_ms: number): LinkCondition {
  const better = RANK[previous.state] > RANK.live;
  const level: Level =
    measurement === null ? { state: "lost", reason: "no_picture" } : levelOf(measurement, better ? BETTER_FACTOR : 1);
  if (level.state === previous.state) return { ...previous, reason: level.reason, turning: null };
  const since_ms = previous.turning?.level.state === level.state ? previous.turning.since_ms : at_ms;
  const needed_ms = turnDelay_ms(previous.state, level);
  if (at_ms - since_ms >= needed_ms) {
    return { state: level.state, reason: level.reason, since_ms: at_ms, turning: null };
  }
  return { ...previous, turning: { level, since_ms } };
}

function turnDelay_ms(from: MediaCondition, level: Level): number {
  if (from === "off" || level.reason === "freeze" || level.reason === "no_picture") return 0;
  return RANK[level.state] > RANK[from] ? WORSE_AFTER_MS : BETTER_AFTER_MS;
}

/** The server forgets a report after 5 s: an expert's page that fell silent must be noticed. */
const REPORT_EVERY_MS = 2_000;
const REPORT_AT_MOST_EVERY_MS = 1_000;

/** Whether the server should hear of this measurement: on a change soon, else every 2 s. */
export function reportDue(
  last: { at_ms: number; state: MediaCondition } | null,
  state: MediaCondition,
  at_ms: number,
): boolean {
  if (!last) return true;
  const age = at_ms - last.at_ms;
  return state === last.state ? age >= REPORT_EVERY_MS : age >= REPORT_AT_MOST_EVERY_MS;
}
