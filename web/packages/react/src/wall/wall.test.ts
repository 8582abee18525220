import { describe, expect, it } from "vitest";

import { formatDelay, formatElapsed } from "./elapsed";
import { mainFeed, orderedFeeds } from "./feeds";
import { gridFor } from "./Wall";

const feed = (name: string) => ({ feed: name, publisher: "p", layers: [] });

describe("the wall", () => {
  it("shows thirty rooms on one page at 1920×1080", () => {
    expect(gridFor(30, 1_904, 990)).toEqual({ columns: 6, rows: 5 });
  });

  it("gives few rooms large tiles", () => {
    expect(gridFor(1, 1_904, 990)).toEqual({ columns: 1, rows: 1 });
    expect(gridFor(3, 1_904, 990)).toEqual({ columns: 2, rows: 2 });
  });

  it("does not shrink tiles below what can be read: the rest goes to the next page", () => {
    expect(gridFor(30, 1_000, 600)).toEqual({ columns: 3, rows: 3 });
  });

  it("lets the picture that guides the needle stand for the room", () => {
    const feeds = [feed("monitor"), feed("zoom"), feed("ct"), feed("ultrasound")];
    expect(mainFeed(feeds)).toBe("ultrasound");
    expect(orderedFeeds(feeds).map(({ feed: name }) => name)).toEqual(["ultrasound", "ct", "monitor", "zoom"]);
    expect(mainFeed([])).toBeNull();
  });

  it("writes a delay in the unit in which it can be grasped", () => {
    expect([41.4, 9_999, 361_913].map(formatDelay)).toEqual(["41 ms", "9999 ms", "362 s"]);
  });

  it("writes times as a clock does", () => {
    expect([0, 61_000, 3_723_000].map(formatElapsed)).toEqual(["00:00", "01:01", "1:02:03"]);
  });
});
