import { expect, it } from "vitest";

import { isAwayOn } from "./month";

const at = (day: number, hour: number) => new Date(2031, 4, day, hour).toISOString();

it.each([
  [3, false],
  [4, true],
  [5, true],
  // `until` is the first instant back.
  [6, false],
])("a leave from the 4th at noon to the 6th at midnight takes of the %ith: %s", (day, taken) => {
  expect(isAwayOn({ since: at(4, 12), until: at(6, 0) }, new Date(2031, 4, day))).toBe(taken);
});
