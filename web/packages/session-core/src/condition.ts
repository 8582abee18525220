/** LIVE, DEGRADED or LOST, and why: a table of thresholds with hysteresis over measurements. */
import type { Measurement } from "./stats";
import type { MediaCondition } from "./types";

/** Why a picture is not live; the words are under `link.reason` of the language files. */
export type LinkReason =
  /** Nothing of the picture comes over the network. */
  | "no_packets"
  /** Packets come, but no frame that could be shown. */
  | "freeze"
  /** The room sends no such picture (any more). */
  | "no_picture"
  | "delay"
  | "loss"
  | "low_rate"
  /** The link is well; this computer shows it late. */
  | "viewer_slow";

export interface LinkCondition {
  state: MediaCondition;
  /** Why it is not LIVE. */
  reason: LinkReason | null;
  /** What is on the screen is too old for advice that must be in time, whoever is to blame. */
  unsafe: boolean;
  /** By the time for which the page has been looking. */
  since_ms: number;
  /** Since when the measured level differs from `state`; null while it agrees. */
  turning: { level: Level; since_ms: number } | null;
}

interface Level {
  state: MediaCondition;
  reason: LinkReason | null;
  unsafe: boolean;
}

/** What there is to judge: a measurement, or why there is none. */
export type Evidence =
  | { kind: "measured"; measurement: Measurement; moving: boolean }
  /** The room sends no such picture. */
  | { kind: "gone" }
  /** The picture is there and has been asked for, but has not begun to come. */
  | { kind: "pending" }
  /** This page shows no picture of the room at the moment. */
  | { kind: "unwatched" };

/** Thresholds of the alarm (live.md, "Network"). */
const AMBER_DELAY_MS = 300;
const RED_DELAY_MS = 500;
const AMBER_LOSS = 0.03;
const RED_FREEZE_S = 3;
/** Half of what a wall's tile gets: a needle's movement falls apart below it. */
const AMBER_FPS = 8;
const WORSE_AFTER_MS = 5_000;
const BETTER_AFTER_MS = 3_000;
/** A picture that is away says so after the time that a picture that stands may stand. */
const GONE_AFTER_MS = RED_FREEZE_S * 1_000;
/** To begin takes a key frame and, on a busy computer, some seconds of set-up. */
const PENDING_AFTER_MS = 10_000;
/** Coming back needs to be clearly below the threshold, or a link at the edge would flutter. */
const BETTER_FACTOR = 0.9;

const RANK: Record<MediaCondition, number> = { off: 0, live: 1, degraded: 2, lost: 3 };
const LIVE: Level = { state: "live", reason: null, unsafe: false };

export function offCondition(at_ms: number): LinkCondition {
  return { state: "off", reason: null, unsafe: false, since_ms: at_ms, turning: null };
}

/** What one measurement alone says; `factor` <1 asks for more than just below the thresholds. */
function levelOf(measurement: Measurement, moving: boolean, factor: number): Level {
  const { freeze_s, silence_s, viewerSlow, fps } = measurement;
  const delay = measurement.delay_ms ?? 0;
  const unsafe = freeze_s > RED_FREEZE_S || delay > RED_DELAY_MS * factor;
  const degraded = (reason: LinkReason): Level => ({ state: "degraded", reason, unsafe });
  if (silence_s > RED_FREEZE_S) return { state: "lost", reason: "no_packets", unsafe: true };
  if (freeze_s > RED_FREEZE_S && !viewerSlow) return { state: "lost", reason: "freeze", unsafe: true };
  if ((measurement.loss ?? 0) > AMBER_LOSS * factor) return degraded("loss");
  const late = unsafe || delay > AMBER_DELAY_MS * factor;
  const jerky = moving && fps !== null && fps < AMBER_FPS / factor;
  if (!late && !jerky) return LIVE;
  if (viewerSlow) return degraded("viewer_slow");
  return degraded(late ? "delay" : "low_rate");
}

function levelFor(evidence: Evidence, previous: LinkCondition): Level {
  if (evidence.kind !== "measured") return { state: "lost", reason: "no_picture", unsafe: true };
  const factor = RANK[previous.state] > RANK.live ? BETTER_FACTOR : 1;
  return levelOf(evidence.measurement, evidence.moving, factor);
}

/**
 * The condition after one more look, with hysteresis.
 *
 * A freeze counts at once, because its 3 s have passed already; a picture that is away counts after 3 s,
 * one that has not begun after 10 s; delay, loss and low rate must last 5 s; better must last 3 s, but
 * frames that come end LOST at once: a moving picture is never called lost.
 */
export function nextCondition(previous: LinkCondition, evidence: Evidence, at_ms: number): LinkCondition {
  if (evidence.kind === "unwatched") return { ...previous, turning: null };
  const level = levelFor(evidence, previous);
  // To begin is not to degrade: the first second has few frames whatever the link.
  if (previous.state === "off" && level.state === "degraded" && !level.unsafe) {
    return { ...LIVE, since_ms: at_ms, turning: { level, since_ms: at_ms } };
  }
  if (level.state === previous.state) {
    return { ...previous, reason: level.reason, unsafe: level.unsafe, turning: null };
  }
  const since_ms = previous.turning?.level.state === level.state ? previous.turning.since_ms : at_ms;
  if (at_ms - since_ms >= turnDelay_ms(previous.state, level, evidence)) {
    return { ...level, since_ms: at_ms, turning: null };
  }
  return { ...previous, turning: { level, since_ms } };
}

function turnDelay_ms(from: MediaCondition, level: Level, evidence: Evidence): number {
  if (evidence.kind === "gone") return GONE_AFTER_MS;
  if (evidence.kind === "pending") return PENDING_AFTER_MS;
  if (from === "off" || from === "lost" || level.state === "lost") return 0;
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

/** What is reported while a picture that should be there does not come: beyond the 3 s of a freeze. */
const NO_PICTURE_S = 60;

export interface MediaReport extends Record<string, unknown> {
  delay_ms: number | null;
  loss: number | null;
  fps: number | null;
  freeze_s: number;
  viewer_slow: boolean;
  watching: boolean;
}

/**
 * What the server hears of a look.
 *
 * Only what is believed lost is reported as standing: a page that is still starting must not raise an alarm.
 * `watching`: whether this page shows a picture of the room; if not, it only says that it is there.
 */
export function reportOf(measurement: Measurement, condition: LinkCondition, watching: boolean): MediaReport {
  const { delay_ms, loss, fps, viewerSlow, freeze_s, silence_s } = measurement;
  const lost = condition.state === "lost";
  const still_s = condition.reason === "no_picture" ? NO_PICTURE_S : Math.max(freeze_s, silence_s);
  return {
    delay_ms: round(delay_ms, 1),
    loss: round(loss, 4),
    fps: round(fps, 1),
    freeze_s: lost ? Math.round(still_s * 10) / 10 : 0,
    viewer_slow: viewerSlow && !lost,
    watching: watching && condition.state !== "off",
  };
}

function round(value: number | null, digits: number): number | null {
  return value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;
}
