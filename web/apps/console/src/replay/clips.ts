/** Recorded segments on the session's clock. Times are server milliseconds since 1970. */
import type { Clip, FeedClips, ReplayEvent } from "@tongtai/api-client";

export interface Span {
  readonly from_ms: number;
  readonly until_ms: number;
}

export const endOf = (clip: Clip): number => clip.started_ms + clip.duration_ms;

/** From the first recorded picture to the last; null when nothing was recorded. */
export function spanOf(feeds: readonly FeedClips[]): Span | null {
  const clips = feeds.flatMap((feed) => feed.clips);
  if (clips.length === 0) return null;
  return { from_ms: Math.min(...clips.map((clip) => clip.started_ms)), until_ms: Math.max(...clips.map(endOf)) };
}

export const within = (at_ms: number, span: Span): number => Math.min(Math.max(at_ms, span.from_ms), span.until_ms);

/** Feeds do not begin in the same millisecond, and between two segments lies a picture's time: no gap to speak of. */
const SEAM_MS = 500;

/** The segment that holds a moment: the later one where two meet, the nearest at a seam; null in a gap. */
export function clipAt(clips: readonly Clip[], at_ms: number): Clip | null {
  const holds = (early_ms: number, late_ms: number) =>
    clips.findLast((clip) => clip.started_ms - early_ms <= at_ms && at_ms <= endOf(clip) + late_ms);
  return holds(0, 0) ?? holds(0, SEAM_MS) ?? holds(SEAM_MS, 0) ?? null;
}

/** What is soon needed: fetched before, so that the picture goes on. */
export function clipAfter(clips: readonly Clip[], at_ms: number): Clip | null {
  return clips.find((clip) => clip.started_ms > at_ms) ?? null;
}

/** Index of the last event that has happened by then; -1 before the first. */
export function lastHappened(events: readonly ReplayEvent[], at_ms: number): number {
  return events.findLastIndex((event) => event.t_server_ms <= at_ms);
}

/** The picture that guides the needle comes first, the sound last. */
const ORDER: readonly string[] = ["ultrasound", "ct", "dsa", "room", "monitor"];

export function inOrder(feeds: readonly FeedClips[]): readonly FeedClips[] {
  const place = ({ feed }: FeedClips) => (ORDER.includes(feed) ? ORDER.indexOf(feed) : ORDER.length);
  return [...feeds].sort((a, b) => place(a) - place(b) || a.feed.localeCompare(b.feed));
}
