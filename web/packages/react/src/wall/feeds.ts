import type { LiveFeed } from "@tongtai/session-core";

/** Which feed stands for its room: the picture that guides the needle comes first. */
const ORDER: readonly string[] = ["ultrasound", "ct", "room", "monitor"];

function placeOf(feed: string): number {
  const place = ORDER.indexOf(feed);
  return place < 0 ? ORDER.length : place;
}

/** The feeds in the order of the keys Q W E R. */
export function orderedFeeds(feeds: readonly LiveFeed[]): readonly LiveFeed[] {
  return [...feeds].sort((a, b) => placeOf(a.feed) - placeOf(b.feed) || a.feed.localeCompare(b.feed));
}

export function mainFeed(feeds: readonly LiveFeed[]): string | null {
  return orderedFeeds(feeds)[0]?.feed ?? null;
}
