/** How long until something is due, in the coarsest unit that still says it. */
import type { Level } from "@tongtai/ui";

export interface Due {
  readonly level: Level;
  readonly word: "in" | "over";
  readonly count: number;
  readonly unit: "minutes" | "hours" | "days";
}

const MINUTE_MS = 60_000;
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;
/** From here on a due time is shown as near. */
const NEAR_MIN = 2 * HOUR_MIN;

/** Null when nothing is due. */
export function dueOf(dueAt: string | null, now: Date): Due | null {
  if (dueAt === null) return null;
  const minutes = Math.round((new Date(dueAt).getTime() - now.getTime()) / MINUTE_MS);
  const size = Math.abs(minutes);
  const [count, unit] =
    size < 2 * HOUR_MIN
      ? ([size, "minutes"] as const)
      : size < 2 * DAY_MIN
        ? ([Math.round(size / HOUR_MIN), "hours"] as const)
        : ([Math.round(size / DAY_MIN), "days"] as const);
  const level = minutes < 0 ? "bad" : minutes < NEAR_MIN ? "warn" : "info";
  return { level, word: minutes < 0 ? "over" : "in", count, unit };
}
